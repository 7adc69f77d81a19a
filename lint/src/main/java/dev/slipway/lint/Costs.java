package dev.slipway.lint;

import dev.slipway.lint.CostEstimate.JobCost;
import dev.slipway.lint.CostEstimate.TriggerRuns;
import dev.slipway.plan.Forecasts;
import dev.slipway.plan.JobKeys;
import dev.slipway.plan.Matrix;
import dev.slipway.plan.PlanException;
import dev.slipway.workflow.YamlNode;
import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Estimates what workflows cost in a month: runs by trigger, times the minutes of each job rounded
 * up to whole ones, times the price of its machine. What is not known is supposed, and said.
 */
public final class Costs {
  /** Minutes of a job that was never recorded. */
  private static final long SUPPOSED_MINUTES = 5;

  private static final double DAYS = 30;
  private static final int DEEPEST_CALLS = 10;

  private final Prices prices;
  private final Forecasts.Durations durations;
  private final int runsPerMonth;

  private Costs(Prices prices, Forecasts.Durations durations, int runsPerMonth) {
    this.prices = prices;
    this.durations = durations;
    this.runsPerMonth = runsPerMonth;
  }

  /**
   * An estimate by these prices and durations.
   *
   * @param runsPerMonth how often pushes and pull requests start a workflow; 0 for the usual
   */
  public static Costs create(Prices prices, Forecasts.Durations durations, int runsPerMonth) {
    return new Costs(prices, durations, runsPerMonth);
  }

  /** A workflow, and what was found in it. */
  public record Source(String path, String text, List<Finding> findings) {
    public Source {
      findings = List.copyOf(findings);
    }
  }

  /** What workflows cost; one that others of them call runs as often as they do. */
  public List<CostEstimate> of(List<Source> sources) {
    List<LintFile> files = new ArrayList<>();
    Map<String, List<Finding>> findings = new LinkedHashMap<>();
    Map<String, List<TriggerRuns>> triggers = new LinkedHashMap<>();
    Map<String, Set<String>> assumptions = new LinkedHashMap<>();
    for (Source source : sources) {
      LintFile file =
          LintFile.read(source.path(), source.text(), new Project(ProjectFiles.UNKNOWN, null));
      if (file.kind() == FileKind.WORKFLOW) {
        Set<String> supposed = new TreeSet<>();
        files.add(file);
        findings.put(file.path(), source.findings());
        triggers.put(file.path(), triggers(file, supposed));
        assumptions.put(file.path(), supposed);
      }
    }
    called(files, triggers);
    List<CostEstimate> estimates = new ArrayList<>();
    for (LintFile file : files) {
      estimates.add(
          estimate(
              file,
              findings.getOrDefault(file.path(), List.of()),
              triggers.getOrDefault(file.path(), List.of()),
              assumptions.getOrDefault(file.path(), new TreeSet<>())));
    }
    return estimates;
  }

  private CostEstimate estimate(
      LintFile file, List<Finding> findings, List<TriggerRuns> triggers, Set<String> assumptions) {
    List<JobCost> jobs = new ArrayList<>();
    for (JobNode job : file.jobs()) {
      jobs.add(job(file, job, assumptions));
      if (job.scalar("if") != null) {
        assumptions.add("a job with a condition runs every time");
      }
    }
    String name = Trees.text(file.root(), "name");
    return new CostEstimate(
        file.path(),
        name.isEmpty() ? file.path() : name,
        triggers,
        jobs,
        Savings.of(file, findings, triggers, jobs),
        List.copyOf(assumptions));
  }

  /** Adds to each workflow the runs that others of the same project call it in, level by level. */
  private static void called(List<LintFile> files, Map<String, List<TriggerRuns>> triggers) {
    Map<String, Double> level = new LinkedHashMap<>();
    triggers.forEach((path, list) -> {
      for (TriggerRuns one : list) {
        level.merge(path, one.runs(), Double::sum);
      }
    });
    for (int depth = 0; depth < DEEPEST_CALLS && !level.isEmpty(); depth++) {
      Map<String, Double> next = new LinkedHashMap<>();
      for (LintFile file : files) {
        Double runs = level.get(file.path());
        for (JobNode job : runs == null ? List.<JobNode>of() : file.jobs()) {
          String to = local(job);
          if (runs != null && triggers.containsKey(to)) {
            double times = Math.max(1, legs(job, new TreeSet<>()).size());
            next.merge(to, runs * times, Double::sum);
          }
        }
      }
      next.forEach((path, runs) ->
          triggers
              .getOrDefault(path, new ArrayList<>())
              .add(new TriggerRuns("workflow_call", runs, true)));
      level.clear();
      level.putAll(next);
    }
  }

