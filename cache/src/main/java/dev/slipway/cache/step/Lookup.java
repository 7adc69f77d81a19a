package dev.slipway.cache.step;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether a step can be spared. */
public sealed interface Lookup {
  /**
   * It has to run.
   *
   * @param reasons why, for people; at least one
   */
  record Miss(List<String> reasons) implements Lookup {
    public Miss {
      reasons = List.copyOf(reasons);
    }
  }

  /** It ran before, and nothing that it depends on has changed. */
  final class Hit implements Lookup {
    private final StepCache cache;
    private final Trace trace;
    private final Check check;
    private final Path watchFile;

    Hit(StepCache cache, Trace trace, Check check, Path watchFile) {
      this.cache = cache;
      this.trace = trace;
      this.check = check;
      this.watchFile = watchFile;
    }

    Trace trace() {
      return trace;
    }

    public int exitCode() {
      return trace.exitCode();
    }

    /** How long it took when it ran. */
    public long durationMs() {
      return trace.durationMs();
    }

    /** When it ran, in milliseconds since 1970. */
    public long createdMs() {
      return trace.createdMs();
    }

    /** What it wrote for the runner, by name. */
    public Map<String, byte[]> files() {
      return trace.files();
    }

    /** How many paths its results depend on, or are. */
    public int paths() {
      return trace.facts().size();
    }

    /** How many paths are not what the step left there. */
    public int missing() {
      return toRestore().size();
    }

    private List<Integer> toRestore() {
      List<Integer> places = new ArrayList<>();
      long[] rules = check.rules();
      for (int place : trace.order()) {
        if (trace.facts().get(place).after() != null && (rules[place] & WatchList.IS_RESULT) == 0) {
          places.add(place);
        }
      }
      return places;
    }

    /**
     * Puts back what it made and hands on what it printed.
     *
     * @return false when something of it is missing; nothing has changed then, and the step has to
     *     run
     */
    public boolean restore(StepLog.Replay log) {
      byte @Nullable [] printed;
      List<Integer> places = toRestore();
      List<Digest> needed = new ArrayList<>();
      needed.add(trace.log());
      for (int place : places) {
        Node after = trace.facts().get(place).after();
        Digest digest = after == null ? null : after.digest();
        if (digest != null) {
          needed.add(digest);
        }
      }
      if (!cache.have(needed)) {
        return false;
      }
      try {
        printed = cache.contents().get(trace.log());
        if (printed == null) {
          cache.mend(trace);
          return false;
        }
        if (!places.isEmpty()) {
          try (Posix posix = new Posix()) {
            if (!new Restore(posix, cache.contents()).run(trace, check, places)) {
              cache.mend(trace);
              return false;
            }
            cache.settle(check, places, watchFile, posix);
          }
        }
      } catch (IOException e) {
        return false;
      }
      StepLog.replay(printed, log);
      return true;
    }
  }
}
