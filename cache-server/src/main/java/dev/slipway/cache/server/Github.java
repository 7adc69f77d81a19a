package dev.slipway.cache.server;

import dev.slipway.cache.ActionsCache;
import dev.slipway.cache.CacheEntry;
import dev.slipway.cache.CacheServerSettings;
import dev.slipway.cache.CacheServerSettings.Writing;
import dev.slipway.cache.CacheSettings;
import dev.slipway.cache.CacheToken;
import dev.slipway.runtime.CacheEndpoints;
import dev.slipway.runtime.CacheMode;
import dev.slipway.runtime.Request;
import dev.slipway.runtime.Response;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * GitHub's cache service. Its caches are found by the beginnings of their keys, so they are kept
 * apart.
 */
final class Github implements Protocol, Store.Neighbour, AutoCloseable {
  static final String NAME = "github";

  /** Only room decides. */
  private static final Duration UNUSED = Duration.ofDays(10_000);

  private final CacheEndpoints endpoints;
  private final Store store;
  private final Counters counters;
  private volatile long bytes;

  private Github(CacheServerSettings settings, Store store, Counters counters) {
    this.store = store;
    this.counters = counters;
    CacheSettings caches =
        new CacheSettings(
            settings.folder().resolve("github"),
            settings.limit(),
            UNUSED,
            settings.s3(),
            settings.warnings(),
            Clock.systemUTC());
    endpoints =
        CacheEndpoints.create(
            caches,
            new CacheEndpoints.Listener() {
              @Override
              public void searched(boolean found) {
                counters.searched(NAME, found ? 0 : -1);
              }

              @Override
              public void saved(CacheEntry entry) throws IOException {
                Github.this.saved(entry);
              }
            });
  }

  static Github create(
      CacheServerSettings settings, List<CacheToken> tokens, Store store, Counters counters)
      throws IOException {
    Github github = new Github(settings, store, counters);
    for (CacheToken token : tokens) {
      github.endpoints.admit(
          token.secret(),
          token.namespaces(),
          mode(token.reads(), token.writes() && settings.writing() != Writing.NONE));
    }
    github.measure();
    store.beside(github);
    return github;
  }

  @Override
  public Response answer(Call call) throws IOException {
    return endpoints.handle(call.request(), call.token().secret());
  }

  /** Answers a request for a signed path, which says itself what it may do. */
  Response signed(Request request) throws IOException {
    return endpoints.handle(request, null);
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public @Nullable Instant oldest() throws IOException {
    CacheEntry entry = longestUnused();
    return entry == null ? null : entry.usedAt();
  }

  @Override
  public void dropOldest() throws IOException {
    CacheEntry oldest = longestUnused();
    if (oldest != null) {
      endpoints.caches().drop(entry -> entry.id() == oldest.id());
    }
    measure();
  }

  @Override
  public void close() {
    endpoints.close();
  }

  private static CacheMode mode(boolean reads, boolean writes) {
    if (reads) {
      return writes ? CacheMode.WRITE : CacheMode.READ;
    }
    return writes ? CacheMode.WRITE_ONLY : CacheMode.NONE;
  }

  private void saved(CacheEntry entry) throws IOException {
    counters.stored(NAME, entry.size());
    measure();
    store.makeRoom();
  }

  private void measure() throws IOException {
    ActionsCache caches = endpoints.caches();
    long sum = 0;
    for (CacheEntry entry : caches.list()) {
      sum += entry.size();
    }
    bytes = sum;
  }

  private @Nullable CacheEntry longestUnused() throws IOException {
    CacheEntry oldest = null;
    for (CacheEntry entry : endpoints.caches().list()) {
      if (oldest == null || entry.usedAt().isBefore(oldest.usedAt())) {
        oldest = entry;
      }
    }
    return oldest;
  }
}
