package dev.slipway.runtime;

import dev.slipway.cache.ActionsCache;
import dev.slipway.cache.BlobDigest;
import dev.slipway.cache.BlobRejectedException;
import dev.slipway.cache.CacheEntry;
import dev.slipway.cache.CacheSettings;
import dev.slipway.cache.CacheUpload;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What jobs may do with caches, whatever protocol they say it in: restore what their scopes have,
 * save to the first of their scopes, and end only what they began.
 */
final class JobCaches implements AutoCloseable {
  private static final int MAX_KEYS = 10;

  private final CacheSettings settings;
  private final CacheEndpoints.Listener listener;
  private final Map<String, ActionsCache> caches = new HashMap<>();
  private final Map<String, CacheVersions> versions = new ConcurrentHashMap<>();
  private final Map<Long, Begun> begun = new ConcurrentHashMap<>();
  private final AtomicLong numbers = new AtomicLong();

  /**
   * An upload that a job began.
   *
   * @param number small enough for every client's idea of a number
   */
  record Begun(long number, OpenJob job, CacheUpload upload, Instant since) {}

  JobCaches(CacheSettings settings) {
    this(settings, CacheEndpoints.Listener.NONE);
  }

  JobCaches(CacheSettings settings, CacheEndpoints.Listener listener) {
    this.settings = settings;
    this.listener = listener;
  }

  /** The repository's caches. */
  ActionsCache of(OpenJob job) throws IOException {
    String repository = job.identity().github("repository");
    return of(repository.isEmpty() ? "local" : repository);
  }

  synchronized ActionsCache of(String repository) throws IOException {
    ActionsCache cache = caches.get(repository);
    if (cache == null) {
      cache = ActionsCache.of(settings, repository);
      caches.put(repository, cache);
      cache.sweep();
    }
    return cache;
  }

  private String common(OpenJob job, String version) {
    return versions.computeIfAbsent(job.identity().home(), CacheVersions::of).common(version);
  }

  /** What the job gets for these keys. */
  Optional<CacheEntry> find(OpenJob job, String version, List<String> keys) throws IOException {
    JobIdentity identity = job.identity();
    if (!identity.cacheMode().reads()) {
      throw RefusedException.denied(
          "cache read denied: the cache mode of this job is '" + identity.cacheMode().text() + "'");
    }
    if (keys.size() > MAX_KEYS) {
      throw RefusedException.invalid("keys are limited to a maximum of " + MAX_KEYS);
    }
    Optional<CacheEntry> found = of(job).find(identity.cacheScopes(), common(job, version), keys);
    listener.searched(found.isPresent());
    return found;
  }

  /** Why the job may not save caches; null when it may. */
  static @Nullable String denial(OpenJob job) {
    CacheMode mode = job.identity().cacheMode();
    return mode.writes() && !job.identity().cacheScopes().isEmpty()
        ? null
        : "cache write denied: the cache mode of this job is '" + mode.text() + "'";
  }

  /** Begins to save a cache of the job's own scope. */
  Begun begin(OpenJob job, String version, String key, long size) throws IOException {
    if (size > settings.limit()) {
      throw RefusedException.invalid(
          "Cache size of " + size + " bytes is over the limit of " + settings.limit() + " bytes");
    }
    try {
      CacheUpload upload =
          of(job)
              .reserve(job.identity().cacheScopes().getFirst(), common(job, version), key)
              .orElseThrow(() ->
                  RefusedException.exists(
                      "cache entry with the same key, version, and scope already exists"));
      Begun now = new Begun(numbers.incrementAndGet(), job, upload, settings.clock().instant());
      begun.put(now.number, now);
      return now;
    } catch (IllegalArgumentException e) {
      throw RefusedException.invalid(String.valueOf(e.getMessage()));
    }
  }

  /** The job's upload of this number. */
  Begun upload(OpenJob job, long number) {
    Begun found = begun.get(number);
    if (found == null || !found.job.equals(job)) {
      throw RefusedException.notFound("no such upload of a cache");
    }
    return found;
  }

  /** The job's upload of this version and key. */
  Begun upload(OpenJob job, String asked, String key) {
    String version = common(job, asked);
    for (Begun candidate : begun.values()) {
      if (candidate.job.equals(job)
          && candidate.upload.version().equals(version)
          && candidate.upload.key().equals(key)) {
        return candidate;
      }
    }
    throw RefusedException.notFound("no such upload of a cache");
  }

  /** Saves what was uploaded, which has to be so large. */
  CacheEntry finish(Begun upload, long size) throws IOException {
    BlobDigest digest = upload.upload.blob().digest();
    if (digest == null || digest.size() != size) {
      throw RefusedException.invalid(
          "the cache has "
              + size
              + " bytes, but "
              + (digest == null ? 0 : digest.size())
              + " were uploaded");
    }
    try {
      CacheEntry entry = upload.upload.finish();
      begun.remove(upload.number);
      listener.saved(entry);
      return entry;
    } catch (BlobRejectedException e) {
      throw RefusedException.invalid(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Ends what was begun before this time and not ended since; gives it to whoever wants to know.
   */
  void abandon(Instant before, Consumer<CacheUpload> ended) throws IOException {
    for (Begun candidate : List.copyOf(begun.values())) {
      if (candidate.since.isBefore(before) && begun.remove(candidate.number) != null) {
        ended.accept(candidate.upload);
        candidate.upload.abandon();
      }
    }
  }

  /** Ends what the job did not end. */
  void close(OpenJob job) throws IOException {
    for (Begun candidate : List.copyOf(begun.values())) {
      if (candidate.job.equals(job) && begun.remove(candidate.number) != null) {
        candidate.upload.abandon();
      }
    }
  }

  @Override
  public synchronized void close() {
    caches.values().forEach(ActionsCache::close);
    caches.clear();
  }
}
