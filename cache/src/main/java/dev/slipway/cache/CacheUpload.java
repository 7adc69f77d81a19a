package dev.slipway.cache;

import java.io.IOException;

/** A cache on its way in. Nobody else can save one of its key until it is finished or abandoned. */
public final class CacheUpload {
  private final ActionsCache cache;
  private final long id;
  private final String scope;
  private final String key;
  private final String version;
  private final IncomingBlob blob;

  CacheUpload(
      ActionsCache cache, long id, String scope, String key, String version, IncomingBlob blob) {
    this.cache = cache;
    this.id = id;
    this.scope = scope;
    this.key = key;
    this.version = version;
    this.blob = blob;
  }

  /** What the entry's id will be. */
  public long id() {
    return id;
  }

  public String key() {
    return key;
  }

  public String version() {
    return version;
  }

  /** Takes its bytes. */
  public IncomingBlob blob() {
    return blob;
  }

  /**
   * Saves it, after all its bytes have come.
   *
   * @throws BlobRejectedException when they have not
   */
  public CacheEntry finish() throws IOException {
    return cache.finish(this);
  }

  /** Ends it; nothing is saved. After {@link #finish} it does nothing. */
  public void abandon() throws IOException {
    cache.end(this);
  }

  String scope() {
    return scope;
  }
}
