package dev.slipway.engine;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Chooses the machine for a job by the labels of its {@code runs-on}. */
final class MachineLabels implements RunDefinition.Machines {
  private static final String HOST = "host";
  private static final String SKIP = "skip";
  private static final String CONTAINER = "docker:";

  private final Map<String, String> mapped = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  /**
   * @param mapped a machine, or {@code skip}, by label
   */
  MachineLabels(Map<String, String> mapped) {
    this.mapped.putAll(mapped);
    for (Map.Entry<String, String> entry : mapped.entrySet()) {
      if (!known(entry.getValue())) {
        throw new ProjectException(
            "There is no machine '" + entry.getValue() + "' for the label '" + entry.getKey() + "'",
            "the machines here are `host`, `sandbox`, `docker:IMAGE` and `skip`");
      }
    }
  }

  private static boolean known(String machine) {
    return machine.equals(HOST)
        || machine.equals(SKIP)
        || isSandbox(machine)
        || !image(machine).isEmpty();
  }

  /** The image whose container is the machine; empty for another kind. */
  static String image(String machine) {
    return machine.startsWith(CONTAINER) ? machine.substring(CONTAINER.length()) : "";
  }

  static boolean isSandbox(String machine) {
    return machine.equals(SandboxMachine.NAME) || machine.equals(SandboxMachine.WITHOUT_NETWORK);
  }

  /** The machines that labels are mapped to. */
  Collection<String> machines() {
    return mapped.values();
  }

  @Override
  public RunDefinition.Choice choose(List<String> labels) {
    for (String label : labels) {
      String machine = mapped.get(label);
      if (machine != null) {
        return machine.equals(SKIP)
            ? new RunDefinition.Choice.None(
                "not run here: the label '" + label + "' is mapped to skip")
            : new RunDefinition.Choice.Fits(machine);
      }
    }
    for (String label : labels) {
      if (!host(label.toLowerCase(Locale.ROOT))) {
        return new RunDefinition.Choice.None(
            "not run here: no machine here has the label '"
                + label
                + "'; `-P "
                + label
                + "=host` would run it on this one");
      }
    }
    return new RunDefinition.Choice.Fits(HOST);
  }

  private static boolean host(String label) {
    String arch = System.getProperty("os.arch", "").equals("aarch64") ? "arm64" : "x64";
    return label.startsWith("ubuntu-")
        || label.equals("linux")
        || label.equals("self-hosted")
        || label.equals(HOST)
        || label.equals(arch);
  }
}
