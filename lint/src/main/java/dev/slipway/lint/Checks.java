package dev.slipway.lint;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Tells which commands and actions check something whose failure must count. */
final class Checks {
  private static final Set<String> PROGRAMS =
      Set.of(
          ("pytest py.test tox nox unittest jest vitest mocha ava karma cypress playwright rspec"
               + " phpunit ctest eslint flake8 pylint ruff mypy pyright isort shellcheck stylelint"
               + " rubocop golangci-lint staticcheck govulncheck tsc markdownlint yamllint"
               + " actionlint zizmor ktlint detekt phpstan psalm clang-tidy cppcheck hadolint trivy"
               + " grype snyk semgrep bandit safety pip-audit gitleaks trufflehog checkov tfsec"
               + " osv-scanner mvn mvnw gradle gradlew ninja xcodebuild ansible-playbook newman k6"
               + " standard tslint black twine")
              .split(" "));
  private static final Set<String> VERBS =
      Set.of(
          ("test tests check lint build compile typecheck type-check types verify validate audit ci"
                  + " e2e publish deploy release vet clippy fmt nextest analyze bench coverage"
                  + " integration unit doc")
              .split(" "));
  private static final Set<String> BY_VERB =
      Set.of(
          ("go cargo npm pnpm yarn bun deno make dotnet bazel swift flutter dart rake just task mix"
               + " sbt lein stack cabal zig nx turbo ng lerna composer terraform tofu helm firebase"
               + " vercel netlify wrangler flyctl serverless")
              .split(" "));
  private static final Set<String> DEPLOYS = Set.of("apply", "push", "upgrade", "install", "plan");

  private Checks() {}

  /** Whether a command tests, lints, builds, scans or deploys. */
  static boolean matters(ShellCommand command) {
    boolean looks = false;
    for (String word : command.words()) {
      if (word.equals("--version")
          || word.equals("--help")
          || word.equals("-V")
          || word.equals("-version")
          || word.equals("-showsdks")
          || word.equals("--dry-run")
          || word.equals("--fix")
          || word.equals("--write")) {
        return false;
      }
      looks |= word.equals("--check") || word.equals("--diff") || word.equals("-c");
    }
    String head = command.head();
    // A formatter that rewrites files checks nothing.
    boolean formatter =
        head.equals("black")
            || head.equals("isort")
            || command.argument(0).equals("fmt")
            || (head.equals("ruff") && command.argument(0).equals("format"));
    if (formatter && !looks) {
      return false;
    }
    if (PROGRAMS.contains(head)) {
      return true;
    }
    String verb = command.argument(0);
    if (verb.equals("audit") && command.argument(1).equals("fix")) {
      return false;
    }
    if ((head.equals("npm") || head.equals("pnpm") || head.equals("yarn") || head.equals("bun"))
        && (verb.equals("run") || verb.equals("run-script"))) {
      verb = command.argument(1);
    }
    if (BY_VERB.contains(head)) {
      boolean deploys =
          (head.equals("terraform") || head.equals("tofu") || head.equals("helm"))
              && DEPLOYS.contains(verb);
      return deploys || verb(verb);
    }
    if (head.equals("docker")) {
      return verb.equals("build") || verb.equals("push") || verb.equals("buildx");
    }
    return head.equals("kubectl") && (verb.equals("apply") || verb.equals("rollout"));
  }

  /** Whether a target such as {@code test:unit} has one of the verbs in its first word. */
  private static boolean verb(String target) {
    int end = 0;
    while (end < target.length() && Character.isLetterOrDigit(target.charAt(end))) {
      end++;
    }
    return VERBS.contains(target) || VERBS.contains(target.substring(0, end));
  }

  /** Whether an action tests, lints, scans or deploys. */
  static boolean matters(String uses) {
    int at = uses.indexOf('@');
    String slug = (at < 0 ? uses : uses.substring(0, at)).toLowerCase(Locale.ROOT);
    for (String part :
        List.of(
            "trivy",
            "snyk",
            "codeql-action/analyze",
            "semgrep",
            "grype",
            "gitleaks",
            "golangci-lint",
            "super-linter",
            "dependency-review",
            "actionlint",
            "shellcheck",
            "reviewdog",
            "cypress-io",
            "-deploy",
            "deploy-",
            "trufflehog",
            "checkov",
            "hadolint",
            "pypi-publish",
            "build-push-action")) {
      if (slug.contains(part)) {
        return true;
      }
    }
    return false;
  }
}
