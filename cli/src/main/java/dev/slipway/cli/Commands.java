package dev.slipway.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All commands by name, made only when asked for. */
final class Commands {
  /** The commands that help lists, in the order of their use. */
  static final List<String> NAMES =
      List.of(
          "run",
          "plan",
          "check",
          "hook",
          "lint",
          "lsp",
          "prove",
          "runs",
          "logs",
          "rerun",
          "report",
          "artifacts",
          "cache",
          "eval",
          "init",
          "doctor",
          "completion",
          "help");

  private Commands() {}

  /** The command of this name, or null. */
  static @Nullable Command named(String name) {
    return switch (name) {
      case "run" -> new RunCommand();
      case "plan" -> new PlanCommand();
      case "check" -> new CheckCommand();
      case "hook" -> new HookCommand();
      case "lint" -> new LintCommand();
      case "lsp" -> new LspCommand();
      case "prove" -> new ProveCommand();
      case "runs" -> new RunsCommand();
      case "logs" -> new LogsCommand();
      case "rerun" -> new RerunCommand();
      case "report" -> new ReportCommand();
      case "artifacts" -> new ArtifactsCommand();
      case "cache" -> new CacheCommand();
      case "eval" -> new EvalCommand();
      case "init" -> new InitCommand();
      case "doctor" -> new DoctorCommand();
      case "completion" -> new CompletionCommand();
      case "help" -> new HelpCommand();
      case ManualCommand.NAME -> new ManualCommand();
      case TrainingCommand.NAME -> new TrainingCommand();
      default -> null;
    };
  }

  /** The tables of all commands that help lists. */
  static List<Usage> usages() {
    List<Usage> usages = new ArrayList<>();
    for (String name : NAMES) {
      Command command = named(name);
      if (command != null) {
        usages.add(command.usage());
      }
    }
    return usages;
  }
}
