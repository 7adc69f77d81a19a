package dev.slipway.lint;

import dev.slipway.workflow.YamlNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Fixes that take a member out of a mapping. */
final class Removal {
  private Removal() {}

  /**
   * Takes a member that stands on a line of its own away, and what it is in with it when it is the
   * only one; null where it shares its line or has a comment, which would be lost.
   */
  static @Nullable Fix of(
      LintFile file,
      YamlNode.Member parent,
      YamlNode.Member member,
      String title,
      Fix.Safety safety) {
    List<YamlNode.Member> all = Trees.members(parent.value());
    YamlNode.Scalar value = member.value().scalar();
    if (value == null) {
      return null;
    }
    YamlNode.Scalar first = all.size() == 1 ? parent.key() : member.key();
    String text = file.text();
    int start = text.lastIndexOf('\n', first.start() - 1) + 1;
    int end = text.indexOf('\n', value.end());
    if (end < 0
        || !text.substring(start, first.start()).isBlank()
        || !text.substring(value.end(), end).isBlank()
        || text.substring(first.start(), member.key().start()).indexOf('#') >= 0
        || text.substring(first.start(), member.key().start()).indexOf('{') >= 0
        || text.substring(first.start(), member.key().start()).indexOf('&') >= 0) {
      return null;
    }
    return new Fix(title, safety, List.of(new Edit(start, end + 1, "")));
  }
}
