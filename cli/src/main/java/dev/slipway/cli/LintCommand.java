package dev.slipway.cli;

import dev.slipway.lint.Finding;
import dev.slipway.lint.Fix;
import dev.slipway.lint.Lint;
import dev.slipway.lint.Mending;
import dev.slipway.lint.Profile;
import dev.slipway.lint.ProjectFiles;
import dev.slipway.lint.Rule;
import dev.slipway.lint.Rules;
import dev.slipway.lint.Selection;
import dev.slipway.lint.Severity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code slipway lint}. */
final class LintCommand implements Command {
  @Override
  public Usage usage() {
    return Usage.of("lint", "Find what is wrong, unsafe, dishonest or wasteful in workflows")
        .details(
            """
            Looks through the workflows and action manifests of the project, or through the files and directories named. The profile \
            `default` has what nearly everybody will want to mend; `strict`, `pedantic` and `audit` each add to the one before.

            A finding is ignored by a comment on its line, or alone on the line before: `# slipway: ignore[RULE] reason`. \
            `# zizmor: ignore[AUDIT]` and `# shellcheck disable=CODE` are understood too.

            Exit code: 0 nothing was found at or above --fail-on, 1 something was, 2 the command was not understood or a path cannot \
            be read, 3 Slipway or the machine failed.\
            """)
        .operands("PATH", "A file, or a directory with workflows; the project when none is given")
        .option(
            Option.value("format", "FORMAT", "How findings are printed")
                .choices("text", "json", "sarif", "github", "markdown"))
        .option(
            Option.value("fail-on", "SEVERITY", "The least severity that makes the command fail")
                .choices("error", "warning", "info", "style", "never"))
        .option(
            Option.value("profile", "PROFILE", "How much to look for")
                .choices("default", "strict", "pedantic", "audit"))
        .option(Option.value("rule", "RULE", "Look for this only").repeated())
        .option(Option.value("no-rule", "RULE", "Do not look for this").repeated())
        .option(Option.value("explain", "RULE", "Print the page of a rule"))
        .option(
            Option.flag("fix", "Apply the safe fixes; --fix=all applies the others too")
                .choices("safe", "all"))
        .option(Option.flag("diff", "Print what all fixes would change, and write nothing"))
        .option(
            Option.flag(
                "update-data",
                "Learn the actions that the files use from their repositories, and end; kept in the"
                    + " cache folder, under lint, where it wins over what Slipway comes with"))
        .option(
            Option.value(
                    "action-source",
                    "OWNER/REPO=PATH",
                    "With --update-data: learn this action, from a clone")
                .repeated())
        .option(
            Option.value("data-folder", "DIR", "With --update-data: keep the facts in DIR")
                .directory())
        .option(
            Option.value(
                "action-url",
                "URL",
                "Where repositories of actions are, when it is not https://github.com"))
        .option(
            Option.flag("cost", "Estimate minutes and money a month, and what mending would save"))
        .option(
            Option.value("rate", "LABEL=USD", "What a minute costs on machines with this label")
                .repeated())
        .option(
            Option.value(
                "runs-per-month", "N", "How often pushes and pull requests start a workflow"))
        .example("slipway lint", "Every workflow of the project")
        .example("slipway lint --profile strict --fail-on error", "More findings, fewer failures")
        .example("slipway lint --cost --rate self-hosted=0.01", "What the workflows cost a month")
        .example("slipway lint --explain masked-failure", "Why it matters, with an example")
        .example("slipway lint --format sarif > lint.sarif", "For code scanning");
  }

  @Override
  public int run(Arguments arguments, Surroundings surroundings) throws IOException {
    String explain = arguments.value("explain");
    if (explain != null) {
      surroundings.out().print(page(rule(explain), surroundings.colors()));
      return Exit.SUCCESS;
    }
    Path root = LintFiles.root(surroundings.directory());
    if (arguments.has("update-data")) {
      boolean named = !arguments.values("action-source").isEmpty();
      return ActionDataUpdate.run(
          arguments, surroundings, named ? List.of() : paths(arguments, surroundings, root));
    }
    Lint lint =
        Lint.of(selection(arguments))
            .in(project(root))
            .knowing(ActionDataUpdate.data(surroundings));
    List<Path> paths = paths(arguments, surroundings, root);
    String fix = arguments.value("fix");
    boolean diff = arguments.has("diff");
    List<LintedFile> files = new ArrayList<>();
    for (Path path : paths) {
      byte[] bytes = read(path);
      String name = name(root, path);
      String text = new String(bytes, StandardCharsets.UTF_8);
      if (fix != null || diff) {
        text =
            mend(
                lint,
                path,
                name,
                text,
                bytes,
                diff ? "all" : String.valueOf(fix),
                diff,
                surroundings);
      }
      String content = text.startsWith("\uFEFF") ? text.substring(1) : text;
      files.add(LintedFile.of(name, content, lint.file(name, content)));
    }
    if (!diff) {
      LintCost cost = arguments.has("cost") ? LintCost.of(arguments, root, files) : null;
      surroundings.out().print(report(arguments, files, cost, surroundings));
    }
    return failed(arguments, files) ? Exit.FAILED : Exit.SUCCESS;
  }

