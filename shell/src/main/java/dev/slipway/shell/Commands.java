package dev.slipway.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is known of single commands. */
final class Commands implements Check {
  /** Commands for which a word with a dash is no option. */
  private static final Set<String> TAKES_ANYTHING =
      Set.of("echo", "printf", "[", "test", ":", "expr", "exit", "return", "find");

  /** Commands that expand what they are given themselves. */
  private static final Set<String> EXPANDING =
      Set.of(
          "trap",
          "sh",
          "bash",
          "dash",
          "ash",
          "ksh",
          "zsh",
          "ssh",
          "eval",
          "xprop",
          "alias",
          "sudo",
          "docker",
          "podman",
          "oc",
          "dpkg-query",
          "jq",
          "rename",
          "unset",
          "git",
          "xargs",
          "find",
          "awk",
          "gawk",
          "mawk",
          "perl",
          "envsubst",
          "su",
          "run",
          "test",
          "parallel",
          "watch",
          "timeout");

  @Override
  public void simple(Syntax.Simple simple, Scope scope) {
    String name = Words.command(simple);
    if (name.isEmpty()) {
      spaces(simple, scope);
      return;
    }
    List<Syntax.Word> words = simple.words();
    switch (name) {
      case "cd", "pushd", "popd" -> cd(simple, name, scope);
      case "read" -> {
        if (!Words.flag(simple, 'r') && !Words.flag(simple, 'N') && words.size() >= 1) {
          Syntax.Word first = words.getFirst();
          scope.report(
              ShellRule.READ_WITHOUT_R,
              first,
              "read takes backslashes out of the line",
              new ShellEdit(first.end(), first.end(), " -r"));
        }
      }
      case "declare", "typeset", "local", "export", "readonly" -> declared(simple, name, scope);
      case "printf" -> printf(simple, scope);
      case "echo" -> echo(simple, scope);
      case "rm" -> rm(simple, scope);
      case "egrep" ->
          scope.report(
              ShellRule.EGREP,
              words.getFirst(),
              "egrep is outdated and warns",
              new ShellEdit(words.getFirst().start(), words.getFirst().end(), "grep -E"));
      case "fgrep" ->
          scope.report(
              ShellRule.FGREP,
              words.getFirst(),
              "fgrep is outdated and warns",
              new ShellEdit(words.getFirst().start(), words.getFirst().end(), "grep -F"));
      case "find" -> find(simple, scope);
      case "trap" -> {
        if (words.size() > 2
            && words.get(1).pieces().size() == 1
            && words.get(1).pieces().getFirst() instanceof Syntax.DoubleQuoted quoted
            && expands(quoted)) {
          scope.report(
              ShellRule.TRAP_EXPANDS_NOW,
              quoted,
              "the values are put in now, not when the trap runs");
        }
      }
      case "sudo" -> sudo(simple, scope);
      case "exit", "return" -> exit(simple, name, scope);
      default -> {}
    }
    if (name.endsWith("grep") && !name.equals("pgrep")) {
      grep(simple, scope);
    }
    if (!TAKES_ANYTHING.contains(name) && !Walk.DECLARING.contains(name)) {
      patterns(simple, scope);
    }
    if (words.size() > 1 && words.get(1).pieces().size() == 1) {
      String sign = Words.literal(words.get(1));
      if (sign != null
          && sign.startsWith("=")
          && (sign.length() < 3 || sign.charAt(1) != '=')
          && identifier(name)) {
        scope.report(
            ShellRule.SPACES_AROUND_SIGN,
            words.get(1),
            "this runs the command '" + name + "' and assigns nothing");
      }
    }
    singleQuotes(simple, name, scope);
  }

