package dev.slipway.runtime;

import static java.util.Objects.requireNonNull;

import dev.slipway.cache.CacheSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Map;

/**
 * Where the services keep what they are given.
 *
 * @param artifacts the folder of the project's artifacts
 * @param artifactLimit the most bytes of one artifact
 * @param key the file with the key that signs OIDC tokens, made when it is first needed
 * @param caches where caches are kept
 */
public record RuntimeSettings(
    Path artifacts, long artifactLimit, Path key, CacheSettings caches, InstantSource clock) {
  private static final long GIBIBYTE = 1L << 30;
  private static final String CACHES = "actions-cache";

  public RuntimeSettings {
    requireNonNull(artifacts, "artifacts is null");
    requireNonNull(key, "key is null");
    requireNonNull(caches, "caches is null");
    requireNonNull(clock, "clock is null");
  }

  /**
   * The usual places and limits.
   *
   * @param artifacts the folder of the project's artifacts
   * @param cacheFolder the user's folder for what can be made again: caches go into its {@code
   *     actions-cache}, the key into its {@code oidc}
   */
  public static RuntimeSettings of(Path artifacts, Path cacheFolder) {
    return new RuntimeSettings(
        artifacts,
        10 * GIBIBYTE,
        cacheFolder.resolve("oidc").resolve("key.pem"),
        CacheSettings.in(cacheFolder.resolve(CACHES)),
        Clock.systemUTC());
  }

  /** The same, with the second place for caches that the environment names. */
  public static RuntimeSettings configured(
      Path artifacts, Path cacheFolder, Map<String, String> environment) {
    return of(artifacts, cacheFolder)
        .withCaches(CacheSettings.configured(cacheFolder.resolve(CACHES), environment));
  }

  public RuntimeSettings withArtifactLimit(long bytes) {
    return new RuntimeSettings(artifacts, bytes, key, caches, clock);
  }

  public RuntimeSettings withCaches(CacheSettings caches) {
    return new RuntimeSettings(artifacts, artifactLimit, key, caches, clock);
  }

  public RuntimeSettings withClock(InstantSource clock) {
    return new RuntimeSettings(artifacts, artifactLimit, key, caches.withClock(clock), clock);
  }
}
