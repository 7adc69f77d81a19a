package dev.slipway.cli;

import dev.slipway.engine.Conclusion;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;

/** {@code slipway runs}. */
final class RunsCommand implements Command {
  private final Function<Surroundings, RunRecord> record;

  RunsCommand() {
    this(Wiring::record);
  }

  RunsCommand(Function<Surroundings, RunRecord> record) {
    this.record = record;
  }

  @Override
  public Usage usage() {
    return Usage.of("runs", "List earlier runs of this project, the newest first")
        .option(Option.value("limit", "N", "At most so many; 20 when left out").letter("n"))
        .option(Option.flag("all", "All of them"))
        .example("slipway runs", "The last runs")
        .example("slipway runs --all --json", "All runs, one JSON object a line");
  }

  @Override
  public int run(Arguments arguments, Surroundings surroundings) throws IOException {
    int limit = arguments.number("limit", 1, 20);
    List<RunRecord.Entry> all = record.apply(surroundings).runs();
    List<RunRecord.Entry> runs =
        arguments.has("all") || all.size() <= limit ? all : all.subList(0, limit);
    if (arguments.has("json")) {
      for (RunRecord.Entry run : runs) {
        surroundings.out().line(json(run));
      }
      return Exit.SUCCESS;
    }
    if (runs.isEmpty()) {
      surroundings.err().line("nothing was run here yet; start with: slipway run");
      return Exit.SUCCESS;
    }
    Colors colors = surroundings.colors();
    int ids = 3;
    int names = 8;
    int events = 5;
    for (RunRecord.Entry run : runs) {
      ids = Math.max(ids, run.id().length());
      names = Math.max(names, Math.min(40, Text.width(Text.plain(run.workflow()))));
      events = Math.max(events, run.event().length());
    }
    Sink out = surroundings.out();
    out.line(
        colors.dim(
            Text.padded("RUN", ids)
                + "  "
                + Text.padded("RESULT", 11)
                + "  "
                + Text.padded("WORKFLOW", names)
                + "  "
                + Text.padded("EVENT", events)
                + "  "
                + Text.padded("COMMIT", 7)
                + "  "
                + Text.padded("STARTED (UTC)", 16)
                + "  TOOK"));
    for (RunRecord.Entry run : runs) {
      Long took = run.durationMs();
      out.line(
          Text.padded(run.id(), ids)
              + "  "
              + state(run, colors)
              + "  "
              + Text.padded(Text.fit(Text.plain(run.workflow()), 40), names)
              + "  "
              + Text.padded(run.event(), events)
              + "  "
              + Text.padded(run.sha().length() > 7 ? run.sha().substring(0, 7) : run.sha(), 7)
              + "  "
              + Json.time(run.startedAt()).substring(0, 16).replace('T', ' ')
              + "  "
              + (took == null ? "" : Durations.text(took)));
    }
    return Exit.SUCCESS;
  }

  private static String state(RunRecord.Entry run, Colors colors) {
    String text = Text.padded(run.state(), 11);
    Conclusion conclusion = run.conclusion();
    return conclusion == null || run.interrupted()
        ? colors.yellow(text)
        : colors.of(conclusion, text);
  }

  private static String json(RunRecord.Entry run) {
    return new Json()
        .object()
        .member("run", run.id())
        .member("workflow", run.workflow())
        .member("file", run.file())
        .member("event", run.event())
        .member("ref", run.ref())
        .member("sha", run.sha())
        .member("actor", run.actor())
        .member("startedAt", run.startedAt())
        .member("state", run.state())
        .member("conclusion", run.conclusion() == null ? null : run.state())
        .member("durationMs", run.durationMs())
        .end()
        .text();
  }
}
