package dev.slipway.lint;

import dev.slipway.workflow.YamlDocument;
import dev.slipway.workflow.YamlNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Tells whether edits changed nothing but what they name. */
final class Sameness {
  private Sameness() {}

  /** Whether comments are kept, and values that no edit touches. */
  static boolean onlyMeant(String before, String after, List<Edit> edits) {
    YamlNode old = YamlDocument.read(before).root();
    YamlNode changed = YamlDocument.read(after).root();
    if (old == null || changed == null) {
      return false;
    }
    String meant = Edits.apply(before, aboutComments(before, edits));
    YamlNode told = meant.equals(before) ? old : YamlDocument.read(meant).root();
    if (told == null || !comments(meant, told).equals(comments(after, changed))) {
      return false;
    }
    List<Edit> sorted = new ArrayList<>(edits);
    sorted.sort(Comparator.comparingInt(Edit::start));
    Map<String, YamlNode.Scalar> values = new TreeMap<>();
    Map<String, YamlNode.Scalar> news = new TreeMap<>();
    flatten(old, "", values);
    flatten(changed, "", news);
    for (Map.Entry<String, YamlNode.Scalar> entry : values.entrySet()) {
      YamlNode.Scalar now = news.get(entry.getKey());
      boolean same =
          now != null
              && now.kind() == entry.getValue().kind()
              && now.text().equals(entry.getValue().text());
      if (!same && !touched(entry.getValue(), sorted)) {
        return false;
      }
    }
    return true;
  }

  /** The edits that add a comment at the end of a line, or change the last words of one. */
  private static List<Edit> aboutComments(String text, List<Edit> edits) {
    List<Edit> about = new ArrayList<>();
    for (Edit edit : edits) {
      boolean oneLine = edit.replacement().indexOf('\n') < 0;
      int line = text.lastIndexOf('\n', edit.start() - 1) + 1;
      int end = text.indexOf('\n', edit.start());
      boolean whole = edit.end() <= (end < 0 ? text.length() : end);
      boolean adds = edit.replacement().startsWith(" # ");
      boolean changes =
          !edit.replacement().isEmpty() && text.substring(line, edit.start()).contains(" # ");
      if (oneLine && whole && (adds || changes)) {
        about.add(edit);
      }
    }
    return about;
  }

  private static boolean touched(YamlNode.Scalar scalar, List<Edit> sorted) {
    int low = 0;
    int high = sorted.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted.get(middle).end() <= scalar.start()) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < sorted.size() && sorted.get(low).start() < scalar.end();
  }

  private static void flatten(YamlNode node, String path, Map<String, YamlNode.Scalar> values) {
    YamlNode.Scalar scalar = node.scalar();
    if (scalar != null) {
      values.put(path, scalar);
      return;
    }
    YamlNode.Sequence sequence = node.sequence();
    if (sequence != null) {
      for (int i = 0; i < sequence.items().size(); i++) {
        flatten(sequence.items().get(i), path + "\n" + i, values);
      }
      return;
    }
    for (YamlNode.Member member : Trees.members(node)) {
      flatten(member.value(), path + "\n" + member.key().text(), values);
    }
  }

  /** The comments of a text: what follows a number sign outside every scalar. */
  private static List<String> comments(String text, YamlNode root) {
    Map<String, YamlNode.Scalar> values = new TreeMap<>();
    flatten(root, "", values);
    boolean[] inside = new boolean[text.length() + 1];
    for (YamlNode.Scalar scalar : values.values()) {
      // The header of a block scalar may carry a comment of its own.
      boolean block =
          scalar.style() == YamlNode.Style.LITERAL || scalar.style() == YamlNode.Style.FOLDED;
      int header = block ? text.indexOf('\n', scalar.start()) : -1;
      for (int i = header < 0 ? scalar.start() : header; i < scalar.end(); i++) {
        inside[i] = true;
      }
    }
    List<String> comments = new ArrayList<>();
    for (int i = text.indexOf('#'); i >= 0; i = text.indexOf('#', i + 1)) {
      if (!inside[i] && (i == 0 || Character.isWhitespace(text.charAt(i - 1)))) {
        int end = text.indexOf('\n', i);
        comments.add(text.substring(i, end < 0 ? text.length() : end).strip());
        i = end < 0 ? text.length() : end;
      }
    }
    comments.sort(null);
    return comments;
  }
}
