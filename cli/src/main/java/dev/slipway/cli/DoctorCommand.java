package dev.slipway.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code slipway doctor}. */
final class DoctorCommand implements Command {
  @Override
  public Usage usage() {
    return Usage.of("doctor", "Tell what this machine can do for workflows")
        .details(
            """
            Looks for the programs that Slipway and workflows use, with their versions, and at the machine itself. What is missing only \
            matters to workflows that use it, unless it is marked as needed.

            Exit code: 0 what Slipway needs is here, 3 something that it needs is missing.\
            """)
        .example("slipway doctor", "A table to read")
        .example("slipway doctor --json", "The same for a program");
  }

  @Override
  public int run(Arguments arguments, Surroundings surroundings)
      throws IOException, InterruptedException {
    List<Finding> findings = new Diagnosis(surroundings).findings();
    boolean healthy = true;
    for (Finding finding : findings) {
      healthy &= finding.state() != State.NEEDED;
    }
    if (arguments.has("json")) {
      Json json =
          new Json()
              .object()
              .member("schema", "slipway.doctor/1")
              .member("version", Build.VERSION)
              .member("ok", healthy);
      json.array("findings");
      for (Finding finding : findings) {
        json.object().member("name", finding.name()).member("state", finding.state().text);
        json.member("version", finding.version().isEmpty() ? null : finding.version())
            .member("use", finding.use());
        json.end();
      }
      surroundings.out().line(json.end().end().text());
    } else {
      print(findings, surroundings);
    }
    return healthy ? Exit.SUCCESS : Exit.BROKEN;
  }

  private static void print(List<Finding> findings, Surroundings surroundings) {
    Colors colors = surroundings.colors();
    int names = 0;
    int versions = 0;
    for (Finding finding : findings) {
      names = Math.max(names, finding.name().length());
      versions = Math.max(versions, Math.min(44, finding.version().length()));
    }
    for (Finding finding : findings) {
      String mark =
          switch (finding.state()) {
            case OK -> colors.green("✓ ok     ");
            case MISSING -> colors.dim("– missing");
            case WARNING -> colors.yellow("! look   ");
            case NEEDED -> colors.red("✗ needed ");
          };
      surroundings
          .out()
          .line(
              mark
                  + "  "
                  + Text.padded(finding.name(), names)
                  + "  "
                  + Text.padded(Text.fit(finding.version(), 44), versions)
                  + "  "
                  + colors.dim(finding.use()));
    }
  }

  /** How something was found. */
  enum State {
    OK("ok"),
    MISSING("missing"),
    WARNING("warning"),
    NEEDED("needed");

    final String text;

    State(String text) {
      this.text = text;
    }
  }

  /** One thing looked at. {@code use}: what needs it. */
  record Finding(String name, State state, String version, String use) {}

  /** Whether the project has workflows below this directory. */
  static boolean hasWorkflows(Path directory) {
    return Files.isDirectory(directory.resolve(".github/workflows"));
  }
}
