/**
 * Runs workflows: the pure run state machine, the job runner, machines, and the record of events.
 *
 * <p>In: a resolved workflow and the event that triggered it. Out: {@link
 * dev.slipway.engine.RunEvent events}, recorded in a {@link dev.slipway.engine.RunStore} and shown
 * to {@link dev.slipway.engine.RunListener listeners}. Never here: an HTTP framework, SQL, how
 * events are drawn.
 */
@NullMarked
package dev.slipway.engine;

import org.jspecify.annotations.NullMarked;
