package dev.slipway.plan;

import dev.slipway.workflow.Job;
import dev.slipway.workflow.Node;
import dev.slipway.workflow.Position;
import dev.slipway.workflow.Problem;
import dev.slipway.workflow.Workflow;
import dev.slipway.workflow.expression.ArrayValue;
import dev.slipway.workflow.expression.ExpressionException;
import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Unknown;
import dev.slipway.workflow.expression.Value;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Plans the jobs of one workflow and of those it calls. */
final class JobPlanner {
  private final String file;
  private final ObjectValue github;
  private final Forecasts forecasts;
  private final SelectedJobs selected;
  private final RunKeys keys;
  private final List<Problem> problems;

  JobPlanner(
      String file,
      ObjectValue github,
      Forecasts forecasts,
      SelectedJobs selected,
      RunKeys keys,
      List<Problem> problems) {
    this.file = file;
    this.github = github;
    this.forecasts = forecasts;
    this.selected = selected;
    this.keys = keys;
    this.problems = problems;
  }

  /**
   * A workflow that is planned, or called by a job that is.
   *
   * @param jobs those of the workflow that are wanted
   * @param limit what the calling job does; its jobs do no more
   * @param entry groups that the calling job waits for
   */
  private record Frame(
      WorkflowTree tree,
      List<Job> jobs,
      Forecast.Common common,
      String keyPrefix,
      String namePrefix,
      Decision limit,
      List<String> entry) {}

  /**
   * What became of a job of a workflow.
   *
   * @param groups groups that have ended when the job has
   */
  private record Outcome(Runs runs, List<PlannedJob> jobs, List<String> groups) {}

  List<PlannedJob> plan(WorkflowTree tree, ObjectValue inputs) {
    List<Job> jobs = selected.selection().jobs(tree.workflow());
    Frame frame =
        new Frame(
            tree,
            jobs,
            new Forecast.Common(github, inputs, forecasts.vars()),
            "",
            "",
            new Decision(Runs.YES, ""),
            List.of());
    List<PlannedJob> all = new ArrayList<>();
    Map<String, Outcome> outcomes = outcomes(frame);
    for (Job job : jobs) {
      Outcome outcome = outcomes.get(lower(job.id()));
      if (outcome != null) {
        all.addAll(outcome.jobs);
        selected.planned(tree.workflow(), job, outcome.runs);
      }
    }
    return all;
  }

  /** What becomes of each job, by lower-case id, in the order of the file. */
  private Map<String, Outcome> outcomes(Frame frame) {
    List<Job> jobs = frame.jobs;
    Map<String, Integer> index = new HashMap<>();
    for (int i = 0; i < jobs.size(); i++) {
      index.put(lower(jobs.get(i).id()), i);
    }
    List<List<Integer>> dependants = new ArrayList<>();
    int[] left = new int[jobs.size()];
    jobs.forEach(job -> dependants.add(new ArrayList<>()));
    for (int i = 0; i < left.length; i++) {
      for (String need : jobs.get(i).needs()) {
        Integer needed = index.get(lower(need));
        if (needed != null) {
          dependants.get(needed).add(i);
          left[i]++;
        }
      }
    }
    ArrayDeque<Integer> ready = new ArrayDeque<>();
    for (int i = 0; i < left.length; i++) {
      if (left[i] == 0) {
        ready.add(i);
      }
    }
    Map<String, Outcome> done = new HashMap<>();
    while (!ready.isEmpty()) {
      int next = ready.remove();
      Job job = jobs.get(next);
      done.put(lower(job.id()), outcome(frame, job, done));
      for (int dependant : dependants.get(next)) {
        if (--left[dependant] == 0) {
          ready.add(dependant);
        }
      }
    }
    Map<String, Outcome> ordered = new LinkedHashMap<>();
    for (Job job : jobs) {
      Outcome outcome = done.get(lower(job.id()));
      if (outcome != null) {
        ordered.put(lower(job.id()), outcome);
      }
    }
    return ordered;
  }

