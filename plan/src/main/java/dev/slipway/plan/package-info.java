/**
 * What will run: from workflows, an event and changed files to jobs, with the reason for each.
 *
 * <p>In: {@link dev.slipway.workflow.Workflow workflows} and what triggered them. Out: resolved workflows, matrices,
 * plans. Never here: processes, the network, files; others hand in what was read.
 */
@NullMarked
package dev.slipway.plan;

import org.jspecify.annotations.NullMarked;
