package dev.slipway.plan;

import dev.slipway.workflow.Node;
import dev.slipway.workflow.Step;
import dev.slipway.workflow.expression.Expression;
import dev.slipway.workflow.expression.ExpressionException;
import dev.slipway.workflow.expression.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Plans the steps of a job. */
final class StepPlanner {
  private static final int MAX_NAME = 100;

  private final Forecast scope;
  private final Runs job;
  private boolean legMatters;

  StepPlanner(Forecast scope, Runs job) {
    this.scope = scope;
    this.job = job;
  }

  /** Whether the steps of another job of the same matrix may be planned otherwise. */
  boolean legMatters() {
    return legMatters || job == Runs.NO;
  }

  List<PlannedStep> plan(List<Step> steps) {
    List<PlannedStep> planned = new ArrayList<>(steps.size());
    for (Step step : steps) {
      add(step, planned);
    }
    return planned;
  }

  private void add(Step step, List<PlannedStep> planned) {
    String uses = step.body() instanceof Step.Uses action ? action.action().source() : null;
    String run = step.body() instanceof Step.Run script ? JobPlanner.source(script.script()) : null;
    planned.add(new PlannedStep(step.number(), name(step, uses, run), uses, run, runs(step)));
    if (step.body() instanceof Step.Parallel parallel) {
      for (Step inner : parallel.steps()) {
        add(inner, planned);
      }
    }
  }

  private Runs runs(Step step) {
    if (job == Runs.NO) {
      return Runs.NO;
    }
    if (step.condition().source() == null) {
      return job;
    }
    note(step.condition().expression());
    Runs runs;
    try {
      runs = Decision.step(step.condition(), scope);
    } catch (ExpressionException e) {
      runs = Runs.DEPENDS;
    }
    return runs == Runs.YES ? job : runs;
  }

  private String name(Step step, @Nullable String uses, @Nullable String run) {
    Node name = step.name();
    if (name instanceof Node.Scalar scalar) {
      scalar.template().expressions().forEach(this::note);
      String text = known(scalar);
      if (!text.isBlank()) {
        return text;
      }
    }
    if (run != null) {
      return "Run " + firstLine(run);
    }
    if (uses != null) {
      return "Run " + uses;
    }
    if (step.body() instanceof Step.Wait wait) {
      return "Wait for " + String.join(", ", wait.ids());
    }
    if (step.body() instanceof Step.Cancel cancel) {
      return "Cancel " + cancel.target();
    }
    return step.body() instanceof Step.Parallel ? "Parallel" : "Wait for all";
  }

  private String known(Node.Scalar name) {
    try {
      Value value = Foreseen.value(name, scope);
      return value == null ? name.source() : value.toText();
    } catch (ExpressionException e) {
      return name.source();
    }
  }

  private void note(Expression expression) {
    if (!legMatters) {
      for (List<String> reference : expression.references()) {
        String context = reference.getFirst();
        legMatters |= context.equals("matrix") || context.equals("strategy");
      }
    }
  }

  private static String firstLine(String script) {
    String line = script.strip().lines().findFirst().orElse("").strip();
    return line.length() > MAX_NAME ? line.substring(0, MAX_NAME - 3) + "..." : line;
  }
}
