package dev.slipway.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.nio.file.Path;
import java.util.Arrays;

/** Where the process starts. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    String terminals = System.getProperty("slipway.terminals", "");
    String noColor = System.getenv("NO_COLOR");
    Sink err = new Sink(new FileOutputStream(FileDescriptor.err));
    if (!Build.matches()) {
      err.line(
          "slipway: the launcher and the program are of different builds; build again: mvn -q"
              + " -DskipTests package");
      err.flush();
      System.exit(Exit.BROKEN);
    }
    Surroundings surroundings =
        new Surroundings(
            Path.of(System.getProperty("user.dir", ".")),
            System.getenv(),
            new FileInputStream(FileDescriptor.in),
            new Sink(new FileOutputStream(FileDescriptor.out)),
            err,
            terminals.contains("0"),
            terminals.contains("1"),
            terminals.contains("2"),
            (noColor == null || noColor.isEmpty()) && !"dumb".equals(System.getenv("TERM")));
    System.exit(new Slipway(surroundings).run(Arrays.asList(arguments)));
  }
}
