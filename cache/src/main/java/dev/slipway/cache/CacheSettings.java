package dev.slipway.cache;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where caches are kept and for how long.
 *
 * @param folder of all repositories' caches on this machine
 * @param limit the most bytes a repository's caches may have on this machine
 * @param unused after how long without use a cache goes
 * @param s3 where else they are kept, or null
 * @param warnings is told once when that place does not do its part
 */
public record CacheSettings(
    Path folder,
    long limit,
    Duration unused,
    @Nullable S3Location s3,
    Consumer<String> warnings,
    InstantSource clock) {
  private static final long GIBIBYTE = 1L << 30;
  private static final String S3 = "SLIPWAY_CACHE_S3";
  private static final String SCHEME = "s3://";

  public CacheSettings {
    requireNonNull(folder, "folder is null");
    requireNonNull(unused, "unused is null");
    requireNonNull(warnings, "warnings is null");
    requireNonNull(clock, "clock is null");
    if (limit < 1) {
      throw new IllegalArgumentException("limit is " + limit);
    }
  }

  /** GitHub's limits, on this machine only. */
  public static CacheSettings in(Path folder) {
    return new CacheSettings(
        folder, 10 * GIBIBYTE, Duration.ofDays(7), null, warning -> {}, Clock.systemUTC());
  }

  /**
   * GitHub's limits, and the S3 bucket that the environment names: {@code SLIPWAY_CACHE_S3} is
   * {@code s3://bucket/prefix}, {@code SLIPWAY_CACHE_S3_ENDPOINT} the service when it is not
   * Amazon's, {@code SLIPWAY_CACHE_S3_REGION} its region.
   *
   * @throws IllegalArgumentException when that names no bucket
   */
  public static CacheSettings configured(Path folder, Map<String, String> environment) {
    CacheSettings settings = in(folder);
    String address = environment.getOrDefault(S3, "");
    return address.isEmpty() ? settings : settings.withS3(location(address, environment));
  }

  private static S3Location location(String address, Map<String, String> environment) {
    if (!address.startsWith(SCHEME)) {
      throw new IllegalArgumentException(S3 + " is '" + address + "', not s3://bucket/prefix");
    }
    String place = address.substring(SCHEME.length());
    while (place.endsWith("/")) {
      place = place.substring(0, place.length() - 1);
    }
    int slash = place.indexOf('/');
    String endpoint = environment.getOrDefault(S3 + "_ENDPOINT", "");
    String region =
        environment.getOrDefault(
            S3 + "_REGION", environment.getOrDefault("AWS_REGION", "us-east-1"));
    return new S3Location(
        slash < 0 ? place : place.substring(0, slash),
        slash < 0 ? "" : place.substring(slash + 1),
        endpoint.isEmpty() ? null : endpoint,
        region,
        !endpoint.isEmpty());
  }

  public CacheSettings withLimit(long bytes) {
    return new CacheSettings(folder, bytes, unused, s3, warnings, clock);
  }

  public CacheSettings withUnused(Duration time) {
    return new CacheSettings(folder, limit, time, s3, warnings, clock);
  }

  public CacheSettings withS3(@Nullable S3Location location) {
    return new CacheSettings(folder, limit, unused, location, warnings, clock);
  }

  public CacheSettings withWarnings(Consumer<String> warnings) {
    return new CacheSettings(folder, limit, unused, s3, warnings, clock);
  }

  public CacheSettings withClock(InstantSource clock) {
    return new CacheSettings(folder, limit, unused, s3, warnings, clock);
  }
}
