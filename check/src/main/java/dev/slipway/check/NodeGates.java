package dev.slipway.check;

import dev.slipway.workflow.expression.ExpressionException;
import dev.slipway.workflow.expression.Json;
import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What guards packages of Node.js: the scripts of {@code package.json} first, then the tools that
 * it depends on, from {@code node_modules/.bin}. Packages of a workspace whose root has a script
 * for something are not asked for it one by one.
 */
final class NodeGates implements Family {
  private static final List<String> CODE =
      List.of(
          "js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx", "vue", "svelte", "astro", "json");
  private static final List<String> SETTINGS =
      List.of(
          "package.json",
          ".eslintrc",
          ".eslintrc.yml",
          ".eslintrc.yaml",
          ".eslintignore",
          ".prettierrc",
          ".prettierrc.yml",
          ".prettierrc.yaml",
          ".prettierrc.toml",
          ".prettierignore",
          ".editorconfig",
          "pnpm-lock.yaml",
          "yarn.lock");
  private static final String[] FORMAT_SCRIPTS = {
    "format:check",
    "check:format",
    "check-format",
    "format-check",
    "fmt:check",
    "prettier:check",
    "check:prettier"
  };
  private static final String[] LINT_SCRIPTS = {"lint", "lint:check", "eslint", "lint:js", "xo"};
  private static final String[] TYPE_SCRIPTS = {
    "typecheck",
    "type-check",
    "types",
    "check-types",
    "check:types",
    "tsc",
    "test:types",
    "lint:types"
  };

  @Override
  public void detect(Detection found) {
    List<NodePackage> roots = new ArrayList<>();
    for (String path : found.tree.named("package.json")) {
      String folder = SourceTree.folder(path);
      if (!Catalogue.shallow(folder)) {
        continue;
      }
      ObjectValue manifest = manifest(found.tree.text(path));
      if (manifest == null) {
        continue;
      }
      NodePackage above = null;
      for (NodePackage root : roots) {
        if (root.folder.isEmpty() || folder.startsWith(root.folder + "/")) {
          above = root;
        }
      }
      NodePackage one = new NodePackage(found, folder, manifest, above);
      one.detect();
      roots.add(one);
    }
  }

  private static @Nullable ObjectValue manifest(String text) {
    if (text.isBlank()) {
      return null;
    }
    try {
      return Json.parse(text) instanceof ObjectValue object ? object : null;
    } catch (ExpressionException notJson) {
      return null;
    }
  }

  /** One package. */
  private static final class NodePackage {
    private final Detection found;
    private final String folder;
    private final String file;
    private final ObjectValue manifest;
    private final @Nullable NodePackage above;
    private final boolean workspace;
    private boolean formats;
    private boolean lints;
    private boolean checksTypes;
    private boolean tests;

    NodePackage(Detection found, String folder, ObjectValue manifest, @Nullable NodePackage above) {
      this.found = found;
      this.folder = folder;
      this.file = SourceTree.in(folder, "package.json");
      this.manifest = manifest;
      this.above = above;
      this.workspace =
          manifest.get("workspaces") != null
              || found.first(folder, "pnpm-workspace.yaml", "lerna.json", "nx.json", "turbo.json")
                  != null;
    }

    void detect() {
      NodePackage root = above;
      boolean covered = root != null && root.workspace;
      formats = covered && root != null && root.formats;
      lints = covered && root != null && root.lints;
      checksTypes = covered && root != null && root.checksTypes;
      tests = covered && root != null && root.tests;
      if (!formats) {
        format();
      }
      if (!lints) {
        lint();
      }
      if (!checksTypes) {
        types();
      }
      if (!tests) {
        tests();
      }
      if (root == null) {
        audit();
        informs();
      }
    }

    private void format() {
      String script = script(FORMAT_SCRIPTS);
      String settings =
          found.first(
              folder,
              ".prettierrc",
              ".prettierrc.json",
              ".prettierrc.yml",
              ".prettierrc.yaml",
              ".prettierrc.js",
              ".prettierrc.cjs",
              ".prettierrc.mjs",
              ".prettierrc.toml",
              "prettier.config.js",
              "prettier.config.cjs",
              "prettier.config.mjs");
      if (script != null) {
        scripted("format", script).report(Report.UNFORMATTED).add();
        formats = true;
      } else if (dependsOn("prettier") && (settings != null || manifest.get("prettier") != null)) {
        tool("prettier", "prettier")
            .because(settings == null ? "\"prettier\" in " + file : settings)
            .runs(bin("prettier") + " --check --log-level warn .")
            .reads(Inputs.all(folder))
            .report(Report.UNFORMATTED)
            .add();
        formats = true;
      }
      if (dependsOn("@biomejs/biome") && found.first(folder, "biome.json", "biome.jsonc") != null) {
        tool("biome", "biome")
            .because(SourceTree.in(folder, "biome.json"))
            .runs(bin("biome") + " check --colors=off .")
            .reads(Inputs.all(folder))
            .add();
        formats = true;
      }
    }

