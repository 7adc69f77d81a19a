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
    String module = module(printed);
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
          // Tests of test tools print failures that are none.
          if (!test.isEmpty() && !printed.ok()) {
            failed.add(name);
            String folder = folder(text(event, "Package"), module);
            findings.add(goFailure(name, folder, output.get(name), printed));
          } else if (!test.isEmpty()) {
            passed++;
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

  /** Where a test of Go says that it failed, or what it died of. */
  private static Finding goFailure(
      String name, String folder, @Nullable StringBuilder output, Printed printed) {
    String message = "failed";
    for (String line : (output == null ? "" : output.toString()).split("\n")) {
      String said = line.strip();
      if (said.startsWith("panic: ")) {
        message = said;
      }
      int colon = said.indexOf(".go:");
      int end = colon < 0 ? -1 : digits(said, colon + 4);
      String file = colon < 0 ? "" : said.substring(0, colon + 3);
      boolean own = !file.startsWith("/") || file.startsWith(printed.root() + "/");
      if (end > colon + 4 && own && file.indexOf(' ') < 0) {
        boolean told = end < said.length() && said.charAt(end) == ':';
        String rest = told ? said.substring(end + 1).strip() : message;
        return new Finding(
            printed.path(file.contains("/") || folder.isEmpty() ? file : folder + "/" + file),
            Integer.parseInt(said.substring(colon + 4, end)),
            0,
            LineReports.cut(shortName(name) + ": " + (rest.isEmpty() ? message : rest)),
            name);
      }
    }
    return new Finding(null, 0, 0, LineReports.cut(shortName(name) + ": " + message), name);
  }

  private static int digits(String text, int from) {
    int end = from;
    while (end < text.length() && end < from + 8 && Character.isDigit(text.charAt(end))) {
      end++;
    }
    return end;
  }

  /** The folder of a package in its module. */
  private static String folder(String imported, String module) {
    return !module.isEmpty() && imported.startsWith(module + "/")
        ? imported.substring(module.length() + 1)
        : "";
  }

  private static String module(Printed printed) {
    for (String line : printed.text("go.mod").split("\n")) {
      if (line.startsWith("module ")) {
        return line.substring("module ".length()).strip();
      }
    }
    return "";
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
