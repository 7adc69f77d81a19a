/**
 * Proofs about whole runs: which step may fail and the run, or the job that guards a branch, still
 * ends green.
 *
 * <p>In: a workflow with those it calls, and an event. Out: a {@link dev.slipway.prove.Proof}. The
 * state machine of real runs decides over jobs; the steps of a job are gone through here in the
 * same order and by the same conditions. Never here: running anything, reading files, printing.
 */
@NullMarked
package dev.slipway.prove;

import org.jspecify.annotations.NullMarked;
