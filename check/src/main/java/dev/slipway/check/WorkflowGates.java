package dev.slipway.check;

import java.util.List;

/** What guards workflows: Slipway's own lint. */
final class WorkflowGates implements Family {
  @Override
  public void detect(Detection found) {
    String program = found.tools.onPath(Tools.SLIPWAY);
    if (program == null) {
      return;
    }
    for (String path : found.tree.below(".github/workflows")) {
      if (path.endsWith(".yml") || path.endsWith(".yaml")) {
        found
            .gate("", "workflows")
            .tool("slipway lint")
            .because(path)
            .program(program)
            .runs("\"$SLIPWAY_PROGRAM\" lint --fail-on error --no-color")
            .reads(
                Inputs.matching(
                    "",
                    List.of(
                        ".github/**",
                        "**/action.yml",
                        "**/action.yaml",
                        "slipway.yml",
                        "zizmor.yml")))
            .add();
        return;
      }
    }
  }
}
