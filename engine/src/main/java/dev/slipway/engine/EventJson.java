package dev.slipway.engine;

import dev.slipway.workflow.expression.ArrayValue;
import dev.slipway.workflow.expression.ExpressionException;
import dev.slipway.workflow.expression.Json;
import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Value;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Events as lines of JSON, both ways: the stored form, which is also what {@code --json} prints.
 */
public final class EventJson {
  private EventJson() {}

  /** The event on one line, without its end. */
  public static String text(RunEvent event) {
    JsonLine line = new JsonLine(256);
    write(line, new Timestamps(), event);
    return new String(line.bytes, 0, line.size - 1, StandardCharsets.UTF_8);
  }

  /** Appends the event and a line end. */
  static void write(JsonLine line, Timestamps timestamps, RunEvent event) {
    line.raw("{\"seq\":").number(event.seq()).raw(",\"at\":\"");
    line.raw(timestamps.format(event.at().toEpochMilli())).raw("\",\"type\":\"");
    if (event instanceof RunEvent.StepStarted e) {
      head(line, "step.started", e.run(), e.job(), e.step());
      line.member("name", e.name()).member("phase", text(e.phase()));
      line.member("uses", e.uses()).member("shell", e.shell());
    } else if (event instanceof RunEvent.StepFinished e) {
      head(line, "step.finished", e.run(), e.job(), e.step());
      line.member("phase", text(e.phase()));
      line.member("outcome", e.outcome().text()).member("conclusion", e.conclusion().text());
      line.member("durationMs", e.durationMs());
      line.key("cached").raw(e.cached() ? "true" : "false");
      line.member("exitCode", e.exitCode()).member("outputs", e.outputs());
    } else if (event instanceof RunEvent.Log e) {
      head(line, "log", e.run(), e.job(), e.step());
      line.member("stream", text(e.stream())).member("text", e.text());
    } else if (event instanceof RunEvent.GroupStarted e) {
      head(line, "group.started", e.run(), e.job(), e.step());
      line.member("title", e.title());
    } else if (event instanceof RunEvent.GroupFinished e) {
      head(line, "group.finished", e.run(), e.job(), e.step());
    } else if (event instanceof RunEvent.JobQueued e) {
      head(line, "job.queued", e.run(), e.job());
      line.member("id", e.id()).member("name", e.name()).member("needs", e.needs());
      if (e.matrixJson() != null) {
        byte[] json = e.matrixJson().getBytes(StandardCharsets.UTF_8);
        line.key("matrix").raw(json);
      }
    } else if (event instanceof RunEvent.JobStarted e) {
      head(line, "job.started", e.run(), e.job());
      line.member("name", e.name()).member("machine", e.machine());
    } else if (event instanceof RunEvent.JobSkipped e) {
      head(line, "job.skipped", e.run(), e.job());
      line.member("name", e.name()).member("reason", e.reason());
    } else if (event instanceof RunEvent.JobFinished e) {
      head(line, "job.finished", e.run(), e.job());
      line.member("conclusion", e.conclusion().text()).member("durationMs", e.durationMs());
      line.member("outputs", e.outputs()).member("cause", e.cause());
    } else if (event instanceof RunEvent.Annotation e) {
      head(line, "annotation", e.run(), e.job(), e.step());
      line.member("level", e.level()).member("message", e.message()).member("title", e.title());
      line.member("file", e.file()).member("line", e.line()).member("endLine", e.endLine());
      line.member("column", e.column()).member("endColumn", e.endColumn());
      line.member("code", e.code()).member("source", e.source());
    } else if (event instanceof RunEvent.Summary e) {
      head(line, "summary", e.run(), e.job(), e.step());
      line.member("markdown", e.markdown());
    } else if (event instanceof RunEvent.RunStarted e) {
      line.raw("run.started\"").member("run", e.run());
      line.member("workflow", e.workflow()).member("file", e.file()).member("event", e.event());
      line.member("ref", e.ref()).member("sha", e.sha()).member("actor", e.actor());
    } else if (event instanceof RunEvent.RunFinished e) {
      line.raw("run.finished\"").member("run", e.run());
      line.member("conclusion", e.conclusion().text()).member("durationMs", e.durationMs());
      line.member("cause", e.cause());
    }
    line.raw("}\n");
  }

  private static void head(JsonLine line, String type, String run, String job) {
    line.raw(type).raw("\"").member("run", run).member("job", job);
  }

  private static void head(JsonLine line, String type, String run, String job, int step) {
    head(line, type, run, job);
    line.member("step", step);
  }

  static String text(RunEvent.Phase phase) {
    return phase == RunEvent.Phase.MAIN ? "main" : phase == RunEvent.Phase.PRE ? "pre" : "post";
  }

  static String text(RunEvent.Stream stream) {
    return stream == RunEvent.Stream.STDOUT
        ? "stdout"
        : stream == RunEvent.Stream.STDERR ? "stderr" : "system";
  }

