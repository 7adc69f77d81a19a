package dev.slipway.check;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What guards a Python project: the tools that its settings name, from its virtual environment. */
final class PythonGates implements Family {
  private static final List<String> PYTHON = List.of("py", "pyi", "ipynb");
  private static final List<String> SETTINGS =
      List.of("pyproject.toml", "setup.cfg", "tox.ini", "ruff.toml", ".ruff.toml", ".editorconfig");
  private static final String[] ENVIRONMENTS = {".venv", "venv", "env"};

  @Override
  public void detect(Detection found) {
    for (String folder : folders(found)) {
      new Project(found, folder).detect();
    }
  }

  /** Folders of Python projects: those with settings for one and with Python in them. */
  private static List<String> folders(Detection found) {
    List<String> folders = new ArrayList<>();
    for (String mark :
        new String[] {"pyproject.toml", "setup.py", "setup.cfg", "requirements.txt"}) {
      for (String path : found.tree.named(mark)) {
        String folder = SourceTree.folder(path);
        if (!folders.contains(folder)
            && Catalogue.shallow(folder)
            && found.tree.hasBelow(folder, ".py")) {
          folders.add(folder);
        }
      }
    }
    folders.sort(null);
    // Samples and fixtures within a project are the project's own business.
    List<String> kept = new ArrayList<>();
    for (String folder : folders) {
      if (folder.isEmpty() || !Catalogue.belongsTo(folder, kept) || standsAlone(found, folder)) {
        kept.add(folder);
      }
    }
    return kept;
  }

  /** Whether a folder within another project has tools of its own. */
  private static boolean standsAlone(Detection found, String folder) {
    return found.says(
        SourceTree.in(folder, "pyproject.toml"),
        "[tool.ruff",
        "[tool.pytest",
        "[tool.mypy",
        "[tool.black");
  }

  /** One project. */
  private static final class Project {
    private final Detection found;
    private final String folder;
    private final String pyproject;
    private final String setup;
    private final String tox;
    private final String hooks;

    Project(Detection found, String folder) {
      this.found = found;
      this.folder = folder;
      this.pyproject = SourceTree.in(folder, "pyproject.toml");
      this.setup = SourceTree.in(folder, "setup.cfg");
      this.tox = SourceTree.in(folder, "tox.ini");
      this.hooks = SourceTree.in(folder, ".pre-commit-config.yaml");
    }

    void detect() {
      formatters();
      linters();
      types();
      tests();
      audits();
      informs();
    }

    /** A gate of a tool that is called by its name. */
    private Draft gate(String name, String program, String package_) {
      Draft draft = found.gate(folder, name).tool(program);
      String environment = environment(program);
      String path = environment == null ? found.tools.onPath(program) : environment;
      if (environment != null) {
        draft.dependsOn(SourceTree.in(folder, environmentFolder(environment) + "/pyvenv.cfg"));
      }
      return draft
          .install("pip install " + package_)
          .program(path)
          .version(command(program) + " --version")
          .reads(PYTHON, SETTINGS);
    }

    /** How the tool is called from the project's folder. */
    private String command(String program) {
      String environment = environment(program);
      return environment == null ? program : up(environment);
    }

    /** The tool in the virtual environment of the project, from the root on; or null. */
    private @Nullable String environment(String program) {
      for (String name : ENVIRONMENTS) {
        String own = SourceTree.in(folder, name + "/bin/" + program);
        if (found.tools.inProject(own)) {
          return own;
        }
        String shared = name + "/bin/" + program;
        if (!folder.isEmpty() && found.tools.inProject(shared)) {
          return shared;
        }
      }
      return null;
    }

    private String environmentFolder(String program) {
      String relative =
          !folder.isEmpty() && program.startsWith(folder + "/")
              ? program.substring(folder.length() + 1)
              : program;
      return relative.substring(0, relative.indexOf("/bin/"));
    }

