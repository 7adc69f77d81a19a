package dev.slipway.cli;

import dev.slipway.check.CatalogueSample;
import dev.slipway.check.Gate;
import java.util.LinkedHashSet;
import java.util.Set;

/** The part of the manual that lists all gates. */
final class GateManual {
  private static final String CATALOGUE = "## Catalogue\n";

  private GateManual() {}

  /** The page about checks with its catalogue as it is now. */
  static String page(String page) {
    int at = page.indexOf(CATALOGUE);
    String before = at < 0 ? page.stripTrailing() + "\n\n" : page.substring(0, at);
    StringBuilder out = new StringBuilder(before).append(CATALOGUE);
    out.append("\nWhat is found in projects that name every tool there is. ");
    out.append(
        "Tools of a project come before those of the machine: `.venv/bin`, `node_modules/.bin`,"
            + " wrappers.\n");
    Set<String> told = new LinkedHashSet<>();
    for (CatalogueSample sample : CatalogueSample.all()) {
      StringBuilder rows = new StringBuilder();
      for (Gate gate : sample.gates()) {
        if (told.add(sample.title() + gate.id())) {
          row(rows, gate);
        }
      }
      out.append("\n### ").append(sample.title()).append("\n\n");
      out.append("| gate | tier | kind | because of | runs |\n|---|---|---|---|---|\n")
          .append(rows);
    }
    return out.toString();
  }

  private static void row(StringBuilder out, Gate gate) {
    String script = gate.script().strip();
    int end = script.indexOf('\n');
    String first = end < 0 ? script : script.substring(0, end) + " …";
    out.append("| `").append(gate.id()).append("` | ").append(gate.tier().text());
    out.append(" | ").append(gate.kind().text()).append(" | ");
    out.append(cell(String.join("; ", gate.why()))).append(" | `");
    out.append(cell(first)).append("` |\n");
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace('\n', ' ');
  }
}
