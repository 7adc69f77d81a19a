/**
 * The analyser of workflows: finds what is wrong, unsafe, dishonest or wasteful in workflow files
 * and action manifests, explains it, and mends what can be mended safely.
 *
 * <p>In: the text of files and a {@link dev.slipway.lint.Selection} of rules. Out: {@link
 * dev.slipway.lint.Finding findings} with places and {@link dev.slipway.lint.Edit edits}. Never
 * here: walking folders, the network, how findings are printed.
 */
@NullMarked
package dev.slipway.lint;

import org.jspecify.annotations.NullMarked;