    private void lint() {
      String script = script(LINT_SCRIPTS);
      String settings =
          found.first(
              folder,
              "eslint.config.js",
              "eslint.config.mjs",
              "eslint.config.cjs",
              "eslint.config.ts",
              ".eslintrc.js",
              ".eslintrc.cjs",
              ".eslintrc.json",
              ".eslintrc.yml",
              ".eslintrc.yaml",
              ".eslintrc");
      if (script != null) {
        scripted("lint", script).report(Report.ESLINT).add();
        lints = true;
      } else if (settings != null && dependsOn("eslint")) {
        tool("eslint", "eslint")
            .because(settings)
            .runs(bin("eslint") + " --no-color .")
            .report(Report.ESLINT)
            .add();
        lints = true;
      } else if (dependsOn("xo")) {
        tool("xo", "xo").because("xo in " + file).runs(bin("xo")).report(Report.ESLINT).add();
        lints = true;
      } else if (dependsOn("standard")) {
        tool("standard", "standard").because("standard in " + file).runs(bin("standard")).add();
        lints = true;
      }
    }

    private void types() {
      String script = script(TYPE_SCRIPTS);
      String settings = found.first(folder, "tsconfig.json");
      if (script != null) {
        scripted("types", script).tier(Tier.PRO).add();
        checksTypes = true;
      } else if (settings != null && dependsOn("typescript")) {
        boolean references = found.says(settings, "\"references\"");
        tool("tsc", "tsc")
            .tier(Tier.PRO)
            .because(settings)
            .runs(bin("tsc") + (references ? " --build --noEmit" : " --noEmit") + " --pretty false")
            .add();
        checksTypes = true;
      }
    }

    private void tests() {
      String command = scriptText("test");
      if (command.isEmpty() || command.contains("no test specified")) {
        return;
      }
      Draft draft = scripted("test", "test").tier(Tier.PRO).reads(Inputs.all(folder));
      if (command.startsWith("vitest") && !command.contains("&&")) {
        String rest =
            command.equals("vitest") || command.equals("vitest run")
                ? ""
                : command.substring(6).replace(" run", "");
        draft
            .runs(
                bin("vitest")
                    + " run"
                    + rest
                    + " --reporter=default --reporter=junit --outputFile.junit=\"$SLIPWAY_REPORT\"")
            .report(Report.JUNIT);
      } else {
        draft.report(Report.TESTS);
      }
      draft.add();
      tests = true;
    }

