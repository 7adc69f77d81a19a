package dev.slipway.engine;

import dev.slipway.workflow.ActionManifest;
import dev.slipway.workflow.Condition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An action that Node.js runs (actions/runner, NodeScriptActionHandler). */
final class JavaScriptAction implements ActionKind {
  private final StepProcess process;
  private final ActionFolder folder;
  private final ActionManifest.JavaScript script;
  private final ActionState state;

  JavaScriptAction(
      StepProcess process,
      ActionFolder folder,
      ActionManifest.JavaScript script,
      ActionState state) {
    this.process = process;
    this.folder = folder;
    this.script = script;
    this.state = state;
  }

  @Override
  public Conclusion main(StepRun run, Map<String, String> inputs) {
    return node(run, script.main(), inputs);
  }

  @Override
  public @Nullable Condition preCondition() {
    return script.pre() == null ? null : script.preIf();
  }

  @Override
  public Conclusion pre(StepRun run, Map<String, String> inputs) {
    return node(run, Objects.requireNonNull(script.pre()), inputs);
  }

  @Override
  public @Nullable Condition postCondition() {
    return script.post() == null ? null : script.postIf();
  }

  @Override
  public Conclusion post(StepRun run, Map<String, String> inputs) {
    return node(run, Objects.requireNonNull(script.post()), inputs);
  }

  private Conclusion node(StepRun run, String file, Map<String, String> inputs) {
    folder.describe(run);
    String node = process.find(run, "node");
    if (node == null) {
      return run.fail(
          "node: command not found. The action '"
              + (folder.slug().isEmpty() ? folder.directory() : folder.slug())
              + "' needs Node.js ("
              + script.using()
              + ") on this machine; `slipway doctor` lists what is there");
    }
    try {
      process.offerTools(run);
    } catch (IOException e) {
      return run.fail("The tool cache could not be laid out: " + e);
    }
    Path main = folder.directory().resolve(file).normalize();
    if (!Files.isRegularFile(main)) {
      return run.fail("File not found: '" + main + "'");
    }
    Map<String, String> added = new LinkedHashMap<>();
    state.saved().forEach((name, value) -> added.put("STATE_" + name, value));
    state.phases.add(run.effects);
    inputs.forEach((name, value) ->
        added.put("INPUT_" + name.toUpperCase(Locale.ROOT).replace(' ', '_'), value));
    return process.run(run, node, List.of(process.path(run, main)), run.job.workspace(), added);
  }
}
