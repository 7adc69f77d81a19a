package dev.slipway.engine;

import dev.slipway.workflow.expression.Scope;
import dev.slipway.workflow.expression.Value;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What expressions of jobs and of whole workflows see.
 *
 * <p>{@code success()} and {@code failure()} without ids look at all that is above a job; with ids,
 * at just these jobs.
 */
final class JobScope implements Scope {
  private final NextState run;
  private final int scope;
  private final @Nullable JobNode node;
  private final @Nullable Leg leg;

  private JobScope(NextState run, int scope, @Nullable JobNode node, @Nullable Leg leg) {
    this.run = run;
    this.scope = scope;
    this.node = node;
    this.leg = leg;
  }

  static JobScope ofWorkflow(NextState run, int scope) {
    return new JobScope(run, scope, null, null);
  }

  static JobScope of(NextState run, JobNode node) {
    return new JobScope(run, node.scope(), node, null);
  }

  static JobScope of(NextState run, JobNode node, Leg leg) {
    return new JobScope(run, node.scope(), node, leg);
  }

  @Override
  public @Nullable Value context(String name) {
    return switch (name) {
      case "github" -> run.definition.github();
      case "inputs" -> run.scope(scope).inputs();
      case "vars" -> run.definition.vars();
      case "needs" -> needs();
      case "jobs" -> jobs();
      case "matrix" -> leg == null ? Value.NULL : leg.matrix();
      case "strategy" -> leg == null ? Value.NULL : leg.strategy();
      case "secrets" -> secrets();
      default -> null;
    };
  }

  Value needs() {
    Map<String, Value> needs = new LinkedHashMap<>();
    if (node != null) {
      for (int need : node.needs()) {
        needs.put(run.node(need).job().id(), run.job(need).value());
      }
    }
    return Value.object(needs);
  }

  private Value jobs() {
    Map<String, Value> jobs = new LinkedHashMap<>();
    CallScope workflow = run.scope(scope);
    for (int n = workflow.firstNode(); n < workflow.endNode(); n++) {
      jobs.put(run.node(n).job().id(), run.job(n).value());
    }
    return Value.object(jobs);
  }

  private Value secrets() {
    Map<String, Value> secrets = new LinkedHashMap<>();
    run.scope(scope).secrets().forEach((name, value) -> secrets.put(name, Value.of(value)));
    return Value.object(secrets);
  }

  @Override
  public boolean success(List<String> jobs) {
    if (run.cancelledIn(scope)) {
      return false;
    }
    if (node == null) {
      return true;
    }
    if (jobs.isEmpty()) {
      for (int need : node.needs()) {
        if (!run.job(need).clean()) {
          return false;
        }
      }
      return true;
    }
    for (JobState job : named(jobs)) {
      boolean forgiven = job.result() == Conclusion.FAILURE && !job.tally().realFailure();
      if (job.result() != Conclusion.SUCCESS && !forgiven) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean failure(List<String> jobs) {
    if (node == null || run.cancelledIn(scope)) {
      return false;
    }
    if (jobs.isEmpty()) {
      for (int need : node.needs()) {
        if (run.job(need).tainted()) {
          return true;
        }
      }
      return false;
    }
    for (JobState job : named(jobs)) {
      if (job.tally().realFailure()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean cancelled() {
    return run.cancelledIn(scope);
  }

  /** The jobs of these ids among all that are above this one. */
  private List<JobState> named(List<String> jobs) {
    List<JobState> named = new ArrayList<>();
    Set<Integer> seen = new HashSet<>();
    Deque<JobNode> left = new ArrayDeque<>();
    if (node != null) {
      left.add(node);
    }
    while (!left.isEmpty()) {
      for (int need : left.remove().needs()) {
        if (seen.add(need)) {
          JobState job = run.job(need);
          left.add(job.node());
          if (jobs.stream().anyMatch(job.node().job().id()::equalsIgnoreCase)) {
            named.add(job);
          }
        }
      }
    }
    return named;
  }
}
