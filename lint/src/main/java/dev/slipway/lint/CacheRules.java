package dev.slipway.lint;

import static dev.slipway.lint.Security.rule;
import static dev.slipway.lint.Security.workflow;

import dev.slipway.workflow.YamlNode;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Rules about caches, which runs of little trust and of much share. */
final class CacheRules {
  private CacheRules() {}

  static List<Rule> all() {
    return List.of(POISONED, RELEASE);
  }

  private static final Rule POISONED =
      rule(
              "cache-poisoning",
              Severity.ERROR,
              Profile.DEFAULT,
              "Code of a pull request can fill the cache of the default branch",
              "codeql:actions/cache-poisoning")
          .why(
              """
              `pull_request_target`, `workflow_run` and `issue_comment` run for the default branch, and what they save is
              restored by every branch, by releases too. Where the code of a pull request runs before, it decides what that is.
              """)
          .example(
              workflow(
                  "pull_request_target",
                  "      - uses: actions/checkout@v6\n"
                      + "        with:\n"
                      + "          persist-credentials: false\n"
                      + "          ref: ${{ github.event.pull_request.head.sha }}\n"
                      + "      - uses: actions/cache@v5\n"
                      + "        with:\n"
                      + "          path: node_modules\n"
                      + "          key: modules\n"),
              workflow(
                  "pull_request",
                  "      - uses: actions/checkout@v6\n"
                      + "        with:\n"
                      + "          persist-credentials: false\n"
                      + "      - uses: actions/cache@v5\n"
                      + "        with:\n"
                      + "          path: node_modules\n"
                      + "          key: modules\n"))
          .check((file, found) -> {
            if (!Security.privilegedOrCommented(file)) {
              return;
            }
            for (JobNode job : file.jobs()) {
              boolean foreign = false;
              for (StepNode step : job.steps()) {
                YamlNode.Scalar uses = step.uses();
                if (foreign && uses != null && CachingActions.caches(file, step)) {
                  found.at(
                      uses,
                      "What the pull request puts into this cache is restored on every branch",
                      "do not save caches where the code of pull requests is checked out");
                  break;
                }
                foreign |=
                    ForeignCode.in(file, step) != null
                        && !Security.trustedOnly(Security.conditions(job, step));
              }
            }
          });

  private static final Rule RELEASE =
      rule(
              "cache-in-release",
              Severity.WARNING,
              Profile.STRICT,
              "A release is built from a cache that less trusted runs may have filled",
              "zizmor:cache-poisoning")
          .why(
              """
              Whoever can make a run of the default branch save something decides what the release holds. A release is built
              rarely enough to do without.
              """)
          .example(
              workflow(
                  "release",
                  "      - uses: actions/setup-node@v6\n"
                      + "        with:\n"
                      + "          cache: npm\n"
                      + "      - run: npm run build\n"),
              workflow(
                  "release",
                  "      - uses: actions/setup-node@v6\n"
                      + "        with:\n"
                      + "          package-manager-cache: false\n"
                      + "      - run: npm run build\n"))
          .check((file, found) -> {
            boolean releases = releases(file);
            for (JobNode job : file.jobs()) {
              if (!releases && publishes(job) == null) {
                continue;
              }
              for (StepNode step : job.steps()) {
                YamlNode.Scalar uses = step.uses();
                if (uses != null
                    && !notForTags(Security.conditions(job, step))
                    && CachingActions.caches(file, step)) {
                  found.at(
                      Severity.WARNING,
                      Confidence.LOW,
                      uses.start(),
                      uses.end(),
                      "This release takes from a cache that other runs may fill",
                      "switch the cache off where releases are built",
                      List.of("zizmor:cache-poisoning"),
                      CachingActions.off(file, step));
                }
              }
            }
          });

  /** Whether conditions leave releases out. */
  private static boolean notForTags(String conditions) {
    return conditions.contains("!startswith(github.ref, 'refs/tags/")
        || conditions.contains("github.event_name == 'pull_request'")
        || conditions.contains("github.event_name != 'release'");
  }

  /** Whether its events say that a workflow makes releases. */
  private static boolean releases(LintFile file) {
    if (file.on("release")) {
      return true;
    }
    YamlNode push = file.filters("push");
    if (Trees.get(push, "tags") != null) {
      return true;
    }
    for (YamlNode item : Trees.items(Trees.get(push, "branches"))) {
      YamlNode.Scalar branch = item.scalar();
      if (branch != null && branch.text().toLowerCase(Locale.ROOT).contains("release")) {
        return true;
      }
    }
    return false;
  }

  /** The step by which a job publishes something; null when there is none. */
  private static @Nullable StepNode publishes(JobNode job) {
    for (StepNode step : job.steps()) {
      boolean publisher =
          switch (Security.slug(step.text("uses"))) {
            case "softprops/action-gh-release",
                "ncipollo/release-action",
                "goreleaser/goreleaser-action",
                "pypa/gh-action-pypi-publish",
                "js-devtools/npm-publish",
                "rubygems/release-gem",
                "changesets/action",
                "actions/create-release",
                "svenstaro/upload-release-action",
                "marvinpinto/action-automatic-releases",
                "cycjimmy/semantic-release-action",
                "cargo-bins/release-pr",
                "katyo/publish-crates",
                "pypa/cibuildwheel/publish",
                "crates-io/publish",
                "samuelmeuli/action-electron-builder",
                "tauri-apps/tauri-action",
                "mikepenz/action-gh-release" ->
                true;
            case "docker/build-push-action", "docker/bake-action" ->
                Trees.is(step.with("push"), true);
            default -> false;
          };
      if (publisher) {
        return step;
      }
    }
    return null;
  }
}
