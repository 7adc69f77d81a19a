package dev.slipway.lint;

import dev.slipway.workflow.YamlNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Fixes of gates. None is safe: what was green before turns red, which is the point of it, and jobs
 * that a condition skips count as not passed.
 */
final class GateFixes {
  private static final String FAILED =
      "contains(needs.*.result, 'failure') || contains(needs.*.result, 'cancelled')"
          + " || contains(needs.*.result, 'skipped')";

  private GateFixes() {}

  /** Lets a gate without a condition run always, and judge when it does not yet. */
  static @Nullable Fix always(LintFile file, JobNode job, boolean judges) {
    if (job.body().get("if") != null) {
      return null;
    }
    Edit runs = BlockEdits.first(file, job.body(), "if: always()");
    Edit step = judges ? null : step(file, job);
    if (runs == null || (!judges && step == null)) {
      return null;
    }
    return new Fix(
        "Run the gate always, and fail unless all jobs passed",
        Fix.Safety.UNSAFE,
        step == null ? List.of(runs) : List.of(runs, step));
  }

  /** Adds a step that fails unless all jobs passed. */
  static @Nullable Fix judging(LintFile file, JobNode job) {
    Edit step = step(file, job);
    return step == null
        ? null
        : new Fix("Fail unless all jobs passed", Fix.Safety.UNSAFE, List.of(step));
  }

  /** A last step: one that fails before it makes the gate red as well. */
  private static @Nullable Edit step(LintFile file, JobNode job) {
    YamlNode steps = Trees.get(job.body(), "steps");
    List<YamlNode> items =
        steps == null || steps.sequence() == null ? List.of() : Trees.items(steps);
    YamlNode.Mapping first = items.isEmpty() ? null : items.getFirst().mapping();
    YamlNode.Scalar end = items.isEmpty() ? null : lastScalar(items.getLast());
    if (first == null || first.members().isEmpty() || end == null) {
      return null;
    }
    String text = file.text();
    int key = first.members().getFirst().key().start();
    int line = text.lastIndexOf('\n', key - 1) + 1;
    int dash = line;
    while (dash < key && text.charAt(dash) == ' ') {
      dash++;
    }
    // Only a list in block style has a dash there and blanks behind it.
    boolean block =
        dash < key && text.charAt(dash) == '-' && text.substring(dash + 1, key).isBlank();
    int at = Math.min(end.end(), text.length());
    while (at > end.start() && Character.isWhitespace(text.charAt(at - 1))) {
      at--;
    }
    int newline = text.indexOf('\n', at);
    int to = newline < 0 ? text.length() : newline;
    to = to > at && text.charAt(to - 1) == '\r' ? to - 1 : to;
    boolean kept = text.startsWith("+", end.start() + 1) || text.startsWith("+", end.start() + 2);
    String rest = text.substring(at, to).strip();
    if (!block || end.start() < key || kept || !(rest.isEmpty() || rest.startsWith("#"))) {
      return null;
    }
    String lead = file.newline() + text.substring(line, dash);
    return new Edit(to, to, lead + "- if: " + FAILED + lead + "  run: exit 1");
  }

  private static YamlNode.@Nullable Scalar lastScalar(YamlNode node) {
    if (node.sequence() != null) {
      List<YamlNode> items = Trees.items(node);
      return items.isEmpty() ? null : lastScalar(items.getLast());
    }
    List<YamlNode.Member> members = Trees.members(node);
    return members.isEmpty() ? node.scalar() : lastScalar(members.getLast().value());
  }

  /** Lets a condition that asks for failures alone ask for all that is no success. */
  static @Nullable Fix stricter(LintFile file, ExpressionUse use) {
    String source = use.expression().source().replace(" ", "");
    String written = use.scalar().text().substring(use.start(), use.end());
    int at = written.indexOf("contains(");
    int end = written.lastIndexOf(')');
    if (!source.equals("contains(needs.*.result,'failure')")
        || !use.key().equals("if")
        || at < 0
        || end < at
        || use.scalar().style() != YamlNode.Style.PLAIN) {
      return null;
    }
    int from = file.index(use.scalar(), use.start() + at);
    int to = file.index(use.scalar(), use.start() + end) + 1;
    return new Fix(
        "Fail for cancelled and skipped jobs, too",
        Fix.Safety.UNSAFE,
        List.of(new Edit(from, to, FAILED)));
  }

  /** Adds jobs to those that a gate needs. */
  static @Nullable Fix needing(LintFile file, YamlNode.Member needs, List<String> forgotten) {
    Edit edit = added(file, needs, forgotten);
    return edit == null ? null : new Fix("Wait for them", Fix.Safety.UNSAFE, List.of(edit));
  }

  private static @Nullable Edit added(
      LintFile file, YamlNode.Member needs, List<String> forgotten) {
    YamlNode.Scalar alone = needs.value().scalar();
    if (alone != null) {
      return alone.style() == YamlNode.Style.PLAIN && !alone.text().contains("$")
          ? new Edit(
              alone.start(),
              alone.end(),
              "[" + alone.text() + ", " + String.join(", ", forgotten) + "]")
          : null;
    }
    List<YamlNode> items = new ArrayList<>(Trees.items(needs.value()));
    YamlNode.Scalar last = items.isEmpty() ? null : items.getLast().scalar();
    if (last == null || last.start() < needs.key().end()) {
      return null;
    }
    String text = file.text();
    int line = text.lastIndexOf('\n', last.start() - 1) + 1;
    String lead = text.substring(line, last.start());
    if (text.substring(needs.key().end(), last.start()).indexOf('[') >= 0) {
      return new Edit(last.end(), last.end(), ", " + String.join(", ", forgotten));
    }
    if (!lead.strip().equals("-")) {
      return null;
    }
    StringBuilder lines = new StringBuilder();
    for (String id : forgotten) {
      lines.append(file.newline()).append(lead).append(id);
    }
    int end = text.indexOf('\n', last.end());
    end = end < 0 ? text.length() : end;
    end = end > last.end() && text.charAt(end - 1) == '\r' ? end - 1 : end;
    return new Edit(end, end, lines.toString());
  }
}
