package dev.slipway.plan;

import dev.slipway.workflow.Problem;
import dev.slipway.workflow.expression.Json;
import dev.slipway.workflow.expression.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A plan as one JSON object, {@code slipway.plan/1}. What is not known is left out. */
public final class PlanJson {
  private PlanJson() {}

  /** The JSON, on one line without an end. */
  public static String write(Plan plan) {
    EventContext event = plan.event();
    Members members = new Members();
    members.text("schema", "slipway.plan/1");
    members.value(
        "event",
        new Members()
            .text("name", event.name())
            .text("ref", event.ref())
            .text("sha", event.sha())
            .text("baseSha", event.baseSha().isEmpty() ? null : event.baseSha())
            .number("changedFiles", plan.changedFiles())
            .value());
    members.list("workflows", plan.workflows(), PlanJson::workflow);
    members.value(
        "criticalPath",
        new Members()
            .list("jobs", plan.criticalPath().jobs(), Value::of)
            .number("estimateMs", plan.criticalPath().estimateMs())
            .value());
    return Json.writeCompact(members.value());
  }

  private static Value workflow(PlannedWorkflow workflow) {
    Members members = new Members();
    members.text("file", workflow.file()).text("name", workflow.name());
    members.value("triggered", Value.of(workflow.triggered())).text("reason", workflow.reason());
    members.list("problems", workflow.problems(), PlanJson::problem);
    return members.list("jobs", workflow.jobs(), PlanJson::job).value();
  }

  private static Value problem(Problem problem) {
    return new Members()
        .text("file", problem.file())
        .number("line", problem.at().line())
        .number("column", problem.at().column())
        .text("severity", problem.severity().name().toLowerCase(Locale.ROOT))
        .text("message", problem.message())
        .text("hint", problem.hint())
        .value("refused", Value.of(problem.refused()))
        .value();
  }

  private static Value job(PlannedJob job) {
    return new Members()
        .text("id", job.id())
        .text("key", job.key())
        .text("name", job.name())
        .value("matrix", job.matrix())
        .list("needs", job.needs(), Value::of)
        .text("runs", job.runs().text())
        .text("reason", job.reason())
        .list("runsOn", job.runsOn(), Value::of)
        .text("machine", job.machine())
        .list("steps", job.steps(), PlanJson::step)
        .number("estimateMs", job.estimateMs())
        .number("minutes", job.minutes())
        .number("cost", job.cost())
        .value();
  }

  private static Value step(PlannedStep step) {
    return new Members()
        .number("number", step.number())
        .text("name", step.name())
        .text("uses", step.uses())
        .text("run", step.run())
        .text("runs", step.runs().text())
        .value();
  }

  /** Members of an object; those that are null are left out. */
  private static final class Members {
    private final Map<String, Value> members = new LinkedHashMap<>();

    Members value(String name, @Nullable Value value) {
      if (value != null) {
        members.put(name, value);
      }
      return this;
    }

    Members text(String name, @Nullable String text) {
      return text == null ? this : value(name, Value.of(text));
    }

    Members number(String name, @Nullable Number number) {
      return number == null ? this : value(name, Value.of(number.doubleValue()));
    }

    <T> Members list(String name, List<T> items, Function<T, Value> value) {
      List<Value> values = new ArrayList<>(items.size());
      for (T item : items) {
        values.add(value.apply(item));
      }
      return value(name, Value.array(values));
    }

    Value value() {
      return Value.object(members);
    }
  }
}
