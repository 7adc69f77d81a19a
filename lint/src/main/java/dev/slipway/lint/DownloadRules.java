package dev.slipway.lint;

import static dev.slipway.lint.Security.rule;
import static dev.slipway.lint.Security.workflow;

import dev.slipway.workflow.YamlNode;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rules about programs that are fetched while a workflow runs, and about how it publishes. */
final class DownloadRules {
  private static final Set<String> SHELLS =
      Set.of(
          "bash", "sh", "zsh", "dash", "python", "python3", "node", "perl", "ruby", "iex", "pwsh");

  private DownloadRules() {}

  static List<Rule> all() {
    return List.of(PIPED, UNVERIFIED, PACKAGE, PUBLISHING, PROVENANCE);
  }

  private static final Rule PIPED =
      rule(
              "piped-download",
              Severity.WARNING,
              Profile.STRICT,
              "A program from the network is run as it comes",
              "poutine:unverified_script_exec",
              "scorecard:pinned-dependencies")
          .why(
              """
              Whoever controls the server, or the account behind it, runs in the job, and may send another program to it than
              to people who look.
              """)
          .example(
              workflow("push", "      - run: curl -sSf https://example.org/install.sh | bash\n"),
              workflow(
                  "push",
                  "      - run: |\n"
                      + "          curl -sSf -o install.sh https://example.org/install-1.2.sh\n"
                      + "          echo \"$SHA256  install.sh\" | sha256sum --check\n"
                      + "          bash install.sh\n"))
          .check((file, found) -> {
            for (StepNode step : file.steps()) {
              YamlNode.Scalar run = step.run();
              if (run == null || !fetches(run.text())) {
                continue;
              }
              List<ShellCommand> commands = ShellCommands.of(run.text());
              for (int i = 0; i < commands.size(); i++) {
                piped(commands, i, run, found);
              }
            }
          });

  private static boolean fetches(String script) {
    return script.contains("curl") || script.contains("wget");
  }

  private static void piped(List<ShellCommand> commands, int i, YamlNode.Scalar run, Found found) {
    ShellCommand command = commands.get(i);
    boolean fetch = command.head().equals("curl") || command.head().equals("wget");
    ShellCommand next = i + 1 < commands.size() ? commands.get(i + 1) : null;
    boolean into =
        fetch && next != null && command.after().equals("|") && SHELLS.contains(next.head());
    boolean within = false;
    for (String word : command.words()) {
      boolean substituted = word.contains("$(curl ") || word.contains("$(wget ");
      within |= substituted && (command.words().contains("-c") || command.head().equals("eval"));
    }
    boolean reads =
        SHELLS.contains(command.head())
            || command.head().equals("source")
            || command.head().equals(".");
    if (reads && !into) {
      int end = run.text().indexOf('\n', command.start());
      String line = run.text().substring(command.start(), end < 0 ? run.text().length() : end);
      within |= line.contains("<(curl ") || line.contains("<(wget ");
    }
    if (into || within) {
      found.at(
          run,
          command.start(),
          into && next != null ? next.end() : command.end(),
          "This runs whatever the server sends",
          "fetch a named version, compare its checksum, then run it",
          null);
    }
  }

  private static final Rule UNVERIFIED =
      rule(
              "unverified-download",
              Severity.INFO,
              Profile.PEDANTIC,
              "A program from the network is run without a look at its checksum",
              "poutine:unverified_script_exec")
          .why("The file that is run is whatever the server had that day.")
          .example(
              workflow(
                  "push",
                  "      - run: |\n"
                      + "          curl -sSfo install.sh https://example.org/install.sh\n"
                      + "          bash install.sh\n"),
              workflow(
                  "push",
                  "      - run: |\n"
                      + "          curl -sSfo install.sh https://example.org/install.sh\n"
                      + "          echo \"$SHA256  install.sh\" | sha256sum --check\n"
                      + "          bash install.sh\n"))
          .check((file, found) -> {
            for (StepNode step : file.steps()) {
              YamlNode.Scalar run = step.run();
              if (run != null && fetches(run.text()) && !verifies(run.text())) {
                unverified(run, found);
              }
            }
          });

  private static boolean verifies(String script) {
    return script.contains("sha256sum")
        || script.contains("sha512sum")
        || script.contains("shasum")
        || script.contains("gpg ")
        || script.contains("cosign ")
        || script.contains("minisign")
        || script.contains("gh attestation");
  }

