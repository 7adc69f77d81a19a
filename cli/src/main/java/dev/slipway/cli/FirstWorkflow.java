package dev.slipway.cli;

import java.nio.file.Files;
import java.nio.file.Path;

/** The workflow that {@code init} writes. */
final class FirstWorkflow {
  private static final String HEAD =
      """
      name: CI

      on:
        push:
          branches: [main]
        pull_request:

      # Nothing here writes to the repository.
      permissions:
        contents: read

      # A newer push to the same branch ends the older run.
      concurrency:
        group: ${{ github.workflow }}-${{ github.ref }}
        cancel-in-progress: ${{ github.ref != 'refs/heads/main' }}

      jobs:
      """;

  private static final String CHECKOUT =
      """
            - uses: actions/checkout@v4.2.2
              with:
                persist-credentials: false
      """;

  private FirstWorkflow() {}

  static String of(String language, Path directory) {
    return switch (language) {
      case "python" -> python(directory);
      case "node" -> node(directory);
      case "java" -> java(directory);
      case "go" ->
          lint("actions/setup-go@v5.5.0", "go-version-file: go.mod", "go vet ./...")
              + test(
                  "go-version", "'1.24', '1.25'", "actions/setup-go@v5.5.0", "go test -race ./...");
      default -> rust();
    };
  }

  private static String python(Path directory) {
    String install =
        has(directory, "requirements.txt")
            ? "python -m pip install -r requirements.txt"
            : has(directory, "pyproject.toml") || has(directory, "setup.py")
                ? "python -m pip install ."
                : "python -m pip --version";
    return lint(
            "actions/setup-python@v5.6.0",
            "python-version: '3.13'",
            "python -m pip install ruff==0.14.3",
            "ruff check .")
        + test(
            "python-version",
            "'3.11', '3.12', '3.13'",
            "actions/setup-python@v5.6.0",
            install,
            "python -m pip install pytest==8.4.2",
            "python -m pytest");
  }

  private static String node(Path directory) {
    String install = has(directory, "package-lock.json") ? "npm ci" : "npm install";
    return lint(
            "actions/setup-node@v4.4.0", "node-version: 24", install, "npm run lint --if-present")
        + test("node-version", "22, 24", "actions/setup-node@v4.4.0", install, "npm test");
  }

  private static String java(Path directory) {
    boolean gradle = has(directory, "build.gradle") || has(directory, "build.gradle.kts");
    String wrapper =
        gradle
            ? (has(directory, "gradlew") ? "./gradlew" : "gradle")
            : has(directory, "mvnw") ? "./mvnw -B" : "mvn -B";
    String setup = "actions/setup-java@v4.7.1";
    return lint(
            setup,
            "distribution: temurin\n          java-version: 25",
            wrapper + (gradle ? " classes testClasses" : " test-compile"))
        + test(
            "java-version",
            "21, 25",
            setup,
            "distribution: temurin",
            wrapper + (gradle ? " check" : " verify"));
  }

  private static String rust() {
    return HEAD
        + job("lint", 15)
        + "    steps:\n"
        + CHECKOUT
        + runs("cargo fmt --check", "cargo clippy --all-targets -- -D warnings")
        + "\n"
        + job("test", 30)
        + matrix("profile", "dev, release")
        + "    steps:\n"
        + CHECKOUT
        + runs("cargo test --profile ${{ matrix.profile == 'dev' && 'test' || 'release' }}");
  }

  private static String lint(String setup, String with, String... commands) {
    return HEAD
        + job("lint", 15)
        + "    steps:\n"
        + CHECKOUT
        + setup(setup, with)
        + runs(commands)
        + "\n";
  }

  private static String test(String key, String versions, String setup, String... commands) {
    String with = key + ": ${{ matrix." + key + " }}";
    int first = 0;
    if (commands[0].startsWith("distribution:")) {
      with = commands[0] + "\n          " + with;
      first = 1;
    }
    StringBuilder text = new StringBuilder(job("test", 30)).append(matrix(key, versions));
    text.append("    steps:\n").append(CHECKOUT).append(setup(setup, with));
    for (int i = first; i < commands.length; i++) {
      text.append(runs(commands[i]));
    }
    return text.toString();
  }

  private static String job(String id, int minutes) {
    return "  " + id + ":\n    runs-on: ubuntu-24.04\n    timeout-minutes: " + minutes + "\n";
  }

  private static String matrix(String key, String values) {
    return "    strategy:\n      fail-fast: false\n      matrix:\n        "
        + key
        + ": ["
        + values
        + "]\n";
  }

  private static String setup(String action, String with) {
    return "      - uses: " + action + "\n        with:\n          " + with + "\n";
  }

  private static String runs(String... commands) {
    StringBuilder text = new StringBuilder();
    for (String command : commands) {
      text.append("      - run: ").append(command).append('\n');
    }
    return text.toString();
  }

  private static boolean has(Path directory, String name) {
    return Files.isRegularFile(directory.resolve(name));
  }
}
