package dev.slipway.cli;

import dev.slipway.engine.Conclusion;
import dev.slipway.engine.RunEvent;
import dev.slipway.plan.RunKeys;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one run: the fold over its events (without its log) that all views draw from.
 */
final class RunPicture {
  /** One job. */
  static final class JobPicture {
    final String key;
    String name;
    String id;
    List<String> needs = List.of();
    @Nullable String matrixJson;
    @Nullable String machine;
    @Nullable Instant queuedAt;
    @Nullable Instant startedAt;
    @Nullable Instant finishedAt;
    @Nullable String skipReason;
    @Nullable Conclusion conclusion;
    @Nullable String cause;
    long durationMs;
    final List<StepPicture> steps = new ArrayList<>();

    JobPicture(String key, String name) {
      this.key = key;
      this.name = name;
      this.id = name;
    }

    boolean running() {
      return startedAt != null && conclusion == null;
    }

    /** The step with this number that began last, or null. */
    @Nullable StepPicture step(int number) {
      for (int i = steps.size() - 1; i >= 0; i--) {
        if (steps.get(i).number == number) {
          return steps.get(i);
        }
      }
      return null;
    }

    /** {@code success}, {@code failure (timed_out)}, {@code running} … */
    String state() {
      Conclusion ended = conclusion;
      if (ended == null) {
        return startedAt == null ? "queued" : "running";
      }
      String why = cause;
      return why == null ? ended.text() : ended.text() + " (" + why + ")";
    }
  }

  /** One phase of one step. */
  static final class StepPicture {
    final int number;
    final String name;
    final RunEvent.Phase phase;
    final Instant startedAt;
    final @Nullable String uses;
    final @Nullable String shell;
    @Nullable Conclusion outcome;
    @Nullable Conclusion conclusion;
    long durationMs;
    boolean cached;
    @Nullable Integer exitCode;

    StepPicture(RunEvent.StepStarted event) {
      number = event.step();
      name = event.name();
      phase = event.phase();
      startedAt = event.at();
      uses = event.uses();
      shell = event.shell();
    }
  }

  final String id;
  String workflow = "";
  String file = "";
  String event = "";
  String ref = "";
  String sha = "";
  String actor = "";
  @Nullable Instant startedAt;
  @Nullable Conclusion conclusion;
  long durationMs;
  final List<JobPicture> jobs = new ArrayList<>();
  final List<RunEvent.Annotation> annotations = new ArrayList<>();
  final List<RunEvent.Summary> summaries = new ArrayList<>();
  private final Map<String, JobPicture> byKey = new LinkedHashMap<>();

  RunPicture(String id) {
    this.id = id;
  }

  /** The job with this key; a job not heard of before is added. */
  JobPicture job(String key) {
    JobPicture job = byKey.get(key);
    if (job == null) {
      job = new JobPicture(key, RunKeys.inRun(file, key));
      byKey.put(key, job);
      jobs.add(job);
    }
    return job;
  }

  /** The job with this key, if it was heard of. */
  @Nullable JobPicture known(String key) {
    return byKey.get(key);
  }

  /** The jobs that ids stand for: each job of a matrix, and those of a called workflow. */
  private List<String> keysOf(List<String> ids) {
    List<String> keys = new ArrayList<>();
    for (String id : ids) {
      for (JobPicture job : jobs) {
        String rest = job.key.startsWith(id) ? job.key.substring(id.length()) : "?";
        if (rest.isEmpty() || rest.startsWith(" (") || rest.startsWith("/")) {
          keys.add(job.key);
        }
      }
    }
    return keys;
  }

  void accept(RunEvent any) {
    if (any instanceof RunEvent.StepStarted event) {
      job(event.job()).steps.add(new StepPicture(event));
    } else if (any instanceof RunEvent.StepFinished event) {
      finish(event);
    } else if (any instanceof RunEvent.JobQueued event) {
      JobPicture job = job(event.job());
      job.id = event.id();
      job.name = event.name();
      job.needs = keysOf(event.needs());
      job.matrixJson = event.matrixJson();
      job.queuedAt = event.at();
    } else if (any instanceof RunEvent.JobStarted event) {
      JobPicture job = job(event.job());
      job.name = event.name();
      job.machine = event.machine();
      job.startedAt = event.at();
    } else if (any instanceof RunEvent.JobSkipped event) {
      JobPicture job = job(event.job());
      job.name = event.name();
      job.skipReason = event.reason();
      job.conclusion = Conclusion.SKIPPED;
    } else if (any instanceof RunEvent.JobFinished event) {
      JobPicture job = job(event.job());
      job.conclusion = event.conclusion();
      job.durationMs = event.durationMs();
      job.cause = event.cause();
      job.finishedAt = event.at();
    } else if (any instanceof RunEvent.Annotation event) {
      annotations.add(event);
    } else if (any instanceof RunEvent.Summary event) {
      summaries.add(event);
    } else if (any instanceof RunEvent.RunStarted event) {
      workflow = event.workflow();
      file = event.file();
      this.event = event.event();
      ref = event.ref();
      sha = event.sha();
      actor = event.actor();
      startedAt = event.at();
    } else if (any instanceof RunEvent.RunFinished event) {
      conclusion = event.conclusion();
      durationMs = event.durationMs();
    }
  }

  private void finish(RunEvent.StepFinished event) {
    List<StepPicture> steps = job(event.job()).steps;
    for (int i = steps.size() - 1; i >= 0; i--) {
      StepPicture step = steps.get(i);
      if (step.number == event.step() && step.phase == event.phase()) {
        step.outcome = event.outcome();
        step.conclusion = event.conclusion();
        step.durationMs = event.durationMs();
        step.cached = event.cached();
        step.exitCode = event.exitCode();
        return;
      }
    }
  }

  /** {@code CI (push to main)}. */
  String title() {
    return workflow + " (" + event + (ref.isEmpty() ? "" : " to " + shortRef()) + ")";
  }

  /** The branch, tag or pull request without what all refs begin with. */
  String shortRef() {
    if (ref.startsWith("refs/heads/")) {
      return ref.substring("refs/heads/".length());
    }
    if (ref.startsWith("refs/tags/")) {
      return ref.substring("refs/tags/".length());
    }
    return ref.startsWith("refs/pull/") ? ref.substring("refs/".length()) : ref;
  }

  String shortSha() {
    return sha.length() > 7 ? sha.substring(0, 7) : sha;
  }
}
