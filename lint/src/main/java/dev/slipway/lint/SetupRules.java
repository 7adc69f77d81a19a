package dev.slipway.lint;

import dev.slipway.workflow.YamlNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The rule about jobs of a workflow that begin with the same work. */
final class SetupRules {
  /** Fewer jobs, or fewer steps beside the checkout, are not worth a file of their own. */
  private static final int LEAST_JOBS = 3;

  private static final int LEAST_STEPS = 2;

  private SetupRules() {}

  static List<Rule> all() {
    return List.of(REPEATED);
  }

  private static String job(String name, String setup, String last) {
    return "  "
        + name
        + ":\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v6\n"
        + setup
        + "      - run: "
        + last
        + "\n";
  }

  private static String example(String setup) {
    return "on: push\njobs:\n"
        + job("test", setup, "make test")
        + job("lint", setup, "make lint")
        + job("docs", setup, "make docs");
  }

  private static final Rule REPEATED =
      Rule.of(
              "repeated-setup",
              Topic.SPEED,
              Severity.INFO,
              Profile.PEDANTIC,
              "Several jobs begin with the same steps")
          .why(
              "Each of them does the work again, and a change has to be made in each. Short jobs"
                  + " are cheaper as steps of one job, as each is paid by the full minute; where"
                  + " they must run side by side, a composite action holds the steps once.")
          .example(
              example(
                  "      - uses: actions/setup-node@v6\n        with:\n          node-version: 24\n"
                      + "      - run: npm ci\n"),
              example("      - uses: ./.github/actions/setup\n"))
          .check(SetupRules::repeated);

  private static void repeated(LintFile file, Found found) {
    Map<String, List<JobNode>> byFirst = new LinkedHashMap<>();
    for (JobNode job : file.jobs()) {
      List<String> steps = beginning(job);
      if (steps.size() >= LEAST_STEPS) {
        byFirst
            .computeIfAbsent(
                String.join("\n", steps.subList(0, LEAST_STEPS)), s -> new ArrayList<>())
            .add(job);
      }
    }
    for (List<JobNode> jobs : byFirst.values()) {
      if (jobs.size() >= LEAST_JOBS) {
        List<String> others = new ArrayList<>();
        for (JobNode job : jobs.subList(1, jobs.size())) {
          others.add(job.id());
        }
        found.at(
            jobs.getFirst().key(),
            "This job and "
                + (others.size() > 5
                    ? others.size() + " others"
                    : "'" + String.join("', '", others) + "'")
                + " begin with the same "
                + shared(jobs)
                + " steps",
            "make them steps of one job, or a composite action that holds what they share");
      }
    }
  }

  private static int shared(List<JobNode> jobs) {
    List<String> first = beginning(jobs.getFirst());
    int same = first.size();
    for (JobNode job : jobs) {
      List<String> other = beginning(job);
      int at = 0;
      while (at < Math.min(same, other.size()) && other.get(at).equals(first.get(at))) {
        at++;
      }
      same = at;
    }
    return same;
  }

  /** The steps of a job from its first on, as text; checkouts are left out. */
  private static List<String> beginning(JobNode job) {
    List<String> steps = new ArrayList<>();
    for (StepNode step : job.steps()) {
      if (steps.size() == 20) {
        break;
      }
      if (step.uses("actions/checkout")) {
        continue;
      }
      // A composite action of the project is what the rule asks for.
      if (step.text("uses").startsWith("./") || step.text("uses").startsWith("$/")) {
        break;
      }
      StringBuilder text = new StringBuilder();
      write(step.body(), text);
      steps.add(text.toString());
    }
    return steps;
  }

  /** What a step does, without what it is called. */
  private static void write(YamlNode.Mapping step, StringBuilder to) {
    for (YamlNode.Member member : step.members()) {
      String key = member.key().text().toLowerCase(Locale.ROOT);
      if (!key.equals("name") && !key.equals("id")) {
        to.append(key).append(':');
        value(member.value(), to);
      }
    }
  }

  private static void value(YamlNode node, StringBuilder to) {
    YamlNode.Scalar scalar = node.scalar();
    if (scalar != null) {
      to.append(scalar.text().strip()).append(';');
    }
    for (YamlNode.Member member : Trees.members(node)) {
      to.append(member.key().text()).append('=');
      value(member.value(), to);
    }
    if (node.sequence() != null) {
      for (YamlNode item : Trees.items(node)) {
        value(item, to);
      }
    }
  }
}
