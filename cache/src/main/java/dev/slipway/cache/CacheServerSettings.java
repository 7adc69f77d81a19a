package dev.slipway.cache;

import static java.util.Objects.requireNonNull;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a cache server serves, to whom, and how much of it.
 *
 * @param address where it listens; port 0 is one that the system chooses
 * @param folder where everything is kept; one server uses it at a time
 * @param tokens who may use it; with none everybody may do everything
 * @param limit the most bytes of all entries together
 * @param entryLimit the most bytes of one entry
 * @param writing what may be stored
 * @param s3 where else everything is kept, or null
 * @param requests is told of each request in a line
 * @param warnings is told what does not work
 */
public record CacheServerSettings(
    InetSocketAddress address,
    Path folder,
    List<CacheToken> tokens,
    long limit,
    long entryLimit,
    Writing writing,
    @Nullable S3Location s3,
    Consumer<String> requests,
    Consumer<String> warnings) {
  private static final long GIBIBYTE = 1L << 30;

  /** What may be stored. */
  public enum Writing {
    /** Nothing. */
    NONE,
    /** What is not there yet. */
    ONCE,
    /** What is not there yet, and other results of Bazel's actions than those that are there. */
    ONCE_BUT_ACTIONS
  }

  public CacheServerSettings {
    requireNonNull(address, "address is null");
    requireNonNull(folder, "folder is null");
    requireNonNull(writing, "writing is null");
    requireNonNull(requests, "requests is null");
    requireNonNull(warnings, "warnings is null");
    tokens = List.copyOf(tokens);
    if (limit < 1 || entryLimit < 1) {
      throw new IllegalArgumentException("a limit is less than 1");
    }
  }

  /** For this machine only, with 10 GB in all and 2 GB for an entry. */
  public static CacheServerSettings of(InetSocketAddress address, Path folder) {
    return new CacheServerSettings(
        address,
        folder,
        List.of(),
        10 * GIBIBYTE,
        2 * GIBIBYTE,
        Writing.ONCE,
        null,
        request -> {},
        warning -> {});
  }

  public CacheServerSettings withTokens(List<CacheToken> tokens) {
    return new CacheServerSettings(
        address, folder, tokens, limit, entryLimit, writing, s3, requests, warnings);
  }

  public CacheServerSettings withLimits(long limit, long entryLimit) {
    return new CacheServerSettings(
        address, folder, tokens, limit, entryLimit, writing, s3, requests, warnings);
  }

  public CacheServerSettings withWriting(Writing writing) {
    return new CacheServerSettings(
        address, folder, tokens, limit, entryLimit, writing, s3, requests, warnings);
  }

  public CacheServerSettings withS3(@Nullable S3Location s3) {
    return new CacheServerSettings(
        address, folder, tokens, limit, entryLimit, writing, s3, requests, warnings);
  }

  public CacheServerSettings withListeners(Consumer<String> requests, Consumer<String> warnings) {
    return new CacheServerSettings(
        address, folder, tokens, limit, entryLimit, writing, s3, requests, warnings);
  }
}
