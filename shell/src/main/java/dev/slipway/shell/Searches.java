package dev.slipway.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What commands say that look for something; null where it is not known. */
final class Searches {
  private static final Set<String> ASKING =
      Set.of(
          "diff", "cmp", "git", "which", "command", "type", "pgrep", "find", "ls", "curl", "awk");

  private static final Pattern FILTER =
      Pattern.compile(
          "\\s*(?:\\[\\.\\[\\]\\.result\\]\\s*\\|\\s*|to_entries\\s*\\|\\s*|map\\(\\.result\\)\\s*\\|\\s*)?"
              + "(all|any)\\((.*)\\)\\s*");
  private static final Pattern COMPARED =
      Pattern.compile(
          "\\s*(?:\\.\\[\\]\\s*;\\s*)?\\(?\\s*(?:\\.value)?\\.?(?:result)?\\s*(==|!=)\\s*\"(\\w+)\"\\s*\\)?\\s*");
  private static final Pattern RESULT = Pattern.compile("\"result\"\\s*:\\s*\"(\\w+)\"");

  private Searches() {}

  /** Whether a command's status is an answer rather than a success. */
  static boolean asks(String name) {
    return ASKING.contains(name);
  }

  /** Whether {@code grep} finds something. */
  static @Nullable Boolean grep(
      String name, List<@Nullable String> arguments, @Nullable String text) {
    boolean inverted = false;
    boolean fixed = name.equals("fgrep");
    boolean extended = name.equals("egrep");
    boolean word = false;
    boolean ignoringCase = false;
    String pattern = null;
    int operands = 0;
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (argument == null) {
        return null;
      }
      if (argument.startsWith("-") && argument.length() > 1 && pattern == null) {
        if (argument.startsWith("--") || argument.matches("-[A-Za-z]*[fLcmABC].*")) {
          return null;
        }
        inverted |= argument.indexOf('v') > 0;
        fixed |= argument.indexOf('F') > 0;
        extended |= argument.indexOf('E') > 0 || argument.indexOf('P') > 0;
        word |= argument.indexOf('w') > 0 || argument.indexOf('x') > 0;
        ignoringCase |= argument.indexOf('i') > 0;
      } else if (pattern == null) {
        pattern = argument;
      } else {
        operands++;
      }
    }
    if (pattern == null || operands > 0 || text == null) {
      return null;
    }
    String regex = fixed ? Pattern.quote(pattern) : extended ? pattern : basic(pattern);
    if (regex == null) {
      return null;
    }
    String full = (ignoringCase ? "(?i)" : "") + (word ? "\\b(?:" + regex + ")\\b" : regex);
    if (!fixed && Comparisons.found("", regex) == null) {
      return null;
    }
    Pattern compiled = Pattern.compile(full);
    for (String line : text.lines().toList()) {
      if (compiled.matcher(line).find() != inverted) {
        return true;
      }
    }
    return false;
  }

  /** A basic regular expression as an extended one; null for what is rare. */
  private static @Nullable String basic(String pattern) {
    if (pattern.matches("[\\w .,:\"'=^$*-]*")) {
      return pattern;
    }
    String alternatives = pattern.replace("\\|", "\u0000");
    if (alternatives.matches("[\\w .,:\"'=^$*\u0000-]*")) {
      return alternatives.replace('\u0000', '|');
    }
    return null;
  }

  /**
   * What {@code jq -e} says of the results of jobs: whether all, or any, are or are not something.
   */
  static @Nullable Boolean jq(List<@Nullable String> arguments, @Nullable String text) {
    boolean exits = false;
    String filter = null;
    int operands = 0;
    for (String argument : arguments) {
      if (argument == null) {
        return exits ? null : Boolean.TRUE;
      }
      if (argument.startsWith("-")) {
        exits |= argument.equals("--exit-status") || argument.matches("-[a-z]*e[a-z]*");
      } else if (filter == null) {
        filter = argument;
      } else {
        operands++;
      }
    }
    if (!exits) {
      return true;
    }
    Matcher form = filter == null ? null : FILTER.matcher(filter);
    if (form == null || !form.matches() || text == null || operands > 0) {
      return null;
    }
    List<String> results = new ArrayList<>();
    Matcher result = RESULT.matcher(text);
    while (result.find()) {
      results.add(result.group(1));
    }
    boolean all = form.group(1).equals("all");
    boolean answer = all;
    for (String one : results) {
      Boolean holds = holds(form.group(2), one);
      if (holds == null) {
        return null;
      }
      answer = all ? answer && holds : answer || holds;
    }
    return answer;
  }

  private static @Nullable Boolean holds(String condition, String result) {
    boolean any = false;
    for (String side : condition.split("\\bor\\b", -1)) {
      boolean both = true;
      for (String one : side.split("\\band\\b", -1)) {
        Matcher compared = COMPARED.matcher(one);
        if (!compared.matches()) {
          return null;
        }
        both &= compared.group(2).equals(result) == compared.group(1).equals("==");
      }
      any |= both;
    }
    return any;
  }
}
