package dev.slipway.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.workflow.Reading;
import dev.slipway.workflow.Workflow;
import dev.slipway.workflow.WorkflowReader;
import dev.slipway.workflow.expression.Json;
import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Workflows given as text, and the plans made of them. */
final class Plans implements WorkflowSource {
  private final Map<String, String> files = new LinkedHashMap<>();
  private final Map<String, Long> durations = new LinkedHashMap<>();
  private final Map<String, Value> vars = new LinkedHashMap<>();
  private final Set<String> jobs = new LinkedHashSet<>();
  private final Map<String, Set<String>> matrix = new LinkedHashMap<>();
  private EventContext event = push("refs/heads/main");
  int reads;

  static Plans of(String text) {
    return new Plans().file("ci.yml", text);
  }

  static EventContext push(String ref) {
    return event("push", ref, "{}");
  }

  static EventContext event(String name, String ref, String payload, String... changed) {
    return new EventContext(
        name,
        ref,
        "c0ffee",
        "",
        name.equals("pull_request") ? "topic" : "",
        name.equals("pull_request") ? "main" : "",
        "",
        (ObjectValue) Json.parse(payload),
        "octo",
        "acme/app",
        () -> Optional.of(List.of(changed)));
  }

  Plans file(String name, String text) {
    files.put(".github/workflows/" + name, text);
    return this;
  }

  Plans on(EventContext other) {
    event = other;
    return this;
  }

  Plans takes(String key, long milliseconds) {
    durations.put(key, milliseconds);
    return this;
  }

  Plans var(String name, String value) {
    vars.put(name, Value.of(value));
    return this;
  }

  /** Asks for this job only. */
  Plans only(String job) {
    jobs.add(job);
    return this;
  }

  /** Asks for this value of a key of matrices. */
  Plans only(String key, String value) {
    matrix.computeIfAbsent(key, k -> new LinkedHashSet<>()).add(value);
    return this;
  }

  Plan plan() {
    List<Planner.WorkflowFile> read = new ArrayList<>();
    files.forEach(
        (file, text) -> read.add(new Planner.WorkflowFile(file, WorkflowReader.read(file, text))));
    Forecasts forecasts =
        new Forecasts(
            labels ->
                labels.contains("windows-latest")
                    ? new Forecasts.Choice(null, "no machine here has the label 'windows-latest'")
                    : new Forecasts.Choice("host", null),
            (file, key) ->
                durations.containsKey(key)
                    ? OptionalLong.of(durations.get(key))
                    : OptionalLong.empty(),
            (labels, milliseconds) ->
                new Forecasts.Cost(
                    Math.ceil(milliseconds / 60_000.0), Math.ceil(milliseconds / 60_000.0) * 0.5),
            Value.object(vars));
    return Planner.plan(event, read, this, forecasts, JobSelection.of(jobs, matrix));
  }

  PlannedWorkflow first() {
    return plan().workflows().getFirst();
  }

  List<PlannedJob> jobs() {
    PlannedWorkflow workflow = first();
    assertThat(workflow.problems()).isEmpty();
    return workflow.jobs();
  }

  PlannedJob job(String key) {
    for (PlannedJob job : jobs()) {
      if (job.key().equals(key)) {
        return job;
      }
    }
    throw new AssertionError(
        "no job '" + key + "' in " + jobs().stream().map(PlannedJob::key).toList());
  }

  static Workflow workflow(String file, String text) {
    Reading<Workflow> reading = WorkflowReader.read(file, text);
    Workflow workflow = reading.value();
    if (workflow == null) {
      throw new AssertionError(reading.problems().toString());
    }
    return workflow;
  }

  @Override
  public Called read(String uses, String callerOrigin) {
    reads++;
    String path = uses.startsWith("./") ? uses.substring(2) : uses;
    String text = files.get(path);
    if (uses.startsWith("far/")) {
      throw new UnavailableException("The workflow '" + uses + "' cannot be fetched: no network");
    }
    if (text == null) {
      throw new PlanException("The workflow '" + uses + "' does not exist");
    }
    return new Called(
        WorkflowReader.read(path, text), uses.startsWith("./") ? callerOrigin : "acme/lib@1");
  }

  /** Steps that a test does not care for. */
  static String job(String id, String lines) {
    return "  "
        + id
        + ":\n    runs-on: ubuntu-latest\n"
        + lines.indent(4)
        + "    steps: [{run: make}]\n";
  }
}
