package dev.slipway.lint;

import dev.slipway.workflow.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The comments of a file that ask to ignore findings.
 *
 * <p>{@code # slipway: ignore[rule, rule] reason} stands on a line of the finding, or alone on the
 * line before. {@code # zizmor: ignore[audit]} does the same for rules that cover the audit, and
 * {@code # shellcheck disable=SC2086} for what covers the code, in the line that follows.
 */
final class Ignores {
  private static final String OWN = "slipway: ignore[";
  private static final String ZIZMOR = "zizmor: ignore[";
  private static final String SHELLCHECK = "shellcheck disable=";

  /** Comments beyond these are passed over: no file has so many but one that means harm. */
  private static final int MOST = 2_000;

  private final LintFile file;
  private final Spans spans;
  private final List<Ignore> ignores = new ArrayList<>();
  private int said;

  private Ignores(LintFile file) {
    this.file = file;
    this.spans = new Spans(file);
  }

  /** One comment. */
  private static final class Ignore {
    private final Position from;
    private final Position to;
    private final int first;
    private final int last;
    private final String tool;
    private final List<String> names;
    private final String reason;
    private boolean used;

    Ignore(
        Position from,
        Position to,
        int first,
        int last,
        String tool,
        List<String> names,
        String reason) {
      this.from = from;
      this.to = to;
      this.first = first;
      this.last = last;
      this.tool = tool;
      this.names = names;
      this.reason = reason;
    }

    boolean takes(Finding finding, Spans spans) {
      boolean near = finding.range().from().line() <= last && finding.range().to().line() >= first;
      if (tool.isEmpty()) {
        return near && names.contains(finding.rule().id());
      }
      // zizmor's comments stand anywhere in what its finding is about, which is mostly a step.
      boolean there = near || (tool.equals("zizmor") && spans.covers(finding, first, last));
      if (!there) {
        return false;
      }
      for (String name : names) {
        if (finding.covers().contains(tool + ":" + name)) {
          return true;
        }
      }
      return false;
    }
  }

  static Ignores read(LintFile file) {
    String text = file.text();
    Ignores found = new Ignores(file);
    if (!text.contains(": ignore[") && !text.contains(SHELLCHECK)) {
      return found;
    }
    List<String> lines = text.lines().toList();
    int[] targets = targets(lines);
    for (int i = 0; i < lines.size() && found.ignores.size() < MOST; i++) {
      String line = lines.get(i);
      for (int hash = line.indexOf('#'); hash >= 0; hash = line.indexOf('#', hash + 1)) {
        boolean comment =
            hash == 0 || line.charAt(hash - 1) == ' ' || line.charAt(hash - 1) == '\t';
        if (comment && asks(line, hash + 1)) {
          found.comment(lines.get(i), i, hash, targets[i]);
        }
      }
    }
    return found;
  }

  private static boolean asks(String line, int from) {
    int at = from;
    while (at < line.length() && line.charAt(at) == ' ') {
      at++;
    }
    return line.startsWith(OWN, at)
        || line.startsWith(ZIZMOR, at)
        || line.startsWith(SHELLCHECK, at);
  }

  private void comment(String line, int number, int hash, int next) {
    String comment = line.substring(hash + 1).strip();
    boolean alone = line.substring(0, hash).isBlank();
    Position from = new Position(number + 1, line.codePointCount(0, hash) + 1);
    Position to = new Position(number + 1, line.codePointCount(0, line.length()) + 1);
    int target = alone ? next : number + 1;
    String tool = "";
    String list;
    String reason = "";
    if (comment.startsWith(SHELLCHECK)) {
      tool = "shellcheck";
      list = comment.substring(SHELLCHECK.length()).split("\\s", 2)[0];
    } else {
      String opening = comment.startsWith(OWN) ? OWN : ZIZMOR;
      int close = comment.indexOf(']');
      if (!comment.startsWith(opening) || close < 0) {
        return;
      }
      tool = opening.equals(ZIZMOR) ? "zizmor" : "";
      list = comment.substring(opening.length(), close);
      reason = comment.substring(close + 1).strip();
    }
    List<String> names = new ArrayList<>();
    for (String name : list.split(",", -1)) {
      String stripped = name.strip();
      if (!stripped.isEmpty()) {
        names.add(tool.equals("shellcheck") ? stripped.toUpperCase(Locale.ROOT) : stripped);
      }
    }
    ignores.add(new Ignore(from, to, alone ? number + 1 : target, target, tool, names, reason));
  }

  /** The lines that comments which stand alone speak of: the next with something in it. */
  private static int[] targets(List<String> lines) {
    int[] targets = new int[lines.size()];
    int next = lines.size();
    for (int i = lines.size() - 1; i >= 0; i--) {
      targets[i] = next;
      String line = lines.get(i).strip();
      next = line.isEmpty() || line.startsWith("#") ? next : i + 1;
    }
    return targets;
  }

  /** The reason for which a finding is ignored; null when it is not. */
  @Nullable String reason(Finding finding) {
    String reason = null;
    for (Ignore ignore : ignores) {
      if (ignore.takes(finding, spans)) {
        ignore.used = true;
        reason = reason == null || reason.isEmpty() ? ignore.reason : reason;
      }
    }
    return reason;
  }

  /** Where findings reach to. */
  Spans spans() {
    return spans;
  }

  /** What is wrong with the ignores themselves, once all findings have been asked about. */
  void check(Selection selection, List<Finding> findings) {
    for (Ignore ignore : ignores) {
      if (!ignore.tool.isEmpty()) {
        if (!ignore.used && selection.has(HousekeepingRules.UNUSED_IGNORE)) {
          foreign(ignore, selection, findings);
        }
        continue;
      }
      Rule rule = null;
      String message = "";
      String hint = "";
      List<String> unknown = new ArrayList<>();
      boolean sought = false;
      for (String name : ignore.names) {
        Rule named = Rules.named(name);
        if (named == null) {
          unknown.add(name);
        } else {
          sought |= selection.has(named);
        }
      }
      if (!unknown.isEmpty()) {
        rule = HousekeepingRules.UNUSED_IGNORE;
        message = "No rule is called '" + String.join("', '", unknown) + "'";
        hint = "correct the name, or remove the comment";
      } else if (!ignore.used && (sought || ignore.names.isEmpty())) {
        rule = HousekeepingRules.UNUSED_IGNORE;
        message = "This comment ignores nothing";
        hint = "remove it";
      } else if (ignore.used && ignore.reason.isEmpty()) {
        rule = HousekeepingRules.IGNORE_WITHOUT_REASON;
        message = "This ignore gives no reason";
        hint = "say behind the bracket why the finding does not matter here";
      }
      if (rule != null && selection.has(rule)) {
        add(ignore, rule, rule.severity(), message, hint, findings);
      }
    }
  }

  /**
   * A comment for another tool is unused only when all that it names was looked for, and it
   * silences nothing there.
   */
  private void foreign(Ignore ignore, Selection selection, List<Finding> findings) {
    if (!file.project().known() || ignore.names.isEmpty()) {
      return;
    }
    for (String name : ignore.names) {
      if (!sought(ignore.tool + ":" + name, selection)) {
        return;
      }
    }
    boolean shell = ignore.tool.equals("shellcheck");
    if (shell && ShellIgnores.silences(file, ignore.from, ignore.names)) {
      return;
    }
    add(
        ignore,
        HousekeepingRules.UNUSED_IGNORE,
        Severity.STYLE,
        "Slipway finds nothing that this comment would ignore",
        "remove it when no other tool needs it",
        findings);
  }

  /** Whether all rules that another tool's name stands for are looked for, and there are any. */
  private static boolean sought(String cover, Selection selection) {
    boolean known = false;
    for (Rule rule : Rules.all()) {
      if (rule.covers().contains(cover)) {
        if (!selection.has(rule)) {
          return false;
        }
        known = true;
      }
    }
    return known;
  }

  private void add(
      Ignore ignore,
      Rule rule,
      Severity severity,
      String message,
      String hint,
      List<Finding> findings) {
    if (++said > Found.MOST) {
      return;
    }
    findings.add(
        new Finding(
            rule,
            severity,
            Confidence.HIGH,
            file.path(),
            new Range(ignore.from, ignore.to),
            message,
            hint,
            rule.covers(),
            false,
            null,
            null));
  }
}
