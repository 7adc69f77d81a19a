package dev.slipway.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The chain of jobs that takes longest; jobs of unknown length count as the average of the others.
 *
 * @param jobs keys, first to last
 * @param estimateMs how long the chain takes; null when that of one of its jobs is not known
 */
public record CriticalPath(List<String> jobs, @Nullable Long estimateMs) {
  /** Nothing runs. */
  static final CriticalPath NONE = new CriticalPath(List.of(), null);

  public CriticalPath {
    jobs = List.copyOf(jobs);
  }
}
