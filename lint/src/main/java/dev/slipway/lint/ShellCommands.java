package dev.slipway.lint;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Takes a script of sh or bash apart into its simple commands, as far as rules about pipelines need
 * it: quotes, substitutions, here-documents and comments are passed over, what they hold is not
 * looked into.
 */
final class ShellCommands {
  private static final Set<String> TESTING = Set.of("if", "elif", "while", "until", "!");
  private static final Set<String> OPENING = Set.of("then", "do", "else", "{", "(");

  private final String text;
  private final List<ShellCommand> commands = new ArrayList<>();
  private final List<String> documents = new ArrayList<>();
  private List<String> words = new ArrayList<>();
  private int at;
  private int start = -1;
  private int end;
  private boolean redirected;
  private boolean tested;
  private boolean testing;
  private String before = ";";

  private ShellCommands(String text) {
    this.text = text;
  }

  /** The simple commands of a script, in order. */
  static List<ShellCommand> of(String text) {
    ShellCommands reader = new ShellCommands(text);
    reader.read();
    return reader.commands;
  }

  private void read() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\n') {
        finish(";");
        at++;
        skipDocuments();
      } else if (c == ' ' || c == '\t' || c == '\r') {
        at++;
      } else if (c == '\\' && at + 1 < text.length() && text.charAt(at + 1) == '\n') {
        at += 2;
      } else if (c == '#') {
        at = lineEnd(at);
      } else if (text.startsWith("${{", at)) {
        word();
      } else if (c == '&' && text.startsWith("&>", at)) {
        redirection();
      } else if (operator(c)) {
        at += 0;
      } else if (c == '<' || c == '>') {
        redirection();
      } else {
        word();
      }
    }
    finish(";");
  }

  private boolean operator(char c) {
    if (text.startsWith("||", at) || text.startsWith("&&", at) || text.startsWith(";;", at)) {
      finish(text.substring(at, at + 2));
      at += 2;
      return true;
    }
    if (c == '|' || c == ';' || c == '&' || c == '(' || c == ')') {
      finish(c == '|' ? "|" : c == '&' ? "&" : ";");
      before = c == '(' ? "(" : before;
      at += text.startsWith("|&", at) ? 2 : 1;
      return true;
    }
    return false;
  }

  private void finish(String operator) {
    boolean lineEnd = operator.equals(";") && words.isEmpty();
    if (!words.isEmpty()) {
      commands.add(
          new ShellCommand(start, end, words, redirected, before, operator, tested || testing));
      words = new ArrayList<>();
      redirected = false;
      tested = false;
      start = -1;
    }
    // A line may end behind an operator, and the command goes on in the next.
    if (!lineEnd || before.equals(";")) {
      before = operator;
    }
  }

  private void word() {
    int from = at;
    StringBuilder word = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at);
      if (text.startsWith("${{", at)) {
        int close = text.indexOf("}}", at);
        take(word, close < 0 ? text.length() : close + 2);
      } else if (c == '\\') {
        take(word, Math.min(at + 2, text.length()));
      } else if (c == '\'') {
        int close = text.indexOf('\'', at + 1);
        take(word, close < 0 ? text.length() : close + 1);
      } else if (c == '"') {
        take(word, quoted(at + 1));
      } else if (c == '`') {
        int close = text.indexOf('`', at + 1);
        take(word, close < 0 ? text.length() : close + 1);
      } else if (text.startsWith("$(", at)
          || text.startsWith("<(", at)
          || (word.length() > 0 && c == '(' && word.charAt(word.length() - 1) == '=')) {
        take(word, closing(text.indexOf('(', at) + 1, '(', ')'));
      } else if (text.startsWith("${", at)) {
        take(word, closing(at + 2, '{', '}'));
      } else if (" \t\r\n;&|()<>".indexOf(c) >= 0) {
        break;
      } else {
        take(word, at + 1);
      }
    }
    if (at < text.length()
        && (text.charAt(at) == '>' || text.charAt(at) == '<')
        && (word.toString().equals("1") || word.toString().equals("2"))) {
      boolean errors = word.toString().equals("2");
      boolean was = redirected;
      redirection();
      redirected = was || !errors;
      return;
    }
    keywordOrWord(word.toString(), from);
  }

  private void keywordOrWord(String word, int from) {
    if (words.isEmpty()) {
      if (TESTING.contains(word)) {
        tested = true;
        testing = !word.equals("!");
        return;
      }
      if (OPENING.contains(word)) {
        testing = false;
        before = word;
        return;
      }
    }
    if (start < 0) {
      start = from;
    }
    words.add(word);
    end = at;
  }

  private void take(StringBuilder word, int to) {
    word.append(text, at, to);
    at = to;
  }

  /** Behind the quote that closes a text which began at an index. */
  private int quoted(int from) {
    int i = from;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c == '\\') {
        i += 2;
      } else if (c == '"') {
        return i + 1;
      } else if (text.startsWith("$(", i)) {
        i = closing(i + 2, '(', ')');
      } else {
        i++;
      }
    }
    return text.length();
  }

  private int closing(int from, char open, char close) {
    int depth = 1;
    int i = from;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c == '\\') {
        i += 2;
        continue;
      }
      if (c == '\'') {
        int end1 = text.indexOf('\'', i + 1);
        i = end1 < 0 ? text.length() : end1 + 1;
        continue;
      }
      depth += c == open ? 1 : c == close ? -1 : 0;
      i++;
      if (depth == 0) {
        return i;
      }
    }
    return text.length();
  }

  private void redirection() {
    if (text.startsWith("<<", at) && !text.startsWith("<<<", at)) {
      at += text.startsWith("<<-", at) ? 3 : 2;
      skipBlanks();
      int from = at;
      while (at < text.length() && " \t\n;|&>)".indexOf(text.charAt(at)) < 0) {
        at++;
      }
      documents.add(text.substring(from, at).replace("'", "").replace("\"", "").replace("\\", ""));
      return;
    }
    redirected |= text.charAt(at) != '<';
    while (at < text.length() && "<>&|".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    skipBlanks();
    List<String> kept = words;
    int keptStart = start;
    int keptEnd = end;
    words = new ArrayList<>(List.of(""));
    if (at < text.length() && "\n;|&".indexOf(text.charAt(at)) < 0) {
      int was = at;
      word();
      at = at == was ? at + 1 : at;
    }
    words = kept;
    start = keptStart;
    end = keptEnd;
  }

  private void skipBlanks() {
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
  }

  private void skipDocuments() {
    for (String end1 : documents) {
      while (at < text.length()) {
        int stop = lineEnd(at);
        boolean last = text.substring(at, stop).strip().equals(end1);
        at = Math.min(stop + 1, text.length());
        if (last) {
          break;
        }
      }
    }
    documents.clear();
  }

  private int lineEnd(int from) {
    int stop = text.indexOf('\n', from);
    return stop < 0 ? text.length() : stop;
  }
}
