package dev.slipway.check;

/** How the findings of a gate are read. */
public enum Report {
  /** Lines with a file and a line, in one of the usual forms; else the last lines. */
  LINES,
  /** No places: the last line that says something is the summary. */
  LAST_LINE,
  /** Files that are not formatted. */
  UNFORMATTED,
  /** JSON of ruff, in the report file. */
  RUFF,
  /** ESLint's lines: a file, and below it its findings. */
  ESLINT,
  /** JUnit's XML in the report file. */
  JUNIT,
  /** JUnit's XML where Maven and Gradle write it. */
  SUREFIRE,
  /** What Python's unittest prints. */
  UNITTEST,
  /** What test runners of Node.js print. */
  TESTS,
  /** JSON of {@code go test}, in the report file. */
  GO_TEST,
  /** What {@code cargo test} prints. */
  CARGO_TEST;

  /** Whether failures come with the names of tests. */
  boolean namesTests() {
    return this == JUNIT
        || this == SUREFIRE
        || this == UNITTEST
        || this == TESTS
        || this == GO_TEST
        || this == CARGO_TEST;
  }

  /** Reads what a gate left behind. */
  Told read(Printed printed) {
    return switch (this) {
      case LINES -> LineReports.places(printed);
      case LAST_LINE -> LineReports.lastLine(printed);
      case UNFORMATTED -> LineReports.unformatted(printed);
      case ESLINT -> LineReports.eslint(printed);
      case RUFF -> JsonReports.ruff(printed);
      case GO_TEST -> JsonReports.goTest(printed);
      case JUNIT -> JUnitReport.read(java.util.List.of(printed.reportText()), printed);
      case SUREFIRE ->
          JUnitReport.read(
              printed.written("{**/,}{target/surefire-reports,build/test-results/*}/*.xml"),
              printed);
      case UNITTEST -> TestLines.unittest(printed);
      case TESTS -> TestLines.node(printed);
      case CARGO_TEST -> TestLines.cargo(printed);
    };
  }
}
