package dev.slipway.cli;

import dev.slipway.lint.Finding;
import dev.slipway.lint.Severity;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What {@code lint} found, for people: as a compiler says it, as commands, as Markdown. */
final class LintReport {
  private static final int WIDTH = 100;
  private static final int LONGEST = 5_000;

  private LintReport() {}

  static void text(List<LintedFile> files, LintSummary whole, Colors colors, Sink sink) {
    Set<String> explained = new HashSet<>();
    for (LintedFile file : files) {
      StringBuilder out = new StringBuilder();
      for (Finding finding : file.findings()) {
        if (finding.ignored() == null) {
          finding(file, finding, explained.add(finding.rule().id()), colors, out);
        }
      }
      sink.print(out.toString());
    }
    sink.line(summary(files, whole, colors));
  }

  private static void finding(
      LintedFile file, Finding finding, boolean why, Colors colors, StringBuilder out) {
    int line = finding.range().from().line();
    int column = finding.range().from().column();
    out.append(colors.bold(file.path() + ":" + line + ":" + column))
        .append(": ")
        .append(severity(finding.severity(), colors))
        .append(": ")
        .append(shown(finding.message()))
        .append(' ')
        .append(colors.dim("[" + finding.rule().id() + "]"))
        .append('\n');
    source(file, finding, colors, out);
    if (why && !finding.rule().why().isEmpty()) {
      labelled("why", finding.rule().why(), colors, out);
    }
    if (!finding.hint().isEmpty()) {
      labelled("do", finding.hint(), colors, out);
    }
    finding
        .mending()
        .ifPresent(fix ->
            labelled(
                "fix",
                fix.title()
                    + (fix.safety() == dev.slipway.lint.Fix.Safety.SAFE
                        ? ": --fix"
                        : ": --fix=all"),
                colors,
                out));
    out.append('\n');
  }

  private static void source(LintedFile file, Finding finding, Colors colors, StringBuilder out) {
    int number = finding.range().from().line();
    if (file.line(number).length() > LONGEST) {
      return;
    }
    String line = file.line(number).replace('\t', ' ');
    int points = line.codePointCount(0, line.length());
    int from = Math.min(finding.range().from().column() - 1, points);
    int to =
        finding.range().to().line() == number
            ? Math.min(finding.range().to().column() - 1, points)
            : points;
    // A long line is shown around the place.
    int first = points > WIDTH && from > WIDTH / 2 ? from - WIDTH / 4 : 0;
    int last = Math.min(points, first + WIDTH);
    String part =
        line.substring(line.offsetByCodePoints(0, first), line.offsetByCodePoints(0, last));
    String gutter = Integer.toString(number);
    int carets = Math.max(1, columns(line, from, Math.min(to, last)));
    out.append("  ")
        .append(colors.dim(gutter + " |"))
        .append(' ')
        .append(shown(part))
        .append("\n  ")
        .append(" ".repeat(gutter.length()))
        .append(colors.dim(" |"))
        .append(' ')
        .append(" ".repeat(columns(line, first, from)))
        .append(colored(finding.severity(), "^".repeat(carets), colors))
        .append('\n');
  }

  /** How many columns of a terminal the characters between two indexes take. */
  private static int columns(String line, int from, int to) {
    if (to <= from) {
      return 0;
    }
    int start = line.offsetByCodePoints(0, from);
    return Text.width(shown(line.substring(start, line.offsetByCodePoints(start, to - from))));
  }

  private static void labelled(String label, String text, Colors colors, StringBuilder out) {
    out.append("  ").append(colors.cyan(label)).append(" ".repeat(4 - label.length()));
    int column = 6;
    for (String word : shown(text.replace('\n', ' ')).split(" +", -1)) {
      if (column > 6 && column + word.length() > WIDTH) {
        out.append("\n      ");
        column = 6;
      } else if (column > 6) {
        out.append(' ');
        column++;
      }
      out.append(word);
      column += word.length();
    }
    out.append('\n');
  }

  private static String severity(Severity severity, Colors colors) {
    return colored(severity, severity.text(), colors);
  }

