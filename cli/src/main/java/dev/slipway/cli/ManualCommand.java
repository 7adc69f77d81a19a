package dev.slipway.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes the pages of the manual that come from the tables of commands and rules. */
final class ManualCommand implements Command {
  static final String NAME = "write-manual";

  @Override
  public Usage usage() {
    return Usage.of(NAME, "Write the manual's pages of commands and rules into a directory")
        .operand("DIRECTORY", "Where the pages go");
  }

  @Override
  public int run(Arguments arguments, Surroundings surroundings) throws IOException {
    Path directory = surroundings.path(arguments.required(0));
    Path commands = Files.createDirectories(directory.resolve("commands"));
    for (Usage usage : Commands.usages()) {
      Files.writeString(commands.resolve(usage.name() + ".md"), Manual.page(usage));
    }
    Files.writeString(directory.resolve("rules.md"), RuleManual.rules());
    Path moving = directory.resolve("moving.md");
    String page = Files.exists(moving) ? Files.readString(moving) : "# Moving over\n";
    Files.writeString(moving, RuleManual.moving(page));
    Path check = directory.resolve("check.md");
    String checks = Files.exists(check) ? Files.readString(check) : "# Checking a project\n";
    Files.writeString(check, GateManual.page(checks));
    return Exit.SUCCESS;
  }
}
