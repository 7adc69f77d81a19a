package dev.slipway.check;

/** Folders that hold samples for tests or other people's code, not parts of the project. */
final class Samples {
  private static final String[] NAMES = {
    "fixtures", "__fixtures__", "testdata", "test-data", "vendor", "third_party", "third-party",
    "node_modules", "templates", "template", "test", "tests", "examples", "example"
  };

  private Samples() {}

  static boolean in(String folder) {
    for (String part : folder.split("/")) {
      for (String name : NAMES) {
        if (part.equals(name)) {
          return true;
        }
      }
    }
    return false;
  }
}
