package dev.slipway.shell;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A script for sh or bash that is looked at without being run. Immutable. */
public final class ShellScript {
  private final String text;
  private final Dialect spoken;
  private final List<Directive> directives;
  private final Syntax.@Nullable Sequence script;
  private final List<ShellFinding> broken;

  private ShellScript(String text, Dialect spoken) {
    this.text = text;
    this.spoken = spoken;
    List<Directive> found = new ArrayList<>();
    Syntax.Sequence parsed = null;
    List<ShellFinding> problem = List.of();
    try {
      parsed = Parser.parse(text, spoken, found);
    } catch (SyntaxStop stop) {
      int end = Math.min(text.length(), stop.offset() + 1);
      problem =
          List.of(
              new ShellFinding(
                  ShellRule.SYNTAX,
                  ShellRule.SYNTAX.usual(),
                  stop.offset(),
                  end,
                  ShellRule.SYNTAX.severity(),
                  stop.problem(),
                  ShellRule.SYNTAX.hint(),
                  List.of()));
    }
    found.sort(Comparator.comparingInt(Directive::start));
    this.script = parsed;
    this.broken = problem;
    this.directives = List.copyOf(found);
  }

  /**
   * Reads a script once, to be asked about often.
   *
   * @param text the script, in which <code>${{ … }}</code> stands for something not known yet
   */
  public static ShellScript read(String text, Dialect dialect) {
    return new ShellScript(text, dialect(text, dialect));
  }

  /** Looks for what is wrong with a script, as {@link #findings} does. */
  public static List<ShellFinding> analyse(String text, Dialect dialect, ShellOptions options) {
    return read(text, dialect).findings(options);
  }

  /** Whether it is a script at all. */
  public boolean sound() {
    return script != null;
  }

  /** Its simple commands in the order of the text; none when it is no script. */
  public List<ShellCall> calls(ShellOptions options) {
    return script == null ? List.of() : Calls.of(text, script, options);
  }

  /**
   * What is wrong with it, in the order of the text. A text that is no script gets one finding,
   * which says where it stops being one. Comments such as {@code # shellcheck disable=SC2086} are
   * honoured.
   */
  public List<ShellFinding> findings(ShellOptions options) {
    if (script == null) {
      return broken;
    }
    Names names = new Names();
    new Walk(new Scope(spoken, options, new Names()), List.of(names)).sequence(script);
    Scope scope = new Scope(spoken, options, names);
    List<Check> checks = new ArrayList<>();
    checks.add(new Quoting());
    checks.add(new Commands());
    checks.add(new Flow());
    checks.add(new Tests());
    checks.add(new Variables());
    if (spoken == Dialect.SH) {
      checks.add(new Portability());
    }
    new Walk(scope, checks).sequence(script);
    Variables.unused(scope);
    return sorted(scope.findings(), directives);
  }

  /**
   * The script with the edits of the findings made, as far as they do not overlap. Edits that would
   * make it no script any more are left out.
   */
  public static String corrected(String text, Dialect dialect, List<ShellFinding> findings) {
    NavigableSet<ShellEdit> taken =
        new TreeSet<>(Comparator.comparingInt(ShellEdit::start).thenComparingInt(ShellEdit::end));
    List<ShellFinding> apart = new ArrayList<>();
    for (ShellFinding finding : findings) {
      if (!finding.edits().isEmpty() && clear(finding.edits(), taken)) {
        taken.addAll(finding.edits());
        apart.add(finding);
      }
    }
    List<ShellEdit> edits = new ArrayList<>();
    keep(text, dialect, apart, edits);
    String corrected = apply(text, edits);
    return parses(corrected, dialect) ? corrected : text;
  }

  private static boolean clear(List<ShellEdit> edits, NavigableSet<ShellEdit> taken) {
    for (ShellEdit edit : edits) {
      ShellEdit before = taken.floor(edit);
      ShellEdit after = taken.higher(edit);
      if ((before != null && (before.end() > edit.start() || before.start() == edit.start()))
          || (after != null && (after.start() < edit.end() || after.start() == edit.start()))) {
        return false;
      }
    }
    return true;
  }

  /** Adds the edits that leave a script; halves what does not, to find those that do. */
  private static void keep(
      String text, Dialect dialect, List<ShellFinding> findings, List<ShellEdit> kept) {
    List<ShellEdit> edits = new ArrayList<>();
    for (ShellFinding finding : findings) {
      edits.addAll(finding.edits());
    }
    if (parses(apply(text, edits), dialect)) {
      kept.addAll(edits);
    } else if (findings.size() > 1) {
      int half = findings.size() / 2;
      keep(text, dialect, findings.subList(0, half), kept);
      keep(text, dialect, findings.subList(half, findings.size()), kept);
    }
  }

  private static boolean parses(String text, Dialect dialect) {
    try {
      Parser.parse(text, dialect(text, dialect), new ArrayList<>());
      return true;
    } catch (SyntaxStop stop) {
      return false;
    }
  }

  private static String apply(String text, List<ShellEdit> edits) {
    List<ShellEdit> ordered = new ArrayList<>(edits);
    ordered.sort(Comparator.comparingInt(ShellEdit::start).thenComparingInt(ShellEdit::end));
    StringBuilder result = new StringBuilder();
    int at = 0;
    for (ShellEdit edit : ordered) {
      result.append(text, at, edit.start()).append(edit.text());
      at = edit.end();
    }
    return result.append(text, at, text.length()).toString();
  }

  private static List<ShellFinding> sorted(
      List<ShellFinding> findings, List<Directive> directives) {
    List<ShellFinding> ordered = new ArrayList<>(findings);
    ordered.sort(
        Comparator.comparingInt(ShellFinding::start)
            .thenComparingInt(ShellFinding::end)
            .thenComparing(ShellFinding::rule));
    List<ShellFinding> kept = new ArrayList<>();
    List<Directive> open = new ArrayList<>();
    int next = 0;
    for (ShellFinding finding : ordered) {
      while (next < directives.size() && directives.get(next).start() <= finding.start()) {
        open.add(directives.get(next));
        next++;
      }
      open.removeIf(directive -> directive.end() <= finding.start());
      boolean silenced = false;
      for (Directive directive : open) {
        silenced |= directive.silences(finding);
      }
      if (!silenced) {
        kept.add(finding);
      }
    }
    return List.copyOf(kept);
  }

  /** What the script says of itself in its first lines, or the dialect it is said to be in. */
  private static Dialect dialect(String text, Dialect said) {
    int at = 0;
    while (at < text.length() && text.charAt(at) == '#') {
      int end = text.indexOf('\n', at);
      String line = text.substring(at, end < 0 ? text.length() : end);
      int shell = line.indexOf("shellcheck shell=");
      if (shell > 0) {
        String name = line.substring(shell + 17).strip();
        return name.startsWith("bash") ? Dialect.BASH : Dialect.SH;
      }
      at = end < 0 ? text.length() : end + 1;
    }
    return said;
  }
}