  private static String colored(Severity severity, String text, Colors colors) {
    if (severity == Severity.ERROR) {
      return colors.red(text);
    }
    return severity == Severity.WARNING ? colors.yellow(text) : colors.cyan(text);
  }

  /** Text that does nothing to a terminal. */
  private static String shown(String text) {
    StringBuilder shown = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      shown.append(c < ' ' || (c >= 0x7f && c < 0xa0) ? '?' : c);
    }
    return shown.toString();
  }

  private static String summary(List<LintedFile> files, LintSummary whole, Colors colors) {
    int ignored = 0;
    int mendable = 0;
    for (LintedFile file : files) {
      for (Finding finding : file.findings()) {
        if (finding.ignored() != null) {
          ignored++;
        } else {
          mendable += finding.mending().isPresent() ? 1 : 0;
        }
      }
    }
    StringBuilder parts = new StringBuilder();
    for (Severity severity : Severity.values()) {
      int count = LintedFile.count(files, severity);
      if (count > 0) {
        String name = severity.text() + (count == 1 || !plural(severity) ? "" : "s");
        parts
            .append(parts.isEmpty() ? "" : ", ")
            .append(colored(severity, count + " " + name, colors));
      }
    }
    return (parts.isEmpty() ? colors.green("no findings") : parts.toString())
        + " in "
        + whole.files()
        + (whole.files() == 1 ? " file" : " files")
        + (ignored == 0 ? "" : ", " + ignored + " ignored")
        + (mendable == 0 ? "" : ", " + mendable + " with a fix (see them: --diff)")
        + (whole.settings().isEmpty()
            ? ""
            : ", settings from " + String.join(", ", whole.settings()));
  }

  private static boolean plural(Severity severity) {
    return severity == Severity.ERROR || severity == Severity.WARNING;
  }

  /** Commands that make annotations when a step prints them. */
  static void commands(List<LintedFile> files, Sink sink) {
    for (Finding finding : LintedFile.active(files)) {
      StringBuilder out = new StringBuilder();
      String level =
          finding.severity() == Severity.ERROR
              ? "error"
              : finding.severity() == Severity.WARNING ? "warning" : "notice";
      out.append("::").append(level);
      out.append(" file=").append(property(finding.file()));
      out.append(",line=").append(finding.range().from().line());
      out.append(",endLine=").append(finding.range().to().line());
      out.append(",col=").append(finding.range().from().column());
      out.append(",endColumn=").append(finding.range().to().column());
      out.append(",title=").append(property(finding.rule().id()));
      out.append("::").append(data(sentences(finding))).append('\n');
      sink.print(out.toString());
    }
  }

  private static String sentences(Finding finding) {
    return finding.hint().isEmpty() ? finding.message() : finding.message() + ": " + finding.hint();
  }

  private static String data(String text) {
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
  }

  private static String property(String text) {
    return data(text).replace(":", "%3A").replace(",", "%2C");
  }

  /** A table, for a summary or a comment. */
  static void markdown(List<LintedFile> files, LintSummary whole, Sink sink) {
    List<Finding> findings = LintedFile.active(files);
    if (!findings.isEmpty()) {
      sink.print("| where | severity | rule | finding | what to do |\n|---|---|---|---|---|\n");
    }
    for (Finding finding : findings) {
      StringBuilder out = new StringBuilder();
      out.append("| ")
          .append(cell(finding.file() + ":" + finding.range().from().line()))
          .append(" | ")
          .append(finding.severity().text())
          .append(" | ")
          .append(finding.rule().id())
          .append(" | ")
          .append(cell(finding.message()))
          .append(" | ")
          .append(cell(finding.hint()))
          .append(" |\n");
      sink.print(out.toString());
    }
    sink.print(findings.isEmpty() ? "" : "\n").line(summary(files, whole, Colors.OFF));
  }

  private static String cell(String text) {
    StringBuilder cell = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ("|\\`*_<>[]".indexOf(c) >= 0) {
        cell.append('\\').append(c);
      } else {
        cell.append(c < ' ' ? ' ' : c);
      }
    }
    return cell.toString();
  }
}
