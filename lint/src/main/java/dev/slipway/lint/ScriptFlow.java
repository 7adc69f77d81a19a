package dev.slipway.lint;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a script does with values that somebody else chose: which of its variables get them, and
 * what it writes of them into the files that later steps read.
 *
 * <p>The script is read line by line, once. An assignment passes on the worst of what stands on its
 * right, unless a filter there leaves nothing dangerous; what is written in a group or a
 * here-document belongs to the file that the group is redirected to.
 */
final class ScriptFlow {
  /** A file of commands to the runner. */
  enum Target {
    OUTPUT("GITHUB_OUTPUT"),
    ENVIRONMENT("GITHUB_ENV"),
    SEARCH_PATH("GITHUB_PATH");

    private final String variable;

    Target(String variable) {
      this.variable = variable;
    }

    String variable() {
      return variable;
    }
  }

  /**
   * A line that is written into such a file.
   *
   * @param name what is set; empty where a line does not tell
   * @param origin of the worst that goes into it; null when it is nobody's
   * @param variable whether any variable goes into it
   * @param delimited whether it lies between delimiters that the script makes up at random
   */
  record Write(
      Target target,
      String name,
      int start,
      int end,
      @Nullable Origin origin,
      boolean variable,
      boolean delimited) {}

  private static final String[] FILTERS = {
    "tr -cd",
    "tr -dc",
    "sha256sum",
    "sha1sum",
    "md5sum",
    "wc -",
    "grep -c",
    "[^a-",
    "[^A-",
    "[^0-",
    "[^[:alnum",
    "base64",
    "printf '%q'",
    "printf %q",
    "@sh",
    "@uri",
    "--jq '.number'",
    "jq length"
  };

  /** Of how many lines a group or a here-document is looked at. */
  private static final int LONGEST = 1000;

  private final Map<String, @Nullable Origin> assigned = new HashMap<>();
  private final Environment environment;
  private final List<Write> writes = new ArrayList<>();

  private ScriptFlow(Environment environment) {
    this.environment = environment;
  }

  /** Tells where what a variable holds comes from when the script begins. */
  interface Environment {
    @Nullable Origin get(String name);
  }

  /** Tells where an expression that begins at an offset of the script comes from. */
  interface Expressions {
    @Nullable Origin at(int offset);
  }

  /** Follows a script whose environment has these variables. */
  static ScriptFlow of(String script, Environment environment, Expressions expressions) {
    ScriptFlow flow = new ScriptFlow(environment);
    flow.read(script, expressions);
    return flow;
  }

  /** Where what a variable holds in the end comes from; null when it is nobody's. */
  @Nullable Origin variable(String name) {
    return assigned.containsKey(name) || name.isEmpty()
        ? assigned.get(name)
        : environment.get(name);
  }

  List<Write> writes() {
    return writes;
  }

  private void read(String script, Expressions expressions) {
    int[] starts = starts(script);
    Target[] targets = targets(script, starts);
    String name = "";
    String delimiter = "";
    for (int i = 0; i + 1 < starts.length; i++) {
      int start = starts[i];
      int end = starts[i + 1] - 1;
      String line = script.substring(start, end);
      Origin origin = worst(line, start, expressions);
      Target target = targets[i];
      if (target == null) {
        assign(line, origin);
        continue;
      }
      String content = line.strip();
      String opened = heredocName(content);
      if (!opened.isEmpty()) {
        name = opened;
        delimiter = content.substring(content.indexOf("<<", content.indexOf(opened)) + 2);
      }
      boolean random = random(delimiter);
      String set = name.isEmpty() ? assigned(content) : name;
      writes.add(
          new Write(target, set, start, end, origin, varies(line), !name.isEmpty() && random));
      String end1 = delimiter.replaceAll("[\"' >].*", "");
      if (opened.isEmpty() && !end1.isEmpty() && content.contains(end1)) {
        name = "";
        delimiter = "";
      }
    }
  }

