package dev.slipway.engine;

import dev.slipway.workflow.Node;
import dev.slipway.workflow.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs the script of one step (actions/runner, ScriptHandler). */
final class ScriptStep implements StepBody {
  private final JobContext job;
  private final StepProcess process;
  private final Step.Run script;

  ScriptStep(JobContext job, StepProcess process, Step.Run script) {
    this.job = job;
    this.process = process;
    this.script = script;
  }

  @Override
  public void prepare(StepRun run) {
    run.shell = shell(run);
  }

  private Shell shell(StepRun run) {
    String own = text(script.shell(), run);
    String asked = own.isBlank() ? defaults(run).shell() : own;
    if (!asked.isBlank()) {
      return Shell.of(asked.strip());
    }
    return process.defaultShell(run);
  }

  /** Those of the job, which composite actions do not inherit. */
  private RunDefaults defaults(StepRun run) {
    return run.frame.jobFrame() ? job.defaults : RunDefaults.NONE;
  }

  private String text(@Nullable Node node, StepRun run) {
    if (node == null) {
      return "";
    }
    synchronized (job.lock) {
      return Typed.text(node, run.scope);
    }
  }

  @Override
  public Conclusion run(StepRun run) {
    Shell shell = run.shell;
    if (shell == null) {
      throw new IllegalStateException("the step was not prepared");
    }
    String text = text(script.script(), run);
    Node own = script.workingDirectory();
    String directory = own == null ? defaults(run).workingDirectory() : text(own, run);
    Path folder;
    try {
      folder = job.workspace().resolve(directory).normalize();
    } catch (InvalidPathException e) {
      return run.fail("The working directory '" + directory + "' is no path");
    }
    String executable = process.find(run, shell.command());
    if (executable == null && shell.name().equals("python")) {
      executable = process.find(run, "python3");
    }
    if (executable == null) {
      return run.fail(
          shell.command()
              + ": command not found. The step's shell '"
              + shell.name()
              + "' is not on the PATH of this machine; install it or set another `shell`");
    }
    Path file = job.place.temp().resolve(job.serial() + shell.extension());
    try {
      if (text.contains("TOOL_CACHE") || text.contains(job.place.toolCache().toString())) {
        process.offerTools(run);
      }
      write(file, shell.prepare(text));
    } catch (IOException e) {
      return run.fail("The script could not be written: " + e);
    }
    List<String> arguments = shell.arguments(process.path(run, file));
    if (job.options.memory() == null
        || !job.place.watchable()
        || (job.steps.isHere(folder.toString()) && !Files.isDirectory(folder))) {
      return process.run(run, executable, arguments, folder, Map.of());
    }
    Vantage vantage = job.steps.vantage(run, text, executable, arguments, file, folder);
    ProcessResult result = job.options.memory().run(run, vantage);
    run.log.finish();
    return StepProcess.conclusion(run, executable, result);
  }

  /** Writes a file to the folder for temporary files, which a step may have removed. */
  private static void write(Path file, String text) throws IOException {
    try {
      Files.writeString(file, text);
    } catch (NoSuchFileException removed) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    }
  }
}
