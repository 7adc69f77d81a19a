package dev.slipway.lint;

import dev.slipway.workflow.YamlNode;
import dev.slipway.workflow.expression.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Moves an expression out of a script into a variable. */
final class InjectionFix {
  private static final Set<String> TAKEN =
      Set.of(
          "PATH",
          "HOME",
          "USER",
          "SHELL",
          "PWD",
          "IFS",
          "CI",
          "LANG",
          "TERM",
          "TMPDIR",
          "RANDOM",
          "OSTYPE",
          "HOSTNAME",
          "TEMP",
          "TMP",
          "OS",
          "LINENO",
          "SECONDS",
          "UID",
          "EUID",
          "PPID");
  private static final String[] PROGRAMS = {
    "bash -c",
    "sh -c",
    "su -c",
    "python -c",
    "python3 -c",
    "node -e",
    "perl -e",
    "ruby -e",
    "eval ",
    "ssh ",
    "xargs ",
    "awk ",
    "bash -lc",
    "bash -ec",
    "-Command"
  };

  /** GitHub takes no longer script with expressions. */
  private static final int LONGEST = 21_000;

  private InjectionFix() {}

  /** The fix for an expression in a script; null where none is surely right. */
  static @Nullable Fix of(LintFile file, StepNode step, ExpressionUse use) {
    Shape shape = use.expression().shape();
    if (!(shape instanceof Shape.Path path)
        || !path.inner().isEmpty()
        || use.scalar().text().length() > LONGEST) {
      return null;
    }
    List<String> names = path.names();
    return use.scalar() == step.run()
        ? script(file, step, use, names)
        : javascript(file, step, use, names);
  }

  private static @Nullable Fix script(
      LintFile file, StepNode step, ExpressionUse use, List<String> names) {
    String text = use.scalar().text();
    String shell = shell(file, step);
    boolean posix = shell.startsWith("bash") || shell.startsWith("sh");
    boolean powershell = shell.startsWith("pwsh") || shell.startsWith("powershell");
    if (!posix && !powershell) {
      // cmd puts %NAME% into the line before it reads it, so a variable there is no help.
      return null;
    }
    ShellPlace place =
        posix ? ShellPlace.of(text, use.start()) : ShellPlace.ofPowerShell(text, use.start());
    String name = name(names);
    if (place == ShellPlace.PLAIN && several(text, use.start(), names.getLast())) {
      return null;
    }
    if (place == ShellPlace.OTHER || name.isEmpty() || nested(text, use.start())) {
      return null;
    }
    String reference =
        posix ? posix(place, name, text, use.end()) : powershell(place, name, text, use.end());
    boolean quoted =
        place == ShellPlace.DOUBLE || place == ShellPlace.SINGLE || place == ShellPlace.DOCUMENT;
    return fix(file, step, use, names, name, reference, quoted);
  }

