package dev.slipway.cli;

import java.util.ArrayList;
import java.util.List;

/** The difference of two texts, line by line, as {@code diff -u} writes it. */
final class LineDiff {
  private static final int CONTEXT = 3;
  private static final int MOST_CELLS = 4_000_000;

  private final List<String> before;
  private final List<String> after;
  private final List<String> script = new ArrayList<>();

  private LineDiff(List<String> before, List<String> after) {
    this.before = before;
    this.after = after;
  }

  /** The difference; empty when there is none. */
  static String unified(String path, String before, String after, Colors colors) {
    if (before.equals(after)) {
      return "";
    }
    LineDiff diff = new LineDiff(lines(before), lines(after));
    diff.compare();
    StringBuilder out = new StringBuilder();
    out.append(colors.bold("--- a/" + path)).append('\n');
    out.append(colors.bold("+++ b/" + path)).append('\n');
    diff.hunks(out, colors);
    return out.toString();
  }

  private static List<String> lines(String text) {
    List<String> lines = new ArrayList<>();
    int start = 0;
    while (start < text.length()) {
      int end = text.indexOf('\n', start);
      if (end < 0) {
        lines.add(text.substring(start) + "\n\\ No newline at end of file");
        break;
      }
      lines.add(text.substring(start, end));
      start = end + 1;
    }
    return lines;
  }

  /** Fills the script: every line with a blank, a minus or a plus before it. */
  private void compare() {
    int first = 0;
    while (first < before.size() && first < after.size() && same(first, first)) {
      script.add(" " + before.get(first++));
    }
    int oldEnd = before.size();
    int newEnd = after.size();
    while (oldEnd > first && newEnd > first && same(oldEnd - 1, newEnd - 1)) {
      oldEnd--;
      newEnd--;
    }
    middle(first, oldEnd, newEnd);
    for (int i = oldEnd; i < before.size(); i++) {
      script.add(" " + before.get(i));
    }
  }

  private boolean same(int i, int j) {
    return before.get(i).equals(after.get(j));
  }

  private void middle(int first, int oldEnd, int newEnd) {
    int rows = oldEnd - first;
    int columns = newEnd - first;
    boolean large = (long) (rows + 1) * (columns + 1) > MOST_CELLS;
    int[][] common = new int[large ? 0 : rows + 1][columns + 1];
    for (int i = rows - 1; i >= 0 && !large; i--) {
      for (int j = columns - 1; j >= 0; j--) {
        common[i][j] =
            same(first + i, first + j)
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    int i = 0;
    int j = 0;
    while (i < rows || j < columns) {
      if (i < rows && j < columns && !large && same(first + i, first + j)) {
        script.add(" " + before.get(first + i++));
        j++;
      } else if (i < rows && (j == columns || large || common[i + 1][j] >= common[i][j + 1])) {
        script.add("-" + before.get(first + i++));
      } else {
        script.add("+" + after.get(first + j++));
      }
    }
  }

  private void hunks(StringBuilder out, Colors colors) {
    int oldLine = 1;
    int newLine = 1;
    int i = 0;
    while (i < script.size()) {
      if (script.get(i).charAt(0) == ' ') {
        oldLine++;
        newLine++;
        i++;
        continue;
      }
      int start = Math.max(0, i - CONTEXT);
      int end = hunkEnd(i);
      int oldCount = 0;
      int newCount = 0;
      for (int k = start; k < end; k++) {
        oldCount += script.get(k).charAt(0) == '+' ? 0 : 1;
        newCount += script.get(k).charAt(0) == '-' ? 0 : 1;
      }
      int lead = i - start;
      out.append(
              colors.cyan(
                  "@@ -"
                      + (oldLine - lead)
                      + ","
                      + oldCount
                      + " +"
                      + (newLine - lead)
                      + ","
                      + newCount
                      + " @@"))
          .append('\n');
      for (int k = start; k < end; k++) {
        String line = script.get(k);
        char kind = line.charAt(0);
        out.append(kind == '-' ? colors.red(line) : kind == '+' ? colors.green(line) : line);
        out.append('\n');
      }
      oldLine += oldCount - lead;
      newLine += newCount - lead;
      i = end;
    }
  }

  /** Behind the context of the last change of a hunk that begins with a change. */
  private int hunkEnd(int from) {
    int last = from;
    for (int i = from; i < script.size() && i <= last + 2 * CONTEXT; i++) {
      last = script.get(i).charAt(0) == ' ' ? last : i;
    }
    return Math.min(script.size(), last + 1 + CONTEXT);
  }
}
