package dev.slipway.lint;

import dev.slipway.workflow.YamlDocument;
import dev.slipway.workflow.YamlNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Mends a file by the fixes of its findings, one after the other. After each the file is looked
 * through again: the finding must be gone, nothing worse may have come, every comment must be there
 * still, and no value that the fix did not touch may have changed; else the fix is taken back.
 *
 * @param text the file after the fixes
 * @param applied the findings that are mended, in the order of mending
 * @param refused the findings whose fix was taken back
 */
public record Mending(String text, List<Finding> applied, List<Finding> refused) {
  private static final int MOST = 500;

  public Mending {
    applied = List.copyOf(applied);
    refused = List.copyOf(refused);
  }

  /** Mends what can be: by safe fixes only, or by all. */
  public static Mending of(Lint lint, String path, String text, Fix.Safety safety) {
    String mark = text.startsWith("\uFEFF") ? "\uFEFF" : "";
    String now = text.substring(mark.length());
    List<Finding> applied = new ArrayList<>();
    List<Finding> refused = new ArrayList<>();
    Set<String> tried = new HashSet<>();
    List<Finding> findings = lint.file(path, now);
    while (applied.size() < MOST) {
      Finding next = next(findings, safety, tried);
      Fix fix = next == null ? null : next.fix();
      if (next == null || fix == null) {
        break;
      }
      String after = Edits.apply(now, fix.edits());
      List<Finding> left = lint.file(path, after);
      if (mended(next, findings, left) && onlyMeant(now, after, fix)) {
        applied.add(next);
        now = after;
        findings = left;
      } else {
        refused.add(next);
        tried.add(key(next));
      }
    }
    return new Mending(mark + now, applied, refused);
  }

  private static @Nullable Finding next(
      List<Finding> findings, Fix.Safety safety, Set<String> tried) {
    for (Finding finding : findings) {
      Fix fix = finding.fix();
      if (fix != null
          && finding.ignored() == null
          && (safety == Fix.Safety.UNSAFE || fix.safety() == Fix.Safety.SAFE)
          && !tried.contains(key(finding))) {
        return finding;
      }
    }
    return null;
  }

  private static String key(Finding finding) {
    return finding.rule().id() + " " + finding.range().from() + " " + finding.message();
  }

  private static boolean mended(Finding finding, List<Finding> before, List<Finding> after) {
    int count = count(before, finding.rule());
    // Where a file has more than anybody will read, those behind move up.
    boolean fewer =
        count(after, finding.rule()) < count || (count >= Found.MOST && !has(after, finding));
    return fewer && errors(after) <= errors(before);
  }

  private static boolean has(List<Finding> findings, Finding finding) {
    for (Finding other : findings) {
      if (key(other).equals(key(finding))) {
        return true;
      }
    }
    return false;
  }

  private static int count(List<Finding> findings, Rule rule) {
    int count = 0;
    for (Finding finding : findings) {
      count += finding.rule().id().equals(rule.id()) ? 1 : 0;
    }
    return count;
  }

  private static int errors(List<Finding> findings) {
    int count = 0;
    for (Finding finding : findings) {
      count += finding.severity() == Severity.ERROR ? 1 : 0;
    }
    return count;
  }

  private static boolean onlyMeant(String before, String after, Fix fix) {
    YamlNode old = YamlDocument.read(before).root();
    YamlNode changed = YamlDocument.read(after).root();
    if (old == null || changed == null || !comments(before, old).equals(comments(after, changed))) {
      return false;
    }
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
      if (!same && !touched(entry.getValue(), fix)) {
        return false;
      }
    }
    return true;
  }

  private static boolean touched(YamlNode.Scalar scalar, Fix fix) {
    for (Edit edit : fix.edits()) {
      if ((edit.start() < scalar.end() && edit.end() > scalar.start())
          || (edit.start() == edit.end()
              && edit.start() > scalar.start()
              && edit.start() < scalar.end())) {
        return true;
      }
    }
    return false;
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