    /** A path from the root as seen from the project's folder. */
    private String up(String path) {
      if (folder.isEmpty()) {
        return path;
      }
      if (path.startsWith(folder + "/")) {
        return path.substring(folder.length() + 1);
      }
      return "../".repeat(folder.split("/").length) + path;
    }

    private @Nullable String ruffSettings() {
      String file = found.first(folder, "ruff.toml", ".ruff.toml");
      if (file != null) {
        return file;
      }
      return found.says(pyproject, "[tool.ruff") ? "[tool.ruff] in " + pyproject : null;
    }

    private void formatters() {
      boolean ruff =
          found.says(pyproject, "[tool.ruff.format") || found.says(hooks, "id: ruff-format");
      if (ruff) {
        gate("ruff-format", "ruff", "ruff")
            .because(
                found.says(pyproject, "[tool.ruff.format")
                    ? "[tool.ruff.format] in " + pyproject
                    : "ruff-format in " + hooks)
            .runs(command("ruff") + " format --check .")
            .report(Report.UNFORMATTED)
            .add();
      }
      // A project that has gone over to ruff often leaves black's settings behind.
      if (!ruff && (found.says(pyproject, "[tool.black") || found.says(hooks, "id: black"))) {
        gate("black", "black", "black")
            .because(
                found.says(pyproject, "[tool.black")
                    ? "[tool.black] in " + pyproject
                    : "black in " + hooks)
            .runs(command("black") + " --check --quiet . || " + command("black") + " --check .")
            .report(Report.UNFORMATTED)
            .add();
      }
      if (found.says(pyproject, "[tool.isort") || found.first(folder, ".isort.cfg") != null) {
        gate("isort", "isort", "isort")
            .because("[tool.isort] in " + pyproject)
            .runs(command("isort") + " --check-only .")
            .report(Report.UNFORMATTED)
            .add();
      }
    }

    private void linters() {
      String ruff = ruffSettings();
      String flake8 = flake8Settings();
      if (ruff != null) {
        ruffCheck().because(ruff).add();
      } else if (found.says(hooks, "id: ruff")) {
        ruffCheck().because("ruff in " + hooks).add();
      } else if (flake8 == null && available("ruff")) {
        ruffCheck()
            .kind(Kind.ADVISORY)
            .proposed()
            .because(
                "Python in " + where() + ", and ruff is installed; the project does not name it")
            .add();
      }
      if (flake8 != null) {
        gate("flake8", "flake8", "flake8").because(flake8).runs(command("flake8") + " .").add();
      }
      if (found.first(folder, ".pylintrc", "pylintrc") != null
          || found.says(pyproject, "[tool.pylint")) {
        gate("pylint", "pylint", "pylint")
            .tier(Tier.STRICT)
            .kind(Kind.OPTIONAL)
            .proposed()
            .because("settings of pylint in " + where())
            .runs(command("pylint") + " --score=n --recursive=y .")
            .add();
      }
      if (found.says(pyproject, "[tool.codespell") || found.says(setup, "[codespell]")) {
        gate("codespell", "codespell", "codespell")
            .because(
                found.says(pyproject, "[tool.codespell")
                    ? "[tool.codespell] in " + pyproject
                    : "[codespell] in " + setup)
            .runs(command("codespell"))
            .reads(Inputs.all(folder))
            .add();
      }
    }

    private Draft ruffCheck() {
      return gate("ruff", "ruff", "ruff")
          .runs(command("ruff") + " check --quiet --output-format=json -o \"$SLIPWAY_REPORT\" .")
          .report(Report.RUFF);
    }

    private @Nullable String flake8Settings() {
      String file = found.first(folder, ".flake8");
      if (file != null) {
        return file;
      }
      if (found.says(setup, "[flake8]")) {
        return "[flake8] in " + setup;
      }
      return found.says(tox, "[flake8]") ? "[flake8] in " + tox : null;
    }

