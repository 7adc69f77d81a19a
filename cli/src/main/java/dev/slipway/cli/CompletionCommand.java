package dev.slipway.cli;

/** {@code slipway completion}. */
final class CompletionCommand implements Command {
  @Override
  public Usage usage() {
    return Usage.of("completion", "Print a completion script for a shell")
        .details("Load it once to try it, or from the shell's start-up file to keep it.")
        .optionalOperand(
            "SHELL", "The shell; the one of $SHELL when left out", "bash", "zsh", "fish")
        .example("source <(slipway completion bash)", "Complete in this bash")
        .example("slipway completion zsh > ~/.zfunc/_slipway", "For zsh, in a directory of $fpath")
        .example("slipway completion fish > ~/.config/fish/completions/slipway.fish", "For fish");
  }

  @Override
  public int run(Arguments arguments, Surroundings surroundings) {
    String shell = arguments.operand(0);
    if (shell == null) {
      String login = surroundings.variable("SHELL");
      shell = login == null ? "" : login.substring(login.lastIndexOf('/') + 1);
    }
    String script =
        switch (shell) {
          case "bash" -> CompletionScript.bash();
          case "zsh" -> CompletionScript.zsh();
          case "fish" -> CompletionScript.fish();
          default ->
              throw CommandException.usage(
                  "no completion for the shell '" + shell + "'", "name one: bash, zsh or fish");
        };
    if (arguments.has("json")) {
      surroundings
          .out()
          .line(new Json().object().member("shell", shell).member("script", script).end().text());
    } else {
      surroundings.out().print(script);
    }
    return Exit.SUCCESS;
  }
}
