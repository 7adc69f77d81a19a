package dev.slipway.lsp;

import dev.slipway.lint.Edit;
import java.util.Arrays;
import org.eclipse.lsp4j.Position;
import org.eclipse.lsp4j.Range;
import org.eclipse.lsp4j.TextEdit;

/**
 * The text of a document, its places in the protocol's count: lines and UTF-16 units from 0. A byte
 * order mark is part of the document, but not of the content that is looked through.
 */
final class Text {
  private final String content;
  private final int mark;
  private final int[] starts;

  Text(String whole) {
    this.mark = whole.startsWith("\uFEFF") ? 1 : 0;
    this.content = whole.substring(mark);
    this.starts = starts(content);
  }

  private static int[] starts(String text) {
    int[] starts = new int[64];
    int count = 1;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n' || (c == '\r' && (i + 1 == text.length() || text.charAt(i + 1) != '\n'))) {
        if (count == starts.length) {
          starts = Arrays.copyOf(starts, count * 2);
        }
        starts[count++] = i + 1;
      }
    }
    return Arrays.copyOf(starts, count);
  }

  /** What is looked through. */
  String content() {
    return content;
  }

  /** The text with a stretch replaced. */
  Text with(Range range, String replacement) {
    int start = offset(range.getStart());
    int end = Math.max(start, offset(range.getEnd()));
    return new Text(
        (mark > 0 ? "\uFEFF" : "")
            + content.substring(0, start)
            + replacement
            + content.substring(end));
  }

  /** The index in the content of a place; one that does not exist is the nearest that does. */
  int offset(Position at) {
    if (at.getLine() < 0) {
      return 0;
    }
    if (at.getLine() >= starts.length) {
      return content.length();
    }
    int character = at.getLine() == 0 ? at.getCharacter() - mark : at.getCharacter();
    int start = starts[at.getLine()];
    return Math.min(start + Math.max(0, character), lineEnd(at.getLine()));
  }

  /** The index behind the last character of a line. */
  int lineEnd(int line) {
    int end = line + 1 < starts.length ? starts[line + 1] : content.length();
    while (end > starts[line] && "\r\n".indexOf(content.charAt(end - 1)) >= 0) {
      end--;
    }
    return end;
  }

  int lineStart(int line) {
    return starts[line];
  }

  /** A line without its end. */
  String line(int line) {
    return content.substring(starts[line], lineEnd(line));
  }

  Position position(int offset) {
    int at = Math.max(0, Math.min(offset, content.length()));
    int found = Arrays.binarySearch(starts, at);
    int line = found >= 0 ? found : -found - 2;
    return new Position(line, at - starts[line] + (line == 0 ? mark : 0));
  }

  Range range(int start, int end) {
    return new Range(position(start), position(end));
  }

  /** A place that counts lines and characters from 1. */
  int offset(dev.slipway.workflow.Position at) {
    int line = Math.min(at.line(), starts.length) - 1;
    int start = starts[line];
    int end = lineEnd(line);
    int left = at.column() - 1;
    int index = start;
    while (left > 0 && index < end) {
      index += Character.charCount(content.codePointAt(index));
      left--;
    }
    return index;
  }

  TextEdit edit(Edit edit) {
    return new TextEdit(range(edit.start(), edit.end()), edit.replacement());
  }
}
