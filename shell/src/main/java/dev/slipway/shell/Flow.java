package dev.slipway.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Pipelines, lists and loops: what runs, in which order, and whose status counts. */
final class Flow implements Check {
  private static final Set<String> FAILING =
      Set.of(
          "curl",
          "wget",
          "tar",
          "make",
          "cmake",
          "ctest",
          "npm",
          "npx",
          "yarn",
          "pnpm",
          "go",
          "cargo",
          "mvn",
          "gradle",
          "gradlew",
          "mvnw",
          "pytest",
          "tox",
          "pip",
          "python",
          "python3",
          "dotnet",
          "docker",
          "terraform",
          "kubectl",
          "helm",
          "gh",
          "git",
          "bundle",
          "rake",
          "php",
          "composer",
          "swift",
          "xcodebuild",
          "bazel",
          "ninja",
          "node",
          "deno",
          "bun",
          "golangci-lint",
          "eslint",
          "mypy",
          "ruff",
          "gcc",
          "clang",
          "unzip",
          "aws",
          "gcloud",
          "az");
  private static final Set<String> SHOWING =
      Set.of(
          "tee",
          "tail",
          "head",
          "sort",
          "uniq",
          "wc",
          "cat",
          "tr",
          "cut",
          "awk",
          "sed",
          "jq",
          "less",
          "more",
          "column",
          "sh",
          "bash",
          "xcpretty",
          "xcbeautify");

  /** Commands whose operands are files that they read. */
  private static final Set<String> READING =
      Set.of(
          "cat",
          "sort",
          "sed",
          "grep",
          "awk",
          "head",
          "tail",
          "cut",
          "jq",
          "yq",
          "uniq",
          "tac",
          "base64",
          "envsubst");

  @Override
  public void pipeline(Syntax.Pipeline pipeline, Scope scope) {
    List<Syntax.Command> commands = pipeline.commands();
    if (pipeline.negated()
        && commands.size() == 1
        && commands.getFirst() instanceof Syntax.Simple test
        && Words.command(test).equals("[")
        && test.words().size() == 4) {
      String operator = Words.literal(test.words().get(1));
      if (operator != null && (operator.equals("-n") || operator.equals("-z"))) {
        scope.report(
            ShellRule.NEGATED_TEST,
            "SC2237",
            pipeline,
            operator.equals("-n") ? "! -n is -z" : "! -z is -n");
      }
    }
    for (int i = 0; i + 1 < commands.size(); i++) {
      Syntax.Simple left = Commands.simple(commands.get(i));
      Syntax.Simple right = Commands.simple(commands.get(i + 1));
      if (left == null) {
        continue;
      }
      String first = Words.command(left);
      String second = right == null ? "" : Words.command(right);
      if (i == 0
          && first.equals("cat")
          && left.words().size() == 2
          && one(left.words().get(1))
          && left.redirects().isEmpty()) {
        scope.report(ShellRule.USELESS_CAT, left.words().get(1), "cat only passes the file on");
      }
      if (first.equals("ls") && !second.isEmpty()) {
        if (second.endsWith("grep")) {
          scope.report(
              ShellRule.PARSED_LS,
              "SC2010",
              left,
              "names of files may hold blanks and ends of lines");
        } else if (!Set.of("xargs").contains(second)) {
          scope.report(
              ShellRule.PARSED_LS, left, "names of files may hold blanks and ends of lines");
        }
      } else if (first.equals("ls") && right == null) {
        scope.report(ShellRule.PARSED_LS, left, "names of files may hold blanks and ends of lines");
      }
      if (right == null) {
        continue;
      }
      if (first.equals("grep")
          && second.equals("wc")
          && lines(right)
          && !Words.flag(left, 'o')
          && !Words.flag(left, 'A')
          && !Words.flag(left, 'B')
          && !Words.flag(left, 'c')) {
        scope.report(ShellRule.GREP_COUNT, left, "grep counts lines itself");
      }
      if (first.equals("find") && second.equals("xargs") && !prints(left, right)) {
        scope.report(
            ShellRule.FIND_TO_XARGS, left, "names with blanks become several words for xargs");
      }
    }
    if (commands.size() > 1
        && !scope.pipefail
        && scope.errexit
        && !scope.tested
        && !scope.lost
        && !pipeline.negated()) {
      Syntax.Simple left = Commands.simple(commands.getFirst());
      Syntax.Simple right = Commands.simple(commands.getLast());
      if (left != null && right != null && fails(left) && SHOWING.contains(Words.command(right))) {
        scope.report(
            ShellRule.MASKED_PIPE,
            left,
            "when this command fails the step goes on, since only the last command of a pipeline"
                + " counts");
      }
    }
  }

