package dev.slipway.shell;

/** A stretch of a script: the first character and the one after the last. */
public record ShellSpan(int start, int end) {
  public ShellSpan {
    if (start < 0 || end < start) {
      throw new IllegalArgumentException("not a range: " + start + ".." + end);
    }
  }

  /** Whether a place lies in it. */
  public boolean has(int place) {
    return start <= place && place < end;
  }
}
