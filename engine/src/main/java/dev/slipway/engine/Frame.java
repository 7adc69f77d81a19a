package dev.slipway.engine;

import dev.slipway.workflow.Step;
import dev.slipway.workflow.expression.Value;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where steps run: the job itself, or a composite action in it. Each has its own {@code inputs} and
 * {@code steps}.
 *
 * @param name tells the frames of a job apart
 * @param path the numbers of the steps that lead here, from the job's own down
 * @param action what {@code github.action} is here; null where each step has its own
 * @param origin repository and commit that {@code $/} means here; null for the job itself
 * @param stepEnv what the {@code env} of the steps above sets, which no later write overrides
 * @param jobFrame whether {@code secrets}, {@code needs} and {@code vars} can be seen
 */
record Frame(
    String name,
    List<Integer> path,
    @Nullable String action,
    Value inputs,
    LiveObject steps,
    @Nullable Path actionPath,
    @Nullable ActionFolder origin,
    Map<String, String> stepEnv,
    Globals globals,
    Status status,
    int depth,
    boolean jobFrame) {

  /** Where the steps of the job itself run. */
  static Frame ofJob(Value inputs, Status status) {
    return new Frame(
        "",
        List.of(),
        null,
        inputs,
        new LiveObject(false),
        null,
        null,
        Map.of(),
        new Globals(),
        status,
        0,
        true);
  }

  /**
   * Where the steps of a composite action run that a step of this frame uses.
   *
   * @param env what the step's own {@code env} sets
   */
  Frame inside(
      Step step, ActionFolder folder, Map<String, String> inputs, Map<String, String> env) {
    LiveObject values = new LiveObject(false);
    inputs.forEach(values::put);
    Map<String, String> below = new LinkedHashMap<>(stepEnv);
    below.putAll(env);
    return new Frame(
        name + "/" + step.contextName() + step.number(),
        pathOf(step),
        action == null ? step.contextName() : action,
        values,
        new LiveObject(false),
        folder.directory(),
        folder.slug().isEmpty() ? origin : folder,
        below,
        globals,
        new Status(),
        depth + 1,
        false);
  }

  /** The numbers of the steps that lead to a step of this frame, its own the last. */
  List<Integer> pathOf(Step step) {
    List<Integer> longer = new ArrayList<>(path);
    longer.add(step.number());
    return List.copyOf(longer);
  }

  /** The same for a background step, which does not see what others change meanwhile. */
  Frame forked() {
    return new Frame(
        name,
        path,
        action,
        inputs,
        steps,
        actionPath,
        origin,
        stepEnv,
        globals.fork(),
        status,
        depth,
        jobFrame);
  }

  /** What earlier steps added to the environment. */
  static final class Globals {
    final Map<String, String> env = new LinkedHashMap<>();
    final List<String> path = new ArrayList<>();

    Globals fork() {
      Globals fork = new Globals();
      fork.env.putAll(env);
      fork.path.addAll(path);
      return fork;
    }

    void apply(Effects effects) {
      env.putAll(effects.env);
      for (String entry : effects.path) {
        path.remove(entry);
        path.add(entry);
      }
    }
  }

  /** What the status functions see: the worst result so far. */
  static final class Status {
    private Conclusion conclusion = Conclusion.SUCCESS;

    synchronized Conclusion conclusion() {
      return conclusion;
    }

    synchronized void fail() {
      if (conclusion == Conclusion.SUCCESS) {
        conclusion = Conclusion.FAILURE;
      }
    }

    synchronized void cancel() {
      conclusion = Conclusion.CANCELLED;
    }
  }
}
