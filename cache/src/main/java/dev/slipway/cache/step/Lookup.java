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
    private final Trace head;
    private final byte[] bytes;
    private final View view;
    private final Roots roots;
    private final Path file;
    private final @Nullable WatchList watched;
    private @Nullable Trace whole;
    private @Nullable Check check;

    /**
     * A trace that holds, or is about to be checked.
     *
     * @param head without its facts, which are only read where they are needed
     */
    Hit(
        StepCache cache,
        Trace head,
        byte[] bytes,
        View view,
        Roots roots,
        Path file,
        @Nullable WatchList watched) {
      this.cache = cache;
      this.head = head;
      this.bytes = bytes;
      this.view = view;
      this.roots = roots;
      this.file = file;
      this.watched = watched;
    }

    /** The trace with its facts. */
    Trace trace() {
      Trace read = whole;
      if (read == null) {
        read = Trace.of(bytes);
        if (read == null) {
          throw new IllegalStateException("a trace whose checksum is right cannot be read");
        }
        whole = read;
      }
      return read;
    }

    /** Looks at the facts; null when they speak of places that are not here. */
    @Nullable Check check() {
      Check made = check;
      if (made == null) {
        try {
          made = new Check(trace(), roots, cache.looking(view));
        } catch (IOException | IllegalStateException notHere) {
          return null;
        }
        check = made;
      }
      return made;
    }

    public int exitCode() {
      return head.exitCode();
    }

    /** How long it took when it ran. */
    public long durationMs() {
      return head.durationMs();
    }

    /** When it ran, in milliseconds since 1970. */
    public long createdMs() {
      return head.createdMs();
    }

    /** What it wrote for the runner, by name. */
    public Map<String, byte[]> files() {
      return head.files();
    }

    /** How many paths are not what the step left there. */
    public int missing() {
      WatchList list = watched;
      Check looked = check;
      int missing = 0;
      if (looked != null) {
        for (long rule : looked.rules()) {
          missing += missing(rule) ? 1 : 0;
        }
      } else if (list != null) {
        for (int place = 0; place < list.count(); place++) {
          missing += missing(list.rule(place)) ? 1 : 0;
        }
      }
      return missing;
    }

    static boolean missing(long rule) {
      return (rule & (WatchList.HAS_RESULT | WatchList.IS_RESULT)) == WatchList.HAS_RESULT;
    }

    /** What has to be put back, in the order in which it was written. */
    private List<Integer> toRestore(Check looked) {
      List<Integer> places = new ArrayList<>();
      for (int place : trace().order()) {
        if (missing(looked.rules()[place])) {
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
      try {
        Check looked = missing() > 0 ? check() : null;
        List<Integer> places = List.of();
        if (looked != null) {
          fill(looked);
          places = toRestore(looked);
        }
        if (!cache.have(needed(places))) {
          return false;
        }
        byte[] printed = cache.contents().get(head.log());
        if (printed == null) {
          cache.mend(trace());
          return false;
        }
        if (looked != null && !places.isEmpty()) {
          try (Posix posix = new Posix(view)) {
            if (!new Restore(view, posix, cache.contents(), cache.unfinished())
                .run(trace(), looked, places)) {
              cache.mend(trace());
              return false;
            }
            cache.settle(looked, places, StepCache.watchFile(file), posix);
          }
        }
        StepLog.replay(printed, log);
        return true;
      } catch (IOException e) {
        return false;
      }
    }

    /** Takes over what the list knows, where nothing was looked at. */
    private void fill(Check looked) {
      WatchList list = watched;
      if (list != null && list.count() == looked.count()) {
        for (int place = 0; place < list.count(); place++) {
          if (looked.rules()[place] == WatchList.LOOK) {
            looked.known(place, list);
          }
        }
      }
    }

    private List<Digest> needed(List<Integer> places) {
      List<Digest> needed = new ArrayList<>();
      needed.add(head.log());
      for (int place : places) {
        Node after = trace().facts().get(place).after();
        Digest digest = after == null ? null : after.digest();
        if (digest != null) {
          needed.add(digest);
        }
      }
      return needed;
    }
  }
}