  private static boolean fails(Syntax.Simple simple) {
    String name = Words.command(simple);
    return FAILING.contains(name.substring(name.lastIndexOf('/') + 1));
  }

  private static boolean lines(Syntax.Simple wc) {
    return wc.words().size() == 2
        && ("-l".equals(Words.literal(wc.words().get(1)))
            || "--lines".equals(Words.literal(wc.words().get(1))));
  }

  private static boolean prints(Syntax.Simple find, Syntax.Simple xargs) {
    for (Syntax.Word word : find.words()) {
      String literal = Words.constant(word);
      if (literal != null
          && (literal.equals("-print0") || literal.equals("-printf") || literal.equals("-exec"))) {
        return true;
      }
    }
    return Words.flag(xargs, '0') || Words.flag(xargs, 'd');
  }

  private static boolean one(Syntax.Word word) {
    if (Words.head(word).startsWith("-") || Words.hasGlob(word)) {
      return false;
    }
    for (Syntax.Piece piece : word.pieces()) {
      if (Words.elements(piece) || piece instanceof Syntax.Unknown) {
        return false;
      }
      if (piece instanceof Syntax.Parameter) {
        return false;
      }
      if (piece instanceof Syntax.DoubleQuoted quoted) {
        for (Syntax.Piece part : quoted.pieces()) {
          if (Words.elements(part)) {
            return false;
          }
        }
      }
      if (piece instanceof Syntax.Text text && text.value().contains("{")) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void chain(Syntax.Chain chain, Scope scope) {
    List<String> operators = chain.operators();
    for (int i = 0; i + 1 < operators.size(); i++) {
      if (operators.get(i).equals("&&")
          && operators.get(i + 1).equals("||")
          && !scope.tested
          && !safe(chain.commands().get(i + 1))
          && !harmless(chain.commands().get(i + 2))) {
        scope.report(
            ShellRule.AND_OR_ELSE,
            chain,
            "the command after || also runs when the one after && fails");
        return;
      }
    }
  }

  /** Whether a command hardly fails. */
  private static boolean safe(Syntax.Command command) {
    if (Ends.always(command)) {
      return true;
    }
    if (command instanceof Syntax.Simple simple) {
      String name = Words.command(simple);
      return simple.words().isEmpty()
          || Set.of("echo", "printf", "true", "exit", "return", ":", "export", "set").contains(name)
          || name.startsWith("print");
    }
    return command instanceof Syntax.Calculation || command instanceof Syntax.Condition;
  }

  private static boolean harmless(Syntax.Command command) {
    if (command instanceof Syntax.Group group) {
      return Ends.always(group.body());
    }
    if (command instanceof Syntax.Simple simple) {
      String name = Words.command(simple);
      return Set.of(
              "true",
              ":",
              "false",
              "exit",
              "return",
              "echo",
              "printf",
              "break",
              "continue",
              "exec",
              "test",
              "[")
          .contains(name);
    }
    return false;
  }

  @Override
  public void sequence(Syntax.Sequence sequence, Scope scope) {
    List<Syntax.Command> commands = sequence.commands();
    for (int i = 0; i + 1 < commands.size(); i++) {
      if (Ends.always(commands.get(i)) && !functionsOnly(commands, i + 1)) {
        scope.report(
            ShellRule.UNREACHABLE,
            "SC2317",
            commands.get(i + 1).start(),
            commands.getLast().end(),
            "nothing runs this, since what is before always ends the script");
        break;
      }
    }
    redirected(commands, scope);
    back(commands, scope);
    negated(commands, scope);
  }

  /** A command whose failure is asked for, though nothing looks whether it has failed. */
  private static void negated(List<Syntax.Command> commands, Scope scope) {
    if (!scope.errexit || scope.tested) {
      return;
    }
    for (int i = 0; i + 1 < commands.size(); i++) {
      if (commands.get(i) instanceof Syntax.Pipeline pipeline && pipeline.negated()) {
        scope.report(
            ShellRule.NEGATED_STATUS,
            pipeline,
            "the script goes on even when the command succeeds: -e does not look at '!'");
      }
    }
  }

  @Override
  public void simple(Syntax.Simple simple, Scope scope) {
    if (!READING.contains(Words.command(simple))) {
      return;
    }
    for (Syntax.Redirect redirect : simple.redirects()) {
      String target = redirect.operator().equals(">") ? written(redirect.target()) : "";
      if (target.isEmpty() || target.startsWith("/dev/")) {
        continue;
      }
      for (int i = 1; i < simple.words().size(); i++) {
        if (target.equals(written(simple.words().get(i)))) {
          scope.report(
              ShellRule.READ_AND_WRITTEN,
              redirect,
              "the shell empties the file before the command reads it");
          return;
        }
      }
    }
  }

  private static boolean functionsOnly(List<Syntax.Command> commands, int from) {
    for (int i = from; i < commands.size(); i++) {
      if (!(commands.get(i) instanceof Syntax.Function)) {
        return false;
      }
    }
    return true;
  }

  private static void redirected(List<Syntax.Command> commands, Scope scope) {
    int count = 0;
    String before = "";
    int start = 0;
    for (int i = 0; i <= commands.size(); i++) {
      String target = i < commands.size() ? appended(commands.get(i)) : "";
      if (!target.isEmpty() && target.equals(before)) {
        count++;
      } else {
        if (count >= 3) {
          scope.report(
              ShellRule.REPEATED_REDIRECT,
              "SC2129",
              commands.get(start).start(),
              commands.get(i - 1).end(),
              "each of these commands opens the same file",
              grouped(commands.subList(start, i)));
        }
        count = target.isEmpty() ? 0 : 1;
        start = i;
        before = target;
      }
    }
  }

  /** Makes a group of commands that has their redirection; nothing where one is not plain. */
  private static ShellEdit[] grouped(List<Syntax.Command> commands) {
    List<ShellEdit> edits = new ArrayList<>();
    edits.add(new ShellEdit(commands.getFirst().start(), commands.getFirst().start(), "{ "));
    for (int i = 0; i < commands.size(); i++) {
      if (!(commands.get(i) instanceof Syntax.Simple simple)
          || simple.redirects().size() != 1
          || simple.words().isEmpty()) {
        return new ShellEdit[0];
      }
      Syntax.Redirect redirect = simple.redirects().getFirst();
      int end = simple.words().getLast().end();
      String target = source(redirect.target());
      if (redirect.start() < end || !redirect.descriptor().isEmpty() || target.isEmpty()) {
        return new ShellEdit[0];
      }
      boolean last = i == commands.size() - 1;
      edits.add(new ShellEdit(end, redirect.end(), last ? "; } >> " + target : ""));
    }
    return edits.toArray(ShellEdit[]::new);
  }

  /** A name or a variable as it is written; empty for all else. */
  private static String source(Syntax.Word word) {
    if (word.pieces().size() != 1) {
      return "";
    }
    Syntax.Piece first = word.pieces().getFirst();
    if (first instanceof Syntax.Text text) {
      return text.value().indexOf('\n') < 0 ? text.value() : "";
    }
    if (first instanceof Syntax.Parameter parameter) {
      return source(parameter);
    }
    if (first instanceof Syntax.DoubleQuoted quoted
        && quoted.pieces().size() == 1
        && quoted.pieces().getFirst() instanceof Syntax.Parameter parameter) {
      String name = source(parameter);
      return name.isEmpty() ? "" : '"' + name + '"';
    }
    return "";
  }

  private static String source(Syntax.Parameter parameter) {
    boolean plain =
        parameter.prefix().isEmpty()
            && parameter.operator().isEmpty()
            && parameter.subscript() == null;
    if (!plain) {
      return "";
    }
    return parameter.braced() ? "${" + parameter.name() + "}" : "$" + parameter.name();
  }

  private static List<Syntax.Redirect> redirects(Syntax.Command command) {
    Syntax.Command last =
        command instanceof Syntax.Pipeline pipeline && !pipeline.commands().isEmpty()
            ? pipeline.commands().getLast()
            : command;
    if (last instanceof Syntax.Simple simple) {
      return simple.redirects();
    }
    return command instanceof Syntax.Redirected redirected ? redirected.redirects() : List.of();
  }

  /** What identifies the file that the output of a command is added to. */
  private static String appended(Syntax.Command command) {
    List<Syntax.Redirect> redirects = redirects(command);
    if (redirects.isEmpty()) {
      return "";
    }
    Syntax.Redirect last = redirects.getLast();
    for (Syntax.Redirect redirect : redirects) {
      if (redirect.operator().startsWith(">")) {
        last = redirect;
        break;
      }
    }
    if (!last.operator().equals(">>")
        || !(last.descriptor().isEmpty() || last.descriptor().equals("1"))) {
      return "";
    }
    return written(last.target());
  }

  private static String written(Syntax.Word word) {
    StringBuilder text = new StringBuilder();
    for (Syntax.Piece piece : Commands.flat(word)) {
      if (piece instanceof Syntax.Text literal) {
        text.append(literal.value());
      } else if (piece instanceof Syntax.SingleQuoted quoted) {
        text.append(quoted.value());
      } else if (piece instanceof Syntax.Parameter parameter) {
        text.append("\0$").append(parameter.name()).append('\0');
      } else {
        return "";
      }
    }
    return text.toString();
  }

  private static void back(List<Syntax.Command> commands, Scope scope) {
    boolean went = false;
    for (Syntax.Command command : commands) {
      Syntax.Simple simple = Commands.simple(command);
      if (simple == null || !Words.command(simple).equals("cd") || simple.words().size() != 2) {
        continue;
      }
      String folder = Words.constant(simple.words().get(1));
      boolean back =
          folder != null && (folder.equals("..") || folder.equals("-") || folder.equals("../"));
      if (back && went && !scope.errexit) {
        scope.report(ShellRule.CD_BACK, simple, "if the cd before has failed, this goes elsewhere");
      }
      went = !back;
    }
  }

  @Override
  public void compound(Syntax.Command command, Scope scope) {
    if (command instanceof Syntax.For loop && loop.words() != null) {
      loop(loop.words(), scope);
    }
  }

  private static void loop(List<Syntax.Word> words, Scope scope) {
    if (words.size() != 1) {
      return;
    }
    Syntax.Word word = words.getFirst();
    if (word.pieces().size() == 1
        && word.pieces().getFirst() instanceof Syntax.CommandSubstitution substitution) {
      Syntax.Simple simple = Words.only(substitution.body());
      if (simple == null) {
        return;
      }
      switch (Words.command(simple)) {
        case "ls" ->
            scope.report(
                ShellRule.LOOP_OVER_LS, substitution, "names with blanks become several words");
        case "find" ->
            scope.report(
                ShellRule.LOOP_OVER_FIND, substitution, "names with blanks become several words");
        case "cat" ->
            scope.report(
                ShellRule.LOOP_OVER_LINES, substitution, "this goes over words, not over lines");
        default -> {}
      }
      return;
    }
    if (word.pieces().size() == 1
        && word.pieces().getFirst() instanceof Syntax.DoubleQuoted quoted) {
      boolean several = false;
      for (Syntax.Piece piece : quoted.pieces()) {
        several |= Words.elements(piece) || piece instanceof Syntax.Unknown;
      }
      if (!several) {
        scope.report(
            ShellRule.LOOP_ONCE,
            "SC2066",
            quoted,
            "in double quotes this is one word, so the loop runs once");
      }
      return;
    }
    if (word.pieces().size() == 1
        && word.pieces().getFirst() instanceof Syntax.SingleQuoted quoted) {
      scope.report(
          ShellRule.LOOP_ONCE,
          "SC2041",
          quoted,
          "in quotes this is one word, so the loop runs once");
      return;
    }
    String literal = Words.constant(word);
    if (literal != null && !literal.contains("{")) {
      scope.report(ShellRule.LOOP_ONCE, word, "the loop runs once, for '" + literal + "'");
    }
  }
}
