package dev.slipway.lint;

import static dev.slipway.lint.Security.rule;
import static dev.slipway.lint.Security.workflow;

import dev.slipway.workflow.YamlNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rules about credentials in the file itself and in what a run publishes. */
final class CredentialRules {
  private static final String[] PREFIXES = {
    "ghp_",
    "gho_",
    "ghs_",
    "ghu_",
    "github_pat_",
    "glpat-",
    "xoxb-",
    "xoxp-",
    "npm_",
    "pypi-AgEI",
    "AKIA",
    "sk_live_",
    "rk_live_",
    "AIza",
    "dop_v1_",
    "hf_",
    "sk-ant-",
    "SG."
  };
  private static final int[] LENGTHS = {
    40, 40, 40, 40, 60, 26, 40, 40, 40, 60, 20, 30, 30, 39, 70, 37, 60, 60
  };

  /** The least that any of them has before a dot; those that begin with {@code SG.} have none. */
  private static final int SHORTEST = 20;

  private CredentialRules() {}

  static List<Rule> all() {
    return List.of(CREDENTIALS, LOGGED, ARTIFACT);
  }

  private static String container(String password) {
    return "on: push\n"
        + "jobs:\n"
        + "  test:\n"
        + "    runs-on: ubuntu-latest\n"
        + "    container:\n"
        + "      image: r.example/i:1\n"
        + "      credentials:\n"
        + "        username: u\n"
        + "        password: "
        + password
        + "\n    steps:\n"
        + "      - run: make\n";
  }

  private static final Rule CREDENTIALS =
      rule(
              "hardcoded-credentials",
              Severity.ERROR,
              Profile.DEFAULT,
              "A password in the workflow file",
              "zizmor:hardcoded-container-credentials",
              "actionlint:credentials")
          .why(
              """
              Everybody who can read the repository, now or ever, has it. Looked for are passwords of containers and tokens
              whose form gives them away.
              """)
          .example(container("hunter2"), container("${{ secrets.PASSWORD }}"))
          .check((file, found) -> {
            for (JobNode job : file.jobs()) {
              credentials(Trees.get(job.body(), "container"), found);
              for (YamlNode.Member service : Trees.members(Trees.get(job.body(), "services"))) {
                credentials(service.value(), found);
              }
            }
            for (YamlNode.Scalar scalar : file.scalars()) {
              tokens(scalar, found);
            }
          });

  private static void credentials(@Nullable YamlNode container, Found found) {
    YamlNode.Scalar password = Trees.scalar(Trees.get(container, "credentials"), "password");
    if (password != null && !password.text().isBlank() && !password.text().contains("${{")) {
      found.at(
          password, "The password stands in the file", "make it a secret: ${{ secrets.NAME }}");
    }
  }

  private static void tokens(YamlNode.Scalar scalar, Found found) {
    String text = scalar.text();
    if (text.length() < SHORTEST) {
      return;
    }
    // Once over the text, for every prefix: few words are as long as a token.
    for (int at = 0; at < text.length(); at++) {
      int start = at;
      while (at < text.length() && word(text.charAt(at))) {
        at++;
      }
      if (at - start >= SHORTEST || text.startsWith("SG.", start)) {
        int end = wordEnd(text, at);
        if (token(text.substring(start, end))) {
          found.at(
              scalar,
              start,
              end,
              "A token stands in the file",
              "take it back and make it a secret",
              null);
          return;
        }
      }
    }
    int key = text.length() < 200 ? -1 : text.indexOf("PRIVATE KEY-----\n");
    if (key >= 0
        && text.startsWith("-----BEGIN ", Math.max(0, text.lastIndexOf("-----BEGIN", key)))
        && text.length() > key + 200) {
      found.at(
          scalar,
          text.lastIndexOf("-----BEGIN", key),
          key + 16,
          "A private key stands in the file",
          "make another one and keep it as a secret",
          null);
    }
  }

  private static boolean token(String word) {
    for (int i = 0; i < PREFIXES.length; i++) {
      if (word.startsWith(PREFIXES[i]) && word.length() >= LENGTHS[i] && random(word)) {
        return true;
      }
    }
    return false;
  }

  private static int wordEnd(String text, int from) {
    int end = from;
    while (end < text.length() && (word(text.charAt(end)) || text.charAt(end) == '.')) {
      end++;
    }
    return end;
  }

  private static boolean word(char c) {
    boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '-'
        || (c > '~' && Character.isLetterOrDigit(c));
  }

  /** Whether a text has the look of chance, and not of an example such as {@code ghp_xxxx}. */
  private static boolean random(String token) {
    Set<Character> letters = new HashSet<>();
    boolean digits = false;
    for (int i = 4; i < token.length(); i++) {
      letters.add(token.charAt(i));
      digits |= Character.isDigit(token.charAt(i));
    }
    return digits && letters.size() >= 12 && !token.contains("EXAMPLE");
  }

