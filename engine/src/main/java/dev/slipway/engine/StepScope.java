package dev.slipway.engine;

import dev.slipway.workflow.expression.ExpressionException;
import dev.slipway.workflow.expression.Scope;
import dev.slipway.workflow.expression.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the expressions of a step see. */
final class StepScope implements Scope {
  private final JobContext job;
  private final Frame frame;
  private final Map<String, String> env;
  private final LiveObject github;
  private final boolean postOrPre;
  private @Nullable Value envValue;

  /** Whether the job was cancelled while a step of a composite action ran. */
  private boolean overtaken;

  StepScope(
      JobContext job, Frame frame, Map<String, String> env, LiveObject github, boolean postOrPre) {
    this.job = job;
    this.frame = frame;
    this.env = env;
    this.github = github;
    this.postOrPre = postOrPre;
  }

  /** The step's environment changed. */
  void envChanged() {
    envValue = null;
  }

  @Override
  public @Nullable Value context(String name) {
    switch (name) {
      case "github":
        return github;
      case "inputs":
        return frame.inputs();
      case "steps":
        return frame.steps();
      case "env":
        Value value = envValue;
        if (value == null) {
          LiveObject object = new LiveObject(true);
          env.forEach(object::put);
          value = object;
          envValue = value;
        }
        return value;
      case "secrets":
        return frame.jobFrame() ? job.secrets : null;
      case "needs":
        return frame.jobFrame() ? job.spec.needs() : null;
      case "vars":
        return frame.jobFrame() ? job.spec.vars() : null;
      case "matrix":
        return job.spec.matrix();
      case "strategy":
        return job.spec.strategy();
      case "runner":
        return job.runnerContext();
      case "job":
        return job.jobContext();
      default:
        return null;
    }
  }

  /** The user's token for GitHub; empty when none was given. */
  String givenToken() {
    Value token = job.spec.github().get("token");
    return token == null ? "" : token.toText();
  }

  /** The job was cancelled while the step ran. Within the job's lock. */
  void overtake() {
    overtaken = true;
    if (ofAction()) {
      github.put("action_status", Conclusion.CANCELLED.text());
    }
  }

  /** Whether steps of a composite action are decided here, by what came of those before them. */
  private boolean ofAction() {
    return !postOrPre && frame.depth() > 0;
  }

  private Conclusion status() {
    if (ofAction()) {
      return overtaken ? Conclusion.CANCELLED : frame.status().conclusion();
    }
    return job.cancellation.cancelled() ? Conclusion.CANCELLED : job.status.conclusion();
  }

  @Override
  public boolean success(List<String> jobs) {
    return status() == Conclusion.SUCCESS;
  }

  @Override
  public boolean failure(List<String> jobs) {
    return status() == Conclusion.FAILURE;
  }

  @Override
  public boolean cancelled() {
    return job.cancellation.cancelled();
  }

  @Override
  public String hashFiles(List<String> patterns) {
    Path workspace = job.workspace();
    try {
      return FileHashes.hashFiles(workspace, patterns);
    } catch (IOException e) {
      throw ExpressionException.evaluation(
          "hashFiles('" + String.join("', '", patterns) + "') failed: " + e.getMessage());
    }
  }
}