  /** The workflow of the same project that a job calls; empty when it calls none. */
  private static String local(JobNode job) {
    String uses = job.text("uses");
    return uses.startsWith("./") || uses.startsWith("$/") ? uses.substring(2) : "";
  }

  private List<TriggerRuns> triggers(LintFile file, Set<String> assumptions) {
    List<TriggerRuns> triggers = new ArrayList<>();
    YamlNode on = Trees.get(file.root(), "on");
    List<String> events = new ArrayList<>();
    if (on != null && on.mapping() != null) {
      for (YamlNode.Member member : Trees.members(on)) {
        events.add(member.key().text());
      }
    } else {
      for (YamlNode item : Trees.items(on)) {
        YamlNode.Scalar scalar = item.scalar();
        if (scalar != null) {
          events.add(scalar.text());
        }
      }
    }
    for (String event : events) {
      if (event.equals("schedule")) {
        double runs = 0;
        for (YamlNode item : Trees.items(Trees.get(on, "schedule"))) {
          runs += cron(Trees.text(item, "cron"));
        }
        triggers.add(new TriggerRuns(event, runs, false));
        continue;
      }
      double runs = usual(file, event);
      if (runs > 0) {
        triggers.add(new TriggerRuns(event, runs, true));
        assumptions.add(event + " starts it " + Savings.number(runs) + " times a month");
      }
    }
    return triggers;
  }

  private double usual(LintFile file, String event) {
    YamlNode.Mapping push = file.filters("push");
    return switch (event) {
      case "pull_request", "pull_request_target" -> runsPerMonth > 0 ? runsPerMonth : 100;
      case "push" -> {
        boolean tags = push != null && push.get("tags") != null && push.get("branches") == null;
        boolean branches = push != null && push.get("branches") != null;
        yield tags ? 2 : runsPerMonth > 0 ? runsPerMonth : branches ? 60 : 160;
      }
      case "merge_group" -> runsPerMonth > 0 ? runsPerMonth : 40;
      case "release", "workflow_dispatch", "repository_dispatch", "create", "delete" -> 2;
      // Counted where it is called.
      case "workflow_call" -> 0;
      default -> 20;
    };
  }

  /** How often a schedule fires in a month, from its minutes, hours and days. */
  static double cron(String text) {
    String[] fields = text.strip().split("\\s+");
    if (fields.length != 5) {
      return 0;
    }
    double inHour = count(fields[0], 60);
    double inDay = inHour * count(fields[1], 24);
    double days = DAYS;
    boolean ofMonth = !fields[2].equals("*");
    boolean ofWeek = !fields[4].equals("*");
    if (ofMonth && ofWeek) {
      days = Math.min(DAYS, count(fields[2], 31) + count(fields[4], 7) * DAYS / 7);
    } else if (ofMonth) {
      days = Math.min(DAYS, count(fields[2], 31));
    } else if (ofWeek) {
      days = count(fields[4], 7) * DAYS / 7;
    }
    return inDay * days * count(fields[3], 12) / 12;
  }

  private static double count(String field, int all) {
    double count = 0;
    for (String part : field.split(",")) {
      int slash = part.indexOf('/');
      int step = slash < 0 ? 1 : Math.max(1, integer(part.substring(slash + 1), 1));
      String range = slash < 0 ? part : part.substring(0, slash);
      int dash = range.indexOf('-');
      double width =
          range.equals("*")
              ? all
              : dash > 0
                  ? integer(range.substring(dash + 1), 0) - integer(range.substring(0, dash), 0) + 1
                  : slash < 0 ? 1 : all - integer(range, 0);
      count += Math.ceil(Math.max(width, 1) / step);
    }
    return Math.min(count, all);
  }

