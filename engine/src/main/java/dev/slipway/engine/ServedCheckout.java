package dev.slipway.engine;

import dev.slipway.workflow.ActionReference;
import dev.slipway.workflow.Step;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for {@code actions/checkout} where it asks for the project itself at the commit that
 * runs: the machine fills the folder from the working tree. Thread-safe.
 */
final class ServedCheckout {
  private final JobContext job;

  ServedCheckout(JobContext job) {
    this.job = job;
  }

  /** Whether a reference means the action that this stands in for. */
  boolean standsInFor(ActionReference reference) {
    return job.servesCheckout(reference);
  }

  /** Serves it; null when another repository or commit is asked for. */
  @Nullable Conclusion serve(StepRun run, Step.Uses uses) {
    Map<String, String> with;
    synchronized (job.lock) {
      with = ActionInputs.given(uses, run.scope);
      if (!asksForTheProject(with)) {
        return null;
      }
    }
    Path workspace = job.workspace();
    Path target;
    try {
      target = workspace.resolve(with.getOrDefault("path", "")).normalize();
    } catch (InvalidPathException e) {
      return run.fail("The path '" + with.get("path") + "' is no path");
    }
    if (!target.startsWith(workspace)) {
      return run.fail("Repository path '" + target + "' is not under '" + workspace + "'");
    }
    try {
      Machine.Checkout checkout =
          job.place.checkout(target, Machine.Submodules.of(with.getOrDefault("submodules", "")));
      job.output.repository(target);
      job.steps.share(target);
      run.log.system(
          checkout.files() < 0
              ? "The working tree itself is used (in place)"
              : "Served from the working tree: " + checkout.files() + " files");
    } catch (IOException e) {
      return run.fail("The working tree could not be copied: " + e.getMessage());
    }
    synchronized (job.lock) {
      run.effects.outputs.put("ref", job.githubText("ref"));
      run.effects.outputs.put("commit", job.githubText("sha"));
    }
    return Conclusion.SUCCESS;
  }

  private boolean asksForTheProject(Map<String, String> with) {
    String repository = with.getOrDefault("repository", "");
    String ref = with.getOrDefault("ref", "");
    return (repository.isEmpty() || repository.equalsIgnoreCase(job.githubText("repository")))
        && (ref.isEmpty()
            || ref.equals(job.githubText("ref"))
            || ref.equals(job.githubText("ref_name"))
            || ref.equals(job.githubText("sha"))
            || ref.equals(job.githubText("head_ref")));
  }
}