    private void audit() {
      String lock =
          found.first(
              folder, "package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "yarn.lock");
      if (lock == null) {
        return;
      }
      String manager = manager();
      String command =
          manager.equals("yarn")
              ? "yarn npm audit --severity high"
              : manager + " audit --audit-level=high";
      found
          .gate(folder, manager + "-audit")
          .tool(manager)
          .tier(Tier.STRICT)
          .kind(Kind.OPTIONAL)
          .proposed()
          .network()
          .because(lock)
          .program(found.tools.onPath(manager))
          .install("install " + manager)
          .runs(command)
          .reads(Inputs.of(folder, List.of("lock"), List.of("package.json", SourceTree.name(lock))))
          .report(Report.LAST_LINE)
          .add();
    }

    private void informs() {
      for (String name : new String[] {"knip", "jscpd", "depcheck", "ts-prune"}) {
        if (dependsOn(name)) {
          tool(name, name)
              .tier(Tier.PROMAX)
              .kind(Kind.INFORMATIONAL)
              .proposed()
              .because(name + " in " + file)
              .runs(bin(name) + (name.equals("jscpd") ? " ." : ""))
              .add();
        }
      }
    }

    /** A gate that is a script of the package. */
    private Draft scripted(String gate, String script) {
      String manager = manager();
      String command = scriptText(script);
      String name = gate.equals("test") ? "test" : gate;
      Draft draft =
          found
              .gate(folder, name)
              .tool(firstWord(command))
              .because("script \"" + script + "\" in " + file + ": " + command)
              .runs(manager + (manager.equals("npm") ? " run --silent " : " run ") + script)
              .program(found.tools.onPath(manager))
              .install("install " + manager)
              .reads(CODE, SETTINGS);
      return installed(draft);
    }

    /** A gate that is a tool of the package. */
    private Draft tool(String gate, String program) {
      return installed(
          found
              .gate(folder, gate)
              .tool(program)
              .version(bin(program) + " --version")
              .program(found.tools.onPath("node"))
              .install("install Node.js")
              .reads(CODE, SETTINGS));
    }

    /** Says how to install the packages where that was not done. */
    private Draft installed(Draft draft) {
      String modules = modules();
      if (modules != null) {
        return draft
            .dependsOn(modules + "/.package-lock.json")
            .dependsOn(modules + "/.modules.yaml")
            .dependsOn(modules + "/.yarn-state.yml");
      }
      if (manifest.get("dependencies") == null && manifest.get("devDependencies") == null) {
        return draft;
      }
      return draft
          .missing("its packages are not installed")
          .install(installCommand() + (folder.isEmpty() ? "" : " (in " + rootFolder() + ")"));
    }

    private String rootFolder() {
      NodePackage root = above;
      return root != null && root.workspace
          ? (root.folder.isEmpty() ? "the root" : root.folder)
          : folder;
    }

    private @Nullable String modules() {
      String own = SourceTree.in(folder, "node_modules");
      if (found.tools.inProject(own)) {
        return own;
      }
      for (NodePackage root = above; root != null; root = root.above) {
        String shared = SourceTree.in(root.folder, "node_modules");
        if (root.workspace && found.tools.inProject(shared)) {
          return shared;
        }
      }
      return null;
    }

    /** How a tool of the package is called from its folder. */
    private String bin(String program) {
      if (found.tools.inProject(SourceTree.in(folder, "node_modules/.bin/" + program))) {
        return "node_modules/.bin/" + program;
      }
      String up = "../".repeat(folder.isEmpty() ? 0 : folder.split("/").length);
      for (NodePackage root = above; root != null; root = root.above) {
        String path = SourceTree.in(root.folder, "node_modules/.bin/" + program);
        if (found.tools.inProject(path)) {
          return up + path;
        }
      }
      return "node_modules/.bin/" + program;
    }

    private String installCommand() {
      boolean locked = found.first(folder, "package-lock.json", "npm-shrinkwrap.json") != null;
      return switch (manager()) {
        case "pnpm" -> "pnpm install --frozen-lockfile";
        case "yarn" -> "yarn install";
        case "bun" -> "bun install";
        default -> locked ? "npm ci" : "npm install";
      };
    }

    private String manager() {
      for (NodePackage at = this; at != null; at = at.above) {
        if (found.first(at.folder, "pnpm-lock.yaml") != null) {
          return "pnpm";
        }
        if (found.first(at.folder, "yarn.lock") != null) {
          return "yarn";
        }
        if (found.first(at.folder, "bun.lock", "bun.lockb") != null) {
          return "bun";
        }
        if (found.first(at.folder, "package-lock.json") != null) {
          return "npm";
        }
      }
      return "npm";
    }

    private boolean dependsOn(String name) {
      for (NodePackage at = this; at != null; at = at.above) {
        for (String section : new String[] {"devDependencies", "dependencies"}) {
          if (at.manifest.get(section) instanceof ObjectValue all && all.get(name) != null) {
            return true;
          }
        }
      }
      return false;
    }

    /** The first of these scripts that the package has and that only looks. */
    private @Nullable String script(String[] names) {
      for (String name : names) {
        String text = scriptText(name);
        if (!text.isEmpty() && !writes(text)) {
          return name;
        }
      }
      return null;
    }

    /** Whether a script changes files. */
    private static boolean writes(String script) {
      return script.contains("--fix") || script.contains("--write") || script.contains(" -w ");
    }

    private String scriptText(String name) {
      if (manifest.get("scripts") instanceof ObjectValue scripts) {
        Value value = scripts.get(name);
        return value == null ? "" : value.toText();
      }
      return "";
    }

    private static String firstWord(String command) {
      String[] words = command.strip().split("\\s+");
      for (String word : words) {
        if (!word.contains("=") && !word.equals("npx") && !word.equals("cross-env")) {
          return word;
        }
      }
      return command;
    }
  }
}
