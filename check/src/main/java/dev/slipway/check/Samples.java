package dev.slipway.check;

/** Folders that hold samples for tests or other people's code, not parts of the project. */
final class Samples {
  private static final String[] NAMES = {
    "fixtures", "__fixtures__", "testdata", "test-data", "vendor", "third_party", "third-party",
    "node_modules", "templates", "template", "test", "tests", "examples", "example"
  };

  private static final String[] DATA = {
    "fixtures",
    "__fixtures__",
    "testdata",
    "test-data",
    "resources",
    "vendor",
    "third_party",
    "third-party",
    "node_modules",
    "templates",
    "template",
    "snapshots"
  };

  private Samples() {}

  /** Whether a path leads through what tests read, rather than to tests. */
  static boolean data(String path) {
    return among(DATA, path);
  }

  static boolean in(String folder) {
    return among(NAMES, folder);
  }

  private static boolean among(String[] names, String path) {
    for (String part : path.split("/")) {
      for (String name : names) {
        if (part.equals(name)) {
          return true;
        }
      }
    }
    return false;
  }
}
