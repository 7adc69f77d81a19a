package dev.slipway.shell;

import java.util.Set;

/** Which commands nothing after them runs. */
final class Ends {
  private static final Set<String> ENDING = Set.of("exit", "return", "break", "continue");

  private Ends() {}

  static boolean always(Syntax.Sequence sequence) {
    for (Syntax.Command command : sequence.commands()) {
      if (always(command)) {
        return true;
      }
    }
    return false;
  }

  static boolean always(Syntax.Command command) {
    return switch (command) {
      case Syntax.Simple simple -> ends(simple);
      case Syntax.Group group -> always(group.body());
      case Syntax.If branches -> {
        if (branches.otherwise() == null || !always(branches.otherwise())) {
          yield false;
        }
        for (Syntax.Branch branch : branches.branches()) {
          if (!always(branch.body())) {
            yield false;
          }
        }
        yield true;
      }
      case Syntax.Redirected redirected -> always(redirected.command());
      default -> false;
    };
  }

  private static boolean ends(Syntax.Simple simple) {
    String name = Words.command(simple);
    return ENDING.contains(name) || (name.equals("exec") && simple.words().size() > 1);
  }
}
