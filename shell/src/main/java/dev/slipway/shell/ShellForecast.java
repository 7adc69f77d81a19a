package dev.slipway.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Tells how a script will end without running it, as far as that hangs on tests of texts that are
 * known: what the jobs that judge other jobs do. Commands that do something real are supposed to
 * succeed, with any output; a test whose texts are not known may come out either way.
 *
 * <p>The script is gone through once for each way in which such tests can come out; there is a
 * limit to the ways and to the steps of each, beyond which nothing is said.
 */
public final class ShellForecast {
  private static final int MOST_WAYS = 256;

  private ShellForecast() {}

  /** How a script ends. */
  public enum Ending {
    SUCCEEDS,
    FAILS,
    /** That cannot be told. */
    UNKNOWN
  }

  /**
   * Tells how a script ends.
   *
   * @param environment the variables that are known
   * @param unknown a character that stands for any text, in the script and in the variables
   */
  public static Ending of(
      String script,
      Dialect dialect,
      ShellOptions options,
      Map<String, String> environment,
      char unknown) {
    Syntax.Sequence parsed;
    try {
      parsed = Parser.parse(script, dialect, new ArrayList<>());
    } catch (SyntaxStop stop) {
      return Ending.UNKNOWN;
    }
    Choices choices = new Choices();
    boolean succeeds = false;
    boolean fails = false;
    for (int way = 0; way < MOST_WAYS; way++) {
      choices.begin();
      Integer status = new Rehearsal(script, options, environment, unknown, choices).status(parsed);
      if (status == null) {
        return Ending.UNKNOWN;
      }
      succeeds |= status == 0;
      fails |= status != 0;
      if (succeeds && fails) {
        return Ending.UNKNOWN;
      }
      if (!choices.next()) {
        return succeeds ? Ending.SUCCEEDS : Ending.FAILS;
      }
    }
    return Ending.UNKNOWN;
  }

  /** How open questions come out, one way after the other. */
  static final class Choices {
    private final List<Boolean> made = new ArrayList<>();
    private int at;

    void begin() {
      at = 0;
    }

    boolean choose() {
      if (at == made.size()) {
        made.add(true);
      }
      return made.get(at++);
    }

    /** Turns to the next way; false when all have been gone. */
    boolean next() {
      while (made.size() > at) {
        made.removeLast();
      }
      while (!made.isEmpty() && !made.getLast()) {
        made.removeLast();
      }
      if (made.isEmpty()) {
        return false;
      }
      made.set(made.size() - 1, false);
      return true;
    }
  }
}
