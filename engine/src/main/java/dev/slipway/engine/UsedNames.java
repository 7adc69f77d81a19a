package dev.slipway.engine;

import dev.slipway.plan.WorkflowTree;
import dev.slipway.workflow.Defaults;
import dev.slipway.workflow.Job;
import dev.slipway.workflow.Node;
import dev.slipway.workflow.Step;
import dev.slipway.workflow.Workflow;
import dev.slipway.workflow.expression.Expression;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The secrets and variables that a workflow's own text names. */
final class UsedNames {
  private final Set<String> secrets = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
  private final Set<String> vars = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

  private UsedNames() {}

  static UsedNames of(WorkflowTree tree) {
    UsedNames names = new UsedNames();
    names.add(tree);
    names.secrets.remove("GITHUB_TOKEN");
    return names;
  }

  Set<String> secrets() {
    return secrets;
  }

  Set<String> vars() {
    return vars;
  }

  private void add(WorkflowTree tree) {
    Workflow workflow = tree.workflow();
    add(workflow.env());
    add(workflow.concurrency());
    add(workflow.defaults());
    for (Job job : workflow.jobs()) {
      add(job);
      WorkflowTree callee = tree.call(job.id());
      if (callee != null && job.body() instanceof Job.Call call && call.inheritSecrets()) {
        add(callee);
      }
    }
  }

  private void add(Defaults defaults) {
    add(defaults.shell());
    add(defaults.workingDirectory());
  }

  private void add(Job job) {
    add(job.condition().expression());
    add(job.name());
    add(job.env());
    add(job.outputs());
    add(job.environment());
    add(job.concurrency());
    add(job.timeoutMinutes());
    add(job.continueOnError());
    add(job.defaults());
    if (job.strategy() != null) {
      add(job.strategy().matrix());
      add(job.strategy().failFast());
      add(job.strategy().maxParallel());
    }
    if (job.body() instanceof Job.Call call) {
      add(call.with());
      add(call.secrets());
    } else if (job.body() instanceof Job.Steps steps) {
      add(steps.runsOn());
      add(steps.container());
      add(steps.services());
      steps.steps().forEach(this::add);
    }
  }

  private void add(Step step) {
    add(step.condition().expression());
    add(step.name());
    add(step.env());
    add(step.continueOnError());
    add(step.timeoutMinutes());
    if (step.body() instanceof Step.Run run) {
      add(run.script());
      add(run.workingDirectory());
    } else if (step.body() instanceof Step.Uses uses) {
      add(uses.with());
    } else if (step.body() instanceof Step.Parallel group) {
      group.steps().forEach(this::add);
    }
  }

  private void add(@Nullable Node node) {
    if (node instanceof Node.Scalar scalar) {
      scalar.template().expressions().forEach(this::add);
    } else if (node instanceof Node.Sequence sequence) {
      sequence.items().forEach(this::add);
    } else if (node instanceof Node.Mapping mapping) {
      for (Node.Member member : mapping.members()) {
        add(member.key());
        add(member.value());
      }
    }
  }

  private void add(Expression expression) {
    for (List<String> reference : expression.references()) {
      if (reference.size() > 1 && reference.getFirst().equals("secrets")) {
        secrets.add(reference.get(1));
      } else if (reference.size() > 1 && reference.getFirst().equals("vars")) {
        vars.add(reference.get(1));
      }
    }
  }
}