  private static int[] starts(String script) {
    int lines = 1;
    for (int i = 0; i < script.length(); i++) {
      lines += script.charAt(i) == '\n' ? 1 : 0;
    }
    int[] starts = new int[lines + 1];
    int at = 1;
    for (int i = 0; i < script.length(); i++) {
      if (script.charAt(i) == '\n') {
        starts[at++] = i + 1;
      }
    }
    starts[lines] = script.length() + 1;
    return starts;
  }

  /** For each line the file that it, its group or its here-document is written to. */
  private static @Nullable Target[] targets(String script, int[] starts) {
    @Nullable Target[] targets = new Target[starts.length];
    if (!script.contains("GITHUB_") && !script.contains("::set-output ")) {
      return targets;
    }
    List<Integer> groups = new ArrayList<>();
    boolean closed = true;
    for (int i = 0; i + 1 < starts.length; i++) {
      String line = script.substring(starts[i], starts[i + 1] - 1);
      String content = line.strip();
      Target target = content.startsWith("#") ? null : target(line);
      if (content.equals("{") || content.equals("(")) {
        groups.add(i);
      } else if (content.startsWith("}") || (content.startsWith(")") && !groups.isEmpty())) {
        int from = groups.isEmpty() ? i : groups.removeLast();
        for (int j = Math.max(from + 1, i - LONGEST); target != null && j < i; j++) {
          targets[j] = target;
        }
        continue;
      }
      targets[i] = target;
      if (target != null && closed) {
        int last = document(script, starts, i, target, targets);
        closed = last >= 0;
        i = Math.max(i, last);
      }
    }
    return targets;
  }

  /** Marks the lines of a here-document; its last line, -1 when there is none near. */
  private static int document(
      String script, int[] starts, int at, Target target, @Nullable Target[] targets) {
    String line = script.substring(starts[at], starts[at + 1] - 1);
    int open = line.indexOf("<<");
    boolean reads = line.stripLeading().startsWith("cat") || line.contains("| cat");
    if (open < 0 || !reads || line.startsWith("<<<", open)) {
      return at;
    }
    int from = open + 2;
    while (from < line.length() && "-\"' \\".indexOf(line.charAt(from)) >= 0) {
      from++;
    }
    int to = from;
    while (to < line.length()
        && (Character.isLetterOrDigit(line.charAt(to)) || line.charAt(to) == '_')) {
      to++;
    }
    String end = line.substring(from, to);
    int last = Math.min(starts.length - 1, at + LONGEST);
    for (int i = at + 1; i < last && !end.isEmpty(); i++) {
      String content = script.substring(starts[i], starts[i + 1] - 1).strip();
      if (content.equals(end)) {
        return i;
      }
      targets[i] = target;
    }
    return end.isEmpty() ? at : -1;
  }

  private static @Nullable Target target(String line) {
    if (line.contains("::set-output ")) {
      return Target.OUTPUT;
    }
    if (!line.contains("GITHUB_")) {
      return null;
    }
    for (Target target : Target.values()) {
      int at = line.indexOf(target.variable());
      if (at < 0) {
        continue;
      }
      String before = line.substring(0, at);
      if (before.contains(">")
          || before.contains("tee ")
          || before.contains("Out-File")
          || before.contains("Add-Content")) {
        return target;
      }
    }
    return null;
  }

  private void assign(String line, @Nullable Origin origin) {
    String content = line.strip();
    for (String word : new String[] {"export ", "local ", "readonly ", "declare ", "set "}) {
      if (content.startsWith(word)) {
        content = content.substring(word.length()).strip();
      }
    }
    if (content.startsWith("$") && !content.startsWith("$(")) {
      content = content.substring(1);
    }
    int i = 0;
    while (i < content.length() && name(content.charAt(i))) {
      i++;
    }
    int sign = i;
    while (sign < content.length() && content.charAt(sign) == ' ' && line.strip().startsWith("$")) {
      sign++;
    }
    if (i == 0 || sign >= content.length() || content.charAt(sign) != '=') {
      return;
    }
    String variable = content.substring(0, i);
    if (origin == null || filtered(content)) {
      assigned.put(variable, null);
    } else {
      assigned.put(variable, origin.through("$" + variable));
    }
  }

