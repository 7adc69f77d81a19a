package dev.slipway.check;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The workflow of some gates: a job for each, in which its script is the one step.
 *
 * @param gates in the order of their jobs
 */
public record GateWorkflow(List<Gate> gates) {
  /** The label of its jobs, for a machine that works in the user's tree. */
  public static final String LABEL = "slipway-check";

  public GateWorkflow {
    gates = List.copyOf(gates);
  }

  /** The gate of a job, by the job's key in the run. */
  public @Nullable Gate gate(String job) {
    String key = job.substring(job.lastIndexOf('/') + 1);
    if (!key.startsWith("gate-")) {
      return null;
    }
    int number = Integer.parseInt(key.substring("gate-".length()));
    return number < gates.size() ? gates.get(number) : null;
  }

  /**
   * The workflow as a file.
   *
   * @param reports where gates write their reports
   * @param slipway how Slipway is started; empty when that is not known
   */
  public String text(Path reports, String slipway) {
    StringBuilder text = new StringBuilder("name: check\non: push\njobs:\n");
    for (int i = 0; i < gates.size(); i++) {
      Gate gate = gates.get(i);
      text.append("  gate-").append(i).append(":\n");
      line(text, "    name: ", gate.id());
      text.append("    runs-on: ").append(LABEL).append('\n');
      needs(text, gate);
      text.append("    steps:\n");
      line(text, "      - name: ", gate.tool());
      text.append("        shell: bash\n");
      if (!gate.directory().isEmpty()) {
        line(text, "        working-directory: ", gate.directory());
      }
      text.append("        env:\n");
      line(text, "          SLIPWAY_REPORT: ", report(reports, gate).toString());
      line(text, "          SLIPWAY_PROGRAM: ", slipway);
      line(text, "        run: ", script(gate));
    }
    return text.toString();
  }

  /** Where a gate writes its report: in the same place each time, so that it can be put back. */
  static Path report(Path reports, Gate gate) {
    return reports.resolve(gate.id().replaceAll("[^A-Za-z0-9._-]", "_"));
  }

  /** Where a gate writes its tool's version. */
  static Path version(Path reports, Gate gate) {
    return report(reports, gate).resolveSibling(report(reports, gate).getFileName() + ".version");
  }

  private void needs(StringBuilder text, Gate gate) {
    List<String> jobs = new ArrayList<>();
    StringBuilder passed = new StringBuilder();
    for (int i = 0; i < gates.size(); i++) {
      String id = gates.get(i).id();
      if (gate.after().contains(id) || gate.needs().contains(id)) {
        jobs.add("gate-" + i);
      }
      if (gate.needs().contains(id)) {
        passed.append(" && needs.gate-").append(i).append(".result == 'success'");
      }
    }
    if (!jobs.isEmpty()) {
      text.append("    needs: [").append(String.join(", ", jobs)).append("]\n");
      text.append("    if: ${{ !cancelled()").append(passed).append(" }}\n");
    }
  }

  private static String script(Gate gate) {
    String version =
        gate.versionCommand().isEmpty()
            ? ""
            : "{ "
                + gate.versionCommand()
                + "; } >\"$SLIPWAY_REPORT.version\" 2>/dev/null </dev/null || true\n";
    return version + gate.script();
  }

  private static void line(StringBuilder text, String before, String value) {
    text.append(before).append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> text.append("\\\"");
        case '\\' -> text.append("\\\\");
        case '\n' -> text.append("\\n");
        case '\t' -> text.append("\\t");
        case '$' ->
            // Scripts have no expressions of their own.
            text.append(value.startsWith("${{", i) ? "${{ '$' }}" : "$");
        default -> text.append(c);
      }
    }
    text.append("\"\n");
  }
}
