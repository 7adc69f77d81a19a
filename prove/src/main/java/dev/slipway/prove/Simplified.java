package dev.slipway.prove;

import dev.slipway.plan.WorkflowTree;
import dev.slipway.workflow.Job;
import dev.slipway.workflow.Node;
import dev.slipway.workflow.Step;
import dev.slipway.workflow.Workflow;
import dev.slipway.workflow.expression.Expression;
import dev.slipway.workflow.expression.Template;
import dev.slipway.workflow.expression.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A workflow without what does not decide how it ends but could not be evaluated before a run:
 * limits of time, concurrency groups, environments, and matrices that a run makes up, which become
 * one combination of unknown values.
 */
final class Simplified {

  private final Set<String> supposed = new LinkedHashSet<>();

  /** What had to be supposed, in sentences. */
  Set<String> supposed() {
    return supposed;
  }

  WorkflowTree tree(WorkflowTree tree) {
    Workflow workflow = tree.workflow();
    List<Job> jobs = new ArrayList<>();
    for (Job job : workflow.jobs()) {
      jobs.add(job(job));
    }
    Map<String, WorkflowTree> calls = new HashMap<>();
    tree.calls().forEach((id, callee) -> calls.put(id, tree(callee)));
    return new WorkflowTree(workflow.inOutline(jobs), calls, tree.origin(), tree.allowed());
  }

  private Job job(Job job) {
    Job.Body body = job.body();
    if (body instanceof Job.Steps steps) {
      Node labels =
          evaluable(steps.runsOn(), job) ? steps.runsOn() : text(steps.runsOn(), unknown("runner"));
      body = new Job.Steps(labels, null, null, steps.steps());
    }
    return job.inOutline(strategy(job), body);
  }

  /** Whether a node hangs on nothing but a matrix that is written out. */
  private static boolean evaluable(Node node, Job job) {
    if (foreseeable(node)) {
      return true;
    }
    boolean known =
        job.strategy() != null
            && job.strategy().matrix() != null
            && foreseeable(job.strategy().matrix());
    if (!known || !(node instanceof Node.Scalar scalar)) {
      return false;
    }
    return scalar.template().expressions().stream()
        .allMatch(expression -> expression.contexts().equals(Set.of("matrix")));
  }

  private static Value unknown(String what) {
    return Value.of(what + Variable.MARK);
  }

  private static Node text(Node like, Value value) {
    return new Node.Scalar(like.at(), Template.literal(value, value.toText()));
  }

  private Job.@Nullable Strategy strategy(Job job) {
    Job.Strategy strategy = job.strategy();
    if (strategy == null || strategy.matrix() == null) {
      return null;
    }
    Node matrix = strategy.matrix();
    Node failFast =
        strategy.failFast() != null && strategy.failFast().literal() ? strategy.failFast() : null;
    if (!foreseeable(matrix)) {
      supposed.add(
          "the matrix of job '"
              + job.id()
              + "' is made during the run: one combination of unknown values is supposed");
      matrix = unknownMatrix(matrix, job);
    }
    return new Job.Strategy(strategy.at(), matrix, failFast, null);
  }

  private static boolean foreseeable(Node node) {
    return switch (node) {
      case Node.Scalar scalar -> {
        for (Expression expression : scalar.template().expressions()) {
          if (!expression.contexts().isEmpty()) {
            yield false;
          }
        }
        yield true;
      }
      case Node.Sequence sequence -> sequence.items().stream().allMatch(Simplified::foreseeable);
      case Node.Mapping mapping ->
          mapping.members().stream().allMatch(m -> foreseeable(m.key()) && foreseeable(m.value()));
    };
  }

  private static Node unknownMatrix(Node matrix, Job job) {
    Set<String> names = new LinkedHashSet<>();
    if (matrix instanceof Node.Mapping mapping) {
      mapping.members().forEach(member -> names.add(member.key().source()));
      names.remove("include");
      names.remove("exclude");
    }
    collect(job.condition().expression(), names);
    if (job.body() instanceof Job.Steps steps) {
      for (Step step : steps.steps()) {
        collect(step.condition().expression(), names);
        if (step.continueOnError() instanceof Node.Scalar scalar) {
          scalar.template().expressions().forEach(expression -> collect(expression, names));
        }
      }
    }
    if (names.isEmpty()) {
      names.add("value");
    }
    List<Node.Member> members = new ArrayList<>();
    for (String name : names) {
      Node.Scalar key = new Node.Scalar(matrix.at(), Template.literal(Value.of(name), name));
      List<Node> values = List.of(text(matrix, unknown("")));
      members.add(new Node.Member(key, new Node.Sequence(matrix.at(), values)));
    }
    return new Node.Mapping(matrix.at(), members);
  }

  private static void collect(Expression expression, Set<String> names) {
    for (List<String> reference : expression.references()) {
      if (reference.size() > 1 && reference.getFirst().equals("matrix")) {
        names.add(reference.get(1));
      }
    }
  }
}
