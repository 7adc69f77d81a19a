package dev.slipway.check;

import dev.slipway.workflow.expression.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Everything that Slipway knows to check. */
public final class Catalogue {
  private static final int DEEPEST = 3;

  private Catalogue() {}

  /**
   * Does what reading manifests of packages needs before the first, for callers that have something
   * else to do meanwhile.
   */
  public static void prepare() {
    Json.parse("{}");
  }

  /** The gates of a project, of every tier, in the order in which they are shown. */
  public static List<Gate> gates(SourceTree tree, Tools tools) {
    Detection found = new Detection(tree, tools);
    new PythonGates().detect(found);
    new NodeGates().detect(found);
    new GoGates().detect(found);
    new RustGates().detect(found);
    new JavaGates().detect(found);
    new ShellGates().detect(found);
    new WorkflowGates().detect(found);
    new TextGates().detect(found);
    return apart(found.gates());
  }

  /** Gates of several languages may share a name in one folder; later ones are numbered. */
  private static List<Gate> apart(List<Gate> gates) {
    Map<String, Integer> seen = new LinkedHashMap<>();
    List<Gate> apart = new ArrayList<>(gates.size());
    for (Gate gate : gates) {
      int count = seen.merge(gate.id(), 1, Integer::sum);
      apart.add(count == 1 ? gate : gate.withId(gate.id() + "-" + count));
    }
    return apart;
  }

  /** Whether a folder is near enough to the root to be one of the project's own. */
  static boolean shallow(String folder) {
    int depth = folder.isEmpty() ? 0 : 1;
    for (int i = 0; i < folder.length(); i++) {
      depth += folder.charAt(i) == '/' ? 1 : 0;
    }
    return depth <= DEEPEST && !Samples.in(folder);
  }

  /** Whether a folder lies below one of some others. */
  static boolean belongsTo(String folder, List<String> roots) {
    for (String root : roots) {
      if (root.isEmpty() || folder.startsWith(root + "/")) {
        return true;
      }
    }
    return false;
  }
}
