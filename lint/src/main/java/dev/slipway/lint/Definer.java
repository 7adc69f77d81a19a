package dev.slipway.lint;

import dev.slipway.lint.Assist.Target;
import dev.slipway.workflow.YamlNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds where what stands at a cursor is defined. */
final class Definer {
  private final Cursor cursor;
  private final LintFile file;

  Definer(Cursor cursor) {
    this.cursor = cursor;
    this.file = cursor.file();
  }

  @Nullable Target find() {
    ExpressionCursor expression = cursor.expression();
    if (expression != null) {
      return expression.word().isEmpty() || expression.call() ? null : path(expression.path());
    }
    if (cursor.place().block() || cursor.place().way().isEmpty()) {
      return null;
    }
    String word = Word.at(cursor).text();
    return switch (cursor.place().key()) {
      case "needs" -> cursor.stepDepth() >= 0 ? null : job(word);
      case "wait", "cancel" -> step(word);
      case "uses" -> uses();
      default -> null;
    };
  }

  private @Nullable Target path(List<String> path) {
    if (path.size() < 2) {
      return null;
    }
    String name = path.get(1);
    YamlNode env = null;
    switch (path.getFirst()) {
      case "needs", "jobs" -> {
        JobNode job = file.job(name);
        YamlNode.Member output =
            job == null || path.size() < 4
                ? null
                : Trees.member(Trees.get(job.body(), "outputs"), path.get(3));
        return output == null ? job(name) : at(output.key());
      }
      case "steps" -> {
        return step(name);
      }
      case "inputs" -> {
        YamlNode.Member input = inputMember(file, name);
        return input == null ? null : at(input.key());
      }
      case "matrix" -> {
        JobNode job = cursor.job();
        YamlNode matrix =
            job == null ? null : Trees.get(Trees.get(job.body(), "strategy"), "matrix");
        env = matrix;
      }
      case "env" -> {
        return variable(name);
      }
      default -> {
        return null;
      }
    }
    YamlNode.Member member = Trees.member(env, name);
    return member == null ? null : at(member.key());
  }

  private @Nullable Target variable(String name) {
    StepNode step = cursor.step();
    JobNode job = cursor.job();
    YamlNode.Member found = step == null ? null : Trees.member(Trees.get(step.body(), "env"), name);
    if (found == null && job != null) {
      found = Trees.member(Trees.get(job.body(), "env"), name);
    }
    found = found == null ? Trees.member(Trees.get(file.root(), "env"), name) : found;
    return found == null ? null : at(found.key());
  }

  private @Nullable Target job(String id) {
    JobNode job = file.job(id);
    return job == null ? null : at(job.key());
  }

  private @Nullable Target step(String id) {
    StepNode step = file.step(cursor.job(), id);
    YamlNode.Scalar name = step == null ? null : step.scalar("id");
    return name == null ? null : at(name);
  }

  private @Nullable Target uses() {
    StepNode step = cursor.step();
    if (step != null) {
      LintFile manifest = ActionText.manifest(file, step);
      return manifest == null ? null : new Target(manifest.path(), 0, 0);
    }
    JobNode job = cursor.job();
    LintFile called = job == null ? null : new ContextTypes(file).called(job);
    return called == null ? null : new Target(called.path(), 0, 0);
  }

  private Target at(YamlNode.Scalar scalar) {
    return new Target(file.path(), scalar.start(), scalar.end());
  }

  /** The definition of an input of the file; null when there is none. */
  static @Nullable YamlNode input(LintFile file, String name) {
    YamlNode.Member member = inputMember(file, name);
    return member == null ? null : member.value();
  }

  private static YamlNode.@Nullable Member inputMember(LintFile file, String name) {
    YamlNode.Member found =
        file.action() ? Trees.member(Trees.get(file.root(), "inputs"), name) : null;
    for (String event : List.of("workflow_call", "workflow_dispatch")) {
      found =
          found == null && !file.action()
              ? Trees.member(Trees.get(file.filters(event), "inputs"), name)
              : found;
    }
    return found;
  }
}
