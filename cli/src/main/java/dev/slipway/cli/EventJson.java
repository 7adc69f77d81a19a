package dev.slipway.cli;

import dev.slipway.engine.RunEvent;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Events of a run as JSON lines, as {@code run --json} prints them. */
final class EventJson {
  private EventJson() {}

  /** The job that the event belongs to, or null. */
  static @Nullable String job(RunEvent event) {
    return switch (event) {
      case RunEvent.RunStarted e -> null;
      case RunEvent.RunFinished e -> null;
      case RunEvent.JobQueued e -> e.job();
      case RunEvent.JobStarted e -> e.job();
      case RunEvent.JobSkipped e -> e.job();
      case RunEvent.JobFinished e -> e.job();
      case RunEvent.StepStarted e -> e.job();
      case RunEvent.StepFinished e -> e.job();
      case RunEvent.Log e -> e.job();
      case RunEvent.GroupStarted e -> e.job();
      case RunEvent.GroupFinished e -> e.job();
      case RunEvent.Annotation e -> e.job();
      case RunEvent.Summary e -> e.job();
    };
  }

  static String text(RunEvent event) {
    Json json = new Json().object().member("seq", event.seq()).member("at", event.at());
    switch (event) {
      case RunEvent.RunStarted e -> {
        head(json, "run.started", e);
        json.member("workflow", e.workflow()).member("file", e.file()).member("event", e.event());
        json.member("ref", e.ref()).member("sha", e.sha()).member("actor", e.actor());
      }
      case RunEvent.JobQueued e -> {
        head(json, "job.queued", e).member("id", e.id()).member("name", e.name()).array("needs");
        e.needs().forEach(json::value);
        json.end();
        String matrix = e.matrixJson();
        if (matrix != null) {
          json.name("matrix").raw(matrix);
        }
      }
      case RunEvent.JobStarted e ->
          head(json, "job.started", e).member("name", e.name()).member("machine", e.machine());
      case RunEvent.JobSkipped e ->
          head(json, "job.skipped", e).member("name", e.name()).member("reason", e.reason());
      case RunEvent.StepStarted e ->
          step(head(json, "step.started", e), e.step())
              .member("name", e.name())
              .member("phase", phase(e.phase()))
              .member("uses", e.uses())
              .member("shell", e.shell());
      case RunEvent.Log e ->
          step(head(json, "log", e), e.step())
              .member("stream", e.stream().name().toLowerCase(Locale.ROOT))
              .member("text", e.text());
      case RunEvent.GroupStarted e ->
          step(head(json, "group.started", e), e.step()).member("title", e.title());
      case RunEvent.GroupFinished e -> step(head(json, "group.finished", e), e.step());
      case RunEvent.Annotation e ->
          step(head(json, "annotation", e), e.step())
              .member("level", e.level())
              .member("message", e.message())
              .member("title", e.title())
              .member("file", e.file())
              .member("line", e.line())
              .member("endLine", e.endLine())
              .member("column", e.column())
              .member("endColumn", e.endColumn())
              .member("code", e.code())
              .member("source", e.source());
      case RunEvent.Summary e ->
          step(head(json, "summary", e), e.step()).member("markdown", e.markdown());
      case RunEvent.StepFinished e -> {
        step(head(json, "step.finished", e), e.step()).member("phase", phase(e.phase()));
        json.member("outcome", e.outcome().text()).member("conclusion", e.conclusion().text());
        json.member("durationMs", e.durationMs())
            .member("cached", e.cached())
            .member("exitCode", e.exitCode());
        outputs(json, e.outputs());
      }
      case RunEvent.JobFinished e -> {
        head(json, "job.finished", e).member("conclusion", e.conclusion().text());
        json.member("durationMs", e.durationMs());
        outputs(json, e.outputs());
        json.member("cause", e.cause());
      }
      case RunEvent.RunFinished e ->
          head(json, "run.finished", e)
              .member("conclusion", e.conclusion().text())
              .member("durationMs", e.durationMs())
              .member("cause", e.cause());
    }
    return json.end().text();
  }

  private static Json head(Json json, String type, RunEvent event) {
    json.member("type", type).member("run", event.run());
    return json.member("job", job(event));
  }

  private static Json step(Json json, int step) {
    return json.member("step", step);
  }

  private static String phase(RunEvent.Phase phase) {
    return phase.name().toLowerCase(Locale.ROOT);
  }

  private static void outputs(Json json, Map<String, String> outputs) {
    json.object("outputs");
    outputs.forEach(json::member);
    json.end();
  }
}
