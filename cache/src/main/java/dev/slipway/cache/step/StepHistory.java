package dev.slipway.cache.step;

import java.util.List;
import java.util.Map;

/**
 * What became of a step when it was last asked for, and how often it was spared.
 *
 * @param name as people call the step
 * @param key the digest of its {@link StepKey}
 * @param atMs when it was last asked for, in milliseconds since 1970
 * @param spared whether it was spared then
 * @param missed why it was not
 * @param notKept why what came of it was not kept; empty when it was, or when it was spared
 * @param savedMs how long all the runs took that were spared
 * @param parts of its key, each with a digest
 */
public record StepHistory(
    String name,
    String key,
    long atMs,
    boolean spared,
    List<String> missed,
    List<String> notKept,
    long hits,
    long misses,
    long savedMs,
    Map<String, String> parts) {
  public StepHistory {
    missed = List.copyOf(missed);
    notKept = List.copyOf(notKept);
  }
}
