package dev.slipway.testing;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a test needs of the machine: skips it with one line why, or fails it where {@code
 * SLIPWAY_REQUIRE=all} says that everything has to be there.
 */
public final class Required {
  private static final String SWITCH = "SLIPWAY_REQUIRE";

  private Required() {}

  /** A program on the path. */
  public static void program(String name) {
    program(name, List.of());
  }

  /**
   * A program on the path or in one of these folders.
   *
   * @return where it is
   */
  public static Path program(String name, List<Path> folders) {
    String path = System.getenv().getOrDefault("PATH", "");
    for (String folder : path.split(File.pathSeparator, -1)) {
      if (new File(folder, name).canExecute()) {
        return Path.of(folder, name);
      }
    }
    for (Path folder : folders) {
      if (Files.isExecutable(folder.resolve(name))) {
        return folder.resolve(name);
      }
    }
    throw missing(name);
  }

  /** A Docker engine that has the images of the tests. */
  public static void containers() {
    program("docker");
    try {
      Process asked =
          new ProcessBuilder("docker", "image", "inspect", "slipway-test/redis")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (asked.waitFor() == 0) {
        return;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw missing("a Docker engine with the images of machine-docker/src/test/docker");
  }

  /**
   * Skips the test for want of something, or fails it; never returns.
   *
   * @param what it is, as it begins the sentence "… is not on this machine"
   */
  public static AssertionError missing(String what) {
    String message = what + " is not on this machine";
    if ("all".equals(System.getenv(SWITCH))) {
      fail(message + " and " + SWITCH + "=all");
    }
    assumeTrue(false, message);
    return new AssertionError(message);
  }
}
