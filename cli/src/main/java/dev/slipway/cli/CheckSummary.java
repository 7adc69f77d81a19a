package dev.slipway.cli;

import dev.slipway.check.Finding;
import dev.slipway.check.Gate;
import dev.slipway.check.GateResult;
import dev.slipway.check.Kind;
import dev.slipway.check.Status;
import dev.slipway.check.Tier;
import java.util.List;

/**
 * What is told at the end of a check.
 *
 * @param results of all gates, in their order
 */
record CheckSummary(Tier tier, List<GateResult> results, long durationMs) {
  private static final int FINDINGS = 5;
  private static final int WIDEST = 40;

  /** Whether a gate fails the check. */
  boolean failed() {
    for (GateResult result : results) {
      if (result.blocks()) {
        return true;
      }
    }
    return false;
  }

  /** Whether a gate was stopped, so that nothing is known of it. */
  private boolean cancelled() {
    for (GateResult result : results) {
      if (result.status() == Status.SKIPPED && result.summary().equals("cancelled")) {
        return true;
      }
    }
    return false;
  }

  /** How many columns ids need. */
  static int width(List<Gate> gates) {
    int width = 8;
    for (Gate gate : gates) {
      width = Math.max(width, Math.min(WIDEST, gate.id().length()));
    }
    return width;
  }

  private int width() {
    int width = 8;
    for (GateResult result : results) {
      width = Math.max(width, Math.min(WIDEST, result.gate().id().length()));
    }
    return width;
  }

  String text(Colors colors) {
    StringBuilder text = new StringBuilder();
    if (results.isEmpty()) {
      return "nothing to check: no gate of tier " + tier.text() + " was found\n";
    }
    int width = width();
    for (GateResult result : results) {
      text.append(row(result, width, colors)).append('\n');
      findings(text, result, colors);
    }
    return text.append('\n').append(ending(colors)).append('\n').toString();
  }

  /** {@code ✓ ruff nothing found 0.2s}. */
  static String row(GateResult result, int width, Colors colors) {
    StringBuilder row = new StringBuilder();
    row.append(mark(result, colors)).append(' ');
    row.append(Text.padded(result.gate().id(), width)).append("  ");
    row.append(Text.plain(result.summary()));
    if (result.status() == Status.FAILED && result.gate().kind() != Kind.REQUIRED) {
      row.append(colors.dim("  (" + result.gate().kind().text() + ")"));
    }
    if (result.cached()) {
      row.append(colors.dim("  cached"));
    } else if (result.durationMs() > 0) {
      row.append(colors.dim("  " + Durations.text(result.durationMs())));
    }
    for (String test : result.flaky()) {
      row.append('\n')
          .append("    ")
          .append(colors.yellow("flaky"))
          .append(' ')
          .append(Text.plain(test));
    }
    return row.toString();
  }

  private static String mark(GateResult result, Colors colors) {
    if (result.status() == Status.PASSED) {
      return result.flaky().isEmpty() ? colors.green("✓") : colors.yellow("✓");
    }
    if (result.status() == Status.SKIPPED) {
      return colors.dim("–");
    }
    if (result.blocks()) {
      return colors.red(result.status() == Status.ERROR ? "!" : "✗");
    }
    return colors.yellow(result.status() == Status.ERROR ? "!" : "✗");
  }

  private static void findings(StringBuilder text, GateResult result, Colors colors) {
    boolean shown =
        result.status() == Status.FAILED
            && (result.gate().kind() == Kind.REQUIRED || result.gate().kind() == Kind.OPTIONAL);
    if (!shown) {
      return;
    }
    int count = 0;
    for (Finding finding : result.findings()) {
      if (count++ == FINDINGS) {
        text.append(colors.dim("    … " + (result.count() - FINDINGS) + " more")).append('\n');
        return;
      }
      text.append("    ").append(place(finding, colors)).append('\n');
    }
  }

  /** {@code src/a.py:3:7 message [rule]}. */
  private static String place(Finding finding, Colors colors) {
    StringBuilder text = new StringBuilder();
    String file = finding.file();
    if (file != null) {
      text.append(Text.plain(file));
      if (finding.line() > 0) {
        text.append(':').append(finding.line());
        if (finding.column() > 0) {
          text.append(':').append(finding.column());
        }
      }
      text.append(' ');
    }
    String place = colors.bold(text.toString());
    String rule = finding.rule();
    boolean named =
        rule != null && !finding.message().contains(rule.substring(rule.lastIndexOf('.') + 1));
    return place
        + Text.plain(finding.message().replace('\n', ' '))
        + (named ? colors.dim(" [" + rule + "]") : "");
  }

  private String ending(Colors colors) {
    int passed = 0;
    int cached = 0;
    int failures = 0;
    int errors = 0;
    int skipped = 0;
    for (GateResult result : results) {
      passed += result.status() == Status.PASSED ? 1 : 0;
      failures += result.status() == Status.FAILED ? 1 : 0;
      errors += result.status() == Status.ERROR ? 1 : 0;
      skipped += result.status() == Status.SKIPPED ? 1 : 0;
      cached += result.cached() ? 1 : 0;
    }
    StringBuilder text = new StringBuilder();
    String passedText = cancelled() ? colors.yellow("cancelled") : colors.green("passed");
    text.append(failed() ? colors.red("failed") : passedText);
    text.append(" in ").append(durationMs < 1000 ? durationMs + "ms" : Durations.text(durationMs));
    text.append(": ").append(passed).append(" passed");
    text.append(failures == 0 ? "" : ", " + failures + " failed");
    text.append(errors == 0 ? "" : ", " + errors + " could not run");
    text.append(skipped == 0 ? "" : ", " + skipped + " skipped");
    text.append(
        colors.dim(
            "  (" + cached + " of " + results.size() + " cached, tier " + tier.text() + ")"));
    return text.toString();
  }

  String json() {
    Json json = new Json().object();
    json.member("schema", "slipway.check/1").member("tier", tier.text());
    json.array("gates");
    for (GateResult result : results) {
      gate(json, result);
    }
    json.end();
    String unfailed = cancelled() ? "cancelled" : "success";
    return json.member("conclusion", failed() ? "failure" : unfailed)
            .member("durationMs", durationMs)
            .end()
            .text()
        + "\n";
  }

  private static void gate(Json json, GateResult result) {
    Gate gate = result.gate();
    json.object()
        .member("id", gate.id())
        .member("kind", gate.kind().text())
        .member("tool", gate.tool())
        .member("version", result.version().isEmpty() ? null : result.version())
        .member("status", result.status().text())
        .member("cached", result.cached())
        .member("durationMs", result.durationMs())
        .member("summary", result.summary())
        .array("findings");
    for (Finding finding : result.findings()) {
      json.object()
          .member("file", finding.file())
          .member("line", finding.line() == 0 ? null : Integer.valueOf(finding.line()))
          .member("column", finding.column() == 0 ? null : Integer.valueOf(finding.column()))
          .member("message", finding.message())
          .member("rule", finding.rule())
          .end();
    }
    json.end();
    if (!result.flaky().isEmpty()) {
      json.array("flaky");
      result.flaky().forEach(json::value);
      json.end();
    }
    json.member("why", String.join("; ", gate.why())).end();
  }
}
