package dev.slipway.lint;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A pattern for what {@code uses:} names in other repositories: {@code *}, {@code owner/*}, {@code
 * owner/name/*} (with every path below, and none), {@code owner/name}, {@code owner/name/path}; the
 * last two also with a version, {@code owner/name@v1}.
 */
final class ActionPattern {
  private final String start;
  private final boolean open;
  private final String ref;

  private ActionPattern(String start, boolean open, String ref) {
    this.start = start;
    this.open = open;
    this.ref = ref;
  }

  /** The pattern; null when it is none. */
  static @Nullable ActionPattern of(String text) {
    String lower = text.strip().toLowerCase(Locale.ROOT);
    if (lower.equals("*")) {
      return new ActionPattern("", true, "");
    }
    int at = lower.indexOf('@');
    String name = at < 0 ? lower : lower.substring(0, at);
    // A version keeps its case.
    String ref = at < 0 ? "" : text.strip().substring(at + 1);
    boolean open = name.endsWith("/*");
    String start = open ? name.substring(0, name.length() - 2) : name;
    boolean named = open ? !start.isEmpty() : start.indexOf('/') > 0;
    boolean plain = start.indexOf('*') < 0 && !start.contains("//") && !start.startsWith("/");
    return named && plain && !start.endsWith("/") && (at < 0 || (!open && !ref.isEmpty()))
        ? new ActionPattern(start, open, ref)
        : null;
  }

  /**
   * Whether it is about an action.
   *
   * @param slug owner, name and path, in lower case
   */
  boolean matches(String slug, String version) {
    if (!ref.isEmpty() && !ref.equals(version)) {
      return false;
    }
    return open
        ? start.isEmpty() || slug.equals(start) || slug.startsWith(start + "/")
        : slug.equals(start);
  }

  /** How much it says; the pattern that says more wins. */
  int precision() {
    return 2 * start.length() + (open ? 0 : 1) + ref.length();
  }
}
