/**
 * The language of workflows: reads workflow files and action manifests into typed, positioned
 * values.
 *
 * <p>In: text. Out: {@link dev.slipway.workflow.Workflow}, {@link
 * dev.slipway.workflow.ActionManifest} and {@link dev.slipway.workflow.Problem problems}, all of
 * them at once. Never here: how jobs run, files, processes, the network.
 */
@NullMarked
package dev.slipway.workflow;

import org.jspecify.annotations.NullMarked;
