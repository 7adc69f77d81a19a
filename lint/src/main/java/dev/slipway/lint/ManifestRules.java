package dev.slipway.lint;

import dev.slipway.workflow.YamlNode;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rules about the manifests of actions beyond what their reader refuses. */
final class ManifestRules {
  private static final Set<String> COLOURS =
      Set.of("white", "black", "yellow", "blue", "green", "orange", "red", "purple", "gray-dark");

  private static final String ACTION = "name: Greet\ndescription: Says hello\n";
  private static final String STEPS =
      "runs:\n  using: composite\n  steps:\n    - id: say\n      run: ./say >> \"$GITHUB_OUTPUT\"\n"
          + "      shell: bash\n";

  private ManifestRules() {}

  private static final class Icons {
    private static final Set<String> NAMES = NameTable.read("icons.txt");
  }

  static List<Rule> all() {
    return List.of(FILES, OUTPUTS, BRANDING, DESCRIBED);
  }

  private static Rule rule(String id, Profile profile, String title) {
    return Rule.of(id, Topic.CORRECTNESS, Severity.WARNING, profile, title)
        .covers("actionlint:action")
        .in(FileKind.ACTION);
  }

  private static final Rule FILES =
      rule("missing-action-file", Profile.DEFAULT, "A manifest names a file that is not there")
          .why("The action fails before its first line. What a build makes must be committed.")
          .example(ACTION + "runs:\n  using: node24\n  main: missing.js\n", ACTION + STEPS)
          .check((file, found) -> {
            if (!file.project().known()) {
              return;
            }
            YamlNode runs = Trees.get(file.root(), "runs");
            boolean docker = Trees.text(runs, "using").equalsIgnoreCase("docker");
            for (String key :
                docker
                    ? List.of("image", "entrypoint", "pre-entrypoint", "post-entrypoint")
                    : List.of("main", "pre", "post")) {
              YamlNode.Scalar named = Trees.scalar(runs, key);
              // An entry point without a folder may be a program of the image.
              boolean image = docker && key.equals("image");
              if (named == null
                  || named.text().isBlank()
                  || named.text().contains("${{")
                  || named.text().startsWith("/")
                  || (docker && !image)
                  || named.text().startsWith("docker://")) {
                continue;
              }
              String path = resolved(file.path(), named.text());
              if (path != null && !file.project().exists(path) && !ignored(file, path)) {
                found.at(
                    named, "There is no file '" + path + "'", "commit it, or correct the path");
              }
            }
          });

  /** A path that counts from the manifest's folder, from the project's root; null outside of it. */
  private static @Nullable String resolved(String manifest, String named) {
    java.util.ArrayDeque<String> parts = new java.util.ArrayDeque<>();
    String folder = manifest.substring(0, manifest.lastIndexOf('/') + 1);
    for (String part : (folder + named).split("/", -1)) {
      if (part.equals("..")) {
        if (parts.pollLast() == null) {
          return null;
        }
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.addLast(part);
      }
    }
    return String.join("/", parts);
  }

  /** Whether Git leaves the file's folder out, so that something else must make it. */
  private static boolean ignored(LintFile file, String path) {
    String ignores = file.project().text(".gitignore");
    if (ignores == null) {
      return false;
    }
    int slash = path.indexOf('/');
    String first = slash < 0 ? path : path.substring(0, slash);
    for (String line : ignores.split("\n", -1)) {
      String name = line.strip();
      name = name.startsWith("/") ? name.substring(1) : name;
      name = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
      if (name.equals(first) || name.equals("**/" + first)) {
        return true;
      }
    }
    return false;
  }

  private static final Rule OUTPUTS =
      rule(
              "action-output-value",
              Profile.DEFAULT,
              "An output of a composite action without a value")
          .why(
              "Only `value` carries something out of the steps of a composite action; without it"
                  + " the output is always empty. In other actions `value` means nothing.")
          .example(
              ACTION + "outputs:\n  text:\n    description: What was said\n" + STEPS,
              ACTION
                  + "outputs:\n  text:\n    description: What was said\n"
                  + "    value: ${{ steps.say.outputs.text }}\n"
                  + STEPS)
          .check((file, found) -> {
            String using = Trees.text(Trees.get(file.root(), "runs"), "using");
            boolean composite = using.toLowerCase(Locale.ROOT).equals("composite");
            for (YamlNode.Member output : Trees.members(Trees.get(file.root(), "outputs"))) {
              YamlNode value = Trees.get(output.value(), "value");
              if (composite && value == null) {
                found.at(
                    output.key(),
                    "The output '" + output.key().text() + "' has no value",
                    "add 'value: ${{ steps.ID.outputs.NAME }}'");
              } else if (!composite && !using.isEmpty() && value != null) {
                found.at(
                    output.key(),
                    "The value of the output '" + output.key().text() + "' is not looked at",
                    "remove it; the program itself sets the output");
              }
            }
          });

  private static final Rule BRANDING =
      rule("action-branding", Profile.DEFAULT, "An icon or colour that GitHub's marketplace lacks")
          .why("The action cannot be published in the marketplace.")
          .example(
              ACTION + "branding:\n  icon: bananna\n  color: pink\n" + STEPS,
              ACTION + "branding:\n  icon: award\n  color: blue\n" + STEPS)
          .check((file, found) -> {
            YamlNode branding = Trees.get(file.root(), "branding");
            YamlNode.Scalar colour = Trees.scalar(branding, "color");
            if (colour != null && !COLOURS.contains(colour.text().toLowerCase(Locale.ROOT))) {
              found.at(
                  colour,
                  "'" + colour.text() + "' is no colour of the marketplace",
                  NearName.hint(colour.text(), new java.util.TreeSet<>(COLOURS)));
            }
            YamlNode.Scalar icon = Trees.scalar(branding, "icon");
            if (icon != null && !Icons.NAMES.contains(icon.text().toLowerCase(Locale.ROOT))) {
              found.at(
                  icon,
                  "'" + icon.text() + "' is no icon of the marketplace",
                  NearName.hint(icon.text(), Icons.NAMES));
            }
          });

  private static final Rule DESCRIBED =
      rule("undescribed-action", Profile.PEDANTIC, "An action without a name or a description")
          .why("People see them in the marketplace and in the log; GitHub runs it without, too.")
          .example("name: Greet\n" + STEPS, ACTION + STEPS)
          .check((file, found) -> {
            YamlNode.Mapping root = file.root();
            for (String key : List.of("name", "description")) {
              if (root != null && !root.members().isEmpty() && Trees.text(root, key).isBlank()) {
                found.at(
                    root.members().getFirst().key(),
                    "The action has no '" + key + "'",
                    "add '" + key + ":'");
              }
            }
          });
}
