package dev.slipway.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A project that names every tool of a language that Slipway knows, for the manual.
 *
 * @param title what the manual calls it
 * @param gates what is found in it where every tool is installed
 */
public record CatalogueSample(String title, List<Gate> gates) {
  private static final String EVERY_PYTHON_TOOL =
      """
      [tool.ruff]
      [tool.ruff.format]
      [tool.isort]
      [tool.mypy]
      [tool.pyright]
      [tool.pytest.ini_options]
      [tool.coverage.report]
      fail_under = 80
      [tool.bandit]
      [tool.codespell]
      [tool.vulture]
      """;

  public CatalogueSample {
    gates = List.copyOf(gates);
  }

  /** One for each language. */
  public static List<CatalogueSample> all() {
    List<CatalogueSample> all = new ArrayList<>();
    all.add(
        of(
            "Python",
            "pyproject.toml",
            EVERY_PYTHON_TOOL,
            ".flake8",
            "",
            ".pylintrc",
            "",
            "uv.lock",
            "",
            "a.py",
            ""));
    all.add(
        of(
            "Python formatted by black, tests without pytest",
            "pyproject.toml",
            "[tool.black]\n",
            "test_a.py",
            ""));
    all.add(
        of(
            "Node.js by its scripts",
            "package.json",
            """
            {"scripts": {"format:check": "prettier --check .", "lint": "eslint .", "typecheck": "tsc", "test": "vitest run"}}
            """,
            "package-lock.json",
            "{}"));
    all.add(
        of(
            "Node.js by its tools",
            "package.json",
            """
            {"prettier": {}, "devDependencies":
              {"prettier": "3", "@biomejs/biome": "2", "eslint": "9", "typescript": "5", "knip": "5", "jscpd": "4"}}
            """,
            "biome.json",
            "{}",
            "eslint.config.js",
            "",
            "tsconfig.json",
            "{}",
            "pnpm-lock.yaml",
            ""));
    all.add(of("Go", "go.mod", "", "a.go", "", "a_test.go", "", ".golangci.yml", ""));
    all.add(of("Rust", "Cargo.toml", "", "Cargo.lock", "", "deny.toml", "", "src/lib.rs", ""));
    all.add(
        of(
            "Java with Maven",
            "pom.xml",
            "spotless-maven-plugin fmt-maven-plugin maven-checkstyle-plugin spotbugs-maven-plugin"
                + " maven-pmd-plugin dependency-check-maven",
            "src/test/java/ATest.java",
            ""));
    all.add(
        of(
            "Java with Gradle",
            "build.gradle",
            "id 'com.diffplug.spotless'",
            "src/test/java/ATest.java",
            ""));
    all.add(
        of(
            "Every repository",
            ".github/workflows/ci.yml",
            "",
            "a.sh",
            "",
            ".shellcheckrc",
            "",
            "typos.toml",
            "",
            ".yamllint",
            "",
            ".markdownlint.json",
            "",
            ".ecrc",
            "",
            ".gitleaks.toml",
            "",
            ".hadolint.yaml",
            "",
            "Dockerfile",
            "",
            "a.tf",
            ""));
    return all;
  }

  private static CatalogueSample of(String title, String... pathsAndTexts) {
    Map<String, String> files = new LinkedHashMap<>();
    for (int i = 0; i < pathsAndTexts.length; i += 2) {
      files.put(pathsAndTexts[i], pathsAndTexts[i + 1]);
    }
    SourceTree tree = SourceTree.of(files.keySet(), files::get);
    return new CatalogueSample(title, Catalogue.gates(tree, Everything.INSTALLED));
  }

  /** A machine with every tool, and a project with its packages. */
  private enum Everything implements Tools {
    INSTALLED;

    @Override
    public @Nullable String onPath(String name) {
      // It is for every repository, and told there.
      return name.equals("gitleaks") ? null : name;
    }

    @Override
    public boolean inProject(String path) {
      return path.equals("node_modules");
    }
  }
}
