package dev.slipway.lint;

import dev.slipway.shell.ShellCall;
import dev.slipway.shell.ShellRedirect;
import dev.slipway.shell.ShellStatus;
import dev.slipway.shell.ShellWord;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A simple command of a script.
 *
 * @param call the command as the shell's tree has it
 * @param start where it begins in the script's text
 * @param end where its last word ends
 * @param words as written, quotes and assignments too, redirections left out
 * @param redirected whether its output goes to a file
 */
record ShellCommand(ShellCall call, int start, int end, List<String> words, boolean redirected) {
  private static final Set<String> WRAPPERS =
      Set.of("sudo", "time", "env", "exec", "nice", "command", "npx", "bunx", "xvfb-run", "stdbuf");
  private static final Set<String> RUNNERS =
      Set.of("poetry", "uv", "pipenv", "pdm", "hatch", "rye", "pixi");

  ShellCommand {
    words = List.copyOf(words);
  }

  static ShellCommand of(ShellCall call, int offset) {
    List<String> words = new ArrayList<>();
    for (ShellWord word : call.assignments()) {
      words.add(word.written());
    }
    for (ShellWord word : call.words()) {
      words.add(word.written());
    }
    boolean redirected = false;
    for (ShellRedirect redirect : call.redirects()) {
      redirected |= redirect.output();
    }
    return new ShellCommand(call, call.start() + offset, call.end() + offset, words, redirected);
  }

  /** What becomes of its failure. */
  ShellStatus status() {
    return call.status();
  }

  /** The operator before it; {@code ;} when it begins a list. */
  String before() {
    return call.before();
  }

  /** The operator behind it; {@code ;} also for a line's end. */
  String after() {
    return call.after();
  }

  /** Whether a keyword such as {@code if}, {@code while} or {@code !} asks for its status. */
  boolean tested() {
    return call.status() == ShellStatus.TESTED;
  }

  /** The words from the program on: without assignments and what merely starts a program. */
  List<String> program() {
    int i = 0;
    while (i < words.size()) {
      String word = words.get(i);
      if (assignment(word) || (i > 0 && word.startsWith("-"))) {
        i++;
      } else if (WRAPPERS.contains(word)) {
        i++;
      } else if (RUNNERS.contains(word) && i + 1 < words.size() && words.get(i + 1).equals("run")) {
        i += 2;
      } else if (word.equals("bundle") && i + 1 < words.size() && words.get(i + 1).equals("exec")) {
        i += 2;
      } else if ((word.equals("python") || word.equals("python3"))
          && i + 1 < words.size()
          && words.get(i + 1).equals("-m")) {
        i += 2;
      } else {
        break;
      }
    }
    return words.subList(i, words.size());
  }

  /** The program's name without its folder; empty when there is none. */
  String head() {
    List<String> program = program();
    if (program.isEmpty()) {
      return "";
    }
    String first = program.getFirst();
    return first.substring(first.lastIndexOf('/') + 1);
  }

  /** A word behind the program that is no option; empty when there are fewer. */
  String argument(int index) {
    int seen = 0;
    List<String> program = program();
    for (int i = 1; i < program.size(); i++) {
      if (!program.get(i).startsWith("-") && seen++ == index) {
        return program.get(i);
      }
    }
    return "";
  }

  private static boolean assignment(String word) {
    int equals = word.indexOf('=');
    if (equals <= 0) {
      return false;
    }
    for (int i = 0; i < equals; i++) {
      char c = word.charAt(i);
      if (c != '_' && !Character.isLetterOrDigit(c)) {
        return false;
      }
    }
    return true;
  }
}