  private static boolean identifier(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (!Parser.name(name.charAt(i))) {
        return false;
      }
    }
    return !Character.isDigit(name.charAt(0)) && !name.equals("test");
  }

  private static void spaces(Syntax.Simple simple, Scope scope) {
    if (simple.words().size() < 2) {
      return;
    }
    Syntax.Word first = simple.words().getFirst();
    String sign = Words.literal(simple.words().get(1));
    if (Words.only(first) instanceof Syntax.Parameter
        && sign != null
        && (sign.equals("=") || sign.equals("=="))) {
      scope.report(
          ShellRule.SPACES_AROUND_SIGN,
          "SC2283",
          first,
          "this runs a command and compares nothing");
    }
  }

  private static boolean expands(Syntax.DoubleQuoted quoted) {
    for (Syntax.Piece piece : quoted.pieces()) {
      if (piece instanceof Syntax.Parameter || piece instanceof Syntax.CommandSubstitution) {
        return true;
      }
    }
    return false;
  }

  private static void cd(Syntax.Simple simple, String name, Scope scope) {
    if (scope.errexit || scope.tested || (simple.words().size() < 2 && !name.equals("popd"))) {
      return;
    }
    String folder = Words.constant(simple.words().getLast());
    if (folder != null && folder.matches("[./]+")) {
      return;
    }
    scope.report(
        ShellRule.UNCHECKED_CD,
        simple,
        "when the folder is missing, what follows runs in the wrong one",
        new ShellEdit(simple.end(), simple.end(), " || exit"));
  }

  private static void declared(Syntax.Simple simple, String name, Scope scope) {
    if (name.equals("readonly") && Words.flag(simple, 'f')) {
      return;
    }
    for (int i = 1; i < simple.words().size(); i++) {
      Syntax.Word word = simple.words().get(i);
      int sign = Walk.sign(word);
      if (sign == 0) {
        continue;
      }
      for (Syntax.Piece piece : word.pieces()) {
        if (runs(piece)) {
          scope.report(
              ShellRule.MASKED_ASSIGNMENT,
              word.start(),
              word.start() + sign - 1,
              name + " succeeds even when the command in the value fails");
          break;
        }
      }
    }
  }

  static boolean runs(Syntax.Piece piece) {
    if (piece instanceof Syntax.CommandSubstitution) {
      return true;
    }
    if (piece instanceof Syntax.DoubleQuoted quoted) {
      for (Syntax.Piece part : quoted.pieces()) {
        if (part instanceof Syntax.CommandSubstitution) {
          return true;
        }
      }
    }
    return false;
  }

  private static void printf(Syntax.Simple simple, Scope scope) {
    int at = 1;
    if (simple.words().size() > 3 && "-v".equals(Words.literal(simple.words().get(1)))) {
      at = 3;
    }
    if (simple.words().size() <= at) {
      return;
    }
    Syntax.Word format = simple.words().get(at);
    if ("--".equals(Words.literal(format)) && simple.words().size() > at + 1) {
      format = simple.words().get(at + 1);
    }
    for (Syntax.Piece piece : format.pieces()) {
      if (piece instanceof Syntax.Parameter || Commands.runs(piece) || holds(piece)) {
        if (!percent(format)) {
          scope.report(
              ShellRule.FORMAT_FROM_VARIABLE,
              format,
              "percent signs and backslashes in the value are taken as part of the format");
        }
        return;
      }
    }
  }

  private static boolean percent(Syntax.Word format) {
    for (Syntax.Piece piece : flat(format)) {
      if ((piece instanceof Syntax.Text text && text.value().contains("%"))
          || (piece instanceof Syntax.SingleQuoted quoted && quoted.value().contains("%"))) {
        return true;
      }
    }
    return false;
  }

  private static boolean holds(Syntax.Piece piece) {
    return piece instanceof Syntax.DoubleQuoted quoted && expands(quoted);
  }

  private static void echo(Syntax.Simple simple, Scope scope) {
    List<Syntax.Word> words = simple.words();
    if (words.size() == 2
        && Words.only(words.get(1)) instanceof Syntax.CommandSubstitution substitution
        && simple.redirects().isEmpty()
        && !substitution.body().commands().isEmpty()) {
      scope.report(
          ShellRule.USELESS_ECHO,
          "SC2005",
          simple,
          "echo prints only what the command has printed");
    }
    if (words.size() > 1) {
      String first = Words.literal(words.get(1));
      if (first != null
          && first.startsWith("-")
          && (first.indexOf('e') > 0 || first.equals("-E"))) {
        return;
      }
    }
    for (Syntax.Word word : words) {
      for (Syntax.Piece piece : word.pieces()) {
        if (escape(piece)) {
          scope.report(ShellRule.ECHO_ESCAPES, word, "echo of bash prints the backslash as it is");
          return;
        }
      }
    }
  }

  private static String quoted(Syntax.Piece piece) {
    if (piece instanceof Syntax.SingleQuoted quoted) {
      return quoted.value();
    }
    if (!(piece instanceof Syntax.DoubleQuoted quoted)) {
      return "";
    }
    StringBuilder all = new StringBuilder();
    for (Syntax.Piece part : quoted.pieces()) {
      if (part instanceof Syntax.Text literal) {
        all.append(literal.value());
      } else {
        all.append(' ');
      }
    }
    return all.toString();
  }

  private static boolean escape(Syntax.Piece piece) {
    String text = quoted(piece);
    int at = text.indexOf('\\');
    while (at >= 0 && at + 1 < text.length()) {
      if ("rntabfv".indexOf(text.charAt(at + 1)) >= 0) {
        return true;
      }
      at = text.indexOf('\\', at + 2);
    }
    return false;
  }

  private static void rm(Syntax.Simple simple, Scope scope) {
    if (!Words.flag(simple, 'r') && !Words.flag(simple, 'R')) {
      return;
    }
    for (int i = 1; i < simple.words().size(); i++) {
      Syntax.Word word = simple.words().get(i);
      String rest = "";
      Syntax.Parameter variable = null;
      boolean fits = !word.pieces().isEmpty();
      for (Syntax.Piece piece : flat(word)) {
        if (piece instanceof Syntax.Parameter parameter
            && variable == null
            && rest.isEmpty()
            && parameter.operator().isEmpty()
            && parameter.prefix().isEmpty()
            && parameter.subscript() == null) {
          variable = parameter;
        } else if (piece instanceof Syntax.Text text) {
          rest += text.value();
        } else if (piece instanceof Syntax.Glob glob) {
          rest += glob.text();
        } else {
          fits = false;
        }
      }
      if (fits
          && variable != null
          && (rest.equals("/") || rest.equals("/*") || TOP.contains(rest))
          && scope.value(variable.name()) != Value.PLAIN) {
        ShellEdit edit =
            new ShellEdit(variable.start(), variable.end(), "${" + variable.name() + ":?}");
        scope.report(
            ShellRule.DANGEROUS_RM,
            word,
            "without a value for $" + variable.name() + " this removes '" + rest + "'",
            edit);
      }
    }
  }

  private static final Set<String> TOP =
      Set.of(
          "/bin",
          "/boot",
          "/dev",
          "/etc",
          "/home",
          "/lib",
          "/usr",
          "/usr/bin",
          "/usr/local",
          "/var",
          "/usr/share",
          "/usr/lib",
          "/mnt",
          "/media",
          "/tmp",
          "/opt",
          "/root");

  static List<Syntax.Piece> flat(Syntax.Word word) {
    List<Syntax.Piece> pieces = new ArrayList<>();
    for (Syntax.Piece piece : word.pieces()) {
      if (piece instanceof Syntax.DoubleQuoted quoted) {
        pieces.addAll(quoted.pieces());
      } else {
        pieces.add(piece);
      }
    }
    return pieces;
  }

  private static void find(Syntax.Simple simple, Scope scope) {
    for (int i = 1; i + 1 < simple.words().size(); i++) {
      String option = Words.literal(simple.words().get(i));
      if (option != null
          && Set.of("-name", "-iname", "-path", "-ipath", "-wholename", "-regex", "-lname")
              .contains(option)
          && Words.hasGlob(simple.words().get(i + 1))) {
        scope.report(
            ShellRule.FIND_WITHOUT_QUOTES,
            simple.words().get(i + 1),
            "the shell puts in the names of files before find sees the pattern");
      }
    }
  }

  private static void sudo(Syntax.Simple simple, Scope scope) {
    for (Syntax.Redirect redirect : simple.redirects()) {
      String target = Words.literal(redirect.target());
      if (redirect.operator().startsWith(">")
          && !redirect.operator().equals(">&")
          && !"/dev/null".equals(target)) {
        scope.report(ShellRule.SUDO_REDIRECT, redirect, "the file is opened without sudo");
      }
    }
  }

  private static void exit(Syntax.Simple simple, String name, Scope scope) {
    if (simple.words().size() > 2) {
      scope.report(
          ShellRule.EXIT_ARGUMENT, "SC2241", simple, name + " takes one number, not several");
      return;
    }
    if (simple.words().size() < 2) {
      return;
    }
    Syntax.Word word = simple.words().get(1);
    String value = Words.constant(word);
    if (value == null || value.equals("--")) {
      return;
    }
    boolean number = !value.isEmpty() && value.length() < 6;
    for (int i = 0; i < value.length(); i++) {
      number &= value.charAt(i) >= '0' && value.charAt(i) <= '9';
    }
    if (!number || Integer.parseInt(value) > 255) {
      scope.report(ShellRule.EXIT_ARGUMENT, word, "'" + value + "' is no status from 0 to 255");
    }
  }

  private static void grep(Syntax.Simple simple, Scope scope) {
    for (int i = 1; i < simple.words().size(); i++) {
      Syntax.Word word = simple.words().get(i);
      if (Words.head(word).startsWith("-")) {
        continue;
      }
      if (Words.hasGlob(word)
          && !Words.quotedAnywhere(word)
          && star(word)
          && !Words.flag(simple, 'e')
          && !Words.flag(simple, 'f')) {
        scope.report(
            ShellRule.GREP_WITHOUT_QUOTES,
            word,
            "the shell puts in the names of files before grep sees the pattern");
      }
      return;
    }
  }

  private static boolean star(Syntax.Word word) {
    for (Syntax.Piece piece : word.pieces()) {
      if (piece instanceof Syntax.Glob glob && !glob.text().equals("?")) {
        return true;
      }
    }
    return false;
  }

  private static final Set<String> PATTERN_FIRST =
      Set.of("grep", "egrep", "fgrep", "sed", "chmod", "chown", "find");

  private static void patterns(Syntax.Simple simple, Scope scope) {
    boolean first = PATTERN_FIRST.contains(Words.command(simple));
    for (int i = 1; i < simple.words().size(); i++) {
      Syntax.Word word = simple.words().get(i);
      if ("--".equals(Words.literal(word))) {
        return;
      }
      if (first && !Words.head(word).startsWith("-")) {
        first = false;
        continue;
      }
      if (!word.pieces().isEmpty()
          && word.pieces().getFirst() instanceof Syntax.Glob glob
          && (glob.text().equals("*") || glob.text().equals("?"))) {
        scope.report(
            ShellRule.GLOB_AS_OPTION,
            word,
            "a file whose name begins with a dash is taken as an option",
            new ShellEdit(word.start(), word.start(), "./"));
        return;
      }
    }
  }

  private static void singleQuotes(Syntax.Simple simple, String name, Scope scope) {
    if (EXPANDING.contains(name)
        || name.endsWith("sed")
        || name.endsWith("awk")
        || name.startsWith("perl")) {
      return;
    }
    for (int i = 1; i < simple.words().size(); i++) {
      if (name.equals("export") || name.equals("alias")) {
        break;
      }
      for (Syntax.Piece piece : simple.words().get(i).pieces()) {
        single(piece, scope);
      }
    }
  }

  private static void single(Syntax.Piece piece, Scope scope) {
    if (piece instanceof Syntax.SingleQuoted quoted && expansion(quoted.value())) {
      scope.report(
          ShellRule.SINGLE_QUOTED_EXPANSION, quoted, "nothing is expanded in single quotes");
    }
  }

  @Override
  public void assignment(Syntax.Assignment assignment, Scope scope) {
    if (assignment.name().equals("PS1")
        || assignment.name().equals("PS4")
        || assignment.name().equals("PROMPT_COMMAND")) {
      return;
    }
    for (Syntax.Piece piece : assignment.value().pieces()) {
      single(piece, scope);
    }
  }

  private static boolean expansion(String text) {
    int at = text.indexOf('$');
    while (at >= 0 && at + 1 < text.length()) {
      char next = text.charAt(at + 1);
      if (next == '{' && text.startsWith("${{", at)) {
        at = text.indexOf('$', at + 3);
        continue;
      }
      if (next == '{' || next == '(' || (Parser.name(next) && !Character.isDigit(next))) {
        return true;
      }
      at = text.indexOf('$', at + 1);
    }
    int open = text.indexOf('`');
    while (open >= 0) {
      int close = text.indexOf('`', open + 1);
      if (close > open + 1) {
        return true;
      }
      open = close;
    }
    return false;
  }

  @Override
  public void piece(Syntax.Piece piece, Position position, Scope scope) {
    if (piece instanceof Syntax.Escaped escaped && position == Position.ARGUMENT) {
      char c = escaped.value();
      if (c == 'n' || c == 't' || c == 'r') {
        if (escaped.end() - escaped.start() == 2) {
          scope.report(
              ShellRule.LITERAL_ESCAPE,
              escaped,
              "\\" + c + " without quotes is just the letter " + c);
        }
      } else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_') {
        scope.report(ShellRule.USELESS_ESCAPE, escaped, "the backslash has no effect before " + c);
      }
    }
    if (piece instanceof Syntax.CommandSubstitution substitution) {
      inside(substitution, scope);
    }
  }

  private static void inside(Syntax.CommandSubstitution substitution, Scope scope) {
    Syntax.Simple simple = Words.only(substitution.body());
    if (simple != null
        && Words.command(simple).equals("echo")
        && simple.redirects().isEmpty()
        && simple.words().size() > 1
        && !Words.head(simple.words().get(1)).startsWith("-")) {
      boolean pattern = false;
      for (Syntax.Word word : simple.words()) {
        pattern |= Words.hasGlob(word) || brace(word);
      }
      if (!pattern) {
        scope.report(ShellRule.USELESS_ECHO, substitution, "echo gives back what it is given");
      }
    }
    if (substitution.body().commands().size() == 1
        && substitution.body().commands().getFirst() instanceof Syntax.Pipeline pipeline
        && pipeline.commands().size() == 2
        && pipeline.commands().getFirst() instanceof Syntax.Simple echo
        && pipeline.commands().getLast() instanceof Syntax.Simple sed
        && Words.command(echo).equals("echo")
        && echo.words().size() == 2
        && Words.command(sed).equals("sed")
        && echo.words().get(1).pieces().size() == 1
        && Words.only(echo.words().get(1)) instanceof Syntax.Parameter
        && plainReplacement(sed)) {
      scope.report(ShellRule.SED_FOR_REPLACE, pipeline, "the shell can replace in a value itself");
    }
  }

  private static boolean plainReplacement(Syntax.Simple sed) {
    int at = sed.words().size() == 2 ? 1 : sed.words().size() == 3 ? 2 : 0;
    if (at == 0 || (at == 2 && !"-e".equals(Words.literal(sed.words().get(1))))) {
      return false;
    }
    String head = Words.head(sed.words().get(at));
    if (head.length() < 4 || head.charAt(0) != 's') {
      return false;
    }
    String whole = Words.constant(sed.words().get(at));
    if (whole == null) {
      return true;
    }
    String[] parts =
        whole.split(java.util.regex.Pattern.quote(String.valueOf(whole.charAt(1))), -1);
    return parts.length == 4 && (parts[3].isEmpty() || parts[3].equals("g"));
  }

  private static boolean brace(Syntax.Word word) {
    for (Syntax.Piece piece : word.pieces()) {
      if (piece instanceof Syntax.Text text
          && text.value().indexOf('{') >= 0
          && (text.value().indexOf(',') > 0 || text.value().contains(".."))) {
        return true;
      }
    }
    return false;
  }

  static Syntax.@Nullable Simple simple(Syntax.Command command) {
    return command instanceof Syntax.Simple simple ? simple : null;
  }
}
