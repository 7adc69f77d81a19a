package dev.slipway.workflow;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An {@code action.yml}, read and checked. */
public record ActionManifest(
    String file, String name, List<Input> inputs, List<Output> outputs, Runs runs) {
  public ActionManifest {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /** An input. */
  public record Input(
      String id,
      @Nullable Node defaultValue,
      boolean required,
      @Nullable String deprecationMessage) {}

  /** An output; {@code value} only for composite actions. */
  public record Output(String id, @Nullable Node value) {}

  /** How the action runs. */
  public sealed interface Runs permits JavaScript, Composite, Docker, Plugin {}

  /** {@code node12} to {@code node24}. */
  public record JavaScript(
      String using,
      String main,
      @Nullable String pre,
      @Nullable Condition preIf,
      @Nullable String post,
      @Nullable Condition postIf)
      implements Runs {}

  /** Steps of its own. */
  public record Composite(List<Step> steps) implements Runs {
    public Composite {
      steps = List.copyOf(steps);
    }
  }

  /** A container. */
  public record Docker(
      String image,
      @Nullable String entrypoint,
      @Nullable String preEntrypoint,
      @Nullable Condition preIf,
      @Nullable String postEntrypoint,
      @Nullable Condition postIf,
      @Nullable Node args,
      Node.@Nullable Mapping env)
      implements Runs {}

  /** {@code plugin}: built into GitHub's runner ({@code actions/checkout@v1}). */
  public record Plugin(String plugin) implements Runs {}
}
