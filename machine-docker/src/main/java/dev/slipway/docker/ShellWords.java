package dev.slipway.docker;

import dev.slipway.engine.ContainerException;
import java.util.ArrayList;
import java.util.List;

/** Splits a text into words as a shell does: blanks between them, quotes, backslashes. */
final class ShellWords {
  private ShellWords() {}

  /**
   * The words of a text.
   *
   * @throws ContainerException when a quote is not closed
   */
  static List<String> split(String text) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean inWord = false;
    char quote = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quote == '\'') {
        if (c == quote) {
          quote = 0;
        } else {
          word.append(c);
        }
      } else if (c == '\\' && i + 1 < text.length()) {
        char next = text.charAt(++i);
        if (quote == '"' && "\"\\$`\n".indexOf(next) < 0) {
          word.append(c);
        }
        if (next != '\n') {
          word.append(next);
          inWord = true;
        }
      } else if (quote == '"') {
        if (c == quote) {
          quote = 0;
        } else {
          word.append(c);
        }
      } else if (c == '"' || c == '\'') {
        quote = c;
        inWord = true;
      } else if (Character.isWhitespace(c)) {
        if (inWord) {
          words.add(word.toString());
          word.setLength(0);
          inWord = false;
        }
      } else {
        word.append(c);
        inWord = true;
      }
    }
    if (quote != 0) {
      throw new ContainerException("options of a container: the quote " + quote + " is not closed");
    }
    if (inWord) {
      words.add(word.toString());
    }
    return words;
  }

  /** A word that a shell reads as this text. */
  static String quote(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
