package dev.slipway.cli;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.util.Map;

/**
 * What a test needs of the machine: skips it with one line why, or fails it where everything has to
 * be there.
 */
final class Required {
  private static final String SWITCH = "SLIPWAY_REQUIRE";

  private Required() {}

  /** A program on the path. */
  static void program(String name) {
    String path = System.getenv("PATH");
    for (String directory : (path == null ? "" : path).split(File.pathSeparator, -1)) {
      if (new File(directory, name).canExecute()) {
        return;
      }
    }
    missing(name, System.getenv());
  }

  static void missing(String what, Map<String, String> environment) {
    String message = what + " is not on this machine";
    if ("all".equals(environment.get(SWITCH))) {
      fail(message + " and " + SWITCH + "=all");
    }
    assumeTrue(false, message);
  }
}
