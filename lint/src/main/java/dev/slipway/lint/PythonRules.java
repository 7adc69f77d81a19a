package dev.slipway.lint;

import dev.slipway.workflow.YamlNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rules about the names in scripts in Python. */
final class PythonRules {
  private PythonRules() {}

  static List<Rule> all() {
    return List.of(UNDEFINED, UNUSED);
  }

  private static String script(String... lines) {
    return "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n"
        + "      - shell: python\n        run: |\n          "
        + String.join("\n          ", lines)
        + "\n";
  }

  private static final Rule UNDEFINED =
      Rule.of(
              "python-undefined-name",
              Topic.CORRECTNESS,
              Severity.ERROR,
              Profile.DEFAULT,
              "A name in a Python script that nothing gives a value to")
          .covers("actionlint:pyflakes")
          .why("Python stops at it with a NameError, after it has run what stands before.")
          .example(
              script("import os", "print(sys.path, os.name)"),
              script("import os, sys", "print(sys.path, os.name)"))
          .check((file, found) -> {
            for (StepNode step : file.steps()) {
              YamlNode.Scalar script = python(file, step);
              if (script != null) {
                for (Map.Entry<String, Integer> name :
                    PythonNames.of(script.text()).undefined().entrySet()) {
                  int at = name.getValue();
                  found.at(
                      script,
                      at,
                      at + name.getKey().length(),
                      "Nothing here defines '" + name.getKey() + "'",
                      "define or import it, or correct the name",
                      null);
                }
              }
            }
          });

  private static final Rule UNUSED =
      Rule.of(
              "python-unused-import",
              Topic.CORRECTNESS,
              Severity.STYLE,
              Profile.STRICT,
              "An import in a Python script that nothing uses")
          .covers("actionlint:pyflakes")
          .why("It takes time and may fail, for nothing; often what used it was renamed.")
          .example(
              script("import os, sys", "print(sys.path)"), script("import sys", "print(sys.path)"))
          .check((file, found) -> {
            for (StepNode step : file.steps()) {
              YamlNode.Scalar script = python(file, step);
              if (script != null) {
                for (Map.Entry<String, Integer> name :
                    PythonNames.of(script.text()).unused().entrySet()) {
                  int at = name.getValue();
                  found.at(
                      script,
                      at,
                      at + name.getKey().length(),
                      "Nothing here uses '" + name.getKey() + "'",
                      "remove the import",
                      null);
                }
              }
            }
          });

  private static YamlNode.@Nullable Scalar python(LintFile file, StepNode step) {
    return OtherScriptRules.kind(file, step) == CodeText.Kind.PYTHON ? step.run() : null;
  }
}
