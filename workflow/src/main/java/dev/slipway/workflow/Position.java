package dev.slipway.workflow;

/** A place in a text: line and column, both 1-based; columns count Unicode code points. */
public record Position(int line, int column) {
  /** The first character of a text. */
  public static final Position START = new Position(1, 1);
}
