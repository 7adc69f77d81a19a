package dev.slipway.cli;

/** {@code slipway help}. */
final class HelpCommand implements Command {
  @Override
  public Usage usage() {
    return Usage.of("help", "Explain Slipway or one of its commands")
        .optionalOperand("COMMAND", "The command to explain")
        .example("slipway help", "All commands")
        .example("slipway help run", "Everything about one of them");
  }

  @Override
  public int run(Arguments arguments, Surroundings surroundings) {
    String name = arguments.operand(0);
    if (arguments.has("json")) {
      surroundings.out().line(Manual.json(name));
    } else if (name == null) {
      surroundings.out().print(HelpText.overview(surroundings.colors()));
    } else {
      surroundings.out().print(HelpText.of(Manual.usage(name), surroundings.colors()));
    }
    return Exit.SUCCESS;
  }
}
