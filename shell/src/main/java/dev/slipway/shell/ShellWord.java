package dev.slipway.shell;

import static java.util.Objects.requireNonNull;

/**
 * A word of a command.
 *
 * @param start offset of its first character
 * @param end offset after its last
 * @param written as it stands in the script, quotes too
 * @param value what the command gets; the text as written where that is known only when it runs
 * @param constant whether the value is known
 */
public record ShellWord(int start, int end, String written, String value, boolean constant) {
  public ShellWord {
    requireNonNull(written, "written is null");
    requireNonNull(value, "value is null");
  }
}
