package dev.slipway.lint;

import dev.slipway.workflow.Position;
import dev.slipway.workflow.YamlNode;
import java.util.ArrayList;
import java.util.List;

/** Finds the keys that lead to a place. */
final class Paths {
  private Paths() {}

  /** The keys, outermost first, of the last member that begins at or before the place. */
  static List<String> at(YamlNode root, Position at) {
    List<String> path = new ArrayList<>();
    YamlNode node = root;
    while (node != null) {
      YamlNode next = null;
      YamlNode.Sequence sequence = node.sequence();
      if (sequence != null) {
        for (YamlNode item : sequence.items()) {
          if (before(item.at(), at)) {
            next = item;
          }
        }
      } else {
        YamlNode.Member last = null;
        for (YamlNode.Member member : Trees.members(node)) {
          if (before(member.key().at(), at)) {
            last = member;
          }
        }
        if (last != null) {
          path.add(last.key().text());
          next = last.value();
        }
      }
      node = next;
    }
    return path;
  }

  private static boolean before(Position a, Position b) {
    return a.line() < b.line() || (a.line() == b.line() && a.column() <= b.column());
  }
}
