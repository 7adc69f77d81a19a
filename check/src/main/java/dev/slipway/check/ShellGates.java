package dev.slipway.check;

import java.util.ArrayList;
import java.util.List;

/** What guards shell scripts: shellcheck where it is installed or configured. */
final class ShellGates implements Family {
  private static final int MOST = 400;

  @Override
  public void detect(Detection found) {
    List<String> scripts = new ArrayList<>();
    for (String path : found.tree.paths()) {
      if ((path.endsWith(".sh") || path.endsWith(".bash")) && scripts.size() < MOST) {
        scripts.add(path);
      }
    }
    if (scripts.isEmpty()) {
      return;
    }
    String settings = found.first("", ".shellcheckrc");
    boolean named = settings != null || found.says(".pre-commit-config.yaml", "shellcheck");
    String program = found.tools.onPath("shellcheck");
    if (named || program != null) {
      found
          .gate("", "shellcheck")
          .kind(named ? Kind.REQUIRED : Kind.ADVISORY)
          .because(
              named
                  ? (settings == null ? "shellcheck in .pre-commit-config.yaml" : settings)
                  : scripts.getFirst() + ", and shellcheck is installed")
          .program(program)
          .install("install shellcheck with your system's packages")
          .version("shellcheck --version | sed -n 's/^version: //p'")
          .runs(
              "shellcheck --format=gcc --severity=warning"
                  + (named ? " --severity=style" : "")
                  + quoted(scripts))
          .reads(List.of("sh", "bash"), List.of(".shellcheckrc"))
          .add();
    }
  }

  private static String quoted(List<String> paths) {
    StringBuilder all = new StringBuilder();
    for (String path : paths) {
      all.append(" \\\n  './").append(path.replace("'", "'\\''")).append('\'');
    }
    return all.toString();
  }
}
