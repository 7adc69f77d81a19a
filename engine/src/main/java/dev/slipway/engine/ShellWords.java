package dev.slipway.engine;

import java.util.ArrayList;
import java.util.List;

/** One text as the words of a command: what quotes and backslashes hold together is one word. */
public final class ShellWords {
  private ShellWords() {}

  /** The words; a quote that is not closed holds the rest together. */
  public static List<String> of(String text) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean inWord = false;
    char quote = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean escaped = c == '\\' && i + 1 < text.length() && quote != '\'';
      if (escaped && (quote == 0 || text.charAt(i + 1) == '"' || text.charAt(i + 1) == '\\')) {
        word.append(text.charAt(++i));
        inWord = true;
      } else if (quote != 0) {
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
    if (inWord) {
      words.add(word.toString());
    }
    return words;
  }
}
