package dev.slipway.lint;

import dev.slipway.workflow.YamlNode;
import java.util.List;
import java.util.Locale;

/** Rules about jobs that are skipped when they were meant to run. */
final class SkippedJobRules {
  private SkippedJobRules() {}

  static List<Rule> all() {
    return List.of(NEVER, SKIPS_ALONG);
  }

  private static final Rule NEVER =
      Rule.of(
              "failure-notice-never-runs",
              Topic.HONESTY,
              Severity.WARNING,
              Profile.DEFAULT,
              "A job for failures that has no job before it")
          .why(
              """
              `failure()` in a job's condition asks about the jobs that it needs. Without `needs:` there are none, the answer is
              always no, and the job is skipped however the others end.
              """)
          .example(
              GateRules.TWO
                  + """
                    report:
                      if: failure()
                      runs-on: ubuntu-latest
                      steps:
                        - run: ./notify
                  """,
              GateRules.TWO
                  + """
                    report:
                      needs: [test, lint]
                      if: failure()
                      runs-on: ubuntu-latest
                      steps:
                        - run: ./notify
                  """)
          .check(SkippedJobRules::neverRuns);

  private static void neverRuns(LintFile file, Found found) {
    for (JobNode job : file.jobs()) {
      YamlNode.Scalar condition = job.scalar("if");
      if (condition == null || job.body().get("needs") != null) {
        continue;
      }
      String text = condition.text().replace("${{", "").replace("}}", "").strip();
      boolean alone = text.equals("failure()");
      boolean first = text.startsWith("failure() &&") && !text.contains("||");
      if (alone || first) {
        found.at(
            condition,
            "Job '" + job.id() + "' never runs: it needs no job that could fail",
            "add the jobs that it reports about to its 'needs:'");
      }
    }
  }

  private static final Rule SKIPS_ALONG =
      Rule.of(
              "skipped-with-its-need",
              Topic.HONESTY,
              Severity.INFO,
              Profile.PEDANTIC,
              "A deployment that is left out whenever a job before it is")
          .why(
              """
              A job without a status function in `if:` is skipped when one that it needs is skipped, whatever its own condition
              says. The run is green, and nothing was deployed.
              """)
          .example(
              GateRules.TWO.replace(
                      "  lint:\n", "  lint:\n    if: github.event_name == 'pull_request'\n")
                  + """
                    deploy:
                      needs: [test, lint]
                      if: github.ref == 'refs/heads/main'
                      runs-on: ubuntu-latest
                      steps:
                        - run: ./deploy
                  """,
              GateRules.TWO.replace(
                      "  lint:\n", "  lint:\n    if: github.event_name == 'pull_request'\n")
                  + """
                    deploy:
                      needs: [test, lint]
                      if: ${{ !failure() && !cancelled() && github.ref == 'refs/heads/main' }}
                      runs-on: ubuntu-latest
                      steps:
                        - run: ./deploy
                  """)
          .check(SkippedJobRules::skipsAlong);

  private static void skipsAlong(LintFile file, Found found) {
    for (JobNode job : file.jobs()) {
      YamlNode.Scalar condition = job.scalar("if");
      String name = job.id().toLowerCase(Locale.ROOT);
      boolean deploys =
          name.contains("deploy") || name.contains("release") || name.contains("publish");
      if (!deploys || condition == null || GateRules.runsAlways(file, job)) {
        continue;
      }
      for (String need : job.needs()) {
        JobNode needed = file.job(need);
        YamlNode.Scalar other = needed == null ? null : needed.scalar("if");
        if (needed != null
            && other != null
            && !other.text().strip().equals(condition.text().strip())
            && !condition.text().contains("needs.")
            && !GateRules.runsAlways(file, needed)) {
          found.at(
              condition,
              "Job '" + job.id() + "' is skipped whenever '" + needed.id() + "' is",
              "begin with '!failure() && !cancelled() &&' if it shall run without '"
                  + needed.id()
                  + "'");
          break;
        }
      }
    }
  }
}
