package dev.slipway.check;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the output of tools that print a line for each finding. */
final class LineReports {
  private static final int LONGEST = 300;
  private static final Pattern COLONS =
      Pattern.compile(
          "^(?:\\[\\w+\\]\\s+|vet: |#"
              + " )?((?:[A-Za-z]:)?[^\\s:()\\[\\]][^:()\\[\\]]*):(\\d+)(?::(\\d+))?(?:-\\d+)?:?\\s+(.*)$");
  private static final Pattern BRACES = Pattern.compile("^(\\S[^:()]*)\\((\\d+),(\\d+)\\): (.*)$");
  private static final Pattern MAVEN =
      Pattern.compile("^\\[(?:ERROR|WARNING)\\]\\s+(\\S+?):\\[(\\d+),(\\d+)\\]\\s+(.*)$");
  private static final Pattern STYLISH =
      Pattern.compile("^\\s+(\\d+):(\\d+)\\s+(error|warning)\\s+(.*?)(?:\\s\\s+(\\S+))?$");
  private static final Pattern ARROW = Pattern.compile("^\\s*--> (\\S+?):\\d+:\\d+$");
  private static final Pattern RULE = Pattern.compile("^(.*?)\\s+\\[([\\w./-]+)\\]$");
  private static final Pattern DECORATION = Pattern.compile("^[\\s\\p{Punct}─━═]*$");

  private LineReports() {}

  static Told places(Printed printed) {
    List<Finding> findings = new ArrayList<>();
    for (String line : printed.log()) {
      Finding finding = place(line, printed);
      if (finding != null) {
        findings.add(finding);
      }
    }
    return findings.isEmpty() ? lastLine(printed) : counted(printed, findings, "finding");
  }

  private static @org.jspecify.annotations.Nullable Finding place(String line, Printed printed) {
    for (Pattern pattern : List.of(MAVEN, COLONS, BRACES)) {
      Matcher matcher = pattern.matcher(line);
      if (matcher.matches()) {
        String message = matcher.group(4).strip();
        Matcher rule = RULE.matcher(message);
        boolean ruled = rule.matches();
        return new Finding(
            printed.path(matcher.group(1)),
            number(matcher.group(2)),
            matcher.group(3) == null ? 0 : number(matcher.group(3)),
            cut(ruled ? rule.group(1) : message),
            ruled ? rule.group(2) : null);
      }
    }
    return null;
  }

  private static int number(String digits) {
    return digits.length() > 9 ? 0 : Integer.parseInt(digits);
  }

  static Told eslint(Printed printed) {
    List<Finding> findings = new ArrayList<>();
    String file = "";
    for (String line : printed.log()) {
      Matcher matcher = STYLISH.matcher(line);
      if (matcher.matches() && !file.isEmpty()) {
        findings.add(
            new Finding(
                file,
                number(matcher.group(1)),
                number(matcher.group(2)),
                cut(matcher.group(4)),
                matcher.group(5)));
      } else if (!line.isBlank() && !line.startsWith(" ")) {
        String text = line.strip();
        file = text.contains("/") || text.contains(".") ? printed.path(text) : "";
      }
    }
    return findings.isEmpty() ? places(printed) : counted(printed, findings, "finding");
  }

  static Told unformatted(Printed printed) {
    List<Finding> findings = new ArrayList<>();
    for (String line : printed.log()) {
      Matcher arrow = ARROW.matcher(line);
      if (arrow.matches()) {
        Finding finding = new Finding(printed.path(arrow.group(1)), 0, 0, "is not formatted", null);
        if (!findings.contains(finding)) {
          findings.add(finding);
        }
      }
    }
    for (String line : findings.isEmpty() ? printed.log() : List.<String>of()) {
      String text = line.strip();
      for (String before :
          new String[] {"Would reformat: ", "would reformat ", "[warn] ", "ERROR: ", "Diff in "}) {
        text = text.startsWith(before) ? text.substring(before.length()) : text;
      }
      int end = text.indexOf(" Imports are incorrectly");
      text = end > 0 ? text.substring(0, end) : text;
      if (!text.contains(" ") && (text.contains("/") || text.contains("."))) {
        findings.add(new Finding(printed.path(text), 0, 0, "is not formatted", null));
      }
    }
    if (findings.isEmpty()) {
      return places(printed);
    }
    String files = findings.size() == 1 ? "1 file is" : findings.size() + " files are";
    return Told.of(printed.ok() ? "formatted" : files + " not formatted", findings);
  }

  static Told lastLine(Printed printed) {
    List<Finding> findings = new ArrayList<>();
    if (!printed.ok()) {
      List<String> said = said(printed.log());
      for (String line : said.subList(Math.max(0, said.size() - 3), said.size())) {
        findings.add(Finding.of(cut(line.strip())));
      }
    }
    return new Told(summary(printed), findings, findings.size(), List.of());
  }

  static Told counted(Printed printed, List<Finding> findings, String what) {
    String count = findings.size() + " " + what + (findings.size() == 1 ? "" : "s");
    return Told.of(count, findings);
  }

  /** The one line that says most. */
  static String summary(Printed printed) {
    List<String> said = said(printed.log());
    if (said.isEmpty()) {
      return printed.ok() ? "nothing found" : "failed without a word";
    }
    if (!printed.ok()) {
      for (String line : said) {
        String lower = line.strip().toLowerCase(java.util.Locale.ROOT);
        if (lower.startsWith("error")
            || lower.startsWith("[error]")
            || lower.startsWith("fatal")
            || lower.contains("error:")) {
          return cut(line.strip());
        }
      }
    }
    return cut(said.getLast().strip());
  }

  private static List<String> said(List<String> log) {
    List<String> said = new ArrayList<>();
    for (String line : log) {
      if (!DECORATION.matcher(line).matches()) {
        said.add(line);
      }
    }
    return said;
  }

  static String cut(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…";
  }
}
