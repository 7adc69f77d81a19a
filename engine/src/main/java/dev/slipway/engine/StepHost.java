package dev.slipway.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the processes of a job's steps run: on the machine, or in the job's container
 * (actions/runner, StepHost). Thread-safe.
 */
interface StepHost {
  /** The program that a step's process can be started with, or null when there is none. */
  @Nullable String find(StepRun run, String program);

  /** What runs scripts of steps that name no shell. */
  Shell defaultShell(StepRun run);

  /** A path of this machine as processes see it. */
  String path(String path);

  /** Whether processes see a path of this machine. */
  boolean isHere(String path);

  /**
   * How the process of a script is seen, so that what it does need not be done again.
   *
   * @param arguments as the process gets them
   * @param file with the script, on this machine
   * @param folder of this machine
   */
  Vantage vantage(
      StepRun run, String text, String program, List<String> arguments, Path file, Path folder);

  /** Fills the tool cache with what there is, for a step that may look into it. */
  default void offerTools(StepRun run) throws IOException {}

  /** Lets processes write in a folder that this machine's user filled. */
  void share(Path folder) throws IOException;

  /** The home folder of processes; empty where it is the same for all jobs. */
  default String home(Machine.Place place) {
    return "";
  }

  /** What a process calls so, as it is called on this machine. */
  String pathHere(String path);

  /**
   * Runs a process of a step to its end.
   *
   * @param folder on this machine, or where it only is in the container
   * @param added variables of the step's action
   */
  ProcessResult run(
      StepRun run,
      String program,
      List<String> arguments,
      String folder,
      Map<String, String> added);
}
