/**
 * What was made once and need not be made again: the caches that actions save and restore, on disk
 * and, where configured, in S3, whose client is a service of another module. In come blobs with
 * their scope, version and key; out goes the one to restore.
 *
 * <p>Never knows what a job is.
 */
@NullMarked
package dev.slipway.cache;

import org.jspecify.annotations.NullMarked;