  private static void unverified(YamlNode.Scalar run, Found found) {
    Set<String> files = new HashSet<>();
    for (ShellCommand command : ShellCommands.of(run.text())) {
      List<String> words = command.program();
      boolean fetch = command.head().equals("curl") || command.head().equals("wget");
      for (int i = 1; i < words.size(); i++) {
        String word = words.get(i);
        boolean names =
            words.get(i - 1).startsWith("-")
                && !words.get(i - 1).startsWith("--")
                && (words.get(i - 1).endsWith("o") || words.get(i - 1).endsWith("O"));
        if (fetch && (names || words.get(i - 1).equals("--output"))) {
          files.add(plain(word));
        }
      }
      String ran = words.isEmpty() ? "" : plain(words.getFirst());
      boolean direct = files.contains(ran);
      boolean byShell =
          SHELLS.contains(command.head()) && files.contains(plain(command.argument(0)));
      if (!fetch && !ran.isEmpty() && (direct || byShell)) {
        found.at(
            run,
            command.start(),
            command.end(),
            "This runs a file that was fetched and not verified",
            "compare its checksum first: sha256sum --check",
            null);
      }
    }
  }

  private static String plain(String word) {
    String text = word.replace("\"", "").replace("'", "");
    return text.startsWith("./") ? text.substring(2) : text;
  }

  private static final Rule PACKAGE =
      rule(
              "package-outside-lockfile",
              Severity.INFO,
              Profile.STRICT,
              "A package is installed that no lockfile pins",
              "zizmor:adhoc-packages")
          .why(
              """
              `npm install NAME` takes the newest that the registry has, and runs its scripts. A version behind the name, or
              better a lockfile, says what is meant.
              """)
          .example(
              workflow("push", "      - run: npm install --global some-tool\n"),
              workflow("push", "      - run: npm ci\n"))
          .check((file, found) -> {
            for (StepNode step : file.steps()) {
              YamlNode.Scalar run = step.run();
              if (run == null || !installs(run.text())) {
                continue;
              }
              for (ShellCommand command : ShellCommands.of(run.text())) {
                if (adHoc(command)) {
                  found.at(
                      run,
                      command.start(),
                      command.end(),
                      "No lockfile pins what this installs",
                      "add it to the project's own dependencies, or name a version",
                      null);
                }
              }
            }
          });

  private static boolean installs(String script) {
    return script.contains("npm ")
        || script.contains("yarn ")
        || script.contains("gem ")
        || script.contains("bundle ");
  }

  private static boolean adHoc(ShellCommand command) {
    String verb = command.argument(0);
    String name = command.argument(1);
    boolean named =
        !name.isEmpty()
            && !name.startsWith(".")
            && !name.startsWith("/")
            && !name.endsWith(".tgz")
            && !name.endsWith(".gem");
    return named
        && switch (command.head()) {
          case "npm" ->
              switch (verb) {
                case "install", "i", "add", "in", "ins", "inst", "insta", "instal", "isnt" -> true;
                default -> false;
              };
          case "yarn", "pnpm" ->
              verb.equals("add") || (verb.equals("global") && name.equals("add"));
          case "gem" -> verb.equals("install") || verb.equals("i");
          case "bundle" -> verb.equals("add");
          default -> false;
        };
  }

  private static final Rule PUBLISHING =
      rule(
              "publishing-token",
              Severity.INFO,
              Profile.STRICT,
              "A package is published with a token that lives long",
              "zizmor:use-trusted-publishing")
          .why(
              """
              npm, PyPI, crates.io and RubyGems take the identity of the run itself (`id-token: write`) in place of a token
              that can be stolen and used from anywhere.
              """)
          .example(
              workflow(
                  "release",
                  "      - run: npm publish\n"
                      + "        env:\n"
                      + "          NODE_AUTH_TOKEN: ${{ secrets.NPM_TOKEN }}\n"),
              "on: release\npermissions:\n  id-token: write\n"
                  + workflow("release", "      - run: npm publish\n")
                      .substring("on: release\npermissions: {}\n".length()))
          .check((file, found) -> {
            for (StepNode step : file.steps()) {
              publishing(file, step, found);
            }
          });

