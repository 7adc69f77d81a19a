package dev.slipway.shell;

import static java.util.Objects.requireNonNull;

/** A replacement of the characters from {@code start} up to {@code end} of a script. */
public record ShellEdit(int start, int end, String text) {
  public ShellEdit {
    requireNonNull(text, "text is null");
    if (start < 0 || end < start) {
      throw new IllegalArgumentException("not a range: " + start + ".." + end);
    }
  }
}
