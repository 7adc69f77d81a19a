package dev.slipway.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The chain of jobs that takes longest. Jobs of unknown length count as the average of the others;
 * when the length of none is known, the chain of most jobs, of several the first.
 *
 * @param jobs keys, first to last
 * @param estimateMs how long the chain takes; null when that of one of its jobs is not known
 * @param byCount whether it is the chain of most jobs, for want of durations
 */
public record CriticalPath(List<String> jobs, @Nullable Long estimateMs, boolean byCount) {
  /** Nothing runs. */
  static final CriticalPath NONE = new CriticalPath(List.of(), null, false);

  public CriticalPath {
    jobs = List.copyOf(jobs);
  }
}