  private static void publishing(LintFile file, StepNode step, Found found) {
    YamlNode.Scalar uses = step.uses();
    String slug = uses == null ? "" : Security.slug(uses.text());
    String input =
        switch (slug) {
          case "pypa/gh-action-pypi-publish" -> "password";
          case "rubygems/configure-rubygems-credentials" -> "api-token";
          case "js-devtools/npm-publish" -> "token";
          case "katyo/publish-crates" -> "registry-token";
          default -> "";
        };
    if (uses != null && !input.isEmpty() && step.with(input) != null) {
      found.at(uses, "This publishes with a token that lives long", "use trusted publishing");
    }
    YamlNode.Scalar run = step.run();
    if (run == null || !run.text().contains("p") || !secretAround(file, step)) {
      return;
    }
    for (ShellCommand command : ShellCommands.of(run.text())) {
      String verb = command.argument(0);
      boolean publishes =
          switch (command.head()) {
            case "npm", "pnpm", "cargo", "poetry", "uv", "hatch", "flit", "pdm" ->
                verb.equals("publish");
            case "yarn" ->
                verb.equals("publish")
                    || (verb.equals("npm") && command.argument(1).equals("publish"));
            case "twine" -> verb.equals("upload");
            case "gem" -> verb.equals("push");
            case "dotnet" -> verb.equals("nuget") && command.argument(1).equals("push");
            case "nuget" -> verb.equals("push");
            default -> false;
          };
      if (publishes && !command.words().contains("--dry-run")) {
        found.at(
            run,
            command.start(),
            command.end(),
            "This publishes with a token that lives long",
            "use trusted publishing",
            null);
      }
    }
  }

  /** Whether the step has a secret in its variables or script, or its job's. */
  private static boolean secretAround(LintFile file, StepNode step) {
    JobNode job = step.job();
    YamlNode.Scalar run = step.run();
    return (run != null && run.text().contains("secrets."))
        || secretIn(file, step.body())
        || (job != null && secretIn(file, job.body()))
        || secretIn(file, file.root());
  }

  private static boolean secretIn(LintFile file, YamlNode.@Nullable Mapping owner) {
    for (ExpressionUse use : file.variables(owner)) {
      for (List<String> path : use.flows()) {
        String name = path.getLast().toLowerCase(Locale.ROOT);
        if (path.getFirst().equals("secrets") && !name.equals("github_token")) {
          return true;
        }
      }
    }
    return false;
  }

  private static final Rule PROVENANCE =
      rule(
              "missing-provenance",
              Severity.STYLE,
              Profile.PEDANTIC,
              "A package is published without a word on what built it",
              "codeql:actions/missing-provenance-flag")
          .why(
              """
              With `--provenance` the registry shows which run of which commit built the package, so that people can check it.
              """)
          .example(
              "on: release\npermissions:\n  id-token: write\n"
                  + workflow(
                          "release",
                          "      - run: npm publish\n"
                              + "        env:\n"
                              + "          NODE_AUTH_TOKEN: ${{ secrets.NPM_TOKEN }}\n")
                      .substring("on: release\npermissions: {}\n".length()),
              "on: release\npermissions:\n  id-token: write\n"
                  + workflow(
                          "release",
                          "      - run: npm publish --provenance\n"
                              + "        env:\n"
                              + "          NODE_AUTH_TOKEN: ${{ secrets.NPM_TOKEN }}\n")
                      .substring("on: release\npermissions: {}\n".length()))
          .check((file, found) -> {
            for (StepNode step : file.steps()) {
              YamlNode.Scalar run = step.run();
              if (run == null || !run.text().contains("npm publish") || !secretAround(file, step)) {
                continue;
              }
              for (ShellCommand command : ShellCommands.of(run.text())) {
                List<String> words = command.words();
                if (command.head().equals("npm")
                    && command.argument(0).equals("publish")
                    && !words.contains("--provenance")
                    && !words.contains("--provenance=true")
                    && !words.contains("--dry-run")
                    && !file.text().contains("NPM_CONFIG_PROVENANCE")) {
                  found.at(
                      run,
                      command.start(),
                      command.end(),
                      "Nobody can check what built this package",
                      "add --provenance, and 'id-token: write' to the job's permissions",
                      null);
                }
              }
            }
          });
}
