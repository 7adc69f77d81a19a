package dev.slipway.plan;

import dev.slipway.workflow.Condition;
import dev.slipway.workflow.expression.Expression;
import dev.slipway.workflow.expression.Truth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Whether a job or a step runs, and why.
 *
 * @param exceptional whether it runs only when something fails or the run is cancelled
 */
record Decision(Runs runs, String reason, boolean exceptional) {
  Decision(Runs runs, String reason) {
    this(runs, reason, false);
  }

  private static final int MAX_SOURCE = 120;

  /**
   * Decides for a job.
   *
   * @param needs whether the jobs that it needs run, by their ids
   * @throws dev.slipway.workflow.expression.ExpressionException when its {@code if} must fail
   */
  static Decision job(Condition condition, Map<String, Runs> needs, Forecast scope) {
    boolean plain = condition.source() == null || condition.source().isBlank();
    if (plain) {
      return byNeeds(needs);
    }
    Expression expression = condition.expression();
    String shown = "`if: " + source(condition) + "`";
    Truth truth = expression.truth(scope);
    if (truth == Truth.YES) {
      return new Decision(Runs.YES, after(needs) + shown + " holds");
    }
    if (truth == Truth.NO) {
      String otherwise = otherwise(expression, scope);
      if (!otherwise.isEmpty()) {
        return new Decision(Runs.DEPENDS, otherwise, true);
      }
      Decision skipped = byNeeds(needs);
      return skipped.runs == Runs.NO && expression.truth(scope.supposingAllRun()) != Truth.NO
          ? skipped
          : new Decision(Runs.NO, shown + " is false" + facts(expression, scope));
    }
    List<String> unknown = Foreseen.unknown(expression, scope);
    if (!unknown.isEmpty()) {
      return new Decision(
          Runs.DEPENDS,
          shown
              + " depends on "
              + String.join(", ", unknown)
              + ", which is not known before the run");
    }
    Decision byNeeds = byNeeds(needs);
    return byNeeds.runs == Runs.DEPENDS
        ? byNeeds
        : new Decision(Runs.DEPENDS, shown + " is known only in the run");
  }

  /**
   * Decides for a step of a job that runs.
   *
   * @throws dev.slipway.workflow.expression.ExpressionException when its {@code if} must fail
   */
  static Runs step(Condition condition, Forecast scope) {
    if (condition.source() == null || condition.source().isBlank()) {
      return Runs.YES;
    }
    Expression expression = condition.expression();
    return switch (expression.truth(scope)) {
      case YES -> Runs.YES;
      case UNKNOWN -> Runs.DEPENDS;
      case NO -> otherwise(expression, scope).isEmpty() ? Runs.NO : Runs.DEPENDS;
    };
  }

  private static Decision byNeeds(Map<String, Runs> needs) {
    List<String> open = new ArrayList<>();
    for (Map.Entry<String, Runs> need : needs.entrySet()) {
      if (need.getValue() == Runs.NO) {
        return new Decision(Runs.NO, "needs '" + need.getKey() + "', which does not run");
      }
      if (need.getValue() == Runs.DEPENDS) {
        open.add("'" + need.getKey() + "'");
      }
    }
    if (!open.isEmpty()) {
      String verb = open.size() == 1 ? " does" : " do";
      return new Decision(Runs.DEPENDS, "runs when " + String.join(" and ", open) + verb);
    }
    return new Decision(Runs.YES, needs.isEmpty() ? "waits for nothing" : after(needs).strip());
  }

  private static String after(Map<String, Runs> needs) {
    List<String> names = new ArrayList<>();
    for (Map.Entry<String, Runs> need : needs.entrySet()) {
      if (need.getValue() != Runs.NO) {
        names.add("'" + need.getKey() + "'");
      }
    }
    return names.isEmpty() ? "" : "after " + String.join(", ", names) + " ";
  }

  /** When it does run although it does not if all goes well; empty when it never does. */
  private static String otherwise(Expression expression, Forecast scope) {
    if (!expression.callsStatusFunction()) {
      return "";
    }
    if (expression.truth(scope.in(Forecast.World.FAILED)) != Truth.NO) {
      return "runs only when something before it fails";
    }
    if (expression.truth(scope.in(Forecast.World.CANCELLED)) != Truth.NO) {
      return "runs only when the run is cancelled";
    }
    return "";
  }

  private static String facts(Expression expression, Forecast scope) {
    List<String> facts = Foreseen.facts(expression, scope);
    return facts.isEmpty() ? "" : " (" + String.join(", ", facts) + ")";
  }

  private static String source(Condition condition) {
    String source = String.valueOf(condition.source()).strip().replaceAll("\\s+", " ");
    return source.length() > MAX_SOURCE ? source.substring(0, MAX_SOURCE - 3) + "..." : source;
  }
}
