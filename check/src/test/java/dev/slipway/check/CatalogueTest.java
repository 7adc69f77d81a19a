package dev.slipway.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is found in made projects. */
final class CatalogueTest {
  /** Every tool is on the path unless it is named as absent. */
  private record MadeTools(Set<String> absent, Set<String> inProject) implements Tools {
    @Override
    public @Nullable String onPath(String name) {
      return absent.contains(name) ? null : "/usr/bin/" + name;
    }

    @Override
    public boolean inProject(String path) {
      return inProject.contains(path);
    }
  }

  /** A machine with the languages and without tools that nobody named. */
  private static final Set<String> UNINVITED =
      Set.of(
          "shellcheck",
          "gitleaks",
          "hadolint",
          "terraform",
          "staticcheck",
          "gosec",
          "bandit",
          "vulture",
          "radon",
          "cargo-machete",
          "slipway");

  private static List<Gate> gates(Map<String, String> files) {
    return gates(files, UNINVITED, Set.of());
  }

  private static List<Gate> gates(
      Map<String, String> files, Set<String> absent, Set<String> inProject) {
    return Catalogue.gates(
        SourceTree.of(files.keySet(), files::get), new MadeTools(absent, inProject));
  }

  private static Map<String, String> files(String... pathsAndTexts) {
    Map<String, String> files = new LinkedHashMap<>();
    for (int i = 0; i < pathsAndTexts.length; i += 2) {
      files.put(pathsAndTexts[i], pathsAndTexts[i + 1]);
    }
    return files;
  }

  private static Gate gate(List<Gate> gates, String id) {
    return gates.stream().filter(gate -> gate.id().equals(id)).findFirst().orElseThrow();
  }

