package dev.slipway.lint;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a value comes from.
 *
 * @param chooser who decides what it is
 * @param lines whether it may have several lines
 * @param source the context that it is read from
 * @param stations what it goes through, in order
 */
record Origin(Chooser chooser, boolean lines, String source, List<String> stations) {
  private static final int MOST = 6;

  Origin {
    stations = List.copyOf(stations);
  }

  static Origin of(Chooser chooser, boolean lines, List<String> path) {
    return new Origin(chooser, lines, ExpressionUse.written(path), List.of());
  }

  Origin through(String station) {
    if (stations.size() >= MOST) {
      return this;
    }
    List<String> more = new ArrayList<>(stations);
    more.add(station);
    return new Origin(chooser, lines, source, more);
  }

  boolean anybody() {
    return chooser == Chooser.ANYBODY;
  }

  /** The source in quotes, and the way from it when it is not direct. */
  String written() {
    return stations.isEmpty()
        ? "'" + source + "'"
        : "'" + source + "' (through " + String.join(", ", stations) + ")";
  }
}
