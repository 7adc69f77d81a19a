package dev.slipway.engine;

import dev.slipway.plan.Forecasts;
import dev.slipway.plan.RunKeys;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** How long jobs will take: the median of how long they took in the last runs of their workflow. */
public final class PastDurations implements Forecasts.Durations {
  private static final int RUNS = 5;

  private final RunStore store;
  private final Map<String, Map<String, List<Long>>> byFile = new HashMap<>();

  PastDurations(RunStore store) {
    this.store = store;
  }

  /** Those of the runs that were recorded in a project. */
  public static PastDurations of(Path root) {
    return new PastDurations(RunStore.open(root));
  }

  @Override
  public OptionalLong estimateMs(String file, String key) {
    List<Long> took = byFile.computeIfAbsent(file, this::read).get(key);
    return took == null ? OptionalLong.empty() : OptionalLong.of(took.get(took.size() / 2));
  }

  private Map<String, List<Long>> read(String file) {
    Map<String, List<Long>> jobs = new HashMap<>();
    for (String run : store.latestOf(file, RUNS)) {
      store.finishedJobs(
          run,
          job -> {
            if (job.conclusion() == Conclusion.SUCCESS && !"reused".equals(job.cause())) {
              String key = RunKeys.inRun(file, job.job());
              jobs.computeIfAbsent(key, k -> new ArrayList<>()).add(job.durationMs());
            }
          });
    }
    jobs.values().forEach(Collections::sort);
    return jobs;
  }
}
