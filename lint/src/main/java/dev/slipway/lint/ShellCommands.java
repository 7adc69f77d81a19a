package dev.slipway.lint;

import dev.slipway.shell.Dialect;
import dev.slipway.shell.ShellCall;
import dev.slipway.shell.ShellOptions;
import dev.slipway.shell.ShellScript;
import java.util.ArrayList;
import java.util.List;

/** The simple commands of scripts. */
final class ShellCommands {
  private ShellCommands() {}

  /**
   * The simple commands of a script that a step runs by default, in order, without those in
   * substitutions. Of a text that is no script for bash, such as one for PowerShell, those of the
   * lines that could be.
   */
  static List<ShellCommand> of(String text) {
    ShellScript script = ShellScript.read(text, Dialect.BASH);
    List<ShellCommand> commands = new ArrayList<>();
    if (script.sound()) {
      add(script.calls(ShellOptions.defaultStep()), 0, commands);
      return commands;
    }
    int from = 0;
    while (from < text.length()) {
      int end = text.indexOf('\n', from);
      end = end < 0 ? text.length() : end;
      ShellScript line = ShellScript.read(text.substring(from, end), Dialect.BASH);
      add(line.calls(ShellOptions.defaultStep()), from, commands);
      from = end + 1;
    }
    return commands;
  }

  private static void add(List<ShellCall> calls, int offset, List<ShellCommand> to) {
    for (ShellCall call : calls) {
      if (!call.substituted()) {
        to.add(ShellCommand.of(call, offset));
      }
    }
  }

  /** All of them, those in substitutions too. */
  static List<ShellCommand> of(List<ShellCall> calls) {
    List<ShellCommand> commands = new ArrayList<>();
    for (ShellCall call : calls) {
      commands.add(ShellCommand.of(call, 0));
    }
    return List.copyOf(commands);
  }
}
