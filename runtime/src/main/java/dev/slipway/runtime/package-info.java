/**
 * What actions reach over HTTP while a job runs: artifacts, caches, OIDC tokens. In comes a job's
 * identity and what it may do; out go the variables by which the official clients find the
 * services. A server of caches for other callers takes its HTTP and GitHub's protocols from here.
 *
 * <p>Never knows how jobs run.
 */
@NullMarked
package dev.slipway.runtime;

import org.jspecify.annotations.NullMarked;
