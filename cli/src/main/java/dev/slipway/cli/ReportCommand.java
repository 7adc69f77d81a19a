package dev.slipway.cli;

import dev.slipway.engine.RunEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;

/** {@code slipway report}. */
final class ReportCommand implements Command {
  private final Function<Surroundings, RunRecord> record;

  ReportCommand() {
    this(Wiring::record);
  }

  ReportCommand(Function<Surroundings, RunRecord> record) {
    this.record = record;
  }

  @Override
  public Usage usage() {
    return Usage.of("report", "Write an earlier run as one HTML page")
        .details(
            """
            The page holds the graph, the time line with the critical path, the logs, annotations and summaries. It needs no server and \
            loads nothing. Very long logs are cut in the middle, with a note.

            Keys on the page: `j` and `k` go through the steps, `Enter` opens one, `f` goes to the next failure, `e` opens and closes all.\
            """)
        .operand("RUN", "The run's id or 'latest'")
        .option(
            Option.value(
                    "output",
                    "FILE",
                    "Where the page goes; slipway-RUN.html when left out, - for standard output")
                .letter("o")
                .file())
        .example("slipway report latest", "The last run")
        .example("slipway report latest -o report.html", "Under a name of your own");
  }

  @Override
  public int run(Arguments arguments, Surroundings surroundings) throws IOException {
    RunRecord record = this.record.apply(surroundings);
    RunRecord.Entry run = record.find(arguments.required(0));
    ReportPage page = new ReportPage(run);
    record.read(run.id(), (RunEvent event) -> page.accept(event));
    String html = page.html();
    String output = arguments.value("output", "slipway-" + run.id() + ".html");
    if (output.equals("-")) {
      surroundings.out().print(html);
      return Exit.SUCCESS;
    }
    Path file = surroundings.path(output);
    Files.writeString(file, html);
    if (arguments.has("json")) {
      surroundings
          .out()
          .line(
              new Json()
                  .object()
                  .member("run", run.id())
                  .member("file", file.toString())
                  .end()
                  .text());
    } else {
      surroundings.out().line(output);
    }
    return Exit.SUCCESS;
  }
}
