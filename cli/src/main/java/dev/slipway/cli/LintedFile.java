package dev.slipway.cli;

import dev.slipway.lint.Finding;
import dev.slipway.lint.Severity;
import java.util.ArrayList;
import java.util.List;

/**
 * A file and what was found in it.
 *
 * @param path as reports name it
 * @param text without a byte order mark
 */
record LintedFile(String path, String text, List<Finding> findings, Lines lines) {
  LintedFile {
    findings = List.copyOf(findings);
  }

  /** The lines of a text, found when they are first asked for. Belongs to one thread. */
  static final class Lines {
    private final String text;
    private List<String> all = List.of();

    Lines(String text) {
      this.text = text;
    }

    List<String> all() {
      if (all.isEmpty()) {
        all = text.lines().toList();
      }
      return all;
    }
  }

  static LintedFile of(String path, String text, List<Finding> findings) {
    return new LintedFile(path, text, findings, new Lines(text));
  }

  /** A line of it, without its line end; empty behind the last. */
  String line(int number) {
    return number <= lines.all().size() ? lines.all().get(number - 1) : "";
  }

  /** Line and column of an index, both 1-based; columns count code points. */
  int[] place(int index) {
    int line = 1;
    int start = 0;
    for (int i = 0; i < index && i < text.length(); i++) {
      if (text.charAt(i) == '\n') {
        line++;
        start = i + 1;
      }
    }
    return new int[] {line, text.codePointCount(start, Math.min(index, text.length())) + 1};
  }

  /** The findings of all files that no comment ignores. */
  static List<Finding> active(List<LintedFile> files) {
    List<Finding> active = new ArrayList<>();
    for (LintedFile file : files) {
      for (Finding finding : file.findings()) {
        if (finding.ignored() == null) {
          active.add(finding);
        }
      }
    }
    return active;
  }

  /** How many findings of a severity no comment ignores. */
  static int count(List<LintedFile> files, Severity severity) {
    int count = 0;
    for (LintedFile file : files) {
      for (Finding finding : file.findings()) {
        count += finding.ignored() == null && finding.severity() == severity ? 1 : 0;
      }
    }
    return count;
  }
}
