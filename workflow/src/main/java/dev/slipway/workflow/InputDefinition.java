package dev.slipway.workflow;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An input of {@code workflow_dispatch} or {@code workflow_call}. */
public record InputDefinition(
    Position at,
    String id,
    Type type,
    boolean required,
    @Nullable Node defaultValue,
    List<String> options,
    @Nullable String description) {
  /** Types of inputs; {@code CHOICE} and {@code ENVIRONMENT} for {@code workflow_dispatch} only. */
  public enum Type {
    STRING,
    BOOLEAN,
    NUMBER,
    CHOICE,
    ENVIRONMENT
  }

  public InputDefinition {
    options = List.copyOf(options);
  }
}
