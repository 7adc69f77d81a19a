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
}
