package dev.slipway.lint;

import dev.slipway.shell.ShellFinding;
import dev.slipway.shell.ShellScript;
import dev.slipway.workflow.Position;
import java.util.List;

/**
 * Tells what ShellCheck's comments silence: a script is looked through once more without the
 * comment, and what is found then and not before is what the comment is there for.
 */
final class ShellIgnores {
  private static final String DISABLE = "disable=";
  private static final int MOST_COMMENTS = 20;
  private static final int LONGEST = 50_000;

  private ShellIgnores() {}

  /** Whether a comment silences one of these codes, or nobody can tell. */
  static boolean silences(LintFile file, Position comment, List<String> codes) {
    for (StepNode step : file.steps()) {
      StepScript script = step.script(file);
      if (script == null || step.body().at().line() > comment.line()) {
        continue;
      }
      String text = script.text();
      int tried = 0;
      for (int at = text.indexOf(DISABLE); at >= 0; at = text.indexOf(DISABLE, at + 1)) {
        if (++tried > MOST_COMMENTS || text.length() > LONGEST) {
          break;
        }
        int index = file.index(script.run(), at);
        if (file.document().position(index).line() == comment.line()) {
          return !script.shell().posix() || silences(script, at, codes);
        }
      }
    }
    return true;
  }

  private static boolean silences(StepScript script, int at, List<String> codes) {
    String text = script.text();
    String without = text.substring(0, at) + "!" + text.substring(at + 1);
    ShellScript bare = ShellScript.read(without, script.shell().dialect());
    return count(bare, script, codes) > count(script.parsed(), script, codes);
  }

  private static int count(ShellScript script, StepScript of, List<String> codes) {
    int count = 0;
    for (ShellFinding finding : script.findings(of.shell().options())) {
      for (String code : finding.rule().covers()) {
        count += codes.contains(code) ? 1 : 0;
      }
    }
    return count;
  }
}
