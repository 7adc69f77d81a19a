package dev.slipway.cli;

import java.io.File;

/** Which build of Slipway this is. */
final class Build {
  static final String VERSION = "0.1.0";

  private Build() {}

  /**
   * The hash of the jars that the launcher means to run; {@code development} when it was not
   * started by the launcher.
   */
  static String id() {
    return System.getProperty("slipway.build", "development");
  }

  /** Whether the jars that run are those of {@link #id}, as far as their place tells. */
  static boolean matches() {
    String id = System.getProperty("slipway.build");
    return id == null
        || System.getProperty("java.class.path", "").contains(File.separator + id + File.separator);
  }
}