  /** Whether the text around is a program for another interpreter. */
  private static boolean nested(String text, int at) {
    int from = text.lastIndexOf('\n', at) + 1;
    String before = text.substring(from, at);
    for (String program : PROGRAMS) {
      if (before.contains(program)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the words of the text are wanted one by one, so that quotes would be wrong. */
  private static boolean several(String text, int at, String name) {
    int from = text.lastIndexOf('\n', at) + 1;
    String before = text.substring(from, at);
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith("s")
        || lower.endsWith("list")
        || lower.endsWith("command")
        || lower.endsWith("cmd")
        || (before.contains("for ") && before.contains(" in "));
  }

  private static String posix(ShellPlace place, String name, String text, int end) {
    boolean glued =
        end < text.length() && (ScriptFlow.name(text.charAt(end)) || text.charAt(end) == '[');
    String reference = glued ? "${" + name + "}" : "$" + name;
    return switch (place) {
      case PLAIN -> "\"" + reference + "\"";
      case SINGLE -> "'\"$" + name + "\"'";
      default -> reference;
    };
  }

  private static String powershell(ShellPlace place, String name, String text, int end) {
    boolean glued =
        end < text.length()
            && (ScriptFlow.name(text.charAt(end)) || "[:.".indexOf(text.charAt(end)) >= 0);
    return place == ShellPlace.DOUBLE && glued ? "${env:" + name + "}" : "$env:" + name;
  }

  private static @Nullable Fix javascript(
      LintFile file, StepNode step, ExpressionUse use, List<String> names) {
    String text = use.scalar().text();
    if (!step.uses("actions/github-script") || use.start() == 0 || use.end() >= text.length()) {
      return null;
    }
    char quote = text.charAt(use.start() - 1);
    String name = name(names);
    if ("'\"`".indexOf(quote) < 0 || text.charAt(use.end()) != quote || name.isEmpty()) {
      return null;
    }
    String reference = "process.env." + name;
    Edit replaced = replaced(file, use.scalar(), use.start() - 1, use.end() + 1, reference);
    return whole(file, step, use, names, name, replaced, true);
  }

  private static @Nullable Fix fix(
      LintFile file,
      StepNode step,
      ExpressionUse use,
      List<String> names,
      String name,
      String reference,
      boolean quoted) {
    boolean first = use.start() == 0 && use.scalar().style() == YamlNode.Style.PLAIN;
    if (first && (reference.startsWith("\"") || reference.startsWith("'"))) {
      // YAML would take the quotes for its own.
      return null;
    }
    String text = use.scalar().text();
    boolean alone =
        reference.startsWith("'\"")
            && use.start() > 0
            && use.end() < text.length()
            && text.charAt(use.start() - 1) == '\''
            && text.charAt(use.end()) == '\''
            && use.scalar().style() != YamlNode.Style.SINGLE_QUOTED;
    Edit replaced =
        alone
            ? replaced(
                file,
                use.scalar(),
                use.start() - 1,
                use.end() + 1,
                reference.substring(1, reference.length() - 1))
            : replaced(file, use.scalar(), use.start(), use.end(), reference);
    return whole(file, step, use, names, name, replaced, quoted);
  }

  private static @Nullable Fix whole(
      LintFile file,
      StepNode step,
      ExpressionUse use,
      List<String> names,
      String name,
      @Nullable Edit replaced,
      boolean safe) {
    if (replaced == null) {
      return null;
    }
    List<Edit> edits = new ArrayList<>(List.of(replaced));
    String value = use.scalar().text().substring(use.start(), use.end());
    if (value.indexOf('\n') >= 0) {
      return null;
    }
    YamlNode held = Trees.get(Trees.get(step.body(), "env"), name);
    boolean there = names.getFirst().equals("env");
    if (held != null && !there) {
      YamlNode.Scalar scalar = held.scalar();
      if (scalar == null || !same(scalar.text(), value)) {
        return null;
      }
      there = true;
    }
    if (!there) {
      if (word(use.scalar().text(), name)) {
        return null;
      }
      YamlNode.Member behind = Trees.member(step.body(), step.run() == null ? "with" : "run");
      Edit added = behind == null ? null : variable(file, step, behind, name, value);
      if (added == null) {
        return null;
      }
      edits.add(added);
    }
    return new Fix(
        "Put it into the variable " + name, safe ? Fix.Safety.SAFE : Fix.Safety.UNSAFE, edits);
  }

  private static @Nullable Edit variable(
      LintFile file, StepNode step, YamlNode.Member behind, String name, String value) {
    if (behind.value().scalar() != null || Trees.get(step.body(), "env") != null) {
      return Insertion.below(file, step.body(), behind, "env", name, value);
    }
    YamlNode.Member uses = Trees.member(step.body(), "uses");
    return uses == null ? null : Insertion.below(file, step.body(), uses, "env", name, value);
  }

  private static boolean same(String first, String second) {
    return first.replace(" ", "").equals(second.replace(" ", ""));
  }

  /** Whether a script has a word that a new variable would change. */
  private static boolean word(String text, String name) {
    for (int at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
      int end = at + name.length();
      boolean before = at > 0 && ScriptFlow.name(text.charAt(at - 1));
      boolean after = end < text.length() && ScriptFlow.name(text.charAt(end));
      if (!before && !after) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable Edit replaced(
      LintFile file, YamlNode.Scalar scalar, int start, int end, String reference) {
    int from = file.index(scalar, start);
    int to = file.index(scalar, end - 1) + 1;
    if (from > to) {
      return null;
    }
    String written =
        switch (scalar.style()) {
          case DOUBLE_QUOTED -> reference.replace("\"", "\\\"");
          case SINGLE_QUOTED -> reference.replace("'", "''");
          default -> reference;
        };
    return new Edit(from, to, written);
  }

  /** The shell of a step; empty where it is not certain. */
  private static String shell(LintFile file, StepNode step) {
    String named = step.shell(file);
    if (!named.isEmpty()) {
      return named;
    }
    YamlNode machine = step.job() == null ? null : Trees.get(step.job().body(), "runs-on");
    String labels = "";
    for (YamlNode item : Trees.items(machine)) {
      YamlNode.Scalar label = item.scalar();
      labels += label == null ? "" : label.text().toLowerCase(Locale.ROOT) + " ";
    }
    if (labels.contains("windows") || labels.contains("win-")) {
      return "pwsh";
    }
    return labels.contains("ubuntu") || labels.contains("macos") || labels.contains("linux")
        ? "bash"
        : "";
  }

  /** A name for a variable that holds the value at the end of a way; empty when there is none. */
  private static String name(List<String> names) {
    if (names.getFirst().equals("env") && names.size() == 2) {
      return valid(names.get(1)) ? names.get(1) : "";
    }
    List<String> parts = new ArrayList<>();
    for (String name : names) {
      if (!name.equals("*") && !name.equalsIgnoreCase("outputs")) {
        parts.add(name.toUpperCase(Locale.ROOT).replace('-', '_').replace('.', '_'));
      }
    }
    String first = names.getFirst();
    boolean bare = first.equals("inputs") || first.equals("matrix");
    int from = Math.max(bare ? 0 : 1, parts.size() - 2);
    String name = String.join("_", parts.subList(Math.min(from, parts.size() - 1), parts.size()));
    boolean reserved =
        TAKEN.contains(name)
            || name.startsWith("GITHUB_")
            || name.startsWith("RUNNER_")
            || name.startsWith("ACTIONS_");
    return valid(name) && !reserved ? name : "";
  }

  private static boolean valid(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (!ScriptFlow.name(name.charAt(i))) {
        return false;
      }
    }
    return !name.isEmpty() && !Character.isDigit(name.charAt(0));
  }
}
