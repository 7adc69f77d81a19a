package dev.slipway.check;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the XML that test runners agree on. It is read by hand: of a file that may be large only
 * the tags of tests and of what failed them count, and a reader of all of XML costs more to load
 * than most reports to read.
 */
final class JUnitReport {
  private int tests;
  private int skipped;
  private final List<String> failed = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();

  private JUnitReport() {}

  static Told read(List<String> texts, Printed printed) {
    JUnitReport report = new JUnitReport();
    for (String text : texts) {
      report.read(text, printed);
    }
    if (report.tests == 0 || (report.failed.isEmpty() && !printed.ok())) {
      return LineReports.places(printed);
    }
    return new Told(
        summary(report.tests, report.failed.size(), report.skipped),
        report.findings,
        report.failed.size(),
        report.failed);
  }

  /** {@code 12 tests, 1 failed, 2 skipped}. */
  static String summary(int tests, int failed, int skipped) {
    return (tests == 1 ? "1 test" : tests + " tests")
        + (failed == 0 ? "" : ", " + failed + " failed")
        + (skipped == 0 ? "" : ", " + skipped + " skipped");
  }

  private void read(String text, Printed printed) {
    String test = "";
    @Nullable String file = null;
    int line = 0;
    boolean counted = false;
    for (int at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at + 1)) {
      if (text.startsWith("<![CDATA[", at)) {
        at = Math.max(at, text.indexOf("]]>", at));
        continue;
      }
      if (text.startsWith("<testcase", at)) {
        String tag = tag(text, at);
        String name = attribute(tag, "name");
        String owner = attribute(tag, "classname");
        test = owner == null || owner.isEmpty() ? String.valueOf(name) : owner + "." + name;
        file = attribute(tag, "file");
        line = number(attribute(tag, "line"));
        tests++;
        counted = false;
      } else if (text.startsWith("<skipped", at)) {
        skipped++;
      } else if ((text.startsWith("<failure", at) || text.startsWith("<error", at)) && !counted) {
        counted = true;
        String tag = tag(text, at);
        int end = text.indexOf("</", at);
        String body =
            tag.endsWith("/") || end < 0
                ? ""
                : text.substring(at + tag.length() + 2, Math.max(at + tag.length() + 2, end));
        failure(test, file, line, attribute(tag, "message"), body, printed);
      }
    }
  }

  private void failure(
      String test,
      @Nullable String file,
      int line,
      @Nullable String message,
      String body,
      Printed printed) {
    failed.add(test);
    String said = message == null || message.isBlank() ? unescaped(body).strip() : message;
    String first = said.lines().findFirst().orElse("failed");
    // pytest ends a failure with the place where it happened.
    String lastFile = null;
    int lastLine = 0;
    for (String one : unescaped(body).lines().toList()) {
      String[] parts = one.split(":", 3);
      if (parts.length == 3 && parts[0].endsWith(".py") && !parts[0].contains(" ")) {
        lastFile = parts[0];
        lastLine = number(parts[1]);
      }
    }
    String where = lastFile == null ? file : lastFile;
    findings.add(
        new Finding(
            where == null ? null : printed.path(where),
            lastFile == null ? line : lastLine,
            0,
            LineReports.cut(test.substring(test.lastIndexOf('.') + 1) + ": " + first),
            test));
  }

  /** A tag without its brackets. */
  private static String tag(String text, int at) {
    boolean quoted = false;
    for (int i = at + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      quoted ^= c == '"';
      if (c == '>' && !quoted) {
        return text.substring(at + 1, i);
      }
    }
    return text.substring(at + 1);
  }

  private static @Nullable String attribute(String tag, String name) {
    int at = tag.indexOf(" " + name + "=\"");
    if (at < 0) {
      return null;
    }
    int start = at + name.length() + 3;
    int end = tag.indexOf('"', start);
    return end < 0 ? null : unescaped(tag.substring(start, end));
  }

  private static int number(@Nullable String digits) {
    return digits != null
            && !digits.isEmpty()
            && digits.length() < 9
            && digits.chars().allMatch(Character::isDigit)
        ? Integer.parseInt(digits)
        : 0;
  }

  private static String unescaped(String text) {
    return text.indexOf('&') < 0
        ? text
        : text.replace("&#10;", "\n")
            .replace("&#9;", "\t")
            .replace("&#x1B;", "")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&apos;", "'")
            .replace("&#39;", "'")
            .replace("&amp;", "&");
  }
}
