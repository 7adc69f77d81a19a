package dev.slipway.lint;

import dev.slipway.workflow.YamlNode;
import org.jspecify.annotations.Nullable;

/** Edits that add or remove a member of a mapping in block style, in the file's own layout. */
final class BlockEdits {
  private BlockEdits() {}

  /** How lines end in a file. */
  static String newline(LintFile file) {
    return file.newline();
  }

  /**
   * Puts a member before the others of a mapping; null when the mapping is not in block style.
   *
   * @param lines the member; further lines are indented as the first
   */
  static @Nullable Edit first(LintFile file, YamlNode.Mapping mapping, String lines) {
    if (mapping.members().isEmpty()) {
      return null;
    }
    YamlNode.Scalar key = mapping.members().getFirst().key();
    if (!block(file, mapping)) {
      return null;
    }
    String indent = newline(file) + " ".repeat(column(file, key.start()));
    return new Edit(key.start(), key.start(), lines.replace("\n", indent) + indent);
  }

  /**
   * Puts a member behind the last one of a mapping, whose value must be a scalar in one line; null
   * where it cannot be put there.
   */
  static @Nullable Edit last(LintFile file, YamlNode.Mapping mapping, String lines) {
    if (mapping.members().isEmpty() || !block(file, mapping)) {
      return null;
    }
    YamlNode.Member last = mapping.members().getLast();
    YamlNode.Scalar value = last.value().scalar();
    String text = file.text();
    if (value == null || text.substring(last.key().start(), value.end()).contains("\n")) {
      return first(file, mapping, lines);
    }
    int end = text.indexOf('\n', value.end());
    end = end < 0 ? text.length() : end;
    end = end > 0 && text.charAt(end - 1) == '\r' ? end - 1 : end;
    String indent = newline(file) + " ".repeat(column(file, last.key().start()));
    return new Edit(end, end, indent + lines.replace("\n", indent));
  }

  /** Takes a member of a mapping away, with its line; null where it does not have one. */
  static @Nullable Edit without(LintFile file, YamlNode.Mapping mapping, YamlNode.Member member) {
    YamlNode.Scalar value = member.value().scalar();
    if (value == null || !block(file, mapping)) {
      return null;
    }
    String text = file.text();
    int from = text.lastIndexOf('\n', member.key().start() - 1) + 1;
    int to = text.indexOf('\n', value.end());
    to = to < 0 ? text.length() : to + 1;
    boolean alone = text.substring(from, member.key().start()).isBlank();
    boolean bare = text.substring(value.end(), to).isBlank();
    return alone && bare ? new Edit(from, to, "") : null;
  }

  /** Whether each member of a mapping stands on a line of its own. */
  private static boolean block(LintFile file, YamlNode.Mapping mapping) {
    YamlNode.Scalar key = mapping.members().getFirst().key();
    String text = file.text();
    for (int i = key.start() - 1; i >= 0 && text.charAt(i) != '\n'; i--) {
      char c = text.charAt(i);
      if (c != ' ' && c != '-') {
        return false;
      }
    }
    return true;
  }

  /** The column of an index, from 0. */
  private static int column(LintFile file, int index) {
    return index - (file.text().lastIndexOf('\n', index - 1) + 1);
  }
}