  /**
   * Reads one line; null when it is no event (a line cut short by a crash, a type of a newer
   * version).
   */
  static @Nullable RunEvent read(String json) {
    Value parsed;
    try {
      parsed = Json.parse(json);
    } catch (ExpressionException cutShort) {
      return null;
    }
    if (!(parsed instanceof ObjectValue o)) {
      return null;
    }
    long seq = (long) number(o, "seq");
    Instant at;
    try {
      at = Instant.parse(string(o, "at"));
    } catch (java.time.format.DateTimeParseException e) {
      return null;
    }
    String run = string(o, "run");
    String job = string(o, "job");
    int step = (int) number(o, "step");
    return switch (string(o, "type")) {
      case "run.started" ->
          new RunEvent.RunStarted(
              seq,
              at,
              run,
              string(o, "workflow"),
              string(o, "file"),
              string(o, "event"),
              string(o, "ref"),
              string(o, "sha"),
              string(o, "actor"));
      case "job.queued" ->
          new RunEvent.JobQueued(
              seq,
              at,
              run,
              job,
              string(o, "id"),
              string(o, "name"),
              strings(o, "needs"),
              o.get("matrix") == null ? null : Json.writeCompact(o.get("matrix")));
      case "job.started" ->
          new RunEvent.JobStarted(seq, at, run, job, string(o, "name"), string(o, "machine"));
      case "job.skipped" ->
          new RunEvent.JobSkipped(seq, at, run, job, string(o, "name"), string(o, "reason"));
      case "step.started" ->
          new RunEvent.StepStarted(
              seq,
              at,
              run,
              job,
              step,
              string(o, "name"),
              phase(string(o, "phase")),
              optional(o, "uses"),
              optional(o, "shell"));
      case "log" ->
          new RunEvent.Log(seq, at, run, job, step, stream(string(o, "stream")), string(o, "text"));
      case "group.started" ->
          new RunEvent.GroupStarted(seq, at, run, job, step, string(o, "title"));
      case "group.finished" -> new RunEvent.GroupFinished(seq, at, run, job, step);
      case "annotation" ->
          new RunEvent.Annotation(
              seq,
              at,
              run,
              job,
              step,
              string(o, "level"),
              string(o, "message"),
              optional(o, "title"),
              optional(o, "file"),
              integer(o, "line"),
              integer(o, "endLine"),
              integer(o, "column"),
              integer(o, "endColumn"),
              optional(o, "code"),
              string(o, "source"));
      case "summary" -> new RunEvent.Summary(seq, at, run, job, step, string(o, "markdown"));
      case "step.finished" ->
          new RunEvent.StepFinished(
              seq,
              at,
              run,
              job,
              step,
              phase(string(o, "phase")),
              Conclusion.of(string(o, "outcome")),
              Conclusion.of(string(o, "conclusion")),
              (long) number(o, "durationMs"),
              o.get("cached") != null && o.get("cached").truthy(),
              integer(o, "exitCode"),
              map(o, "outputs"));
      case "job.finished" ->
          new RunEvent.JobFinished(
              seq,
              at,
              run,
              job,
              Conclusion.of(string(o, "conclusion")),
              (long) number(o, "durationMs"),
              map(o, "outputs"),
              optional(o, "cause"));
      case "run.finished" ->
          new RunEvent.RunFinished(
              seq,
              at,
              run,
              Conclusion.of(string(o, "conclusion")),
              (long) number(o, "durationMs"),
              optional(o, "cause"));
      default -> null;
    };
  }

  static RunEvent.Stream stream(String text) {
    return switch (text) {
      case "stdout" -> RunEvent.Stream.STDOUT;
      case "stderr" -> RunEvent.Stream.STDERR;
      default -> RunEvent.Stream.SYSTEM;
    };
  }

  private static RunEvent.Phase phase(String text) {
    return switch (text) {
      case "pre" -> RunEvent.Phase.PRE;
      case "post" -> RunEvent.Phase.POST;
      default -> RunEvent.Phase.MAIN;
    };
  }

  private static String string(ObjectValue o, String name) {
    Value value = o.get(name);
    return value == null ? "" : value.toText();
  }

  private static @Nullable String optional(ObjectValue o, String name) {
    Value value = o.get(name);
    return value == null ? null : value.toText();
  }

  private static double number(ObjectValue o, String name) {
    Value value = o.get(name);
    return value == null ? 0 : value.toNumber();
  }

  private static @Nullable Integer integer(ObjectValue o, String name) {
    Value value = o.get(name);
    return value == null ? null : (int) value.toNumber();
  }

  private static List<String> strings(ObjectValue o, String name) {
    List<String> strings = new ArrayList<>();
    if (o.get(name) instanceof ArrayValue array) {
      for (Value item : array.items()) {
        strings.add(item.toText());
      }
    }
    return strings;
  }

  private static Map<String, String> map(ObjectValue o, String name) {
    Map<String, String> map = new LinkedHashMap<>();
    if (o.get(name) instanceof ObjectValue object) {
      object.forEach((key, value) -> map.put(key, value.toText()));
    }
    return map;
  }
}