    private void types() {
      String mypy = found.first(folder, "mypy.ini", ".mypy.ini");
      if (mypy == null && found.says(pyproject, "[tool.mypy")) {
        mypy = "[tool.mypy] in " + pyproject;
      }
      if (mypy == null && found.says(setup, "[mypy]")) {
        mypy = "[mypy] in " + setup;
      }
      if (mypy != null) {
        boolean names = namesFiles(mypy);
        gate("mypy", "mypy", "mypy")
            .tier(Tier.PRO)
            .because(mypy)
            .runs(
                command("mypy")
                    + " --no-error-summary --show-column-numbers --no-color-output"
                    + (names ? "" : " " + sources()))
            .add();
      }
      String pyright = found.first(folder, "pyrightconfig.json");
      if (pyright != null || found.says(pyproject, "[tool.pyright")) {
        gate("pyright", "pyright", "pyright")
            .tier(Tier.PRO)
            .because(pyright == null ? "[tool.pyright] in " + pyproject : pyright)
            .runs(command("pyright"))
            .add();
      }
    }

    /** Whether the settings of mypy say which files it is about. */
    private boolean namesFiles(String mypy) {
      String text =
          found.tree.text(
              mypy.startsWith("[tool") ? pyproject : mypy.startsWith("[") ? setup : mypy);
      int at = Math.max(0, text.indexOf("mypy]"));
      int end = text.indexOf("\n[", at);
      String section = end < 0 ? text.substring(at) : text.substring(at, end);
      for (String line : section.split("\n")) {
        String key = line.strip();
        if (key.startsWith("files") || key.startsWith("packages") || key.startsWith("modules")) {
          return true;
        }
      }
      return false;
    }

    private String sources() {
      return found.tree.hasBelow(SourceTree.in(folder, "src"), ".py") ? "src" : ".";
    }

    private void tests() {
      String why = pytestSettings();
      boolean configured = why != null;
      if (why == null) {
        why = testFiles();
      }
      if (why == null) {
        return;
      }
      boolean unittest = !configured && !available("pytest") && !dependsOnPytest();
      if (unittest) {
        String python = environment("python3") == null ? "python3" : command("python3");
        found
            .gate(folder, "unittest")
            .tool("unittest")
            .tier(Tier.PRO)
            .program(
                environment("python3") == null
                    ? found.tools.onPath("python3")
                    : environment("python3"))
            .install("install Python 3")
            .because(why)
            .runs(python + " -m unittest discover -q" + (hasTestFolder() ? " -s tests -t ." : ""))
            .reads(Inputs.all(folder))
            .report(Report.UNITTEST)
            .add();
        return;
      }
      gate("pytest", "pytest", "pytest")
          .tier(Tier.PRO)
          .because(why)
          .runs(pytest() + " -q --junitxml=\"$SLIPWAY_REPORT\"")
          .reads(Inputs.all(folder))
          .report(Report.JUNIT)
          .add();
      if (found.says(pyproject, "fail_under") || found.first(folder, ".coveragerc") != null) {
        gate("coverage", "coverage", "coverage")
            .tier(Tier.STRICT)
            .because(
                found.says(pyproject, "fail_under")
                    ? "fail_under in " + pyproject
                    : SourceTree.in(folder, ".coveragerc"))
            .runs(
                "export COVERAGE_FILE=\"$SLIPWAY_REPORT.coverage\"\n"
                    + command("coverage")
                    + " run -m pytest -q\n"
                    + command("coverage")
                    + " combine -q 2>/dev/null || true\n"
                    + command("coverage")
                    + " report")
            .reads(Inputs.all(folder))
            .report(Report.LAST_LINE)
            .after("pytest")
            .add();
      }
    }

    private String pytest() {
      String environment = environment("pytest");
      if (environment != null) {
        String python =
            environment.substring(0, environment.length() - "pytest".length()) + "python";
        return found.tools.inProject(python) ? up(python) + " -m pytest" : up(environment);
      }
      String path = found.tools.onPath("pytest");
      String python = found.tools.onPath("python3");
      boolean beside =
          path != null
              && python != null
              && SourceTree.folder(path).equals(SourceTree.folder(python));
      return beside ? "python3 -m pytest" : "pytest";
    }

