package dev.slipway.engine;

import dev.slipway.trace.Watch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A kind of place where jobs run. Thread-safe; every job gets a {@link Place} of its own. */
interface Machine {
  /** As {@code runs-on} labels are mapped to it: {@code host}. */
  String name();

  /** The image whose container jobs run in that name none; empty for none. */
  default String image() {
    return "";
  }

  /** Folders and processes for one job. */
  Place open(String jobKey) throws IOException;

  /** Where one job runs; used by that job's threads only. */
  interface Place extends AutoCloseable {
    /** {@code github.workspace}. */
    Path workspace();

    /** {@code runner.temp}. */
    Path temp();

    /** {@code runner.tool_cache}. */
    Path toolCache();

    /** Fills the tool cache with what there is, for a step that may look into it. */
    default void offerTools() throws IOException {}

    /** The job's home folder. */
    Path home();

    /** What every process of the job inherits. */
    Map<String, String> environment();

    /** Takes out of a step's environment what does not go with its {@code PATH}. */
    default void adapt(Map<String, String> environment) {}

    /** Command files of earlier steps here that nobody has touched. */
    CommandFiles.Untouched untouchedFiles();

    /** Whether steps are to work as the user would by hand, and not be told that they are steps. */
    default boolean asUser() {
      return false;
    }

    /** Whether its launchers can have processes watched. */
    default boolean watchable() {
      return false;
    }

    /** Something that starts processes, for one thread. */
    Launcher launcher();

    /** Fills a folder of the workspace with the repository's files. */
    Checkout checkout(Path target, Submodules submodules) throws IOException;

    /**
     * Containers for the job; nothing is made yet.
     *
     * @throws ContainerException when there is no engine for them here
     */
    JobContainers containers();

    /** Gives the place back; what steps left running is ended. */
    @Override
    void close();
  }

  /** Which submodules {@code actions/checkout} brings along. */
  enum Submodules {
    NONE,
    DIRECT,
    RECURSIVE;

    /** As the input {@code submodules} says. */
    static Submodules of(String input) {
      return input.equalsIgnoreCase("recursive")
          ? RECURSIVE
          : input.equalsIgnoreCase("true") ? DIRECT : NONE;
    }
  }

  /** What {@code actions/checkout} made. */
  record Checkout(int files) {}

  /** Starts processes; belongs to one thread. */
  interface Launcher extends AutoCloseable {
    ProcessResult run(
        String executable,
        List<String> arguments,
        Path directory,
        Map<String, String> environment,
        ProcessOutput output,
        StopSignal stop,
        long deadlineNanos);

    /** The same for a process that is watched, where that can be; null for nothing. */
    default ProcessResult run(
        String executable,
        List<String> arguments,
        Path directory,
        Map<String, String> environment,
        ProcessOutput output,
        StopSignal stop,
        long deadlineNanos,
        @Nullable Watch watch) {
      if (watch != null) {
        throw new IllegalStateException("nothing is watched here");
      }
      return run(executable, arguments, directory, environment, output, stop, deadlineNanos);
    }

    /** Creates an empty file. */
    void createFile(Path file) throws IOException;

    /** Whether a file is as {@link #createFile} makes it: empty, no link, its rights unchanged. */
    boolean asCreated(Path file);

    @Override
    void close();
  }
}
