package dev.slipway.check;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what test runners print that write no report. */
final class TestLines {
  private static final Pattern UNITTEST = Pattern.compile("^(?:FAIL|ERROR): (\\S+) \\((\\S+)\\).*");
  private static final Pattern RAN = Pattern.compile("^Ran (\\d+) tests? in .*");
  private static final Pattern CARGO = Pattern.compile("^test (\\S+) \\.\\.\\. FAILED$");
  private static final Pattern CARGO_RESULT =
      Pattern.compile("^test result: \\S+ (\\d+) passed; (\\d+) failed; (\\d+) ignored.*");
  private static final Pattern CARGO_PANIC =
      Pattern.compile("^thread '([^']+)'.* panicked at ([^:]+):(\\d+):(\\d+):.*$");
  private static final Pattern COUNTS = Pattern.compile("^\\s*Tests:?\\s+(.*\\d.*)$");
  private static final Pattern NODE_COUNT =
      Pattern.compile("^[ℹ#] (tests|fail|skipped) (\\d{1,8})$");
  private static final Pattern NODE_FAILURE =
      Pattern.compile("^\\s*(?:not ok \\d+ -? ?|✖ |✕ |● |× |FAIL\\s+|\\d+\\) )(\\S.*)$");
  private static final Pattern MOCHA =
      Pattern.compile("^\\s*(\\d+) (passing|failing|pending)\\b.*$");

  private TestLines() {}

  static Told unittest(Printed printed) {
    List<String> failed = new ArrayList<>();
    List<Finding> findings = new ArrayList<>();
    int ran = 0;
    for (String line : printed.log()) {
      Matcher failure = UNITTEST.matcher(line);
      Matcher count = RAN.matcher(line);
      if (failure.matches()) {
        String name =
            failure.group(2).endsWith("." + failure.group(1))
                ? failure.group(2)
                : failure.group(2) + "." + failure.group(1);
        failed.add(name);
        findings.add(new Finding(null, 0, 0, name + " failed", name));
      } else if (count.matches()) {
        ran = Integer.parseInt(count.group(1));
      }
    }
    return ran == 0 || (failed.isEmpty() && !printed.ok())
        ? LineReports.places(printed)
        : new Told(JUnitReport.summary(ran, failed.size(), 0), findings, failed.size(), failed);
  }

  static Told cargo(Printed printed) {
    List<String> failed = new ArrayList<>();
    List<Finding> findings = new ArrayList<>();
    int passed = 0;
    int ignored = 0;
    for (String line : printed.log()) {
      Matcher failure = CARGO.matcher(line);
      Matcher result = CARGO_RESULT.matcher(line);
      Matcher panic = CARGO_PANIC.matcher(line);
      if (failure.matches() && !printed.ok()) {
        failed.add(failure.group(1));
      } else if (panic.matches()) {
        findings.add(
            new Finding(
                printed.path(panic.group(2)),
                Integer.parseInt(panic.group(3)),
                Integer.parseInt(panic.group(4)),
                panic.group(1) + " panicked",
                panic.group(1)));
      } else if (result.matches()) {
        passed += Integer.parseInt(result.group(1));
        ignored += Integer.parseInt(result.group(3));
      }
    }
    findings.removeIf(finding -> !failed.contains(finding.rule()));
    if (failed.isEmpty() && !printed.ok()) {
      return LineReports.places(printed);
    }
    return new Told(
        JUnitReport.summary(passed + failed.size() + ignored, failed.size(), ignored),
        findings,
        failed.size(),
        failed);
  }

  /** Jest, Vitest, Mocha, Node's own runner, AVA: a line of counts, and marks before failures. */
  static Told node(Printed printed) {
    List<String> failed = new ArrayList<>();
    List<Finding> findings = new ArrayList<>();
    StringBuilder mocha = new StringBuilder();
    String counts = "";
    int[] node = new int[3];
    for (String line : printed.log()) {
      Matcher failure = NODE_FAILURE.matcher(line);
      Matcher count = MOCHA.matcher(line);
      Matcher jest = COUNTS.matcher(line);
      Matcher own = NODE_COUNT.matcher(line);
      if (own.matches()) {
        int which = own.group(1).equals("tests") ? 0 : own.group(1).equals("fail") ? 1 : 2;
        node[which] += Integer.parseInt(own.group(2));
      } else if (count.matches()) {
        mocha
            .append(mocha.isEmpty() ? "" : ", ")
            .append(count.group(1))
            .append(' ')
            .append(count.group(2));
      } else if (jest.matches()) {
        counts = jest.group(1);
      } else if (failure.matches() && !printed.ok()) {
        String name = failure.group(1).strip();
        if (!failed.contains(name)) {
          failed.add(name);
          findings.add(new Finding(null, 0, 0, LineReports.cut(name), name));
        }
      }
    }
    String summary = mocha.isEmpty() ? counts : mocha.toString();
    if (node[0] > 0) {
      summary = JUnitReport.summary(node[0], node[1], node[2]);
    }
    if (failed.isEmpty() && !printed.ok()) {
      return LineReports.eslint(printed);
    }
    return new Told(
        summary.isEmpty() ? LineReports.summary(printed) : summary,
        findings,
        failed.size(),
        failed);
  }
}