  private Outcome outcome(Frame frame, Job job, Map<String, Outcome> done) {
    Map<String, Runs> needs = new LinkedHashMap<>();
    List<String> after = new ArrayList<>();
    for (String need : job.needs()) {
      Outcome outcome = done.get(lower(need));
      if (outcome != null) {
        needs.put(need, outcome.runs);
        after.addAll(outcome.groups);
      }
    }
    if (job.needs().isEmpty()) {
      after.addAll(frame.entry);
    }
    Forecast scope = Forecast.job(frame.common, needs);
    Draft draft = new Draft(frame, job, after, scope);
    Decision decision;
    try {
      decision = Decision.job(job.condition(), needs, scope);
    } catch (ExpressionException e) {
      problem(frame, job.condition().at(), e);
      return draft.single(new Decision(Runs.NO, "its `if` fails: " + e.getMessage()));
    }
    if (decision.runs() == Runs.YES && frame.limit.runs() == Runs.DEPENDS) {
      decision = frame.limit;
    }
    return decision.runs() == Runs.NO ? draft.single(decision) : draft.legs(decision);
  }

  private void problem(Frame frame, Position at, RuntimeException e) {
    String where = frame.tree.workflow().file();
    String message = String.valueOf(e.getMessage());
    Problem problem = new Problem(where, at, Problem.Severity.ERROR, message, null, false);
    if (!problems.contains(problem)) {
      problems.add(problem);
    }
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /** A job on its way to be planned. */
  private final class Draft {
    private final Frame frame;
    private final Job job;
    private final List<String> after;
    private final Forecast scope;
    private final List<String> needs = new ArrayList<>();
    private @Nullable List<PlannedStep> steps;
    private boolean failFast = true;
    private int maxParallel;

    Draft(Frame frame, Job job, List<String> after, Forecast scope) {
      this.frame = frame;
      this.job = job;
      this.after = Collections.unmodifiableList(after);
      this.scope = scope;
      job.needs().forEach(need -> needs.add(keys.inPlan(frame.keyPrefix + need)));
    }

    /** One entry for the whole job, of which no more is known or that does not run. */
    Outcome single(Decision decision) {
      return steps(List.of(leg(decision, job.id(), null, scope)), decision.runs());
    }

    Outcome legs(Decision decision) {
      Job.Strategy strategy = job.strategy();
      try {
        if (strategy != null) {
          readLimits(strategy);
        }
      } catch (ExpressionException e) {
        problem(frame, strategy.at(), e);
        return single(new Decision(Runs.NO, "its strategy is wrong: " + e.getMessage()));
      }
      if (strategy == null) {
        return run(decision, List.of(job.id()), List.of(), scope);
      }
      if (strategy.matrix() == null) {
        return alone(decision);
      }
      List<Matrix.Combination> combinations;
      try {
        Value matrix = Foreseen.value(strategy.matrix(), scope);
        if (matrix == null) {
          return dynamic(decision, strategy.matrix());
        }
        combinations = Matrix.expand(matrix);
        if (combinations.isEmpty()) {
          return alone(decision);
        }
      } catch (ExpressionException | PlanException e) {
        problem(frame, strategy.matrix().at(), e);
        return single(new Decision(Runs.NO, "its matrix is wrong: " + e.getMessage()));
      }
      if (!selected.someOf(frame.tree.workflow(), job, combinations)) {
        return single(new Decision(Runs.NO, "no combination of the matrix was asked for"));
      }
      return run(decision, JobKeys.legs(job.id(), combinations), combinations, scope);
    }

    /** With a strategy that has no matrix. */
    private Outcome alone(Decision decision) {
      Forecast only = scope.leg(Value.NULL, Forecast.strategy(failFast, 0, 1, 1));
      return run(decision, List.of(job.id()), List.of(), only);
    }

    private Outcome dynamic(Decision decision, Node matrix) {
      List<String> unknown = Foreseen.unknown(matrix, scope);
      String reason =
          "its matrix comes from "
              + (unknown.isEmpty() ? "an expression" : String.join(", ", unknown))
              + ", which is not known before the run";
      Decision open =
          new Decision(
              Runs.DEPENDS,
              decision.runs() == Runs.DEPENDS ? decision.reason() + "; " + reason : reason,
              decision.exceptional());
      Forecast legScope = scope.leg(Unknown.VALUE, Unknown.VALUE);
      return run(open, List.of(job.id()), List.of(), legScope);
    }

    private Outcome run(
        Decision decision,
        List<String> keys,
        List<Matrix.Combination> combinations,
        Forecast single) {
      WorkflowTree callee = frame.tree.call(job.id());
      if (job.body() instanceof Job.Call call && callee == null) {
        return single(
            new Decision(
                Runs.NO, "the workflow that it calls, '" + call.uses() + "', cannot be fetched"));
      }
      int parallel = maxParallel > 0 ? maxParallel : combinations.size();
      List<PlannedJob> planned = new ArrayList<>();
      List<String> groups = new ArrayList<>();
      Runs runs = Runs.NO;
      for (int i = 0; i < keys.size(); i++) {
        Matrix.Combination combination = combinations.isEmpty() ? null : combinations.get(i);
        if (combination != null && !selected.selection().takes(combination.value())) {
          continue;
        }
        Forecast legScope =
            combination == null
                ? single
                : single.leg(
                    combination.value(),
                    Forecast.strategy(failFast, i, combinations.size(), parallel));
        if (callee == null) {
          PlannedJob leg = leg(decision, keys.get(i), combination, legScope);
          planned.add(leg);
          runs = stronger(runs, leg.runs());
        } else {
          Map<String, Outcome> called;
          try {
            called = call(decision, callee, keys.get(i), combination, legScope);
          } catch (ExpressionException e) {
            problem(frame, ((Job.Call) job.body()).at(), e);
            Decision wrong = new Decision(Runs.NO, "its inputs are wrong: " + e.getMessage());
            planned.add(leg(wrong, keys.get(i), combination, legScope));
            groups.add(group());
            continue;
          }
          called.values().forEach(outcome -> planned.addAll(outcome.jobs));
          groups.addAll(exits(callee.workflow(), called));
          for (Outcome outcome : called.values()) {
            runs = stronger(runs, outcome.runs);
          }
        }
      }
      return callee == null ? steps(planned, runs) : new Outcome(runs, planned, groups);
    }

    private Outcome steps(List<PlannedJob> planned, Runs runs) {
      return new Outcome(runs, planned, List.of(group()));
    }

    private String group() {
      return keys.inPlan(frame.keyPrefix + job.id());
    }

    private void readLimits(Job.Strategy strategy) {
      Value fast = strategy.failFast() == null ? null : Foreseen.value(strategy.failFast(), scope);
      failFast = fast == null || fast.truthy();
      Value most =
          strategy.maxParallel() == null ? null : Foreseen.value(strategy.maxParallel(), scope);
      maxParallel = most == null ? 0 : (int) most.toNumber();
    }

    private Map<String, Outcome> call(
        Decision decision,
        WorkflowTree callee,
        String key,
        Matrix.@Nullable Combination combination,
        Forecast legScope) {
      Forecast.Common empty = new Forecast.Common(github, Value.object(Map.of()), forecasts.vars());
      ObjectValue inputs =
          Inputs.called(
              callee.workflow(), (Job.Call) job.body(), legScope, Forecast.job(empty, Map.of()));
      Frame inner =
          new Frame(
              callee,
              callee.workflow().jobs(),
              new Forecast.Common(github, inputs, forecasts.vars()),
              frame.keyPrefix + key + "/",
              frame.namePrefix + name(combination, legScope) + " / ",
              decision,
              after);
      return outcomes(inner);
    }

    private PlannedJob leg(
        Decision decision,
        String key,
        Matrix.@Nullable Combination combination,
        Forecast legScope) {
      String fullKey = frame.keyPrefix + key;
      List<String> labels = List.of();
      String machine = null;
      Decision decided = decision;
      if (job.body() instanceof Job.Steps body) {
        List<String> known = null;
        try {
          known = labels(body.runsOn(), legScope);
        } catch (ExpressionException e) {
          // Of a job that does not run the matrix was not made.
          if (decision.runs() != Runs.NO) {
            problem(frame, body.runsOn().at(), e);
            decided = new Decision(Runs.NO, "its `runs-on` is wrong: " + e.getMessage());
          }
        }
        if (known == null) {
          labels = sources(body.runsOn());
        } else {
          labels = known;
          Forecasts.Choice choice = forecasts.machines().choose(labels);
          machine = choice.machine();
          if (machine == null && decision.runs() != Runs.NO) {
            decided =
                new Decision(
                    Runs.NO, choice.reason() == null ? "no machine fits" : choice.reason());
          }
        }
      }
      OptionalLong estimate =
          decided.runs() == Runs.NO
              ? OptionalLong.empty()
              : forecasts.durations().estimateMs(file, fullKey);
      Forecasts.Cost cost =
          estimate.isPresent() ? forecasts.costs().cost(labels, estimate.getAsLong()) : null;
      return new PlannedJob(
          job.id(),
          keys.inPlan(fullKey),
          frame.namePrefix + name(combination, legScope),
          combination == null ? null : combination.value(),
          needs,
          decided.runs(),
          decided.reason(),
          labels,
          machine,
          plannedSteps(decided, legScope),
          estimate.isPresent() ? estimate.getAsLong() : null,
          cost == null ? null : cost.minutes(),
          cost == null ? null : cost.cost(),
          group(),
          after,
          decided.exceptional());
    }

    private String name(Matrix.@Nullable Combination combination, Forecast legScope) {
      Node name = job.name();
      if (name != null && !name.literal()) {
        try {
          Value value = Foreseen.value(name, legScope);
          if (value == null) {
            return source(name);
          }
        } catch (ExpressionException e) {
          problem(frame, name.at(), e);
          return source(name);
        }
      }
      return JobKeys.displayName(job, combination, legScope);
    }

    private static @Nullable List<String> labels(Node runsOn, Forecast legScope) {
      Value value = Foreseen.value(runsOn, legScope);
      if (value == null) {
        return null;
      }
      List<String> labels = new ArrayList<>();
      if (value instanceof ObjectValue object) {
        add(object.get("labels"), labels);
        add(object.get("group"), labels);
      } else {
        add(value, labels);
      }
      return labels;
    }

    private static void add(@Nullable Value value, List<String> labels) {
      if (value instanceof ArrayValue array) {
        array.items().forEach(item -> labels.add(item.toText()));
      } else if (value != null && value.kind() != Value.Kind.NULL) {
        labels.add(value.toText());
      }
    }

    private List<PlannedStep> plannedSteps(Decision decision, Forecast legScope) {
      if (!(job.body() instanceof Job.Steps body)) {
        return List.of();
      }
      List<PlannedStep> known = steps;
      if (known != null) {
        return known;
      }
      StepPlanner planner = new StepPlanner(legScope.step(), decision.runs());
      List<PlannedStep> planned = planner.plan(body.steps());
      if (!planner.legMatters()) {
        steps = planned;
      }
      return planned;
    }
  }

  private static List<String> exits(Workflow workflow, Map<String, Outcome> outcomes) {
    Set<String> needed = new HashSet<>();
    for (Job job : workflow.jobs()) {
      job.needs().forEach(need -> needed.add(lower(need)));
    }
    List<String> groups = new ArrayList<>();
    outcomes.forEach((id, outcome) -> {
      if (!needed.contains(id)) {
        groups.addAll(outcome.groups);
      }
    });
    return groups;
  }

  private static Runs stronger(Runs a, Runs b) {
    if (a == Runs.YES || b == Runs.YES) {
      return Runs.YES;
    }
    return a == Runs.DEPENDS || b == Runs.DEPENDS ? Runs.DEPENDS : Runs.NO;
  }

  static String source(Node node) {
    return String.join(", ", sources(node));
  }

  private static List<String> sources(Node node) {
    if (node instanceof Node.Scalar scalar) {
      return List.of(scalar.source());
    }
    List<String> sources = new ArrayList<>();
    if (node instanceof Node.Sequence sequence) {
      sequence.items().forEach(item -> sources.addAll(sources(item)));
    } else {
      ((Node.Mapping) node).members().forEach(member -> sources.addAll(sources(member.value())));
    }
    return sources;
  }
}
