package dev.slipway.cache;

import java.time.Instant;

/**
 * A cache that a job saved.
 *
 * @param id counts up with time
 * @param scope the ref that saved it
 * @param version what else must be equal for the key to mean the same, as the client computed it
 * @param usedAt when it was saved or last restored on this machine
 */
public record CacheEntry(
    long id,
    String scope,
    String key,
    String version,
    BlobDigest digest,
    Instant createdAt,
    Instant usedAt) {

  /** In bytes. */
  public long size() {
    return digest.size();
  }
}
