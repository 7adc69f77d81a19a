package dev.slipway.cli;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a command works with instead of the process's globals.
 *
 * @param directory where the command works: {@code -C}, else where it was started
 * @param outTerminal whether {@code out} is a terminal
 * @param errTerminal whether {@code err} is a terminal
 * @param inTerminal whether {@code in} is a terminal
 */
record Surroundings(
    Path directory,
    Map<String, String> environment,
    InputStream in,
    Sink out,
    Sink err,
    boolean inTerminal,
    boolean outTerminal,
    boolean errTerminal,
    boolean color) {

  @Nullable String variable(String name) {
    return environment.get(name);
  }

  /** Where Slipway keeps what can be made again. */
  Path cache() {
    String named = variable("XDG_CACHE_HOME");
    if (named != null && named.startsWith("/")) {
      return Path.of(named, "slipway");
    }
    String home = variable("HOME");
    return Path.of(home != null && home.startsWith("/") ? home : "/tmp", ".cache", "slipway");
  }

  /** The same, working in another directory, given relative to this one. */
  Surroundings in(String other) {
    Path path = path(other);
    if (!Files.isDirectory(path)) {
      throw CommandException.usage("cannot work in '" + other + "': it is not a directory", null);
    }
    return new Surroundings(
        path, environment, in, out, err, inTerminal, outTerminal, errTerminal, color);
  }

  Surroundings withoutColor() {
    return new Surroundings(
        directory, environment, in, out, err, inTerminal, outTerminal, errTerminal, false);
  }

  /** A path that the user typed. */
  Path path(String typed) {
    try {
      return directory.resolve(typed).normalize();
    } catch (InvalidPathException e) {
      throw CommandException.usage("'" + typed.replace("\0", "\\0") + "' is not a path", null);
    }
  }

  /** Colours for standard output. */
  Colors colors() {
    return color && outTerminal ? Colors.ON : Colors.OFF;
  }

  /** Colours for standard error. */
  Colors errorColors() {
    return color && errTerminal ? Colors.ON : Colors.OFF;
  }
}
