package dev.slipway.lint;

import dev.slipway.workflow.ActionManifestReader;
import dev.slipway.workflow.Problem;
import dev.slipway.workflow.WorkflowReader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Looks through files for what a selection of rules finds. Reads each file that others refer to
 * once, so one is made for each look at a project, and one for each thread ({@link #apart}).
 */
public final class Lint {
  private final Selection selection;
  private final Project project;

  private Lint(Selection selection, Project project) {
    this.selection = selection;
    this.project = project;
  }

  /** Looks for these rules. */
  public static Lint of(Selection selection) {
    return new Lint(selection, new Project(ProjectFiles.UNKNOWN, null));
  }

  /** The same, where the files that others refer to can be read. */
  public Lint in(ProjectFiles files) {
    return new Lint(selection, project.in(files));
  }

  /** The same for another thread: nothing that was read for one is seen by the other. */
  public Lint apart() {
    return new Lint(selection, project.apart());
  }

  /** The same, knowing these facts of actions. */
  public Lint knowing(ActionData data) {
    return new Lint(selection, project.knowing(data));
  }

  /**
   * What is found in a file, ignored findings too, in the order of their places.
   *
   * @param path relative to the project's root, with {@code /}; its name tells what it is read as:
   *     a workflow unless it is the manifest of an action or the configuration of Dependabot or
   *     pre-commit
   */
  public List<Finding> file(String path, String text) {
    String content = text.startsWith("\uFEFF") ? text.substring(1) : text;
    LintFile file = LintFile.read(path, content, project);
    List<Problem> problems =
        switch (file.kind()) {
          case WORKFLOW -> WorkflowReader.problems(path, file.document());
          case ACTION -> ActionManifestReader.problems(path, file.document());
          case DEPENDABOT, PRE_COMMIT -> List.of();
        };
    List<Finding> findings = new ArrayList<>();
    ReaderRules.add(file, problems, selection, findings);
    if (file.root() != null) {
      for (Rule rule : Rules.all()) {
        if (rule.about(file.kind()) && selection.has(rule)) {
          rule.check(file, new Found(file, rule, findings));
        }
      }
      ShellRules.add(file, selection, findings);
    }
    return finished(file, findings);
  }

  private List<Finding> finished(LintFile file, List<Finding> findings) {
    Ignores ignores = Ignores.read(file.text());
    for (int i = 0; i < findings.size(); i++) {
      String reason = ignores.reason(findings.get(i));
      if (reason != null && !findings.get(i).refused()) {
        findings.set(i, findings.get(i).ignoredFor(reason));
      }
    }
    ignores.check(file.path(), Rules.all(), selection, findings);
    findings.sort(
        Comparator.<Finding>comparingInt(f -> f.range().from().line())
            .thenComparingInt(f -> f.range().from().column()));
    return List.copyOf(findings);
  }
}
