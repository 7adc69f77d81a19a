package dev.slipway.lint;

import dev.slipway.workflow.YamlNode;
import org.jspecify.annotations.Nullable;

/**
 * What a finding is about, in lines: its step, else the key of its job or of the file that it lies
 * under; the whole job for what is said of a job's name.
 */
final class Spans {
  private final LintFile file;
  private int @Nullable [] first;
  private int @Nullable [] last;

  Spans(LintFile file) {
    this.file = file;
  }

  /** Whether any of these lines belongs to what a finding is about. */
  boolean covers(Finding finding, int from, int to) {
    int start = finding.range().from().line();
    int end = finding.range().to().line();
    if (start <= to && end >= from) {
      return true;
    }
    int[] firsts = first;
    int[] lasts = last;
    if (firsts == null || lasts == null) {
      int lines = file.document().position(file.text().length()).line() + 2;
      firsts = new int[lines];
      lasts = new int[lines];
      collect(firsts, lasts);
      first = firsts;
      last = lasts;
    }
    return start < firsts.length
        && firsts[start] > 0
        && firsts[start] <= to
        && lasts[start] >= from;
  }

  private void collect(int[] firsts, int[] lasts) {
    for (YamlNode.Member member : Trees.members(file.root())) {
      String key = member.key().text();
      if (!key.equals("jobs") && !key.equals("runs")) {
        fill(firsts, lasts, line(member.key()), end(member));
      }
    }
    for (JobNode job : file.jobs()) {
      int from = line(job.key());
      int to = from;
      for (YamlNode.Member member : job.body().members()) {
        int end = end(member);
        if (!member.key().text().equals("steps")) {
          fill(firsts, lasts, line(member.key()), end);
        }
        to = Math.max(to, end);
      }
      fill(firsts, lasts, from, from);
      if (from < lasts.length) {
        lasts[from] = to;
      }
    }
    for (StepNode step : file.steps()) {
      fill(firsts, lasts, step.body().at().line(), end(step.body()));
    }
  }

  private static void fill(int[] firsts, int[] lasts, int from, int to) {
    for (int line = from; line <= to && line < firsts.length; line++) {
      firsts[line] = from;
      lasts[line] = to;
    }
  }

  private int line(YamlNode.Scalar scalar) {
    return scalar.at().line();
  }

  private int end(YamlNode.Member member) {
    return Math.max(line(member.key()), end(member.value()));
  }

  private int end(YamlNode node) {
    YamlNode at = node;
    int end = node.at().line();
    while (true) {
      YamlNode.Scalar scalar = at.scalar();
      if (scalar != null) {
        int index = Math.max(scalar.start(), scalar.end() - 1);
        return Math.max(end, file.document().position(index).line());
      }
      YamlNode.Mapping mapping = at.mapping();
      YamlNode.Sequence sequence = at.sequence();
      if (mapping != null && !mapping.members().isEmpty()) {
        YamlNode.Member member = mapping.members().getLast();
        end = Math.max(end, line(member.key()));
        at = member.value();
      } else if (sequence != null && !sequence.items().isEmpty()) {
        at = sequence.items().getLast();
        end = Math.max(end, at.at().line());
      } else {
        return end;
      }
    }
  }
}
