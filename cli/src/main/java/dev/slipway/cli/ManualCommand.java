package dev.slipway.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes the pages of the manual that come from the commands' tables. */
final class ManualCommand implements Command {
  static final String NAME = "write-manual";

  @Override
  public Usage usage() {
    return Usage.of(NAME, "Write the manual's pages of all commands into a directory")
        .operand("DIRECTORY", "Where the pages go");
  }

  @Override
  public int run(Arguments arguments, Surroundings surroundings) throws IOException {
    Path directory = surroundings.path(arguments.required(0));
    Files.createDirectories(directory);
    for (Usage usage : Commands.usages()) {
      Files.writeString(directory.resolve(usage.name() + ".md"), Manual.page(usage));
    }
    return Exit.SUCCESS;
  }
}
