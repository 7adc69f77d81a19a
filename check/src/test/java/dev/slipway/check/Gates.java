package dev.slipway.check;

import java.util.List;

/** Gates for tests. */
final class Gates {
  private Gates() {}

  static Gate reading(String id, Inputs inputs) {
    return gate(id, "true", inputs, Report.LINES, 0);
  }

  static Gate script(String id, Report report, String script) {
    return gate(id, script, Inputs.all(""), report, 0);
  }

  static Gate running(Gate gate, String script) {
    return gate(gate.id(), script, gate.inputs(), gate.report(), 0);
  }

  static Gate reporting(Gate gate, Report report) {
    return gate(gate.id(), gate.script(), gate.inputs(), report, 0);
  }

  static Gate gate(String id, String script, Inputs inputs, Report report, int retries) {
    return gate(id, script, inputs, report, retries, List.of());
  }

  static Gate gate(
      String id, String script, Inputs inputs, Report report, int retries, List<String> needs) {
    return new Gate(
        id,
        Kind.REQUIRED,
        Tier.LITE,
        Origin.CONFIGURED,
        id,
        script,
        "",
        List.of("a test"),
        "",
        null,
        null,
        "",
        inputs,
        List.of(),
        report,
        false,
        List.of(),
        needs,
        retries);
  }

  static GateResult passed(Gate gate) {
    return new GateResult(
        gate, Status.PASSED, false, 12, "1.2", "fine", List.of(), 0, List.of("a.b"));
  }

  static GateResult failed(Gate gate) {
    return new GateResult(
        gate,
        Status.FAILED,
        false,
        12,
        "1.2",
        "2 findings",
        List.of(
            new Finding("src/a.py", 3, 7, "is wrong", "E1"), new Finding(null, 0, 0, "too", null)),
        2,
        List.of());
  }
}
