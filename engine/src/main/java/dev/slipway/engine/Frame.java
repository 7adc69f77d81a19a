package dev.slipway.engine;

import dev.slipway.workflow.expression.Value;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where steps run: the job itself, or a composite action in it. Each has its own {@code inputs} and {@code steps}.
 *
 * @param name tells the frames of a job apart
 * @param origin repository and commit that {@code $/} means here; null for the job itself
 * @param stepEnv what the {@code env} of the steps above sets, which no later write overrides
 * @param jobFrame whether {@code secrets}, {@code needs} and {@code vars} can be seen
 */
record Frame(
    String name,
    Value inputs,
    LiveObject steps,
    @Nullable Path actionPath,
    @Nullable ActionFolder origin,
    Map<String, String> stepEnv,
    Globals globals,
    Status status,
    int depth,
    boolean jobFrame) {

  /** What earlier steps added to the environment. */
  static final class Globals {
    final Map<String, String> env = new LinkedHashMap<>();
    final java.util.ArrayList<String> path = new java.util.ArrayList<>();

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
