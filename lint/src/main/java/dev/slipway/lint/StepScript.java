package dev.slipway.lint;

import dev.slipway.shell.ShellScript;
import dev.slipway.workflow.YamlNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The script of a step, read when a rule first asks for it and kept for the others. */
final class StepScript {
  private final YamlNode.Scalar run;
  private final StepShell shell;
  private @Nullable ShellScript parsed;
  private @Nullable List<ShellCommand> commands;

  StepScript(YamlNode.Scalar run, StepShell shell) {
    this.run = run;
    this.shell = shell;
  }

  YamlNode.Scalar run() {
    return run;
  }

  String text() {
    return run.text();
  }

  StepShell shell() {
    return shell;
  }

  /** The script; meaningful only when a POSIX shell runs it. */
  ShellScript parsed() {
    ShellScript known = parsed;
    if (known == null) {
      known = ShellScript.read(run.text(), shell.dialect());
      parsed = known;
    }
    return known;
  }

  /** All its simple commands, those in substitutions too; none when no POSIX shell runs it. */
  List<ShellCommand> commands() {
    List<ShellCommand> known = commands;
    if (known == null) {
      known = shell.posix() ? ShellCommands.of(parsed().calls(shell.options())) : List.of();
      commands = known;
    }
    return known;
  }
}
