package dev.slipway.runtime;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;

/**
 * Where the services keep what they are given.
 *
 * @param artifacts the folder of the project's artifacts
 * @param caches the folder of the caches of all projects of this user, and of the key that signs
 *     OIDC tokens
 * @param artifactLimit the most bytes of one artifact
 */
public record RuntimeSettings(
    Path artifacts, Path caches, long artifactLimit, InstantSource clock) {
  private static final long GIBIBYTE = 1L << 30;

  public RuntimeSettings {
    requireNonNull(artifacts, "artifacts is null");
    requireNonNull(caches, "caches is null");
    requireNonNull(clock, "clock is null");
  }

  /** The usual limits. */
  public static RuntimeSettings of(Path artifacts, Path caches) {
    return new RuntimeSettings(artifacts, caches, 10 * GIBIBYTE, Clock.systemUTC());
  }

  public RuntimeSettings withArtifactLimit(long bytes) {
    return new RuntimeSettings(artifacts, caches, bytes, clock);
  }

  public RuntimeSettings withClock(InstantSource clock) {
    return new RuntimeSettings(artifacts, caches, artifactLimit, clock);
  }
}
