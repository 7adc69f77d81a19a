package dev.slipway.lint;

import dev.slipway.workflow.YamlNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes what a rule finds in a file. */
final class Found {
  /** How much of one rule in one file anybody will read. */
  static final int MOST = 200;

  private final LintFile file;
  private final Rule rule;
  private final List<Finding> findings;
  private int count;

  Found(LintFile file, Rule rule, List<Finding> findings) {
    this.file = file;
    this.rule = rule;
    this.findings = findings;
  }

  void at(YamlNode.Scalar where, String message, String hint) {
    at(where.start(), end(where), message, hint, null);
  }

  void at(YamlNode.Scalar where, String message, String hint, @Nullable Fix fix) {
    at(where.start(), end(where), message, hint, fix);
  }

  /** Something for which GitHub refuses the file. */
  void refused(YamlNode.Scalar where, String message, String hint) {
    int before = findings.size();
    at(where.start(), end(where), message, hint, null);
    if (findings.size() > before) {
      findings.set(before, findings.get(before).refusal());
    }
  }

  void at(ExpressionUse use, String message, String hint) {
    at(use.scalar(), use.start(), use.end(), message, hint, null);
  }

  /** Whether the rule has found as much in this file as anybody will read. */
  boolean full() {
    return count >= MOST;
  }

  /** A stretch of a scalar's decoded text. */
  void at(
      YamlNode.Scalar scalar, int from, int to, String message, String hint, @Nullable Fix fix) {
    if (full()) {
      return;
    }
    int start = file.index(scalar, from);
    int end = to > from ? file.index(scalar, to - 1) + 1 : start;
    at(start, end, message, hint, fix);
  }

  void at(int start, int end, String message, String hint, @Nullable Fix fix) {
    at(rule.severity(), Confidence.HIGH, start, end, message, hint, rule.covers(), fix);
  }

  void at(
      Severity severity,
      Confidence confidence,
      int start,
      int end,
      String message,
      String hint,
      List<String> covers,
      @Nullable Fix fix) {
    if (!full()) {
      count++;
      Range range =
          new Range(
              file.document().position(start), file.document().position(Math.max(start, end)));
      findings.add(
          new Finding(
              rule,
              severity,
              confidence,
              file.path(),
              range,
              message,
              hint,
              covers,
              false,
              fix,
              null));
    }
  }

  /** A block scalar is shown by its first line. */
  private int end(YamlNode.Scalar scalar) {
    if (full()) {
      return scalar.end();
    }
    int newline = file.text().indexOf('\n', scalar.start());
    return newline >= 0 && newline < scalar.end() ? newline : scalar.end();
  }
}
