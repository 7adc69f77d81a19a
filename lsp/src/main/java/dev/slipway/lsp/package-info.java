/**
 * The language server: what an editor shows of workflows and action manifests while they are
 * written.
 *
 * <p>In: messages of the Language Server Protocol on a stream. Out: findings, fixes, explanations,
 * completions and places, as the protocol has them. Never here: what is found or known, which is
 * the analyser's; running anything.
 */
@NullMarked
package dev.slipway.lsp;

import org.jspecify.annotations.NullMarked;
