package dev.slipway.engine;

import dev.slipway.workflow.Job;

/**
 * A job of a workflow as a node of the run's graph. What never changes of it; the rest is its
 * {@link JobState}. Nodes and scopes go by their index in the state.
 *
 * @param scope the workflow it belongs to
 * @param excluded whether the run was asked for other jobs only
 */
record JobNode(int scope, Job job, int[] needs, int[] dependants, boolean excluded) {}
