package dev.slipway.lint;

import dev.slipway.workflow.YamlNode;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A local action or workflow, as those that call it need to know it. */
final class Callee {
  private static final String INPUTS = "inputs.";

  private final LintFile file;
  private final Taint taint;
  private @Nullable Map<String, String> sinks;

  private Callee(LintFile file, int calls) {
    this.file = file;
    // The file's own may be in use by another thread.
    this.taint = new Taint(file, calls);
  }

  static @Nullable Callee read(LintFile caller, String uses, int calls) {
    boolean workflow = uses.endsWith(".yml") || uses.endsWith(".yaml");
    LintFile file = workflow ? caller.project().file(uses) : caller.project().action(uses);
    return file == null || file.root() == null || file.path().equals(caller.path())
        ? null
        : new Callee(file, calls);
  }

  LintFile file() {
    return file;
  }

  /** Where an output comes from, given where its inputs come from. */
  @Nullable Origin output(String name, Function<String, @Nullable Origin> inputs) {
    YamlNode outputs =
        file.action()
            ? Trees.get(file.root(), "outputs")
            : Trees.get(Trees.get(Trees.get(file.root(), "on"), "workflow_call"), "outputs");
    YamlNode.Scalar value = Trees.scalar(Trees.get(outputs, name), "value");
    Origin origin = null;
    if (value != null) {
      for (ExpressionUse use : taint.in(value)) {
        for (var path : use.flows()) {
          origin =
              Taint.worse(
                  origin,
                  path.size() == 4 && path.getFirst().equals("jobs")
                      ? taint.of(List.of("needs", path.get(1), path.get(2), path.get(3)), use)
                      : taint.of(path, use));
        }
      }
    }
    if (origin == null || !origin.source().startsWith(INPUTS)) {
      return origin;
    }
    Origin given = inputs.apply(origin.source().substring(INPUTS.length()));
    return given == null ? null : given.through(file.path());
  }

  /** Where an input ends up in a script, as people say it; null when it does not. */
  @Nullable String sink(String input) {
    if (sinks == null) {
      sinks = new HashMap<>();
      for (ExpressionUse use : file.expressions()) {
        StepNode step = use.step();
        if (step == null || !ScriptSinks.is(step, use)) {
          continue;
        }
        Origin origin = taint.of(use);
        if (origin != null && origin.source().startsWith(INPUTS)) {
          int line = file.document().position(file.index(use.scalar(), use.start())).line();
          sinks.putIfAbsent(
              origin.source().substring(INPUTS.length()).toLowerCase(Locale.ROOT),
              file.path() + ":" + line);
        }
      }
    }
    return sinks.get(input.toLowerCase(Locale.ROOT));
  }
}