  /** The root's files; of a folder that is no project nothing is known to be missing. */
  private static ProjectFiles project(Path root) {
    boolean project = Files.exists(root.resolve(".git")) || DoctorCommand.hasWorkflows(root);
    return project ? new ProjectFolder(root) : ProjectFiles.UNKNOWN;
  }

  private static String mend(
      Lint lint,
      Path path,
      String name,
      String text,
      byte[] bytes,
      String how,
      boolean diff,
      Surroundings surroundings)
      throws IOException {
    // What is no UTF-8 would be written back changed.
    if (!java.util.Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes)) {
      return text;
    }
    Mending mending =
        Mending.of(lint, name, text, how.equals("all") ? Fix.Safety.UNSAFE : Fix.Safety.SAFE);
    if (diff) {
      surroundings.out().print(LineDiff.unified(name, text, mending.text(), surroundings.colors()));
      return text;
    }
    if (!mending.text().equals(text)) {
      Files.write(path, mending.text().getBytes(StandardCharsets.UTF_8));
      for (Finding finding : mending.applied()) {
        surroundings
            .err()
            .line(
                name
                    + ": mended ["
                    + finding.rule().id()
                    + "]: "
                    + finding.mending().map(Fix::title).orElse(""));
      }
    }
    return mending.text();
  }

  private static byte[] read(Path path) {
    try {
      return LintFiles.bytes(path);
    } catch (IOException e) {
      throw CommandException.usage("'" + path + "' cannot be read", null);
    }
  }

  private static List<Path> paths(Arguments arguments, Surroundings surroundings, Path root)
      throws IOException {
    Set<Path> paths = new LinkedHashSet<>();
    for (String operand : arguments.operands()) {
      Path path = surroundings.path(operand);
      if (!Files.isReadable(path)) {
        throw CommandException.usage("'" + operand + "' cannot be read", null);
      }
      paths.addAll(LintFiles.in(path));
    }
    if (arguments.operands().isEmpty()) {
      Path project = ProjectRoot.find(surroundings.directory());
      paths.addAll(LintFiles.in(project == null ? root : project));
      if (paths.isEmpty()) {
        throw CommandException.usage(
            "no workflows and no action manifests in '" + root + "'",
            "name one: slipway lint FILE");
      }
    }
    return new ArrayList<>(paths);
  }

  private static String name(Path root, Path path) {
    String name = path.startsWith(root) ? root.relativize(path).toString() : path.toString();
    return name.replace('\\', '/');
  }

  private static Selection selection(Arguments arguments) {
    Profile profile = Profile.DEFAULT;
    for (Profile one : Profile.values()) {
      profile = one.text().equals(arguments.value("profile")) ? one : profile;
    }
    Set<String> only = new LinkedHashSet<>();
    Set<String> without = new LinkedHashSet<>();
    for (String name : arguments.values("rule")) {
      only.add(rule(name).id());
    }
    for (String name : arguments.values("no-rule")) {
      without.add(rule(name).id());
    }
    return new Selection(profile, only, without);
  }

  private static Rule rule(String name) {
    Rule rule = Rules.named(name);
    if (rule == null) {
      List<String> names = new ArrayList<>();
      for (Rule one : Rules.all()) {
        names.add(one.id());
      }
      @Nullable String nearest = Nearest.of(name, names);
      throw CommandException.usage(
          "no rule is called '" + name + "'",
          nearest == null
              ? "the rules: " + String.join(", ", names)
              : "did you mean '" + nearest + "'?");
    }
    return rule;
  }

  private static String report(
      Arguments arguments,
      List<LintedFile> files,
      @Nullable LintCost cost,
      Surroundings surroundings) {
    return switch (arguments.value("format", arguments.has("json") ? "json" : "text")) {
      case "json" -> LintJson.json(files, cost);
      case "sarif" -> LintJson.sarif(files);
      case "github" -> LintReport.commands(files);
      case "markdown" -> LintReport.markdown(files);
      default ->
          LintReport.text(files, surroundings.colors())
              + (cost == null ? "" : cost.text(surroundings.colors()));
    };
  }

  private static boolean failed(Arguments arguments, List<LintedFile> files) {
    String least = arguments.value("fail-on", Severity.WARNING.text());
    for (Severity severity : Severity.values()) {
      if (severity.text().equals(least)) {
        for (Finding finding : LintedFile.active(files)) {
          if (finding.severity().atLeast(severity)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static String page(Rule rule, Colors colors) {
    StringBuilder page = new StringBuilder();
    page.append(colors.bold(rule.id())).append(": ").append(rule.title()).append("\n\n");
    page.append(rule.why()).append("\n\n");
    page.append(colors.dim("severity ")).append(rule.severity().text());
    page.append(colors.dim(", profile ")).append(rule.profile().text());
    page.append(colors.dim(", about ")).append(rule.topic().text()).append('\n');
    if (!rule.covers().isEmpty()) {
      page.append(colors.dim("elsewhere called ")).append(String.join(", ", rule.covers()));
      page.append('\n');
    }
    example(page, colors.red("Found in"), rule.bad());
    example(page, colors.green("Mended"), rule.good());
    page.append("\nIgnore one, with the reason: # slipway: ignore[").append(rule.id());
    return page.append("] why it does not matter here\n").toString();
  }

  private static void example(StringBuilder page, String title, String text) {
    page.append('\n').append(title).append("\n\n");
    for (String line : text.lines().toList()) {
      page.append("    ").append(line).append('\n');
    }
  }
}
