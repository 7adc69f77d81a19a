package dev.slipway.lint;

import dev.slipway.workflow.ActionManifestReader;
import dev.slipway.workflow.Problem;
import dev.slipway.workflow.WorkflowReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Looks through files for what a selection of rules finds. Reads each file that others refer to
 * once, so one is made for each look at a project, and one for each thread ({@link #apart}).
 */
public final class Lint {
  private final Selection selection;
  private final Project project;
  private final Set<SettingIgnore> used = ConcurrentHashMap.newKeySet();
  private final Map<FileKind, List<Rule>> rules = new ConcurrentHashMap<>();

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

  /** The same, by the settings of the project. */
  public Lint with(LintSettings settings) {
    return new Lint(selection, project.set(settings));
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
    try {
      return found(path, content);
    } catch (OutOfMemoryError e) {
      // All that was made for the file is out of reach now, so the others can be looked through.
      return List.of(ReaderRules.tooLarge(path));
    }
  }

  private List<Finding> found(String path, String content) {
    LintFile file = LintFile.read(path, content, project);
    LintSettings settings = project.settings();
    boolean usual = settings == LintSettings.NONE;
    Selection chosen = usual ? selection : chosen(settings, path);
    List<Problem> problems =
        switch (file.kind()) {
          case WORKFLOW -> WorkflowReader.problems(path, file.document());
          case ACTION -> ActionManifestReader.problems(path, file.document());
          case DEPENDABOT, PRE_COMMIT, SETTINGS -> List.of();
        };
    List<Finding> findings = new ArrayList<>();
    ReaderRules.add(file, problems, chosen, findings);
    if (file.kind() == FileKind.SETTINGS) {
      SettingRules.add(file, chosen, findings);
    }
    if (file.root() != null) {
      for (Rule rule : rules(file.kind(), chosen, usual)) {
        rule.check(file, new Found(file, rule, findings));
      }
      ShellRules.add(file, chosen, findings);
    }
    return finished(file, chosen, findings);
  }

  private Selection chosen(LintSettings settings, String path) {
    return selection.with(settings.levels(path));
  }

  /** Those that are looked for in files of a kind. */
  private List<Rule> rules(FileKind kind, Selection chosen, boolean usual) {
    List<Rule> known = usual ? rules.get(kind) : null;
    if (known != null) {
      return known;
    }
    List<Rule> some = new ArrayList<>();
    for (Rule rule : Rules.all()) {
      if (rule.about(kind) && chosen.has(rule)) {
        some.add(rule);
      }
    }
    if (usual) {
      rules.put(kind, some);
    }
    return some;
  }

  private List<Finding> finished(LintFile file, Selection chosen, List<Finding> findings) {
    Ignores ignores = Ignores.read(file);
    List<SettingIgnore> settings = project.settings().ignores(file.path());
    for (SettingIgnore ignore : settings) {
      if (ignore.place()) {
        used.add(ignore);
      }
    }
    for (int i = 0; i < findings.size(); i++) {
      Finding finding = chosen.rated(findings.get(i));
      if (!finding.refused()) {
        finding = ignored(finding, ignores, settings);
      }
      findings.set(i, finding);
    }
    ignores.check(chosen, findings);
    findings.sort(Finding.BY_PLACE);
    return List.copyOf(findings);
  }

  private Finding ignored(Finding finding, Ignores ignores, List<SettingIgnore> settings) {
    String reason = ignores.reason(finding);
    for (SettingIgnore ignore : settings) {
      if (ignore.takes(finding, ignores.spans())) {
        used.add(ignore);
        reason = reason == null ? "by " + ignore.file() : reason;
      }
    }
    return reason == null ? finding : finding.ignoredFor(reason);
  }

  /**
   * The settings that had nothing to say about any file that was looked through so far; to be asked
   * when all were.
   */
  public List<Finding> unusedSettings() {
    List<Finding> unused = new ArrayList<>();
    for (SettingIgnore ignore : project.settings().ignores()) {
      if (used.contains(ignore) || !selection.has(SettingRules.SETTINGS) || !sought(ignore)) {
        continue;
      }
      unused.add(
          new Finding(
              SettingRules.SETTINGS,
              Severity.INFO,
              Confidence.HIGH,
              ignore.file(),
              ignore.range(),
              ignore.place()
                  ? "No file that was looked through matches this"
                  : "This ignores nothing that Slipway finds",
              ignore.file().equals("slipway.yml")
                  ? "remove it, or correct it"
                  : "remove it when no other tool needs it",
              List.of(),
              false,
              null,
              null));
    }
    return unused;
  }

  /** Whether all that an ignore could be about was looked for. */
  private boolean sought(SettingIgnore ignore) {
    if (ignore.cover().isEmpty()) {
      return selection.only().isEmpty();
    }
    boolean known = false;
    for (Rule rule : Rules.all()) {
      if (rule.covers().contains(ignore.cover())) {
        if (!selection.has(rule)) {
          return false;
        }
        known = true;
      }
    }
    return known;
  }
}
