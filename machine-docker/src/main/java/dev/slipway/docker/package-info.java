/**
 * Containers on a Docker engine: the job's own, its services, and those of actions.
 *
 * <p>In: what a job asks for, as {@link dev.slipway.engine.ContainerSpec}. Out: running containers,
 * through {@link dev.slipway.engine.JobContainers}. Never here: what a step or an expression is.
 *
 * <ul>
 *   <li>{@link dev.slipway.docker.DockerEngine} is the whole surface; {@code DockerContainers} has
 *       one job's containers, and {@code Leftovers} removes those of dead processes.
 *   <li>{@code DockerApi} speaks HTTP on the engine's socket; {@code Connection} is one exchange,
 *       {@code Json} what is said.
 *   <li>{@code ContainerRequest} becomes a container; {@code CreateOptions}, {@code PortMappings}
 *       and {@code Mounts} read what workflows write, as {@code docker create} does.
 *   <li>Processes of steps: {@code ResidentShells} start them without asking the engine, {@code
 *       EngineProcess} asks it; {@code StopSequence} is how both are stopped.
 *   <li>{@code LoopbackRelay} brings what listens on this machine's 127.0.0.1 into containers.
 * </ul>
 */
@NullMarked
package dev.slipway.docker;

import org.jspecify.annotations.NullMarked;
