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
    if (command instanceof Syntax.Simple simple) {
      return ends(simple);
    }
    if (command instanceof Syntax.Group group) {
      return always(group.body());
    }
    if (command instanceof Syntax.If branches) {
      if (branches.otherwise() == null || !always(branches.otherwise())) {
        return false;
      }
      for (Syntax.Branch branch : branches.branches()) {
        if (!always(branch.body())) {
          return false;
        }
      }
      return true;
    }
    if (command instanceof Syntax.Redirected redirected) {
      return always(redirected.command());
    }
    return false;
  }

  private static boolean ends(Syntax.Simple simple) {
    String name = Words.command(simple);
    return ENDING.contains(name) || (name.equals("exec") && simple.words().size() > 1);
  }
}
