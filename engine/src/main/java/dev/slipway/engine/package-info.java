/**
 * Runs workflows: the pure run state machine, the job runner, machines, and the record of events.
 *
 * <p>In: a resolved workflow and the event that triggered it. Out: {@link
 * dev.slipway.engine.RunEvent events}, recorded in a {@link dev.slipway.engine.RunStore} and shown
 * to {@link dev.slipway.engine.RunListener listeners}. Never here: an HTTP framework, SQL, how
 * events are drawn.
 *
 * <p>Where to begin, from the outside in:
 *
 * <ul>
 *   <li>{@link dev.slipway.engine.LocalEngine} decides what an event runs here; {@code LocalRuns}
 *       keeps the runs going and does what their states say.
 *   <li>{@code RunState.decide} is the rules of a run, pure: when jobs start, are skipped, fail or
 *       are cancelled ({@code ScopeDecisions}, {@code JobDecisions}, {@code LegDecisions}, {@code
 *       CancelDecisions}).
 *   <li>{@code JobRunner} runs one job; {@code StepRunner} takes each step from its condition to
 *       its conclusion, {@code ScriptStep} and {@code ActionSteps} say what it does, {@code
 *       StepProcess} starts its processes. {@code JobContext} is what a job's parts share.
 *   <li>{@code Machine} is where jobs run. This one: {@code HostMachine} with {@code JobHomes},
 *       {@code ToolCache}, {@code Checkouts} and {@code HostProcess}, on top of {@code Native}, the
 *       C library; {@code SandboxMachine} puts a {@code Sandbox} around it.
 *   <li>{@code ContainerEngine} is what runs containers, given from outside; {@link
 *       dev.slipway.engine.LocalServices} puts processes in the place of services.
 *   <li>What steps say: {@code LogSink} splits and masks ({@code Masker}) their lines, {@code
 *       StepCommands}, {@code CommandFiles} and {@code ProblemMatcher} understand them.
 *   <li>The record: {@code RunRecorder} writes, {@code EventReader} reads, {@code Reaper} and
 *       {@code Orphans} end what killed runs left.
 * </ul>
 */
@NullMarked
package dev.slipway.engine;

import org.jspecify.annotations.NullMarked;
