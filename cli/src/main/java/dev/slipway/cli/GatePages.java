package dev.slipway.cli;

import dev.slipway.check.Gate;
import java.util.List;

/** What can be said of gates without running them. */
final class GatePages {
  private GatePages() {}

  /** A line for each. */
  static String list(List<Gate> gates, Colors colors) {
    StringBuilder text = new StringBuilder();
    int width = CheckSummary.width(gates);
    for (Gate gate : gates) {
      text.append(Text.padded(gate.id(), width)).append("  ");
      text.append(Text.padded(gate.tier().text(), 6)).append("  ");
      text.append(Text.padded(gate.kind().text(), 13)).append("  ");
      text.append(Text.plain(String.join("; ", gate.why())));
      String missing = gate.missing();
      if (missing != null) {
        text.append(colors.yellow("  " + missing + ": " + gate.install()));
      }
      text.append('\n');
    }
    return gates.isEmpty() ? "no gates were found\n" : text.toString();
  }

  /** The same for programs. */
  static String json(List<Gate> gates) {
    Json json = new Json().object().member("schema", "slipway.gates/1").array("gates");
    for (Gate gate : gates) {
      json.object()
          .member("id", gate.id())
          .member("tier", gate.tier().text())
          .member("kind", gate.kind().text())
          .member("tool", gate.tool())
          .member("directory", gate.directory().isEmpty() ? "." : gate.directory())
          .member("script", gate.script())
          .member("why", String.join("; ", gate.why()))
          .member("missing", gate.missing())
          .member("install", gate.install().isEmpty() ? null : gate.install())
          .end();
    }
    return json.end().end().text() + "\n";
  }

  /** Everything about one gate. */
  static String explain(Gate gate, ProjectChecks checks, Colors colors) {
    StringBuilder text = new StringBuilder();
    text.append(colors.bold(gate.id()))
        .append(" is a gate of tier ")
        .append(gate.tier().text())
        .append("; it is ")
        .append(gate.kind().text())
        .append(".\n\n");
    text.append(colors.bold("Why")).append('\n');
    for (String why : gate.why()) {
      text.append("  ").append(Text.plain(why)).append('\n');
    }
    text.append('\n')
        .append(colors.bold("Runs"))
        .append(gate.directory().isEmpty() ? "" : " in " + gate.directory())
        .append('\n');
    for (String line : gate.script().strip().split("\n")) {
      text.append("  ").append(Text.plain(line)).append('\n');
    }
    text.append('\n').append(colors.bold("Runs again when")).append("\n  one of these changes: ");
    text.append(Text.plain(gate.inputs().text())).append('\n');
    String missing = gate.missing();
    if (missing != null) {
      text.append('\n').append(colors.bold("Cannot run")).append("\n  ");
      text.append(missing).append(": ").append(gate.install()).append('\n');
    }
    text.append('\n').append(colors.bold("Change it")).append(" in slipway.yml\n");
    text.append("  gates:\n    ")
        .append(gate.id().contains(":") ? '"' + gate.id() + '"' : gate.id());
    text.append(": off                     # or, to change it:\n    ");
    text.append(gate.id().contains(":") ? '"' + gate.id() + '"' : gate.id());
    text.append(": {kind: advisory, tier: strict, run: \"…\"}\n");
    return text.toString();
  }
}