  /** The worst of what a stretch of the script refers to. */
  private @Nullable Origin worst(String line, int offset, Expressions expressions) {
    Origin worst = null;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      Origin origin = null;
      if (line.startsWith("${{", i)) {
        origin = expressions.at(offset + i);
        int close = line.indexOf("}}", i);
        i = close < 0 ? line.length() : close + 1;
      } else if (c == '\\') {
        i++;
      } else if (c == '$' || c == '%') {
        origin = variable(referred(line, i));
      }
      if (origin != null && (worst == null || origin.chooser().worseThan(worst.chooser()))) {
        worst = origin;
      }
    }
    return worst == null ? fetched(line) : worst;
  }

  /** The name of the variable that a sign refers to; empty when it refers to none. */
  static String referred(String line, int sign) {
    int from = sign + 1;
    if (line.charAt(sign) == '%') {
      int close = line.indexOf('%', from);
      return close < 0 ? "" : line.substring(from, close);
    }
    if (from < line.length() && line.charAt(from) == '{') {
      from++;
      if (from < line.length() && line.charAt(from) == '#') {
        return "";
      }
    }
    if (line.regionMatches(true, from, "env:", 0, 4)) {
      from += 4;
    }
    int to = from;
    while (to < line.length() && name(line.charAt(to))) {
      to++;
    }
    return line.substring(from, to);
  }

  /** What commands bring in that outsiders wrote. */
  private static @Nullable Origin fetched(String line) {
    int gh = line.indexOf("gh ");
    if (gh >= 0 && (gh == 0 || !Character.isLetterOrDigit(line.charAt(gh - 1)))) {
      boolean views =
          line.startsWith("pr view", gh + 3)
              || line.startsWith("issue view", gh + 3)
              || line.startsWith("pr list", gh + 3)
              || line.startsWith("issue list", gh + 3);
      for (String field : new String[] {"title", "body", "headRefName", "comments"}) {
        int query = Math.max(line.indexOf("--jq"), line.indexOf("-q "));
        String asked = query >= 0 ? line.substring(query) : line;
        if (views && asked.contains(field)) {
          return new Origin(
              Chooser.ANYBODY,
              field.equals("body") || field.equals("comments"),
              line.startsWith("pr", gh + 3) ? "gh pr: " + field : "gh issue: " + field,
              List.of());
        }
      }
    }
    return null;
  }

  private static boolean filtered(String content) {
    for (String filter : FILTERS) {
      if (content.contains(filter)) {
        return true;
      }
    }
    return false;
  }

  private static boolean varies(String line) {
    String rest = line;
    for (Target target : Target.values()) {
      rest = rest.replace("$" + target.variable(), "").replace("${" + target.variable() + "}", "");
      rest = rest.replace("$env:" + target.variable(), "");
    }
    return rest.contains("$") || rest.contains("`");
  }

  /** The name in {@code NAME<<DELIMITER}; empty when there is none. */
  private static String heredocName(String content) {
    int open = content.indexOf("<<");
    if (open <= 0 || content.startsWith("<<<", open) || content.startsWith("cat")) {
      return "";
    }
    int from = open;
    while (from > 0 && (name(content.charAt(from - 1)) || content.charAt(from - 1) == '-')) {
      from--;
    }
    return content.substring(from, open);
  }

  private static boolean random(String delimiter) {
    String lower = delimiter.toLowerCase(Locale.ROOT);
    return lower.startsWith("$") || lower.contains("random") || lower.contains("uuid");
  }

  /** The name in {@code NAME=…} or {@code name=NAME::…}; empty when there is none. */
  private static String assigned(String content) {
    int set = content.indexOf("::set-output name=");
    if (set >= 0) {
      int from = set + 18;
      int to = content.indexOf("::", from);
      return to < 0 ? "" : content.substring(from, to);
    }
    int sign = content.indexOf('=');
    int from = sign;
    while (from > 0 && (name(content.charAt(from - 1)) || content.charAt(from - 1) == '-')) {
      from--;
    }
    return sign <= 0 ? "" : content.substring(from, sign);
  }

  static boolean name(char c) {
    return c == '_' || (c < 128 && Character.isLetterOrDigit(c));
  }
}
