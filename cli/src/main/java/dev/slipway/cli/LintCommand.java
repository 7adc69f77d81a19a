package dev.slipway.cli;

import dev.slipway.lint.Finding;
import dev.slipway.lint.Fix;
import dev.slipway.lint.Lint;
import dev.slipway.lint.LintSettings;
import dev.slipway.lint.Profile;
import dev.slipway.lint.ProjectFiles;
import dev.slipway.lint.Selection;
import dev.slipway.lint.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
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
            `# zizmor: ignore[AUDIT]` and `# shellcheck disable=CODE` are understood too. Settings come from section `lint` of \
            `slipway.yml`, from `.github/actionlint.yaml` and from `zizmor.yml`; options win over them.

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
        .option(
            Option.value(
                "explain", "RULE", "Print the page of a rule; another tool's name will do, too"))
        .option(
            Option.flag("fix", "Apply the safe fixes; --fix=all applies the others too")
                .choices("safe", "all"))
        .option(
            Option.flag(
                "diff",
                "Print what fixes would change, and write nothing: all of them, or those of --fix"))
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
      surroundings.out().print(LintPages.of(explain, surroundings.colors()));
      return Exit.SUCCESS;
    }
    Path root = LintFiles.root(surroundings.directory());
    if (arguments.has("update-data")) {
      boolean named = !arguments.values("action-source").isEmpty();
      return ActionDataUpdate.run(
          arguments, surroundings, named ? List.of() : paths(arguments, surroundings, root));
    }
    ProjectFiles project = project(root);
    LintSettings settings = LintSettings.of(project);
    Lint lint =
        Lint.of(selection(arguments, settings))
            .in(project)
            .with(settings)
            .knowing(ActionDataUpdate.data(surroundings));
    LintLook.Mode mode = mode(arguments);
    List<LintedFile> files = new ArrayList<>();
    for (LintLook.Seen seen :
        new LintLook(lint, root, mode).at(paths(arguments, surroundings, root), surroundings)) {
      files.add(seen.file());
      tell(seen, mode, surroundings);
    }
    int count = files.size();
    settings(lint, project, settings, arguments.operands().isEmpty(), files);
    files.sort(Comparator.comparing(LintedFile::path));
    if (!mode.diff()) {
      LintCost cost = arguments.has("cost") ? LintCost.of(arguments, settings, root, files) : null;
      LintSummary summary = new LintSummary(count, settings.files());
      report(arguments, files, summary, cost, surroundings);
    }
    return failed(arguments, settings, files) ? Exit.FAILED : Exit.SUCCESS;
  }

  private static LintLook.Mode mode(Arguments arguments) {
    boolean fix = arguments.has("fix");
    boolean all = arguments.value("fix", "").equals("all");
    if (arguments.has("diff")) {
      return fix && !all ? LintLook.Mode.DIFF_SAFE : LintLook.Mode.DIFF_ALL;
    }
    if (!fix) {
      return LintLook.Mode.LOOK;
    }
    return all ? LintLook.Mode.FIX_ALL : LintLook.Mode.FIX_SAFE;
  }

  private static void tell(LintLook.Seen seen, LintLook.Mode mode, Surroundings surroundings) {
    String name = seen.file().path();
    if (mode.diff()) {
      surroundings
          .out()
          .print(LineDiff.unified(name, seen.before(), seen.after(), surroundings.colors()));
      return;
    }
    for (Finding finding : seen.mended()) {
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

  /**
   * Adds what is wrong with the settings; that one matches nothing only when all files were looked
   * through.
   */
  private static void settings(
      Lint lint,
      ProjectFiles project,
      LintSettings settings,
      boolean everything,
      List<LintedFile> files) {
    List<Finding> unused = everything ? lint.unusedSettings() : List.of();
    for (String path : settings.files()) {
      String text = project.text(path);
      if (text == null) {
        continue;
      }
      String content = text.startsWith("\uFEFF") ? text.substring(1) : text;
      List<Finding> findings = new ArrayList<>(lint.file(path, content));
      for (Finding finding : unused) {
        if (finding.file().equals(path)) {
          findings.add(finding);
        }
      }
      findings.sort(Finding.BY_PLACE);
      if (!findings.isEmpty()) {
        files.removeIf(file -> file.path().equals(path));
        files.add(LintedFile.of(path, content, findings));
      }
    }
  }

  /** The root's files; of a folder that is no project nothing is known to be missing. */
  private static ProjectFiles project(Path root) {
    boolean project = Files.exists(root.resolve(".git")) || DoctorCommand.hasWorkflows(root);
    return project ? new ProjectFolder(root) : ProjectFiles.UNKNOWN;
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

  private static Selection selection(Arguments arguments, LintSettings settings) {
    Profile profile = settings.profile().orElse(Profile.DEFAULT);
    for (Profile one : Profile.values()) {
      profile = one.text().equals(arguments.value("profile")) ? one : profile;
    }
    Set<String> only = new LinkedHashSet<>();
    Set<String> without = new LinkedHashSet<>();
    for (String name : arguments.values("rule")) {
      only.add(LintPages.named(name).id());
    }
    for (String name : arguments.values("no-rule")) {
      without.add(LintPages.named(name).id());
    }
    return new Selection(profile, only, without);
  }

  private static void report(
      Arguments arguments,
      List<LintedFile> files,
      LintSummary summary,
      @Nullable LintCost cost,
      Surroundings surroundings) {
    Sink out = surroundings.out();
    switch (arguments.value("format", arguments.has("json") ? "json" : "text")) {
      case "json" -> LintJson.json(files, summary.files(), cost, out);
      case "sarif" -> LintJson.sarif(files, out);
      case "github" -> LintReport.commands(files, out);
      case "markdown" -> LintReport.markdown(files, summary, out);
      default -> {
        LintReport.text(files, summary, surroundings.colors(), out);
        if (cost != null) {
          out.print(cost.text(surroundings.colors()));
        }
      }
    }
  }

  private static boolean failed(
      Arguments arguments, LintSettings settings, List<LintedFile> files) {
    String least = arguments.value("fail-on", settings.failOn().orElse(Severity.WARNING.text()));
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
}
