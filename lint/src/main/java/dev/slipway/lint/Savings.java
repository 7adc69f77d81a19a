package dev.slipway.lint;

import dev.slipway.lint.CostEstimate.JobCost;
import dev.slipway.lint.CostEstimate.Saving;
import dev.slipway.lint.CostEstimate.TriggerRuns;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What mending findings about speed would save in a month, with the formula. The shares are rules
 * of thumb; the formula shows them, so that everybody can put their own in.
 */
final class Savings {
  private Savings() {}

  /** How a finding of a rule saves: a share of the minutes of some runs. */
  private record Way(double share, String reason, boolean pulls, boolean whole, double fixed) {}

  private static @Nullable Way way(String rule) {
    return switch (rule) {
      case "missing-concurrency" -> new Way(0.2, "runs are outdated", true, true, 0);
      case "runs-twice" -> new Way(1, "runs are for the same commit", true, true, 0);
      case "all-folders-in-every-run" -> new Way(0.5, "jobs have nothing to do", true, true, 0);
      case "missing-timeout" -> new Way(0, "hang for six hours", false, false, 330 * 0.001);
      case "setup-without-cache" -> new Way(0, "a minute to fetch", false, false, 1);
      case "whole-history" -> new Way(0, "half a minute to fetch", false, false, 0.5);
      case "npm-install-in-ci" -> new Way(0, "to resolve", false, false, 0.3);
      case "image-without-cache" -> new Way(0.5, "of a build is layers", false, false, 0);
      case "image-built-twice" -> new Way(0.5, "of the job is the build", false, false, 0);
      case "all-platforms-on-pull-request" -> new Way(0.6, "is emulation", true, false, 0);
      case "dear-jobs-after-failure" -> new Way(0.1, "go on after a failure", true, false, 0);
      case "dear-machine-for-lint" -> new Way(0.9, "is the dearer machine", false, false, 0);
      case "schedule-too-often" -> new Way(0.8, "of the runs are more than hourly", false, true, 0);
      default -> null;
    };
  }

  static List<Saving> of(
      LintFile file, List<Finding> findings, List<TriggerRuns> triggers, List<JobCost> jobs) {
    List<Saving> savings = new ArrayList<>();
    for (Finding finding : findings) {
      Way way = finding.ignored() == null ? way(finding.rule().id()) : null;
      if (way == null) {
        continue;
      }
      int line = finding.range().from().line();
      JobCost job = way.whole() ? null : at(file, jobs, line);
      if (job == null && !way.whole()) {
        continue;
      }
      double runs = runs(triggers, finding.rule().id(), way.pulls());
      long minutes = 0;
      double cost = 0;
      int legs = 0;
      for (JobCost one : jobs) {
        if (job == null || one.id().equals(job.id())) {
          minutes += one.minutes();
          cost += one.priced() ? one.cost() : 0;
          legs += one.legs();
        }
      }
      double saved = way.fixed() > 0 ? way.fixed() * legs : way.share() * minutes;
      double rate = minutes == 0 ? 0 : cost / minutes;
      if (runs == 0 || saved == 0) {
        continue;
      }
      String share =
          way.fixed() > 0
              ? number(way.fixed())
                  + " min ("
                  + way.reason()
                  + ")"
                  + (legs > 1 ? " x " + legs + " machines" : "")
              : number(way.share()) + " (" + way.reason() + ") x " + minutes + " min";
      savings.add(
          new Saving(
              finding.rule().id(),
              line,
              job == null ? "" : job.id(),
              runs * saved,
              runs * saved * rate,
              number(runs) + " runs x " + share + " x " + number(rate) + " USD"));
    }
    return savings;
  }

  private static double runs(List<TriggerRuns> triggers, String rule, boolean pulls) {
    double runs = 0;
    for (TriggerRuns trigger : triggers) {
      boolean pull = trigger.event().startsWith("pull_request");
      boolean schedule = trigger.event().equals("schedule");
      if (rule.equals("schedule-too-often") ? schedule : !pulls || pull) {
        runs += trigger.runs();
      }
    }
    return runs;
  }

  private static @Nullable JobCost at(LintFile file, List<JobCost> jobs, int line) {
    JobCost found = null;
    for (int i = 0; i < jobs.size() && i < file.jobs().size(); i++) {
      if (file.jobs().get(i).key().at().line() <= line) {
        found = jobs.get(i);
      }
    }
    return found;
  }

  /** A number as short as it can be said with four places. */
  static String number(double value) {
    long scaled = Math.round(value * 10_000);
    StringBuilder text = new StringBuilder();
    text.append(scaled / 10_000);
    long rest = Math.abs(scaled % 10_000);
    if (rest > 0) {
      String digits = Long.toString(10_000 + rest).substring(1);
      int end = digits.length();
      while (digits.charAt(end - 1) == '0') {
        end--;
      }
      text.append('.').append(digits, 0, end);
    }
    return text.toString();
  }
}
