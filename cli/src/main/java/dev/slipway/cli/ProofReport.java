package dev.slipway.cli;

import dev.slipway.lint.Finding;
import dev.slipway.prove.Link;
import dev.slipway.prove.Masked;
import dev.slipway.prove.Place;
import dev.slipway.prove.Proof;
import dev.slipway.prove.ProvenStep;
import java.util.List;

/** What was proven, for people and for programs. */
final class ProofReport {
  private ProofReport() {}

  static String text(List<ProvenWorkflow> workflows, Colors colors) {
    StringBuilder out = new StringBuilder();
    int steps = 0;
    int open = 0;
    for (ProvenWorkflow workflow : workflows) {
      workflow(workflow, colors, out);
      steps += workflow.proof().steps();
      open += workflow.masked().size() + workflow.swallowed().size();
    }
    if (workflows.isEmpty()) {
      return "no workflow to prove anything of\n";
    }
    String all = steps + (steps == 1 ? " step" : " steps") + " can fail";
    out.append(
        open == 0
            ? colors.green("proven") + ": " + all + ", and each failure turns the end red\n"
            : colors.red("not proven")
                + ": "
                + all
                + "; "
                + open
                + (open == 1 ? " failure leaves" : " failures leave")
                + " the end green\n");
    return out.toString();
  }

  private static void workflow(ProvenWorkflow workflow, Colors colors, StringBuilder out) {
    Proof proof = workflow.proof();
    out.append(colors.bold(proof.file()))
        .append(colors.dim("  on " + proof.event()))
        .append(proof.gateJob().map(gate -> colors.dim(", gate " + gate)).orElse(""))
        .append('\n');
    for (Masked mask : workflow.masked()) {
      masked(mask, colors, out);
    }
    for (ProvenWorkflow.Swallowed swallowed : workflow.swallowed()) {
      Finding finding = swallowed.finding();
      out.append("  ")
          .append(colors.red("green"))
          .append(" although in ")
          .append(swallowed.job())
          .append(": ")
          .append(Text.plain(finding.message()))
          .append(colors.dim("  " + finding.file() + ":" + finding.range().from().line()))
          .append('\n');
    }
    if (workflow.holds()) {
      out.append("  ")
          .append(colors.green("red"))
          .append(" whichever of its ")
          .append(proof.steps())
          .append(proof.steps() == 1 ? " step fails" : " steps fails")
          .append('\n');
    }
    if (proof.redAnyway() == proof.worlds()) {
      out.append("  ")
          .append(colors.yellow("note"))
          .append(" it ends red in every way that was tried, also with nothing failing\n");
    }
    for (ProvenStep step : proof.unreached()) {
      out.append(colors.dim("  not reached unless something fails before: " + shown(step)))
          .append('\n');
    }
    if (workflow.accepted() > 0) {
      out.append(colors.dim("  accepted: " + workflow.accepted())).append('\n');
    }
    out.append(
        colors.dim(
            "  tried "
                + (proof.complete() ? "all " : "")
                + proof.worlds()
                + (proof.worlds() == 1 ? " way" : " ways")
                + " to fill in what is not known"
                + (proof.complete() ? "" : ", not all that there are")));
    out.append('\n');
    for (String assumption : proof.assumptions()) {
      out.append(colors.dim("  supposed: " + Text.plain(readable(assumption)))).append('\n');
    }
    out.append('\n');
  }

  private static void masked(Masked mask, Colors colors, StringBuilder out) {
    out.append("  ").append(mask.certain() ? colors.red("green") : colors.yellow("green?"));
    out.append(" although ");
    for (int i = 0; i < mask.steps().size(); i++) {
      out.append(i == 0 ? "" : " and ").append(shown(mask.steps().get(i)));
    }
    out.append(mask.steps().size() == 1 ? " fails" : " fail");
    Place place = mask.steps().getFirst().place();
    out.append(colors.dim("  " + place.file() + ":" + place.at().line())).append('\n');
    for (Link link : mask.path()) {
      out.append("    ")
          .append(Text.plain(readable(link.text())))
          .append(colors.dim("  " + link.place().file() + ":" + link.place().at().line()))
          .append('\n');
    }
    if (!mask.when().isEmpty()) {
      out.append("    when ").append(Text.plain(String.join(", ", mask.when()))).append('\n');
    }
  }

  /** What stands for a text that is not known, as people can read it. */
  private static String readable(String text) {
    return text.replace("\uE000", "?");
  }

  private static String shown(ProvenStep step) {
    return readable(step.job()) + " step " + step.number() + " '" + Text.plain(step.name()) + "'";
  }

  static String json(List<ProvenWorkflow> workflows) {
    Json json = new Json().object().member("schema", "slipway.prove/1");
    json.array("workflows");
    boolean holds = true;
    for (ProvenWorkflow workflow : workflows) {
      holds &= workflow.holds();
      json(workflow, json);
    }
    json.end();
    json.member("conclusion", holds ? "proven" : "masked");
    return json.end().text() + "\n";
  }

  private static void json(ProvenWorkflow workflow, Json json) {
    Proof proof = workflow.proof();
    json.object()
        .member("file", proof.file())
        .member("name", proof.name())
        .member("event", proof.event());
    proof.gateJob().ifPresent(gate -> json.member("gate", gate));
    json.member("steps", proof.steps()).array("masked");
    for (Masked mask : workflow.masked()) {
      json.object().array("steps");
      mask.steps().forEach(step -> json(step, json));
      json.end().array("path");
      for (Link link : mask.path()) {
        json.object().member("text", readable(link.text()));
        place(link.place(), json);
        json.end();
      }
      json.end().array("when");
      mask.when().forEach(json::value);
      json.end().member("certain", mask.certain()).end();
    }
    json.end().array("swallowed");
    for (ProvenWorkflow.Swallowed swallowed : workflow.swallowed()) {
      Finding finding = swallowed.finding();
      json.object()
          .member("job", swallowed.job())
          .member("rule", finding.rule().id())
          .member("message", finding.message())
          .member("file", finding.file())
          .member("line", finding.range().from().line())
          .member("column", finding.range().from().column())
          .end();
    }
    json.end().array("unreached");
    proof.unreached().forEach(step -> json(step, json));
    json.end()
        .member("accepted", workflow.accepted())
        .member("tried", proof.worlds())
        .member("complete", proof.complete())
        .member("redAnyway", proof.redAnyway())
        .array("assumptions");
    proof.assumptions().forEach(assumption -> json.value(readable(assumption)));
    json.end().end();
  }

  private static void json(ProvenStep step, Json json) {
    json.object()
        .member("job", readable(step.job()))
        .member("number", step.number())
        .member("name", step.name());
    place(step.place(), json);
    json.end();
  }

  private static void place(Place place, Json json) {
    json.member("file", place.file())
        .member("line", place.at().line())
        .member("column", place.at().column());
  }
}
