package dev.slipway.lint;

import static dev.slipway.lint.Security.rule;
import static dev.slipway.lint.Security.workflow;

import dev.slipway.workflow.YamlNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rules about artifacts of runs that outsiders started. */
final class ArtifactRules {
  private ArtifactRules() {}

  static List<Rule> all() {
    return List.of(POISONED);
  }

  private static final Rule POISONED =
      rule(
              "artifact-poisoning",
              Severity.ERROR,
              Profile.DEFAULT,
              "What a pull request's run uploaded is executed in a privileged one",
              "codeql:actions/artifact-poisoning")
          .why(
              """
              The artifact of a pull request's run holds what its code made it hold. Unpacked over the working folder it
              replaces scripts and build files; read into `GITHUB_ENV` it sets any variable.
              """)
          .example(
              workflow(
                  "\n  workflow_run:\n    workflows: [CI]",
                  "      - uses: actions/download-artifact@v4\n"
                      + "        with:\n"
                      + "          run-id: ${{ github.event.workflow_run.id }}\n"
                      + "      - run: make report\n"),
              workflow(
                  "\n  workflow_run:\n    workflows: [CI]",
                  "      - uses: actions/download-artifact@v4\n"
                      + "        with:\n"
                      + "          run-id: ${{ github.event.workflow_run.id }}\n"
                      + "          path: ${{ runner.temp }}/report\n"
                      + "      - run: gh pr comment --body-file \"$RUNNER_TEMP/report/text\"\n"))
          .check((file, found) -> {
            if (file.on("workflow_run") || file.on("issue_comment")) {
              for (JobNode job : file.jobs()) {
                poisoned(job, found);
              }
            }
          });

  private static void poisoned(JobNode job, Found found) {
    YamlNode.Scalar download = null;
    StepNode at = null;
    for (StepNode step : job.steps()) {
      if (download == null) {
        download = downloads(step);
        at = step;
        if (download != null && Security.trustedOnly(Security.conditions(job, step))) {
          return;
        }
        continue;
      }
      String use = uses(step, at == null || aside(at));
      if (use != null && at != null) {
        found.at(
            download,
            "An outsider's run may have made this artifact, and " + step.label() + " " + use,
            "unpack it under runner.temp, and treat what is in it as text");
        return;
      }
    }
  }

  /** Where a step brings an artifact of another run; null when it does not. */
  private static YamlNode.@Nullable Scalar downloads(StepNode step) {
    YamlNode.Scalar run = step.run();
    if (run != null) {
      String text = run.text();
      return text.contains("gh run download") ? run : null;
    }
    YamlNode.Scalar uses = step.uses();
    String slug = uses == null ? "" : Security.slug(uses.text());
    boolean another =
        (slug.equals("actions/download-artifact") && step.with("run-id") != null)
            || slug.equals("dawidd6/action-download-artifact")
            || slug.equals("aochmann/actions-download-artifact")
            || slug.equals("levonet/action-download-last-artifact")
            || slug.equals("ishworkh/docker-image-artifact-download")
            || (slug.equals("actions/github-script")
                && Trees.text(Trees.get(step.body(), "with"), "script")
                    .contains("downloadArtifact"));
    return another ? uses : null;
  }

  /** Whether a step unpacks an artifact beside what later steps run, and not over it. */
  private static boolean aside(StepNode step) {
    String run = step.text("run");
    if (!run.isEmpty()) {
      return run.contains("/tmp")
          || run.contains("RUNNER_TEMP")
          || run.contains("runner.temp")
          || run.contains(" -D ")
          || run.contains("--dir ");
    }
    YamlNode.Scalar path = step.with("path");
    String where = path == null ? "" : path.text().replace(" ", "");
    return !where.isEmpty()
        && !where.equals(".")
        && !where.equals("./")
        && !where.equals("${{github.workspace}}");
  }

  /** What a step does with an artifact; null when nothing bad. */
  private static @Nullable String uses(StepNode step, boolean aside) {
    YamlNode.Scalar run = step.run();
    if (run != null) {
      String text = run.text();
      boolean reads = text.contains("cat ") || text.contains("$(<") || text.contains("Get-Content");
      if (reads && (text.contains("GITHUB_ENV") || text.contains("GITHUB_PATH"))) {
        return "writes it to the environment";
      }
    }
    return !aside && CheckoutRules.executes(step) ? "runs what lies in the folder" : null;
  }
}
