package dev.slipway.docker;

import dev.slipway.engine.ContainerException;
import dev.slipway.engine.StopSignal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The resident shells of one container: one that is the container's first process, and more where
 * several processes run at once. Thread-safe.
 */
final class ResidentShells {
  /** Where the container sees the shared folder. */
  static final String INSIDE = "/__slipway";

  private static final String LOOP = "loop";
  private static final long PATIENCE_MILLIS = 10_000;

  private final Path folder;
  private final Deque<ResidentShell> idle = new ArrayDeque<>();
  private final List<ResidentShell> all = new ArrayList<>();
  private boolean closed;

  private ResidentShells(Path folder) {
    this.folder = folder;
  }

  /** Shells that share a folder with their container; it is deleted when they are closed. */
  static ResidentShells in(Path folder) {
    try {
      Files.writeString(folder.resolve(LOOP), ResidentShell.SCRIPT);
    } catch (IOException e) {
      throw new ContainerException("cannot write to " + folder + ": " + e.getMessage(), e);
    }
    return new ResidentShells(folder);
  }

  Path folder() {
    return folder;
  }

  /** A shell whose pipes are there, to be started with {@link #command}. */
  synchronized ResidentShell prepare() {
    String name = Integer.toString(all.size());
    Path own = folder.resolve(name);
    try {
      Files.createDirectory(own);
      Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwxr-xr-x"));
    } catch (IOException e) {
      throw new ContainerException("cannot make the folder " + own + ": " + e.getMessage(), e);
    }
    ResidentShell shell = ResidentShell.prepare(own, INSIDE + "/" + name);
    all.add(shell);
    return shell;
  }

  /** What starts a shell in the container. */
  static List<String> command(ResidentShell shell) {
    return List.of("sh", INSIDE + "/" + LOOP, shell.inside());
  }

  /**
   * A shell that has nothing to do; a new one when all are busy; empty when it does not come up.
   */
  Optional<ResidentShell> take(EngineProcess engine) {
    synchronized (this) {
      ResidentShell shell = idle.poll();
      if (shell != null) {
        return Optional.of(shell);
      }
      if (closed) {
        return Optional.empty();
      }
    }
    ResidentShell fresh = prepare();
    engine.start(command(fresh));
    return fresh.ready(PATIENCE_MILLIS, () -> true, new StopSignal())
        ? Optional.of(fresh)
        : Optional.empty();
  }

  /** Says that a shell has nothing to do any more. */
  synchronized void give(ResidentShell shell) {
    if (!closed && !shell.gone()) {
      idle.push(shell);
    }
  }

  synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    for (ResidentShell shell : all) {
      shell.close();
    }
    try {
      Leftovers.deleteTree(folder);
    } catch (IOException stays) {
      // It is deleted with what dead processes left.
    }
  }
}
