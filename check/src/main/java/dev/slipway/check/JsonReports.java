package dev.slipway.check;

import dev.slipway.workflow.expression.ArrayValue;
import dev.slipway.workflow.expression.ExpressionException;
import dev.slipway.workflow.expression.Json;
import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads reports that are JSON. */
final class JsonReports {
  private JsonReports() {}

  static Told ruff(Printed printed) {
    if (!(parsed(printed.reportText()) instanceof ArrayValue all)) {
      return LineReports.places(printed);
    }
    List<Finding> findings = new ArrayList<>();
    for (Value value : all.items()) {
      if (value instanceof ObjectValue one) {
        ObjectValue at = one.get("location") instanceof ObjectValue place ? place : null;
        findings.add(
            new Finding(
                printed.path(text(one, "filename")),
                at == null ? 0 : number(at, "row"),
                at == null ? 0 : number(at, "column"),
                LineReports.cut(text(one, "message")),
                text(one, "code")));
      }
    }
    return findings.isEmpty() && printed.ok()
        ? Told.of("nothing found", findings)
        : LineReports.counted(printed, findings, "finding");
  }

  /** One JSON object a line: what happens to packages and tests, and what they print. */
  static Told goTest(Printed printed) {
    int passed = 0;
    int skipped = 0;
    List<String> failed = new ArrayList<>();
    List<Finding> findings = new ArrayList<>();
    Map<String, StringBuilder> output = new LinkedHashMap<>();
    for (String line : printed.reportText().split("\n")) {
      if (!(parsed(line) instanceof ObjectValue event)) {
        continue;
      }
      String test = text(event, "Test");
      String name = text(event, "Package") + (test.isEmpty() ? "" : "." + test);
      switch (text(event, "Action")) {
        case "output", "build-output" ->
            output
                .computeIfAbsent(
                    name.isEmpty() ? text(event, "ImportPath") : name, key -> new StringBuilder())
                .append(text(event, "Output"));
        case "pass" -> passed += test.isEmpty() ? 0 : 1;
        case "skip" -> skipped += test.isEmpty() ? 0 : 1;
        case "fail" -> {
          if (!test.isEmpty()) {
            failed.add(name);
            findings.add(goFailure(name, output.get(name)));
          }
        }
        default -> {}
      }
    }
    failed.removeIf(name -> hasFailedSubtest(name, failed));
    findings.removeIf(finding -> finding.rule() == null || !failed.contains(finding.rule()));
    if (failed.isEmpty() && !printed.ok()) {
      List<String> lines = new ArrayList<>(printed.log());
      output.values().forEach(text -> lines.addAll(text.toString().lines().toList()));
      return LineReports.places(
          new Printed(
              printed.root(),
              printed.directory(),
              lines,
              false,
              printed.report(),
              printed.since()));
    }
    return new Told(
        JUnitReport.summary(passed + skipped + failed.size(), failed.size(), skipped),
        findings,
        failed.size(),
        failed);
  }

  private static boolean hasFailedSubtest(String name, List<String> failed) {
    for (String other : failed) {
      if (other.startsWith(name + "/")) {
        return true;
      }
    }
    return false;
  }

  private static Finding goFailure(String name, @Nullable StringBuilder output) {
    String text = output == null ? "" : output.toString();
    for (String line : text.split("\n")) {
      String said = line.strip();
      int colon = said.indexOf(".go:");
      int end = colon < 0 ? -1 : said.indexOf(':', colon + 4);
      int blank = said.indexOf(' ');
      if (end > 0 && (blank < 0 || blank > end)) {
        String digits = said.substring(colon + 4, end);
        int number =
            !digits.isEmpty() && digits.length() < 9 && digits.chars().allMatch(Character::isDigit)
                ? Integer.parseInt(digits)
                : 0;
        String message = said.substring(end + 1).strip();
        return new Finding(
            said.substring(0, colon + 3),
            number,
            0,
            LineReports.cut(shortName(name) + ": " + message),
            name);
      }
    }
    return new Finding(null, 0, 0, shortName(name) + " failed", name);
  }

  private static String shortName(String name) {
    return name.substring(name.lastIndexOf('.') + 1);
  }

  private static @Nullable Value parsed(String text) {
    if (text.isBlank()) {
      return null;
    }
    try {
      return Json.parse(text);
    } catch (ExpressionException notJson) {
      return null;
    }
  }

  private static String text(ObjectValue object, String name) {
    Value value = object.get(name);
    return value == null || value.kind() == Value.Kind.NULL ? "" : value.toText();
  }

  private static int number(ObjectValue object, String name) {
    String text = text(object, name);
    return !text.isEmpty() && text.length() < 9 && text.chars().allMatch(Character::isDigit)
        ? Integer.parseInt(text)
        : 0;
  }
}
