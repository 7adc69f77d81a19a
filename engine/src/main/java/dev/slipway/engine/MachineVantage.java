package dev.slipway.engine;

import dev.slipway.cache.step.Roots;
import dev.slipway.cache.step.View;
import dev.slipway.trace.Observer;
import dev.slipway.trace.Tracer;
import dev.slipway.trace.Watch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A script's process on this machine itself. */
final class MachineVantage implements Vantage {
  /** How long what a step leaves running may take to end. */
  static final Duration PATIENCE = Duration.ofMillis(500);

  /** Programs that get rights from their files, which the watched are not given. */
  static final Pattern ASKS_FOR_RIGHTS =
      Pattern.compile("\\b(sudo|su|doas|pkexec|mount|umount|fusermount3?|newgrp|passwd|chsh)\\b");

  private final StepRun run;
  private final Script script;

  MachineVantage(StepRun run, Script script) {
    this.run = run;
    this.script = script;
  }

  @Override
  public Script script() {
    return script;
  }

  @Override
  public @Nullable String obstacle() {
    return null;
  }

  @Override
  public View view() {
    return View.here();
  }

  @Override
  public Roots roots() {
    Map<String, Path> folders = new LinkedHashMap<>();
    folders.put("ws", run.job.workspace());
    folders.put("home", run.job.place.home());
    if (!run.job.place.asUser()) {
      folders.put("temp", run.job.place.temp());
      folders.put("tools", run.job.place.toolCache());
    }
    return Roots.of(folders);
  }

  @Override
  public ProcessResult run(ProcessOutput output) {
    return run(output, null);
  }

  private ProcessResult run(ProcessOutput output, @Nullable Watch watch) {
    return run.launcher.run(
        script.executable(),
        script.arguments(),
        script.folder(),
        script.environment(),
        output,
        run.stop,
        run.timeout.deadlineNanos(),
        watch);
  }

  @Override
  public Seen watched(ProcessOutput output, Observer observer) {
    for (Tracer tracer : Tracer.here()) {
      if (!tracer.keepsSetuid() && ASKS_FOR_RIGHTS.matcher(script.text()).find()) {
        continue;
      }
      Watch watch;
      try {
        watch = tracer.watch(observer);
      } catch (IOException notHereAfterAll) {
        continue;
      }
      try (watch) {
        ProcessResult result = run(output, watch);
        return new Seen(result, watch.ending(PATIENCE), "");
      }
    }
    return new Seen(run(output, null), null, "steps cannot be watched on this machine");
  }
}
