package dev.slipway.lint;

import dev.slipway.workflow.YamlNode;
import org.jspecify.annotations.Nullable;

/** Edits that add a member to a mapping, in the file's own style. */
final class Insertion {
  private Insertion() {}

  /**
   * Adds {@code key: value} below a member of a mapping, which is made behind another member when
   * it is not there; null when the way it is written leaves no safe place.
   */
  static @Nullable Edit below(
      LintFile file,
      YamlNode.Mapping owner,
      YamlNode.Member behind,
      String parent,
      String key,
      String value) {
    YamlNode.Member found = Trees.member(owner, parent);
    if (found == null) {
      return flow(file, owner)
          ? inFlow(file, behind, parent, key, value)
          : block(file, owner, behind, parent, key, value);
    }
    YamlNode.Mapping below = found.value().mapping();
    if (below == null || below.members().isEmpty()) {
      return null;
    }
    YamlNode.Scalar first = below.members().getFirst().key();
    if (first.start() < found.key().end()) {
      return null;
    }
    String between = file.text().substring(found.key().end(), first.start());
    if (between.indexOf('*') >= 0 || between.indexOf('&') >= 0) {
      return null;
    }
    if (between.indexOf('{') >= 0) {
      return new Edit(first.start(), first.start(), key + ": " + quoted(value) + ", ");
    }
    int column = first.at().column() - 1;
    return new Edit(
        first.start(),
        first.start(),
        key + ": " + value + Security.newline(file) + " ".repeat(column));
  }

  /** How deep the file's jobs are indented. */
  static int unit(LintFile file) {
    for (YamlNode.Member member : Trees.members(file.root())) {
      YamlNode.Mapping below = member.value().mapping();
      if (below != null
          && !below.members().isEmpty()
          && below.members().getFirst().key().at().line() > member.key().at().line()) {
        return Math.max(1, below.members().getFirst().key().at().column() - 1);
      }
    }
    return 2;
  }

  private static boolean flow(LintFile file, YamlNode.Mapping owner) {
    if (owner.members().isEmpty()) {
      return true;
    }
    int at = owner.members().getFirst().key().start() - 1;
    while (at >= 0 && file.text().charAt(at) == ' ') {
      at--;
    }
    return at >= 0 && file.text().charAt(at) == '{';
  }

  private static @Nullable Edit inFlow(
      LintFile file, YamlNode.Member behind, String parent, String key, String value) {
    YamlNode.Scalar scalar = behind.value().scalar();
    if (scalar == null
        || scalar.start() < behind.key().end()
        || scalar.end() > file.text().length()) {
      return null;
    }
    return new Edit(
        scalar.end(), scalar.end(), ", " + parent + ": {" + key + ": " + quoted(value) + "}");
  }

  private static @Nullable Edit block(
      LintFile file,
      YamlNode.Mapping owner,
      YamlNode.Member behind,
      String parent,
      String key,
      String value) {
    YamlNode.Scalar scalar = behind.value().scalar();
    if (scalar == null || scalar.start() < behind.key().end()) {
      return null;
    }
    String newline = Security.newline(file);
    int column = owner.members().getFirst().key().at().column() - 1;
    String indent = " ".repeat(column);
    String added =
        indent + parent + ":" + newline + indent + " ".repeat(unit(file)) + key + ": " + value;
    boolean text =
        scalar.style() == YamlNode.Style.LITERAL || scalar.style() == YamlNode.Style.FOLDED;
    if (!text) {
      int end = lineEnd(file, scalar.end());
      return new Edit(end, end, newline + added);
    }
    if (file.text().startsWith("+", scalar.start() + 1)
        || file.text().startsWith("+", scalar.start() + 2)) {
      int start = behind.key().start();
      return new Edit(start, start, added.substring(column) + newline + indent);
    }
    int end = Math.min(scalar.end(), file.text().length());
    while (end > scalar.start() && Character.isWhitespace(file.text().charAt(end - 1))) {
      end--;
    }
    return new Edit(end, end, newline + added);
  }

  private static int lineEnd(LintFile file, int from) {
    int end = file.text().indexOf('\n', from);
    if (end < 0) {
      return file.text().length();
    }
    return end > from && file.text().charAt(end - 1) == '\r' ? end - 1 : end;
  }

  private static String quoted(String value) {
    return value.indexOf('$') < 0
        ? value
        : "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }
}