  private static final Rule LOGGED =
      rule(
              "secret-in-log",
              Severity.WARNING,
              Profile.STRICT,
              "A secret is printed in a form that logs do not mask",
              "sisakulint:unmasked-secret-exposure")
          .why(
              """
              Logs mask a secret as it is. Turned into base64 or hex, reversed or cut, it stands there for everybody to read
              and turn back.
              """)
          .example(
              workflow(
                  "push",
                  "      - run: echo \"$TOKEN\" | base64\n"
                      + "        env:\n"
                      + "          TOKEN: ${{ secrets.TOKEN }}\n"),
              workflow(
                  "push",
                  "      - run: echo \"$TOKEN\" | base64 > token.txt\n"
                      + "        env:\n"
                      + "          TOKEN: ${{ secrets.TOKEN }}\n"))
          .check((file, found) -> {
            for (StepNode step : file.steps()) {
              YamlNode.Scalar run = step.run();
              if (run != null && encodes(run.text())) {
                logged(file, step, run, found);
              }
            }
          });

  private static boolean encodes(String script) {
    return script.contains("base64")
        || script.contains("xxd")
        || script.contains("| rev")
        || script.contains("| cut")
        || script.contains("| sed");
  }

  private static void logged(LintFile file, StepNode step, YamlNode.Scalar run, Found found) {
    Set<String> names = new HashSet<>();
    for (YamlNode.Mapping owner : owners(file, step)) {
      for (ExpressionUse use : file.variables(owner)) {
        for (List<String> path : use.flows()) {
          if (path.getFirst().equals("secrets")) {
            names.add(use.key());
          }
        }
      }
    }
    String text = run.text();
    List<ShellCommand> commands = ShellCommands.of(text);
    for (int i = 0; i + 1 < commands.size(); i++) {
      ShellCommand command = commands.get(i);
      ShellCommand next = commands.get(i + 1);
      boolean prints = command.head().equals("echo") || command.head().equals("printf");
      boolean decodes =
          next.words().contains("-d")
              || next.words().contains("--decode")
              || next.words().contains("-D")
              || next.words().contains("-r");
      if (prints
          && command.after().equals("|")
          && encodes("| " + next.head() + " ")
          && !decodes
          && !next.after().equals("|")
          && !next.redirected()
          && command.tested() == next.tested()
          && holds(text.substring(command.start(), command.end()), names)) {
        found.at(
            run,
            command.start(),
            next.end(),
            "This prints a secret in a form that is not masked",
            "do not print it; write it to a file if a program needs it so",
            null);
      }
    }
  }

  private static List<YamlNode.Mapping> owners(LintFile file, StepNode step) {
    List<YamlNode.Mapping> owners = new java.util.ArrayList<>(List.of(step.body()));
    JobNode job = step.job();
    if (job != null) {
      owners.add(job.body());
    }
    YamlNode.Mapping root = file.root();
    if (root != null) {
      owners.add(root);
    }
    return owners;
  }

  private static boolean holds(String command, Set<String> names) {
    if (command.contains("secrets.")) {
      return true;
    }
    for (int at = command.indexOf('$'); at >= 0; at = command.indexOf('$', at + 1)) {
      if (names.contains(ScriptFlow.referred(command, at))) {
        return true;
      }
    }
    return false;
  }

  private static final Rule ARTIFACT =
      rule(
              "secret-in-artifact",
              Severity.WARNING,
              Profile.STRICT,
              "A file that holds secrets is uploaded",
              "codeql:actions/secrets-in-artifacts")
          .why(
              """
              Everybody who can read the repository can download an artifact, of a public one the whole world. `.env`, `.npmrc`,
              `.git` and folders of credentials are no artifacts.
              """)
          .example(
              workflow(
                  "push",
                  "      - uses: actions/upload-artifact@v4\n"
                      + "        with:\n"
                      + "          path: .env\n"),
              workflow(
                  "push",
                  "      - uses: actions/upload-artifact@v4\n        with:\n          path: out\n"))
          .check((file, found) -> {
            for (StepNode step : file.steps()) {
              YamlNode.Scalar path =
                  step.uses("actions/upload-artifact") ? step.with("path") : null;
              String secret = path == null ? null : secretFile(path.text());
              if (path != null && secret != null) {
                found.at(
                    path,
                    "'" + secret + "' holds secrets and is uploaded",
                    "leave it out, or write '!" + secret + "'");
              }
            }
          });

  private static @Nullable String secretFile(String paths) {
    for (String line : paths.split("\n", -1)) {
      String path = line.strip();
      String name = path.substring(path.lastIndexOf('/') + 1);
      boolean secret =
          switch (name) {
            case ".env",
                ".npmrc",
                ".pypirc",
                ".netrc",
                ".git",
                ".git-credentials",
                ".aws",
                ".ssh",
                ".docker",
                ".kube",
                "id_rsa",
                "id_ed25519",
                "credentials.json",
                "service-account.json" ->
                true;
            default -> path.endsWith(".pem") || path.endsWith(".p12") || path.endsWith(".jks");
          };
      if (secret && !path.startsWith("!")) {
        return path;
      }
    }
    return null;
  }
}
