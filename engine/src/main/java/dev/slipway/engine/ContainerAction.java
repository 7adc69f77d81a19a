package dev.slipway.engine;

import dev.slipway.workflow.ActionManifest;
import dev.slipway.workflow.Condition;
import dev.slipway.workflow.Node;
import dev.slipway.workflow.Step;
import dev.slipway.workflow.expression.ArrayValue;
import dev.slipway.workflow.expression.Scope;
import dev.slipway.workflow.expression.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An action that is a container, built or fetched (actions/runner, ContainerActionHandler). */
final class ContainerAction implements ActionKind {
  private static final String SCHEME = "docker://";

  private final ContainerSetup setup;
  private final @Nullable ActionFolder folder;
  private final ActionManifest.Docker manifest;
  private final ActionState state;
  private @Nullable String image;

  /**
   * For one use of an action.
   *
   * @param folder of the action; null where a step names an image
   */
  ContainerAction(
      ContainerSetup setup,
      @Nullable ActionFolder folder,
      ActionManifest.Docker manifest,
      ActionState state) {
    this.setup = setup;
    this.folder = folder;
    this.manifest = manifest;
    this.state = state;
  }

  /** The action that an image alone is. */
  static ActionManifest.Docker ofImage(String image) {
    return new ActionManifest.Docker(SCHEME + image, null, null, null, null, null, null, null);
  }

  @Override
  public Conclusion main(StepRun run, Map<String, String> inputs) {
    String asked = input(inputs, "entrypoint");
    return start(run, inputs, asked.isEmpty() ? manifest.entrypoint() : asked);
  }

  @Override
  public @Nullable Condition preCondition() {
    return manifest.preEntrypoint() == null ? null : manifest.preIf();
  }

  @Override
  public Conclusion pre(StepRun run, Map<String, String> inputs) {
    return start(run, inputs, Objects.requireNonNull(manifest.preEntrypoint()));
  }

  @Override
  public @Nullable Condition postCondition() {
    return manifest.postEntrypoint() == null ? null : manifest.postIf();
  }

  @Override
  public Conclusion post(StepRun run, Map<String, String> inputs) {
    return start(run, inputs, Objects.requireNonNull(manifest.postEntrypoint()));
  }

  private Conclusion start(StepRun run, Map<String, String> inputs, @Nullable String entrypoint) {
    if (folder != null) {
      folder.describe(run);
    }
    Map<String, String> added = new LinkedHashMap<>();
    inputs.forEach((name, value) ->
        added.put("INPUT_" + name.toUpperCase(Locale.ROOT).replace(' ', '_'), value));
    state.saved().forEach((name, value) -> added.put("STATE_" + name, value));
    state.phases.add(run.effects);
    List<String> arguments = arguments(run, inputs, added);
    added.put("HOME", "/github/home");
    try {
      setup.makeFolders();
      OpenFiles.commandFiles(run);
      JobContainers containers = setup.containers("The container action '" + source(run) + "'");
      run.job.runtime.ports().forEach(containers::forward);
      ContainerSpec spec =
          new ContainerSpec(
              run.step.contextName(),
              image(run, containers),
              Optional.empty(),
              new ContainerPaths(setup.actionFolders())
                  .inward(StepEnvironment.inContainer(run, added, null)),
              List.of(),
              List.of(),
              "",
              Optional.ofNullable(entrypoint),
              arguments,
              setup.actionMounts(),
              "/github/workspace");
      setup.ran(spec);
      ProcessResult result = containers.run(spec, run.log, run.stop, run.timeout.deadlineNanos());
      run.log.finish();
      return StepProcess.conclusion(run, spec.image(), result);
    } catch (ContainerException e) {
      return run.stop.stopped() ? cancelled(run) : run.fail(e.getMessage());
    } catch (IOException e) {
      return run.fail("The container's folders could not be made: " + e);
    }
  }

  private static String source(StepRun run) {
    return run.step.body() instanceof Step.Uses uses ? uses.action().source() : "";
  }

  private static Conclusion cancelled(StepRun run) {
    run.log.system("##[error]The operation was canceled.");
    return Conclusion.CANCELLED;
  }

  /** The arguments; adds the action's own variables where the step has none. */
  private List<String> arguments(
      StepRun run, Map<String, String> inputs, Map<String, String> added) {
    List<String> arguments = new ArrayList<>();
    synchronized (run.job.lock) {
      Scope scope = withInputs(inputs);
      Typed.texts(
          manifest.env(),
          scope,
          (name, value) -> {
            if (!run.env.containsKey(name)) {
              added.putIfAbsent(name, value);
            }
          });
      Node args = manifest.args();
      if (args == null) {
        return ShellWords.of(input(inputs, "args"));
      }
      if (args.evaluate(scope) instanceof ArrayValue items) {
        for (Value item : items.items()) {
          arguments.add(Typed.text(item));
        }
      }
    }
    return arguments;
  }

  private static String input(Map<String, String> inputs, String name) {
    for (Map.Entry<String, String> input : inputs.entrySet()) {
      if (input.getKey().equalsIgnoreCase(name)) {
        return input.getValue();
      }
    }
    return "";
  }

  /** Fetched or built once for all phases. */
  private synchronized String image(StepRun run, JobContainers containers) {
    String known = image;
    if (known == null) {
      known = prepare(run, containers);
      image = known;
    }
    return known;
  }

  private String prepare(StepRun run, JobContainers containers) {
    FoldedLog log = new FoldedLog(run.log, run.job.output, run.number);
    String named = manifest.image();
    if (folder == null || named.startsWith(SCHEME)) {
      String reference = ContainerRequests.image(named);
      Optional<ContainerSpec.Credentials> credentials;
      synchronized (run.job.lock) {
        credentials = ContainerRequests.registry(reference, run.scope);
      }
      containers.pull(reference, credentials, log, run.stop);
      return reference;
    }
    Path dockerfile = folder.directory().resolve(named).normalize();
    Path context = dockerfile.getParent();
    if (context == null || !Files.isRegularFile(dockerfile)) {
      throw new ContainerException("There is no file '" + named + "' in the action to build from");
    }
    run.job.output.groupStarted(run.number, "Build the action's container");
    try {
      return containers.build(context, dockerfile, log, run.stop);
    } finally {
      run.job.output.groupFinished(run.number);
    }
  }

  /** What the action's own expressions see. */
  private static Scope withInputs(Map<String, String> inputs) {
    LiveObject values = new LiveObject(false);
    inputs.forEach(values::put);
    return name -> name.equals("inputs") ? values : null;
  }
}
