package dev.slipway.trace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A program that watches while it is watched itself, and writes down how that went. */
final class Inner {
  private Inner() {}

  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[0]);
    Path report = directory.resolve("report");
    for (Tracer tracer : Tracer.here()) {
      String line;
      try (Traced traced = Traced.script(tracer, directory, "test -d inner || exit 4")) {
        int exit = traced.exit();
        Ending ending = traced.ending();
        line = exit + " " + ending.gaps() + " " + traced.of(directory.resolve("inner"));
      } catch (IOException e) {
        line = String.valueOf(e.getMessage());
      }
      Files.writeString(
          report,
          tracer.name() + (tracer.keepsSetuid() ? ": " : " without sudo: ") + line + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    }
  }
}