    private @Nullable String pytestSettings() {
      if (found.says(pyproject, "[tool.pytest")) {
        return "[tool.pytest] in " + pyproject;
      }
      String file =
          found.first(
              folder,
              "pytest.ini",
              ".pytest.ini",
              "conftest.py",
              "tests/conftest.py",
              "test/conftest.py");
      if (file != null) {
        return file;
      }
      if (found.says(setup, "[tool:pytest]")) {
        return "[tool:pytest] in " + setup;
      }
      return found.says(tox, "[pytest]") ? "[pytest] in " + tox : null;
    }

    private boolean dependsOnPytest() {
      String requirements =
          found.first(folder, "requirements-dev.txt", "requirements.txt", "dev-requirements.txt");
      return found.says(pyproject, "pytest")
          || found.says(setup, "pytest")
          || found.says(tox, "pytest")
          || (requirements != null && found.says(requirements, "pytest"));
    }

    private boolean hasTestFolder() {
      return found.tree.hasFolder(SourceTree.in(folder, "tests"));
    }

    /** A file that looks like tests. */
    private @Nullable String testFiles() {
      for (String path : found.tree.below(folder)) {
        boolean test =
            path.endsWith("_test.py")
                || (path.endsWith(".py") && path.startsWith("test_", path.lastIndexOf('/') + 1));
        if (test && !Samples.data(path)) {
          return path;
        }
      }
      return null;
    }

    private void audits() {
      boolean bandit =
          found.says(pyproject, "[tool.bandit") || found.first(folder, ".bandit") != null;
      if (bandit || available("bandit")) {
        gate("bandit", "bandit", "bandit")
            .tier(Tier.STRICT)
            .kind(bandit ? Kind.REQUIRED : Kind.ADVISORY)
            .because(bandit ? "settings of bandit in " + where() : "bandit is installed")
            .runs(
                command("bandit")
                    + " -q -r . -f custom --msg-template '{relpath}:{line}: {severity}: {msg}"
                    + " [{test_id}]' -x ./.venv,./venv,./tests,./test,./.git"
                    + (found.says(pyproject, "[tool.bandit") ? " -c pyproject.toml" : ""))
            .add();
      }
      String locked =
          found.first(folder, "requirements.txt", "uv.lock", "poetry.lock", "pylock.toml");
      if (locked != null) {
        boolean requirements = locked.endsWith("requirements.txt");
        gate("pip-audit", "pip-audit", "pip-audit")
            .tier(Tier.STRICT)
            .kind(Kind.OPTIONAL)
            .proposed()
            .network()
            .because(locked)
            .runs(
                command("pip-audit")
                    + " --progress-spinner off"
                    + (requirements ? " -r requirements.txt --disable-pip --no-deps" : " --local"))
            .reads(Inputs.of(folder, List.of("lock"), List.of("requirements.txt", "pylock.toml")))
            .report(Report.LAST_LINE)
            .add();
      }
    }

    private void informs() {
      if (available("vulture") || found.says(pyproject, "[tool.vulture")) {
        gate("vulture", "vulture", "vulture")
            .tier(Tier.PROMAX)
            .kind(Kind.INFORMATIONAL)
            .proposed()
            .because("dead code in " + where())
            .runs(
                command("vulture")
                    + (found.says(pyproject, "[tool.vulture") ? "" : " " + sources()))
            .add();
      }
      if (available("radon")) {
        gate("radon", "radon", "radon")
            .tier(Tier.PROMAX)
            .kind(Kind.INFORMATIONAL)
            .proposed()
            .because("complexity of the Python in " + where())
            .runs(command("radon") + " cc -n C -s " + sources())
            .report(Report.LAST_LINE)
            .add();
      }
    }

    private boolean available(String program) {
      return environment(program) != null || found.tools.onPath(program) != null;
    }

    private String where() {
      return folder.isEmpty() ? "the project" : folder;
    }
  }
}
