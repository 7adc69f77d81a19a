package dev.slipway.lint;

import static dev.slipway.lint.Security.workflow;

import dev.slipway.workflow.Problem;
import dev.slipway.workflow.ProjectFile;
import dev.slipway.workflow.YamlNode;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Rules that a project's settings give something to look for, and one about the settings. */
final class SettingRules {
  static final Rule SETTINGS =
      Rule.of(
              "settings",
              Topic.HOUSEKEEPING,
              Severity.ERROR,
              Profile.DEFAULT,
              "A setting that means nothing")
          .why(
              """
              A misspelt setting does not do what its author believes, and one that no longer matches anything hides the day
              on which the problem comes back.
              """)
          .example(
              "lint:\n  rules:\n    masked-failur: off\n",
              "lint:\n  rules:\n    masked-failure: off\n")
          .in(FileKind.SETTINGS)
          .check((file, found) -> read(file, found, new SettingsDraft()));

  private static final Rule VARIABLE =
      Rule.of(
              "unknown-variable",
              Topic.CORRECTNESS,
              Severity.WARNING,
              Profile.DEFAULT,
              "A configuration variable that the settings do not list")
          .covers("actionlint:expression")
          .why(
              """
              A variable that does not exist is an empty text, and nothing says so. Found only where the project's settings list
              the variables there are (`config-variables`).
              """)
          .example(
              workflow("push", "      - run: deploy ${{ vars.REGOIN }}\n"),
              workflow("push", "      - run: deploy ${{ vars.REGION }}\n"))
          .check((file, found) -> {
            Set<String> variables = file.project().settings().variables();
            if (variables == null) {
              return;
            }
            for (ExpressionUse use : file.expressions()) {
              for (List<String> path : use.paths()) {
                if (ExpressionUse.begins(path, "vars") && path.size() > 1) {
                  variable(path.get(1), variables, use, found);
                }
              }
            }
          });

  private static final Rule FORBIDDEN =
      Security.rule(
              "forbidden-action",
              Severity.ERROR,
              Profile.DEFAULT,
              "An action that the settings forbid",
              "zizmor:forbidden-uses")
          .why(
              """
              Whoever writes an action runs code in the jobs that use it. Found only where the project's settings say which actions
              may be used, or which may not (`actions: {allow: […], deny: […]}`).
              """)
          .example(
              workflow("push", "      - uses: forbidden/action@v2.1.0\n"),
              workflow("push", "      - uses: some/action@v2.1.0\n"))
          .check((file, found) -> {
            if (!file.project().settings().restrictsActions()) {
              return;
            }
            for (YamlNode.Scalar use : Security.uses(file)) {
              String slug = Security.slug(use.text()).toLowerCase(Locale.ROOT);
              boolean allowed =
                  slug.isEmpty()
                      || file.project().settings().allows(slug, Security.ref(use.text()));
              if (!allowed) {
                found.at(
                    use,
                    "The settings do not allow '" + slug + "'",
                    "use another action, or allow this one in the settings");
              }
            }
          });

  private SettingRules() {}

  static List<Rule> all() {
    return List.of(SETTINGS, VARIABLE, FORBIDDEN);
  }

  private static void variable(String name, Set<String> variables, ExpressionUse use, Found found) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.equals("*") || variables.contains(lower)) {
      return;
    }
    String nearest = NearName.nearest(lower, variables);
    found.at(
        use,
        "The settings list no configuration variable '" + name + "'",
        nearest == null
            ? "correct the name, or add it to 'config-variables'"
            : "did you mean '" + nearest.toUpperCase(Locale.ROOT) + "'?");
  }

  /** Reads a file of settings; what is wrong with it is found. */
  static void read(LintFile file, Found found, SettingsDraft draft) {
    String path = file.path();
    if (path.equals("slipway.yml")) {
      SettingsReader reader = new SettingsReader(file, found, Severity.ERROR);
      OwnSettings.read(reader, draft);
      return;
    }
    SettingsReader reader = new SettingsReader(file, found, Severity.WARNING);
    if (path.contains("actionlint")) {
      ForeignSettings.actionlint(reader, draft);
    } else {
      ForeignSettings.zizmor(reader, draft);
    }
  }

  /** What is wrong with a project file in other sections, and what keeps a file from being read. */
  static void add(LintFile file, Selection selection, List<Finding> findings) {
    if (!selection.has(SETTINGS)) {
      return;
    }
    Found found = new Found(file, SETTINGS, findings);
    if (file.path().equals("slipway.yml")) {
      for (Problem problem : ProjectFile.read(file.path(), file.text()).problems()) {
        String hint = problem.hint() == null ? "" : problem.hint();
        findings.add(
            new Finding(
                SETTINGS,
                SETTINGS.severity(),
                Confidence.HIGH,
                file.path(),
                new Range(problem.at(), problem.at()),
                problem.message(),
                hint,
                List.of(),
                false,
                null,
                null));
      }
    } else if (file.root() == null && !empty(file.text())) {
      found.at(
          Severity.WARNING,
          Confidence.HIGH,
          0,
          0,
          "No settings can be read from this file",
          "correct its YAML",
          List.of(),
          null);
    }
  }

  /** Whether a text has nothing but comments. */
  private static boolean empty(String text) {
    for (String line : text.lines().toList()) {
      String plain = line.strip();
      if (!plain.isEmpty() && !plain.startsWith("#") && !plain.equals("---")) {
        return false;
      }
    }
    return true;
  }
}
