package dev.slipway.lint;

import dev.slipway.workflow.YamlNode;
import org.jspecify.annotations.Nullable;

/** Edits of a script as edits of the file that the script is written in. */
final class ScriptEdits {
  private ScriptEdits() {}

  /**
   * The edit of the file that replaces a stretch of a scalar's text; null where the scalar's style
   * cannot hold the replacement at that place.
   */
  static @Nullable Edit place(
      LintFile file, YamlNode.Scalar scalar, int from, int to, String replacement) {
    int start = file.index(scalar, from);
    int end = to > from ? file.index(scalar, to - 1) + 1 : start;
    String text = replacement;
    switch (scalar.style()) {
      case DOUBLE_QUOTED -> {
        text = replacement.replace("\\", "\\\\").replace("\"", "\\\"");
        if (escapeEndsAt(file.text(), start, end)) {
          return null;
        }
      }
      case SINGLE_QUOTED -> text = replacement.replace("'", "''");
      case PLAIN -> {
        // A quote at the beginning would begin a quoted scalar; these would end a plain one.
        if (start == scalar.start()
            || replacement.contains(": ")
            || replacement.contains(" #")
            || replacement.contains("\n")) {
          return null;
        }
      }
      case LITERAL, FOLDED -> {
        if (replacement.contains("\n")) {
          return null;
        }
      }
    }
    return new Edit(start, end, text);
  }

  /** Whether the last character of a stretch is the beginning of an escape of YAML. */
  private static boolean escapeEndsAt(String text, int start, int end) {
    return end > start && text.charAt(end - 1) == '\\';
  }
}
