package dev.slipway.cli;

import dev.slipway.cache.step.StepCache;
import dev.slipway.cache.step.StepHistory;
import dev.slipway.cache.step.Upkeep;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What {@code slipway cache} does with what is known of steps. */
final class StepCacheActions {
  private static final long DEFAULT_LIMIT_MB = 10_000;

  private StepCacheActions() {}

  /** Says why steps were spared, or ran. */
  static int why(String wanted, Arguments arguments, Surroundings surroundings) {
    List<StepHistory> found = new ArrayList<>();
    String part = wanted.toLowerCase(Locale.ROOT);
    for (StepHistory one : StepCache.in(Wiring.steps(surroundings)).histories()) {
      if (one.name().toLowerCase(Locale.ROOT).contains(part)) {
        found.add(one);
      }
    }
    if (found.isEmpty()) {
      throw CommandException.usage(
          wanted.isEmpty()
              ? "no step is known yet"
              : "no step whose name has '" + wanted + "' in it is known",
          "`slipway run` makes steps known; names are OWNER/REPO FILE JOB STEP, and a part is"
              + " enough");
    }
    Sink out = surroundings.out();
    Colors colors = surroundings.colors();
    for (StepHistory one : found) {
      if (arguments.has("json")) {
        out.line(json(one));
        continue;
      }
      out.line(
          (one.spared() ? colors.green("spared") : colors.yellow("ran   "))
              + "  "
              + Text.plain(one.name())
              + colors.dim("  " + Json.time(Instant.ofEpochMilli(one.atMs())).substring(0, 16)));
      if (one.spared()) {
        out.line("        nothing that it read, looked for or listed had changed");
      }
      for (String reason : one.missed()) {
        out.line("        it ran because: " + Text.plain(reason));
      }
      for (String reason : one.notKept()) {
        out.line("        it will run again because: " + Text.plain(reason));
      }
      if (!one.spared() && one.notKept().isEmpty()) {
        out.line("        what came of it is kept");
      }
    }
    return Exit.SUCCESS;
  }

  private static String json(StepHistory one) {
    Json json =
        new Json()
            .object()
            .member("name", one.name())
            .member("at", Instant.ofEpochMilli(one.atMs()))
            .member("spared", one.spared())
            .member("hits", one.hits())
            .member("misses", one.misses())
            .member("savedMs", one.savedMs());
    json.array("missed");
    one.missed().forEach(json::value);
    json.end();
    json.array("notKept");
    one.notKept().forEach(json::value);
    json.end();
    return json.end().text();
  }

  /** Counts. */
  static int stats(Arguments arguments, Surroundings surroundings) throws IOException {
    Upkeep.Stats stats = Upkeep.of(Wiring.steps(surroundings)).stats();
    long hits = 0;
    long misses = 0;
    long saved = 0;
    for (StepHistory one : StepCache.in(Wiring.steps(surroundings)).histories()) {
      hits += one.hits();
      misses += one.misses();
      saved += one.savedMs();
    }
    Sink out = surroundings.out();
    if (arguments.has("json")) {
      out.line(
          new Json()
              .object()
              .member("traces", stats.traces())
              .member("contents", stats.contents())
              .member("bytes", stats.bytes())
              .member("hits", hits)
              .member("misses", misses)
              .member("savedMs", saved)
              .end()
              .text());
      return Exit.SUCCESS;
    }
    out.line("known runs of steps   " + stats.traces());
    out.line("contents of files     " + stats.contents());
    out.line("on disk               " + Sizes.text(stats.bytes()));
    out.line("spared                " + hits + " of " + (hits + misses) + " steps");
    out.line("time saved            " + Durations.text(saved));
    return Exit.SUCCESS;
  }

  /** Removes what was not used for longest. */
  static int collect(Arguments arguments, Surroundings surroundings) throws IOException {
    long limit = arguments.number("max-mb", 0, (int) DEFAULT_LIMIT_MB) * 1_000_000L;
    Upkeep.Removed removed = Upkeep.of(Wiring.steps(surroundings)).collect(limit);
    if (arguments.has("json")) {
      surroundings
          .out()
          .line(
              new Json()
                  .object()
                  .member("traces", removed.traces())
                  .member("contents", removed.contents())
                  .member("bytes", removed.bytes())
                  .end()
                  .text());
    } else {
      surroundings
          .out()
          .line(
              "removed "
                  + removed.traces()
                  + " runs of steps and "
                  + removed.contents()
                  + " contents, "
                  + Sizes.text(removed.bytes()));
    }
    return Exit.SUCCESS;
  }

  /** Reads and checks everything. */
  static int verify(Arguments arguments, Surroundings surroundings) throws IOException {
    Upkeep.Verified verified = Upkeep.of(Wiring.steps(surroundings)).verify();
    boolean right = verified.damaged() == 0 && verified.incomplete() == 0;
    if (arguments.has("json")) {
      surroundings
          .out()
          .line(
              new Json()
                  .object()
                  .member("traces", verified.traces())
                  .member("contents", verified.contents())
                  .member("damaged", verified.damaged())
                  .member("incomplete", verified.incomplete())
                  .end()
                  .text());
    } else {
      surroundings
          .out()
          .line(
              verified.traces()
                  + " runs of steps and "
                  + verified.contents()
                  + " contents are right");
      if (!right) {
        surroundings
            .out()
            .line(
                verified.damaged()
                    + " damaged files and "
                    + verified.incomplete()
                    + " incomplete runs were removed; those steps will run again");
      }
    }
    return right ? Exit.SUCCESS : Exit.FAILED;
  }
}
