/**
 * Caches in S3, by Amazon's client. In comes a place in a bucket; out go blobs by name.
 *
 * <p>Never knows what the blobs are.
 */
@NullMarked
package dev.slipway.cache.s3;

import org.jspecify.annotations.NullMarked;
