package dev.slipway.lint;

import dev.slipway.workflow.YamlNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ways through trees of nodes that may hold anything. */
final class Trees {
  private Trees() {}

  static YamlNode.@Nullable Mapping mapping(@Nullable YamlNode node) {
    return node == null ? null : node.mapping();
  }

  static YamlNode.@Nullable Scalar scalar(@Nullable YamlNode node) {
    return node == null ? null : node.scalar();
  }

  /** A member of a mapping, whatever the case of its key; null when there is none. */
  static @Nullable YamlNode get(@Nullable YamlNode node, String key) {
    YamlNode.Member member = member(node, key);
    return member == null ? null : member.value();
  }

  static YamlNode.@Nullable Member member(@Nullable YamlNode node, String key) {
    YamlNode.Mapping mapping = mapping(node);
    if (mapping == null) {
      return null;
    }
    List<YamlNode.Member> members = mapping.members();
    // By index: this is asked more often than anything else.
    for (int i = 0; i < members.size(); i++) {
      YamlNode.Member member = members.get(i);
      String text = member.key().text();
      if (text.length() == key.length() && text.equalsIgnoreCase(key)) {
        return member;
      }
    }
    return null;
  }

  static YamlNode.@Nullable Mapping mapping(@Nullable YamlNode node, String key) {
    return mapping(get(node, key));
  }

  /** A scalar member; null when there is none, or another kind of node. */
  static YamlNode.@Nullable Scalar scalar(@Nullable YamlNode node, String key) {
    return scalar(get(node, key));
  }

  /** The text of a scalar member, or the empty text. */
  static String text(@Nullable YamlNode node, String key) {
    YamlNode.Scalar scalar = scalar(node, key);
    return scalar == null ? "" : scalar.text();
  }

  static List<YamlNode.Member> members(@Nullable YamlNode node) {
    YamlNode.Mapping mapping = mapping(node);
    return mapping == null ? List.of() : mapping.members();
  }

  /** The items of a sequence; a lone node counts as a sequence of one. */
  static List<YamlNode> items(@Nullable YamlNode node) {
    if (node == null) {
      return List.of();
    }
    YamlNode.Sequence sequence = node.sequence();
    return sequence == null ? List.of(node) : sequence.items();
  }

  /** Whether a scalar is exactly this literal boolean. */
  static boolean is(YamlNode.@Nullable Scalar scalar, boolean value) {
    return scalar != null && scalar.text().equalsIgnoreCase(value ? "true" : "false");
  }
}