  private static List<String> ids(List<Gate> gates, Tier tier) {
    return gates.stream().filter(gate -> tier.has(gate.tier())).map(Gate::id).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "[tool.ruff], ruff",
    "[tool.ruff.format], ruff-format",
    "[tool.black], black",
    "[tool.isort], isort",
    "[tool.mypy], mypy",
    "[tool.pyright], pyright",
    "[tool.pytest.ini_options], pytest",
    "[tool.codespell], codespell",
  })
  void python_gatesAreThoseThatItsSettingsName(String section, String gate) {
    List<Gate> gates = gates(files("pyproject.toml", section + "\n", "a.py", ""));
    assertThat(gate(gates, gate).kind()).isEqualTo(Kind.REQUIRED);
    assertThat(gate(gates, gate).origin()).isEqualTo(Origin.CONFIGURED);
    assertThat(gate(gates, gate).why()).anyMatch(why -> why.contains("pyproject.toml"));
  }

  @Test
  void python_ruffThatNobodyNamesIsAHint() {
    assertThat(gate(gates(files("setup.py", "", "a.py", "")), "ruff").kind())
        .isEqualTo(Kind.ADVISORY);
    assertThat(gates(files("setup.cfg", "[flake8]\n", "a.py", "")))
        .extracting(Gate::id)
        .contains("flake8")
        .doesNotContain("ruff");
  }

  @Test
  void python_toolsComeFromTheVirtualEnvironment() {
    List<Gate> gates =
        gates(
            files("api/pyproject.toml", "[tool.mypy]\n", "api/a.py", ""),
            UNINVITED,
            Set.of("api/.venv/bin/mypy"));
    assertThat(gate(gates, "api:mypy").script()).startsWith(".venv/bin/mypy ");
    assertThat(gate(gates, "api:mypy").directory()).isEqualTo("api");
    assertThat(gate(gates, "api:mypy").outside()).contains("api/.venv/pyvenv.cfg");
  }

  @Test
  void python_testsWithoutPytestAreUnittests() {
    List<Gate> gates =
        gates(files("setup.py", "", "tests/test_a.py", ""), Set.of("pytest", "ruff"), Set.of());
    assertThat(ids(gates, Tier.PRO)).contains("unittest").doesNotContain("pytest");
  }

  @Test
  void python_samplesOfTestsAreNoProjects() {
    List<Gate> gates =
        gates(
            files(
                "pyproject.toml",
                "[tool.ruff]\n",
                "a.py",
                "",
                "tests/fixtures/b/pyproject.toml",
                "[tool.mypy]\n",
                "tests/fixtures/b/test_b.py",
                ""));
    assertThat(ids(gates, Tier.PROMAX)).containsExactly("ruff");
  }

  @Test
  void node_scriptsComeBeforeTools() {
    List<Gate> gates =
        gates(
            files(
                "package.json",
                """
                {"scripts": {"lint": "eslint src", "typecheck": "tsc", "format:check": "prettier -c .", "test": "jest"},
                 "devDependencies": {"eslint": "9", "typescript": "5", "prettier": "3"}}
                """,
                "package-lock.json",
                "{}",
                "tsconfig.json",
                "{}",
                "eslint.config.js",
                ""),
            UNINVITED,
            Set.of("node_modules"));
    assertThat(ids(gates, Tier.STRICT))
        .containsExactly("format", "lint", "types", "test", "npm-audit");
    assertThat(gate(gates, "lint").script()).isEqualTo("npm run --silent lint");
    assertThat(gate(gates, "lint").tool()).isEqualTo("eslint");
    assertThat(gate(gates, "lint").missing()).isNull();
  }

  @Test
  void node_aScriptThatWritesIsNotRun() {
    List<Gate> gates =
        gates(
            files(
                "package.json",
                """
                {"scripts": {"lint": "eslint --fix .", "test": "echo \\"Error: no test specified\\" && exit 1"},
                 "devDependencies": {"eslint": "9"}}
                """,
                ".eslintrc.json",
                "{}"),
            UNINVITED,
            Set.of("node_modules", "node_modules/.bin/eslint"));
    assertThat(ids(gates, Tier.PROMAX)).containsExactly("eslint");
    assertThat(gate(gates, "eslint").script()).startsWith("node_modules/.bin/eslint ");
  }

  @Test
  void node_packagesThatAreNotInstalledAreSaid() {
    List<Gate> gates =
        gates(
            files(
                "package.json",
                "{\"scripts\": {\"test\": \"jest\"}, \"devDependencies\": {\"jest\": \"1\"}}",
                "pnpm-lock.yaml",
                ""));
    assertThat(gate(gates, "test").missing()).isEqualTo("its packages are not installed");
    assertThat(gate(gates, "test").install()).isEqualTo("pnpm install --frozen-lockfile");
  }

  @Test
  void node_aWorkspaceIsAskedAtItsRootForWhatItHas() {
    List<Gate> gates =
        gates(
            files(
                "package.json",
                "{\"workspaces\": [\"packages/*\"], \"scripts\": {\"lint\": \"eslint .\"}}",
                "packages/a/package.json",
                "{\"scripts\": {\"lint\": \"eslint .\", \"test\": \"jest\"}}",
                "packages/b/package.json",
                "{\"scripts\": {\"lint\": \"eslint .\"}}"),
            UNINVITED,
            Set.of("node_modules"));
    assertThat(ids(gates, Tier.PROMAX)).containsExactly("lint", "packages/a:test");
  }

  @Test
  void go_hasItsOwnTools() {
    List<Gate> gates = gates(files("go.mod", "module a", "a.go", "", "a_test.go", ""));
    assertThat(ids(gates, Tier.LITE)).containsExactly("gofmt", "vet");
    assertThat(ids(gates, Tier.PRO)).containsExactly("gofmt", "vet", "test");
    assertThat(gate(gates, "govulncheck").network()).isTrue();
  }

  @Test
  void go_eachModuleIsItsOwn() {
    List<Gate> gates =
        gates(files("go.work", "", "a/go.mod", "", "a/a.go", "", "b/go.mod", "", "b/b.go", ""));
    assertThat(ids(gates, Tier.LITE)).containsExactly("a:gofmt", "a:vet", "b:gofmt", "b:vet");
  }

  @Test
  void rust_aWorkspaceIsCheckedAtItsRoot() {
    List<Gate> gates =
        gates(
            files(
                "Cargo.toml",
                "[workspace]\n",
                "Cargo.lock",
                "",
                "a/Cargo.toml",
                "",
                "a/src/lib.rs",
                ""));
    assertThat(ids(gates, Tier.PRO)).containsExactly("fmt", "clippy", "cargo-test");
    assertThat(gate(gates, "clippy").script()).contains("--workspace", "--locked");
    assertThat(gate(gates, "cargo-test").after()).containsExactly("clippy");
  }

  @Test
  void java_aBuildIsAskedAtItsRootByItsWrapper() {
    List<Gate> gates =
        gates(
            files(
                "pom.xml",
                "<artifactId>spotless-maven-plugin</artifactId>",
                "core/pom.xml",
                "",
                "core/src/test/java/ATest.java",
                ""),
            UNINVITED,
            Set.of("mvnw"));
    assertThat(ids(gates, Tier.PROMAX)).containsExactly("spotless", "test");
    assertThat(gate(gates, "test").script()).startsWith("./mvnw ");
  }

  @Test
  void java_gradleWithoutTestsIsCompiled() {
    List<Gate> gates = gates(files("build.gradle.kts", "", "src/main/java/A.java", ""));
    assertThat(ids(gates, Tier.PROMAX)).containsExactly("compile");
  }

  @Test
  void shell_isAHintUnlessTheProjectNamesIt() {
    Set<String> nothing = Set.of();
    assertThat(gate(gates(files("a.sh", ""), nothing, nothing), "shellcheck").kind())
        .isEqualTo(Kind.ADVISORY);
    assertThat(gate(gates(files("a.sh", "", ".shellcheckrc", "")), "shellcheck").kind())
        .isEqualTo(Kind.REQUIRED);
    assertThat(gates(files("a.sh", ""))).isEmpty();
  }

  @Test
  void workflows_areLintedBySlipway() {
    Map<String, String> files = files(".github/workflows/ci.yml", "");
    assertThat(ids(gates(files, Set.of(), Set.of()), Tier.LITE)).containsExactly("workflows");
  }

  @Test
  void gatesOfSeveralLanguagesInOneFolder_haveIdsOfTheirOwn() {
    List<Gate> gates =
        gates(
            files(
                "package.json",
                "{\"scripts\": {\"test\": \"jest\"}}",
                "go.mod",
                "",
                "a.go",
                "",
                "a_test.go",
                "",
                "pom.xml",
                "",
                "src/test/java/A.java",
                ""));
    assertThat(ids(gates, Tier.PRO)).doesNotHaveDuplicates().contains("test", "test-2", "test-3");
  }

  @Test
  void aToolThatTheProjectNames_isAnErrorWhenItIsNotThere() {
    Gate named =
        gate(
            gates(files("pyproject.toml", "[tool.ruff]\n", "a.py", ""), Set.of("ruff"), Set.of()),
            "ruff");
    assertThat(GateResult.unable(named))
        .returns(Status.ERROR, GateResult::status)
        .returns(true, GateResult::blocks)
        .returns("ruff is not installed: pip install ruff", GateResult::summary);
  }

  @Test
  void aToolThatSlipwayProposes_isLeftOutWhenItIsNotThere() {
    Gate proposed =
        gate(
            gates(files("Cargo.toml", "", "src/lib.rs", ""), Set.of("cargo-clippy"), Set.of()),
            "clippy");
    assertThat(GateResult.unable(proposed))
        .returns(Status.SKIPPED, GateResult::status)
        .returns(false, GateResult::blocks);
  }

  @Test
  void noGate_changesFiles() {
    List<Gate> gates =
        gates(
            files(
                "pyproject.toml",
                "[tool.ruff.format]\n[tool.black]\n[tool.isort]\n",
                "a.py",
                "",
                "go.mod",
                "",
                "a.go",
                "",
                "Cargo.toml",
                "",
                "a.rs",
                ""));
    assertThat(gates)
        .extracting(Gate::script)
        .noneMatch(script -> script.matches("(?s).*(--fix|--write|gofmt -w|isort \\.).*"));
    assertThat(gate(gates, "ruff-format").script()).contains("--check");
    assertThat(gate(gates, "fmt").script()).contains("--check");
  }
}
