package dev.slipway.lint;

import dev.slipway.shell.Dialect;
import dev.slipway.shell.ShellOption;
import dev.slipway.shell.ShellOptions;
import dev.slipway.workflow.YamlNode;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * What runs the script of a step.
 *
 * @param language that the script is written in
 * @param errexit whether a failing command ends it, where the language is a shell's
 * @param pipefail whether a pipeline fails with any of its commands
 * @param named whether the workflow says which shell, so that it is no machine's default
 * @param mixed whether some machines of the job may run it in another language
 */
record StepShell(
    Language language, boolean errexit, boolean pipefail, boolean named, boolean mixed) {
  /** What a script is written in. */
  enum Language {
    BASH,
    SH,
    POWERSHELL,
    CMD,
    PYTHON,
    /** Something else, or not known before it runs. */
    OTHER
  }

  /** Whether it is a shell as POSIX describes it. */
  boolean posix() {
    return language == Language.BASH || language == Language.SH;
  }

  Dialect dialect() {
    return language == Language.SH ? Dialect.SH : Dialect.BASH;
  }

  ShellOptions options() {
    Set<ShellOption> on = EnumSet.noneOf(ShellOption.class);
    if (errexit) {
      on.add(ShellOption.ERREXIT);
    }
    if (pipefail) {
      on.add(ShellOption.PIPEFAIL);
    }
    return new ShellOptions(on, Set.of());
  }

  static StepShell of(LintFile file, StepNode step) {
    String written = step.shell(file).strip();
    if (written.isEmpty()) {
      return usual(step);
    }
    return switch (written.toLowerCase(Locale.ROOT)) {
      case "bash" -> new StepShell(Language.BASH, true, true, true, false);
      case "sh" -> new StepShell(Language.SH, true, false, true, false);
      case "pwsh", "powershell" -> new StepShell(Language.POWERSHELL, true, false, true, false);
      case "cmd" -> new StepShell(Language.CMD, false, false, true, false);
      case "python", "python3" -> new StepShell(Language.PYTHON, true, false, true, false);
      default -> custom(written);
    };
  }

  /** A command line such as {@code bash -euo pipefail {0}}. */
  private static StepShell custom(String line) {
    Language language = Language.OTHER;
    boolean errexit = false;
    boolean pipefail = false;
    String before = "";
    if (line.contains("${{")) {
      return new StepShell(Language.OTHER, false, false, true, false);
    }
    for (String word : line.split("\\s+")) {
      String program = word.substring(word.lastIndexOf('/') + 1);
      if (language == Language.OTHER) {
        language = language(program);
      } else if (word.startsWith("-") && !word.startsWith("--")) {
        errexit |= word.indexOf('e') > 0;
      } else if (word.equals("pipefail") && before.startsWith("-") && before.indexOf('o') > 0) {
        pipefail = true;
      } else if (word.equals("errexit") && before.startsWith("-") && before.indexOf('o') > 0) {
        errexit = true;
      }
      before = word;
    }
    return new StepShell(language, errexit, pipefail, true, false);
  }

  private static Language language(String program) {
    return switch (program) {
      case "bash", "bash.exe", "wsl-bash" -> Language.BASH;
      case "sh", "dash" -> Language.SH;
      case "pwsh", "powershell", "pwsh.exe", "powershell.exe" -> Language.POWERSHELL;
      case "python", "python3" -> Language.PYTHON;
      default -> Language.OTHER;
    };
  }

  /** What the machine chooses when nothing is said. */
  private static StepShell usual(StepNode step) {
    JobNode job = step.job();
    boolean some = false;
    boolean all = true;
    if (job != null && job.body().get("container") == null) {
      YamlNode labels = Trees.get(job.body(), "runs-on");
      YamlNode of = Trees.get(labels, "labels");
      for (YamlNode item : Trees.items(of == null ? labels : of)) {
        YamlNode.Scalar scalar = item.scalar();
        String text = scalar == null ? "" : scalar.text().toLowerCase(Locale.ROOT);
        if (text.contains("${{")) {
          boolean said = text.contains("windows");
          boolean matrix = text.contains("matrix") && inMatrix(job, text, true);
          some |= said || matrix;
          all &= matrix && !inMatrix(job, text, false);
        } else if (text.startsWith("windows")) {
          return new StepShell(Language.POWERSHELL, true, false, false, false);
        } else {
          all = false;
        }
      }
    }
    String condition = Security.conditions(job, step).replace(" ", "").replace("\"", "'");
    if (!condition.contains("||") && onWindows(condition)) {
      return new StepShell(Language.POWERSHELL, true, false, false, false);
    }
    if (some && all) {
      return new StepShell(Language.POWERSHELL, true, false, false, false);
    }
    boolean foreign = some && step.text("run").contains("$env:");
    return new StepShell(foreign ? Language.POWERSHELL : Language.BASH, true, false, false, some);
  }

  /** Whether a condition, in lower case and without blanks, holds on Windows only. */
  private static boolean onWindows(String condition) {
    int at = condition.indexOf("'windows");
    if (at < 0) {
      return false;
    }
    String before = condition.substring(0, at);
    return before.endsWith("runner.os==")
        || before.matches("(?s).*(^|[^!])(startswith|contains)\\(matrix\\.[\\w.-]+,$")
        || before.matches("(?s).*matrix\\.[\\w.-]+==$");
  }

  /** Whether a value that a matrix gives to the label names Windows, or something else. */
  private static boolean inMatrix(JobNode job, String label, boolean windows) {
    YamlNode matrix = Trees.get(Trees.get(job.body(), "strategy"), "matrix");
    if (matrix == null || matrix.scalar() != null) {
      return true;
    }
    for (YamlNode.Member row : Trees.members(matrix)) {
      String key = row.key().text().toLowerCase(Locale.ROOT);
      if (key.equals("include")) {
        for (YamlNode entry : Trees.items(row.value())) {
          for (YamlNode.Member cell : Trees.members(entry)) {
            if (label.contains("matrix." + cell.key().text().toLowerCase(Locale.ROOT))
                && names(cell.value(), windows)) {
              return true;
            }
          }
        }
      } else if (label.contains("matrix." + key) && names(row.value(), windows)) {
        return true;
      }
    }
    return false;
  }

  private static boolean names(YamlNode value, boolean windows) {
    YamlNode.Scalar scalar = value.scalar();
    if (scalar != null) {
      return scalar.text().contains("${{")
          || scalar.text().toLowerCase(Locale.ROOT).startsWith("windows") == windows;
    }
    for (YamlNode item :
        value.sequence() == null ? java.util.List.<YamlNode>of() : Trees.items(value)) {
      if (names(item, windows)) {
        return true;
      }
    }
    for (YamlNode.Member member : Trees.members(value)) {
      if (names(member.value(), windows)) {
        return true;
      }
    }
    return false;
  }
}
