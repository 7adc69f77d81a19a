package dev.slipway.workflow;

import java.util.ArrayList;
import java.util.List;

/**
 * Filters made of {@link Glob patterns}: the last one that matches decides, and {@code !} takes out
 * again.
 */
public final class Globs {
  private final List<Glob> globs;

  private Globs(List<Glob> globs) {
    this.globs = globs;
  }

  /**
   * Compiles patterns, in their order.
   *
   * @throws IllegalArgumentException when one is no pattern
   */
  public static Globs compile(List<String> patterns) {
    List<Glob> globs = new ArrayList<>(patterns.size());
    for (String pattern : patterns) {
      globs.add(Glob.compile(pattern));
    }
    return new Globs(globs);
  }

  /** Whether a text passes the patterns. */
  public static boolean matches(List<String> patterns, String text) {
    return compile(patterns).matches(text);
  }

  /** Whether a text passes. */
  public boolean matches(String text) {
    boolean matched = false;
    for (Glob glob : globs) {
      if (glob.negated() == matched && glob.matches(text)) {
        matched = !matched;
      }
    }
    return matched;
  }
}