  private static int integer(String text, int otherwise) {
    int value = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9' || i > 3) {
        return otherwise;
      }
      value = value * 10 + (c - '0');
    }
    return text.isEmpty() ? otherwise : value;
  }

  private JobCost job(LintFile file, JobNode job, Set<String> assumptions) {
    if (job.call()) {
      if (local(job).isEmpty()) {
        assumptions.add("'" + job.text("uses") + "', of another repository, costs nothing");
      }
      return new JobCost(job.id(), "", 0, 0, 0, false);
    }
    List<Matrix.Combination> legs = legs(job, assumptions);
    List<String> keys = legs.isEmpty() ? List.of(job.id()) : JobKeys.legs(job.id(), legs);
    long minutes = 0;
    double cost = 0;
    boolean priced = true;
    boolean measured = true;
    Set<String> machines = new TreeSet<>();
    for (int i = 0; i < keys.size(); i++) {
      ObjectValue matrix = legs.isEmpty() ? null : legs.get(i).value();
      List<String> labels = labels(job, matrix, assumptions);
      machines.add(String.join(", ", labels));
      OptionalLong took = durations.estimateMs(file.path(), keys.get(i));
      measured &= took.isPresent();
      long each =
          took.isPresent()
              ? Math.max(1, (took.getAsLong() + 59_999) / 60_000)
              : supposed(job, assumptions);
      minutes += each;
      OptionalDouble price = prices.perMinute(labels);
      priced &= price.isPresent();
      cost += each * price.orElse(0);
    }
    if (!priced) {
      assumptions.add("the price of '" + String.join(" | ", machines) + "' is not known: --rate");
    }
    return new JobCost(
        job.id(), String.join(" | ", machines), keys.size(), minutes, priced ? cost : -1, measured);
  }

  private static long supposed(JobNode job, Set<String> assumptions) {
    YamlNode.Scalar limit = job.scalar("timeout-minutes");
    int most = limit == null ? 0 : integer(limit.text(), 0);
    long minutes = most > 0 ? Math.min(most, SUPPOSED_MINUTES) : SUPPOSED_MINUTES;
    assumptions.add(
        "a job without recorded runs takes "
            + SUPPOSED_MINUTES
            + " minutes, or its timeout-minutes if that is less");
    return minutes;
  }

  private static List<Matrix.Combination> legs(JobNode job, Set<String> assumptions) {
    YamlNode matrix = Trees.get(Trees.get(job.body(), "strategy"), "matrix");
    if (matrix == null) {
      return List.of();
    }
    try {
      List<Matrix.Combination> legs =
          matrix.mapping() == null ? List.of() : Matrix.expand(value(matrix, true));
      if (!legs.isEmpty()) {
        return legs;
      }
    } catch (PlanException e) {
      assumptions.add("the matrix of '" + job.id() + "' makes no sense: counted as one job");
      return List.of();
    }
    assumptions.add("the matrix of '" + job.id() + "' is known only in a run: counted as one job");
    return List.of();
  }

  /** A node as a value; what is known only in a run counts as one text. */
  private static Value value(YamlNode node, boolean top) {
    YamlNode.Scalar scalar = node.scalar();
    if (scalar != null) {
      return Value.of(scalar.text());
    }
    YamlNode.Sequence sequence = node.sequence();
    if (sequence != null) {
      List<Value> items = new ArrayList<>();
      for (YamlNode item : sequence.items()) {
        items.add(value(item, false));
      }
      return Value.array(items);
    }
    Map<String, Value> members = new LinkedHashMap<>();
    for (YamlNode.Member member : Trees.members(node)) {
      Value value = value(member.value(), false);
      boolean lone = top && member.value().scalar() != null;
      String key = member.key().text();
      if (lone && (key.equals("include") || key.equals("exclude"))) {
        continue;
      }
      members.put(key, lone ? Value.array(List.of(value)) : value);
    }
    return Value.object(members);
  }

  private static List<String> labels(
      JobNode job, @Nullable ObjectValue matrix, Set<String> assumptions) {
    YamlNode on = Trees.get(job.body(), "runs-on");
    YamlNode named = Trees.get(on, "labels");
    List<String> labels = new ArrayList<>();
    for (YamlNode item : Trees.items(named == null ? on : named)) {
      YamlNode.Scalar scalar = item.scalar();
      String label = scalar == null ? "" : scalar.text();
      if (label.contains("${{")) {
        String known = matrix == null ? null : resolved(label, matrix);
        if (known == null) {
          assumptions.add("'" + label + "' is an ubuntu-latest");
          label = "ubuntu-latest";
        } else {
          label = known;
        }
      }
      if (!label.isEmpty()) {
        labels.add(label);
      }
    }
    return labels;
  }

  /** The value of a label that is nothing but a way into the matrix; null for others. */
  private static @Nullable String resolved(String label, ObjectValue matrix) {
    String inner = label.strip();
    if (!inner.startsWith("${{") || inner.indexOf("}}") != inner.length() - 2) {
      return null;
    }
    String way = inner.substring(3, inner.length() - 2).strip();
    if (!way.toLowerCase(Locale.ROOT).startsWith("matrix.")) {
      return null;
    }
    Value at = matrix;
    for (String name : way.substring(7).split("\\.")) {
      Value next = at instanceof ObjectValue object ? object.get(name) : null;
      if (next == null) {
        return null;
      }
      at = next;
    }
    String text = at.toText();
    return text.contains("${{") ? null : text;
  }
}
