/**
 * Steps that need not run again. While a step runs, what it reads, looks for in vain, lists and
 * writes is noted; as long as all of that is as it was, its results can be put back in place of
 * running it.
 *
 * <p>What is kept of one run of a step is a {@link dev.slipway.cache.step.Trace}. The results
 * themselves are blobs by their SHA-256. Nothing here knows what a job is.
 */
@NullMarked
package dev.slipway.cache.step;

import org.jspecify.annotations.NullMarked;
