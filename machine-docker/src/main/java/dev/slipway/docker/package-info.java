/**
 * Containers of jobs on a Docker engine: its API over a Unix socket, a job's network, services, the
 * container its steps run in, and container actions. In come the engine's container requests;
 * nothing of workflows is known here.
 */
@NullMarked
package dev.slipway.docker;

import org.jspecify.annotations.NullMarked;
