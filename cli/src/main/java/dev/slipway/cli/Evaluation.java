package dev.slipway.cli;

import dev.slipway.engine.FileHashes;
import dev.slipway.workflow.expression.Expression;
import dev.slipway.workflow.expression.ExpressionException;
import dev.slipway.workflow.expression.Scope;
import dev.slipway.workflow.expression.Template;
import dev.slipway.workflow.expression.Value;
import dev.slipway.workflow.expression.Vocabulary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates expressions over given contexts.
 *
 * @param contexts by name in lower case
 * @param status what the status functions see; null: there are none
 * @param directory where {@code hashFiles} looks
 */
record Evaluation(Map<String, Value> contexts, @Nullable String status, Path directory)
    implements Scope {
  Value expression(String text) {
    return Expression.compile(text, vocabulary()).evaluate(this);
  }

  Value template(String text) {
    return Template.compile(text, vocabulary()).evaluate(this);
  }

  private Vocabulary vocabulary() {
    return Vocabulary.of(
        contexts.keySet(),
        status == null
            ? Set.of(Vocabulary.Function.HASH_FILES)
            : Set.of(Vocabulary.Function.values()));
  }

  @Override
  public @Nullable Value context(String name) {
    return contexts.get(name);
  }

  @Override
  public boolean success(List<String> jobs) {
    return "success".equals(status);
  }

  @Override
  public boolean failure(List<String> jobs) {
    return "failure".equals(status);
  }

  @Override
  public boolean cancelled() {
    return "cancelled".equals(status);
  }

  @Override
  public String hashFiles(List<String> patterns) {
    try {
      return FileHashes.hashFiles(directory, patterns);
    } catch (IOException e) {
      throw ExpressionException.evaluation("hashFiles cannot read the files: " + e.getMessage());
    }
  }
}
