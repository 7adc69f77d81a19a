package dev.slipway.lint;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Something found in a file.
 *
 * @param file path relative to the project's root, with {@code /}
 * @param message what is wrong here, in one sentence
 * @param hint what to do; empty where nothing helpful is known
 * @param covers what other tools call exactly this; part of the rule's
 * @param refused whether GitHub refuses the file for it
 * @param fix how to mend it, or null
 * @param ignored the reason for which a comment says to ignore it; null when none does
 */
public record Finding(
    Rule rule,
    Severity severity,
    Confidence confidence,
    String file,
    Range range,
    String message,
    String hint,
    List<String> covers,
    boolean refused,
    @Nullable Fix fix,
    @Nullable String ignored) {
  /** By line and column, whatever the file. */
  public static final Comparator<Finding> BY_PLACE =
      Comparator.<Finding>comparingInt(f -> f.range().from().line())
          .thenComparingInt(f -> f.range().from().column());

  public Finding {
    covers = List.copyOf(covers);
  }

  Finding ignoredFor(String reason) {
    return new Finding(
        rule, severity, confidence, file, range, message, hint, covers, refused, fix, reason);
  }

  /** The same, as bad as this. */
  Finding rated(Severity other) {
    return new Finding(
        rule, other, confidence, file, range, message, hint, covers, refused, fix, ignored);
  }

  /** The same, for which GitHub refuses the file. */
  Finding refusal() {
    return new Finding(
        rule, severity, confidence, file, range, message, hint, covers, true, fix, ignored);
  }

  /** How to mend it. */
  public Optional<Fix> mending() {
    return Optional.ofNullable(fix);
  }
}
