package dev.slipway.runtime;

import static java.util.Objects.requireNonNull;

import dev.slipway.cache.ActionsCache;
import dev.slipway.cache.CacheEntry;
import dev.slipway.cache.CacheSettings;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * GitHub's cache service, in both its protocols, for a server whose callers are no jobs of a run.
 * All callers have the caches of one repository; scopes keep apart what they save.
 */
public final class CacheEndpoints implements AutoCloseable {
  /** Is told what callers did. */
  public interface Listener {
    /** Nobody. */
    Listener NONE =
        new Listener() {
          @Override
          public void searched(boolean found) {}

          @Override
          public void saved(CacheEntry entry) {}
        };

    /** A caller asked for a cache. */
    void searched(boolean found);

    /** A caller saved a cache. */
    void saved(CacheEntry entry) throws IOException;
  }

  private static final String REPOSITORY = "server";
  private static final String RUN = "server";
  private static final Duration UPLOAD_TIME = Duration.ofHours(6);

  private final CacheSettings settings;
  private final Admission admission;
  private final BlobService blobs;
  private final JobCaches caches;
  private final CacheService current;
  private final LegacyCacheService legacy;
  private final Map<String, OpenJob> callers = new ConcurrentHashMap<>();

  private CacheEndpoints(CacheSettings settings, Listener listener) {
    this.settings = settings;
    admission = new Admission(settings.clock());
    blobs = new BlobService(null, admission);
    caches = new JobCaches(settings, listener);
    current = new CacheService(caches, blobs, admission);
    legacy = new LegacyCacheService(caches, blobs);
  }

  /** Keeps caches as these settings say. */
  public static CacheEndpoints create(CacheSettings settings, Listener listener) {
    return new CacheEndpoints(requireNonNull(settings, "settings is null"), listener);
  }

  /** Whether requests for this path are answered here, for a known caller. */
  public static boolean serves(String path) {
    return path.startsWith(CacheService.PATH) || path.startsWith(LegacyCacheService.PATH);
  }

  /** Whether the path is signed, so that it needs no caller. */
  public static boolean signed(String path) {
    return path.startsWith(BlobService.PATH);
  }

  /**
   * Makes a caller known.
   *
   * @param scopes the one it saves to, then those it may restore from too
   */
  public void admit(String caller, List<String> scopes, CacheMode mode) {
    JobIdentity identity =
        JobIdentity.of(Map.of("repository", REPOSITORY, "run_id", RUN), caller)
            .withCaches(scopes, mode);
    callers.put(caller, admission.open(identity));
  }

  /**
   * Answers a request.
   *
   * @param caller null when the path is signed
   */
  public Response handle(Request request, @Nullable String caller) throws IOException {
    String path = request.path();
    if (signed(path)) {
      return blobs.handle(request);
    }
    OpenJob job = caller == null ? null : callers.get(caller);
    if (job == null) {
      throw RefusedException.unauthenticated();
    }
    // A caller that went away in the midst of an upload would else keep others from saving.
    Instant before = settings.clock().instant().minus(UPLOAD_TIME);
    caches.abandon(before, upload -> blobs.end(upload.blob()));
    if (path.startsWith(CacheService.PATH)) {
      return current.call(path.substring(CacheService.PATH.length()), request, job);
    }
    return legacy.handle(request, job);
  }

  /** What they saved. */
  public ActionsCache caches() throws IOException {
    return caches.of(REPOSITORY);
  }

  @Override
  public void close() {
    for (OpenJob job : callers.values()) {
      blobs.close(job);
    }
    caches.close();
  }
}
