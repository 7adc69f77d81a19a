package dev.slipway.engine;

import dev.slipway.cache.step.Roots;
import dev.slipway.cache.step.View;
import dev.slipway.trace.Access;
import dev.slipway.trace.Attachment;
import dev.slipway.trace.Ending;
import dev.slipway.trace.Observer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A script's process in the job's container, seen from this machine: its files through the
 * container's first process, what it does by a filter that it lays on itself before it begins.
 * Nothing for that is put into the container.
 */
final class ContainerVantage implements Vantage {
  private final StepRun run;
  private final Script script;
  private final JobContainers.JobContainer container;
  private final ContainerPaths paths;
  private final Map<String, String> added;
  private final String asked;
  private boolean looked;
  private String obstacle = "";
  private String image = "";
  private View view = View.here();

  /**
   * The vantage of one script.
   *
   * @param script as the process has it
   * @param added the variables on top of those that it inherits
   * @param asked what the job asks for besides an image
   */
  ContainerVantage(
      StepRun run,
      Script script,
      JobContainers.JobContainer container,
      ContainerPaths paths,
      Map<String, String> added,
      String asked) {
    this.run = run;
    this.script = script;
    this.container = container;
    this.paths = paths;
    this.added = added;
    this.asked = asked;
  }

  private void look() {
    Optional<String> here = Attachment.obstacle();
    if (here.isPresent()) {
      obstacle = "to watch a step in a container, " + here.get();
      return;
    }
    Optional<JobContainers.Outside> outside = container.outside();
    if (outside.isEmpty()) {
      obstacle = "processes of its container cannot be held from this machine";
      return;
    }
    image = outside.get().image();
    try {
      view = View.of(outside.get().process(), outside.get().own());
    } catch (IOException e) {
      obstacle = "the files of its container cannot be seen: " + e.getMessage();
    }
  }

  @Override
  public Script script() {
    return script;
  }

  @Override
  public @Nullable String obstacle() {
    if (!looked) {
      looked = true;
      look();
    }
    return obstacle.isEmpty() ? null : obstacle;
  }

  @Override
  public View view() {
    return view;
  }

  @Override
  public Roots roots() {
    Map<String, Path> folders = new LinkedHashMap<>();
    folders.put("ws", inside(run.job.workspace()));
    folders.put("home", Path.of("/github/home"));
    folders.put("temp", inside(run.job.place.temp()));
    folders.put("tools", inside(run.job.place.toolCache()));
    return Roots.of(folders);
  }

  @Override
  public Map<String, String> parts() {
    return Map.of("image", image, "container", asked);
  }

  @Override
  public boolean here() {
    return false;
  }

  @Override
  public Path inside(Path file) {
    return Path.of(paths.inward(file.toString()));
  }

  @Override
  public ProcessResult run(ProcessOutput output) {
    return container.run(
        script.executable(),
        script.arguments(),
        script.folder().toString(),
        added,
        output,
        run.stop,
        run.timeout.deadlineNanos());
  }

  @Override
  public Seen watched(ProcessOutput output, Observer observer) {
    // It is in its folder when the watch begins.
    byte[] folder = script.folder().toString().getBytes(StandardCharsets.UTF_8);
    observer.access(Access.ENTER, folder, folder.length, true);
    Taking taking = new Taking(observer);
    ProcessResult result =
        container.run(
            script.executable(),
            script.arguments(),
            script.folder().toString(),
            added,
            output,
            run.stop,
            run.timeout.deadlineNanos(),
            taking);
    Attachment attachment = taking.attachment;
    if (attachment == null) {
      return new Seen(result, null, taking.obstacle);
    }
    try (attachment) {
      Ending ending = attachment.ending(MachineVantage.PATIENCE);
      return new Seen(result, ending, "");
    }
  }

  /** Attaches to the process while it waits. */
  private final class Taking implements JobContainers.Held {
    private final Observer observer;
    private @Nullable Attachment attachment;
    private String obstacle = "its process could not be found from this machine";

    Taking(Observer observer) {
      this.observer = observer;
    }

    @Override
    public void held(int process) {
      if (!Attachment.keepsSetuid(process)
          && MachineVantage.ASKS_FOR_RIGHTS.matcher(script.text()).find()) {
        obstacle = "its script asks for rights, which a watched process cannot be given";
        return;
      }
      try {
        attachment = Attachment.to(process, observer);
      } catch (IOException e) {
        obstacle = "it could not be watched: " + e.getMessage();
      }
    }
  }
}
