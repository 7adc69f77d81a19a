package dev.slipway.shell;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One way through a script in the mind. A text that is not known is null. */
final class Rehearsal {
  private static final int MOST_COMMANDS = 5_000;
  private static final int DEEPEST = 40;

  /** Why a status is wanted, which decides whether a failure ends the script. */
  private enum Use {
    /** The command stands for itself. */
    PLAIN,
    /** What follows depends on it. */
    TESTED
  }

  /** Leaves a loop, a function or the script. */
  private enum Leave {
    NOT,
    LOOP,
    FUNCTION,
    SCRIPT
  }

  private final String script;
  private final ShellForecast.Choices choices;
  private final Map<String, Syntax.Command> functions;
  private final Map<String, @Nullable String> variables;
  private final char unknown;
  private boolean errexit;
  private boolean pipefail;
  private int status;
  private Leave leave = Leave.NOT;
  private boolean skipsRest;
  private int[] left;
  private int depth;

  /** What is written, null once something is that is not known. */
  private @Nullable StringBuilder output;

  private boolean captured;
  private @Nullable String input;

  /** Thrown where nothing more can be told. */
  private static final class Lost extends RuntimeException {
    private static final long serialVersionUID = 1;

    Lost() {
      super(null, null, false, false);
    }
  }

  Rehearsal(
      String script,
      ShellOptions options,
      Map<String, String> environment,
      char unknown,
      ShellForecast.Choices choices) {
    this.script = script;
    this.choices = choices;
    this.unknown = unknown;
    this.functions = new HashMap<>();
    this.variables = new HashMap<>();
    environment.forEach((name, value) -> variables.put(name, known(value)));
    this.errexit = options.on().contains(ShellOption.ERREXIT);
    this.pipefail = options.on().contains(ShellOption.PIPEFAIL);
    this.left = new int[] {MOST_COMMANDS};
  }

  private Rehearsal(Rehearsal parent) {
    this.script = parent.script;
    this.choices = parent.choices;
    this.unknown = parent.unknown;
    this.functions = new HashMap<>(parent.functions);
    this.variables = new HashMap<>(parent.variables);
    this.errexit = parent.errexit;
    this.pipefail = parent.pipefail;
    this.left = parent.left;
    this.depth = parent.depth;
    this.status = parent.status;
    this.input = parent.input;
  }

  /** The script's status; null when it cannot be told. */
  @Nullable Integer status(Syntax.Sequence sequence) {
    try {
      run(sequence, Use.PLAIN);
      return status;
    } catch (Lost lost) {
      return null;
    }
  }

  private @Nullable String known(@Nullable String text) {
    return text == null || text.indexOf(unknown) >= 0 ? null : text;
  }

  // --- commands ---

  private void run(Syntax.Sequence sequence, Use use) {
    for (Syntax.Command command : sequence.commands()) {
      run(command, use);
      if (leave != Leave.NOT || skipsRest) {
        return;
      }
    }
  }

  private void run(Syntax.Command command, Use use) {
    if (--left[0] < 0 || depth > DEEPEST) {
      throw new Lost();
    }
    depth++;
    switch (command) {
      case Syntax.Simple simple -> ends(() -> simple(simple, use), use);
      case Syntax.Pipeline pipeline -> pipeline(pipeline, use);
      case Syntax.Chain chain -> chain(chain, use);
      case Syntax.Sequence sequence -> run(sequence, use);
      case Syntax.Background background -> status = 0;
      case Syntax.Redirected redirected -> redirected(redirected, use);
      case Syntax.Subshell subshell -> ends(() -> status = inside(subshell.body(), use), use);
      case Syntax.Group group -> run(group.body(), use);
      case Syntax.If branches -> choose(branches, use);
      case Syntax.While loop -> loop(loop, use);
      case Syntax.For loop -> each(loop, use);
      case Syntax.Counting counting -> throw new Lost();
      case Syntax.Case choice -> match(choice, use);
      case Syntax.Calculation calculation ->
          ends(
              () -> status = truth(new Sums(variables).truth(text(calculation.expression()))), use);
      case Syntax.Condition condition ->
          ends(() -> status = truth(new Comparisons(this).condition(script, condition)), use);
      case Syntax.Function function -> {
        functions.put(function.name(), function.body());
        status = 0;
      }
    }
    depth--;
  }

  /** After a command that stands for itself a failure ends the script, if it is to. */
  private void ends(Runnable command, Use use) {
    command.run();
    if (status != 0 && errexit && use == Use.PLAIN && leave == Leave.NOT) {
      leave = Leave.SCRIPT;
    }
  }

  private int truth(@Nullable Boolean holds) {
    return (holds == null ? choices.choose() : holds) ? 0 : 1;
  }

  private void chain(Syntax.Chain chain, Use use) {
    List<Syntax.Command> commands = chain.commands();
    for (int i = 0; i < commands.size(); i++) {
      boolean last = i == commands.size() - 1;
      boolean skipped = i > 0 && chain.operators().get(i - 1).equals("&&") != (status == 0);
      if (!skipped) {
        run(commands.get(i), last ? use : Use.TESTED);
        if (leave != Leave.NOT || skipsRest) {
          return;
        }
      }
    }
  }

  private void pipeline(Syntax.Pipeline pipeline, Use use) {
    List<Syntax.Command> commands = pipeline.commands();
    Use inner = pipeline.negated() ? Use.TESTED : use;
    if (commands.size() == 1) {
      run(commands.getFirst(), inner);
    } else {
      ends(() -> piped(commands, inner), inner);
    }
    if (pipeline.negated() && leave == Leave.NOT) {
      status = status == 0 ? 1 : 0;
    }
  }

  private void piped(List<Syntax.Command> commands, Use use) {
    @Nullable String text = input;
    int result = 0;
    for (int i = 0; i < commands.size(); i++) {
      boolean last = i == commands.size() - 1;
      Rehearsal stage = new Rehearsal(this);
      stage.input = text;
      stage.captured = !last || captured;
      stage.output = last ? output : new StringBuilder();
      stage.run(commands.get(i), last ? use : Use.TESTED);
      if (last) {
        output = stage.output;
        result = stage.status != 0 ? stage.status : result;
      } else {
        StringBuilder written = stage.output;
        text = written == null ? null : written.toString();
        result = pipefail && stage.status != 0 ? stage.status : result;
      }
    }
    status = result;
  }

  /** The status of commands in a shell of their own. */
  private int inside(Syntax.Sequence body, Use use) {
    Rehearsal child = new Rehearsal(this);
    child.captured = captured;
    child.output = output;
    child.run(body, use);
    output = child.output;
    return child.status;
  }

  private void redirected(Syntax.Redirected redirected, Use use) {
    boolean writes = false;
    for (Syntax.Redirect redirect : redirected.redirects()) {
      writes |= redirect.operator().startsWith(">") && !redirect.descriptor().equals("2");
    }
    StringBuilder before = output;
    boolean wasCaptured = captured;
    String given = input;
    input = document(redirected.redirects(), given);
    if (writes) {
      captured = false;
    }
    run(redirected.command(), use);
    input = given;
    if (writes) {
      captured = wasCaptured;
      output = before;
    }
  }

  private void choose(Syntax.If branches, Use use) {
    for (Syntax.Branch branch : branches.branches()) {
      run(branch.condition(), Use.TESTED);
      if (leave != Leave.NOT || skipsRest) {
        return;
      }
      if (status == 0) {
        run(branch.body(), use);
        return;
      }
    }
    status = 0;
    if (branches.otherwise() != null) {
      run(branches.otherwise(), use);
    }
  }

  private void loop(Syntax.While loop, Use use) {
    int result = 0;
    for (int turn = 0; ; turn++) {
      if (turn > 50) {
        throw new Lost();
      }
      run(loop.condition(), Use.TESTED);
      if (leave != Leave.NOT || (status == 0) == loop.until()) {
        break;
      }
      run(loop.body(), use);
      result = status;
      if (left()) {
        break;
      }
    }
    if (leave == Leave.NOT) {
      status = result;
    }
  }

  private void each(Syntax.For loop, Use use) {
    List<@Nullable String> values = new ArrayList<>();
    if (loop.words() == null || loop.select()) {
      throw new Lost();
    }
    for (Syntax.Word word : loop.words()) {
      values.addAll(fields(word));
    }
    status = 0;
    for (String value : values) {
      variables.put(loop.variable().value(), value);
      run(loop.body(), use);
      if (left()) {
        break;
      }
    }
  }

  /** Whether a loop is over; what follows it goes on. */
  private boolean left() {
    boolean over = leave != Leave.NOT;
    if (leave == Leave.LOOP) {
      leave = Leave.NOT;
    }
    skipsRest = false;
    return over;
  }

  private void match(Syntax.Case choice, Use use) {
    String subject = text(choice.subject());
    status = 0;
    for (Syntax.Arm arm : choice.arms()) {
      for (Syntax.Word pattern : arm.patterns()) {
        if (truth(Comparisons.matches(subject, pattern, this)) == 0) {
          status = 0;
          run(arm.body(), use);
          if (!arm.terminator().isEmpty() && !arm.terminator().equals(";;")) {
            throw new Lost();
          }
          return;
        }
      }
    }
  }

  // --- simple commands ---

  private void simple(Syntax.Simple simple, Use use) {
    status = 0;
    for (Syntax.Assignment assignment : simple.assignments()) {
      assign(assignment);
    }
    List<@Nullable String> words = new ArrayList<>();
    for (Syntax.Word word : simple.words()) {
      words.addAll(fields(word));
    }
    if (words.isEmpty()) {
      return;
    }
    String name = words.getFirst();
    if (name == null) {
      throw new Lost();
    }
    boolean writes = false;
    for (Syntax.Redirect redirect : simple.redirects()) {
      writes |= redirect.operator().startsWith(">") && !redirect.descriptor().equals("2");
    }
    Syntax.Command function = functions.get(name);
    if (function != null) {
      run(function, use);
      if (leave == Leave.FUNCTION) {
        leave = Leave.NOT;
      }
      return;
    }
    String text = document(simple.redirects(), input);
    List<@Nullable String> arguments = words.subList(1, words.size());
    switch (name) {
      case "exit" -> leave(Leave.SCRIPT, arguments);
      case "return" -> leave(Leave.FUNCTION, arguments);
      case "break" -> leave(Leave.LOOP, List.of("0"));
      case "continue" -> {
        skipsRest = true;
        status = 0;
      }
      case "true", ":", "shift", "trap", "wait", "cd", "unset" -> status = 0;
      case "false" -> status = 1;
      case "set" -> options(arguments);
      case "echo" -> write(writes, Comparisons.joined(arguments, true));
      case "printf" ->
          write(writes, arguments.size() == 1 ? arguments.getFirst() : lines(arguments));
      case "cat" -> write(writes, arguments.isEmpty() ? text : null);
      case "test" -> status = truth(new Comparisons(this).test(arguments));
      case "[" ->
          status =
              truth(
                  new Comparisons(this)
                      .test(arguments.subList(0, Math.max(0, arguments.size() - 1))));
      case "export", "local", "readonly", "declare", "typeset" -> declare(simple);
      case "grep", "egrep", "fgrep" -> {
        status = truth(Searches.grep(name, arguments, text));
        write(writes, null);
      }
      case "jq" -> {
        status = truth(Searches.jq(arguments, text));
        write(writes, null);
      }
      default -> {
        // What does something real is supposed to succeed, unless its failing is asked for.
        status = use == Use.TESTED && Searches.asks(name) ? truth(null) : 0;
        write(writes, null);
      }
    }
  }

  private static @Nullable String lines(List<@Nullable String> arguments) {
    boolean lines =
        !arguments.isEmpty()
            && arguments.getFirst() != null
            && (arguments.getFirst().equals("%s\\n") || arguments.getFirst().equals("%s"));
    return lines ? Comparisons.joined(arguments.subList(1, arguments.size()), false) : null;
  }

  private void write(boolean elsewhere, @Nullable String text) {
    StringBuilder written = output;
    if (!captured || elsewhere || written == null) {
      return;
    }
    if (text == null) {
      output = null;
    } else {
      written.append(text).append('\n');
    }
  }

  private void leave(Leave how, List<@Nullable String> arguments) {
    leave = how;
    if (!arguments.isEmpty()) {
      String number = arguments.getFirst();
      if (number == null || !number.matches("[0-9]{1,9}")) {
        status = truth(null);
      } else {
        status = Integer.parseInt(number) & 0xFF;
      }
    }
  }

  private void options(List<@Nullable String> arguments) {
    status = 0;
    for (int i = 0; i < arguments.size(); i++) {
      String option = arguments.get(i);
      if (option == null || option.length() < 2) {
        continue;
      }
      boolean on = option.charAt(0) == '-';
      String next = i + 1 < arguments.size() ? arguments.get(i + 1) : null;
      if (option.charAt(0) != '-' && option.charAt(0) != '+') {
        continue;
      }
      if (option.indexOf('e') > 0) {
        errexit = on;
      }
      if (option.indexOf('o') > 0 && next != null) {
        errexit = next.equals("errexit") ? on : errexit;
        pipefail = next.equals("pipefail") ? on : pipefail;
      }
    }
  }

  private void declare(Syntax.Simple simple) {
    for (Syntax.Word word : simple.words().subList(1, simple.words().size())) {
      String given = text(word);
      if (given == null) {
        String start = Words.constant(word);
        if (start == null
            && !word.pieces().isEmpty()
            && word.pieces().getFirst() instanceof Syntax.Text name) {
          int equals = name.value().indexOf('=');
          if (equals > 0) {
            variables.put(name.value().substring(0, equals), null);
          }
        }
        continue;
      }
      int equals = given.indexOf('=');
      if (equals > 0) {
        variables.put(given.substring(0, equals), given.substring(equals + 1));
      }
    }
    status = 0;
  }

  private void assign(Syntax.Assignment assignment) {
    String value =
        assignment.subscript() == null && !array(assignment.value())
            ? text(assignment.value())
            : null;
    String name = assignment.name();
    if (assignment.append()) {
      String before = variables.get(name);
      value = before == null || value == null ? null : before + value;
    }
    variables.put(name, value);
  }

  private static boolean array(Syntax.Word word) {
    return word.pieces().stream().anyMatch(Syntax.ArrayValue.class::isInstance);
  }

  /** What a command reads: a here-document or a here-string, else what it is given. */
  private @Nullable String document(List<Syntax.Redirect> redirects, @Nullable String given) {
    String text = given;
    for (Syntax.Redirect redirect : redirects) {
      if (redirect.document() != null) {
        text = pieces(redirect.document().pieces());
      } else if (redirect.operator().equals("<<<")) {
        String line = text(redirect.target());
        text = line == null ? null : line + "\n";
      } else if (redirect.operator().equals("<")) {
        text = null;
      }
    }
    return text;
  }

  // --- words ---

  /** The text of a word that is not split; null when it is not known. */
  @Nullable String text(Syntax.Word word) {
    return pieces(word.pieces());
  }

  private @Nullable String pieces(List<Syntax.Piece> pieces) {
    StringBuilder text = new StringBuilder();
    boolean all = true;
    for (Syntax.Piece piece : pieces) {
      String part = piece(piece);
      all &= part != null;
      text.append(part);
    }
    return all ? known(text.toString()) : null;
  }

  private @Nullable String piece(Syntax.Piece piece) {
    return switch (piece) {
      case Syntax.Text text -> known(text.value());
      case Syntax.Escaped escaped -> escaped.value() == '\n' ? "" : known("" + escaped.value());
      case Syntax.SingleQuoted quoted -> known(quoted.value());
      case Syntax.AnsiQuoted quoted -> quoted.raw().indexOf('\\') < 0 ? known(quoted.raw()) : null;
      case Syntax.DoubleQuoted quoted -> pieces(quoted.pieces());
      case Syntax.Parameter parameter -> parameter(parameter);
      case Syntax.CommandSubstitution substitution -> substituted(substitution);
      case Syntax.Arithmetic arithmetic -> new Sums(variables).value(text(arithmetic.expression()));
      case Syntax.Glob glob -> known(glob.text());
      case Syntax.ProcessSubstitution substitution -> null;
      case Syntax.Unknown expression -> null;
      case Syntax.ArrayValue array -> null;
    };
  }

  private @Nullable String parameter(Syntax.Parameter parameter) {
    String name = parameter.name();
    if (name.equals("?") && parameter.operator().isEmpty()) {
      return Integer.toString(status);
    }
    if (!parameter.prefix().isEmpty() || parameter.subscript() != null) {
      return null;
    }
    boolean set = variables.containsKey(name);
    String value = variables.get(name);
    if (!parameter.operator().isEmpty()) {
      boolean otherwise = parameter.operator().equals(":-") || parameter.operator().equals("-");
      if (!otherwise || (set && value == null) || parameter.argument() == null) {
        return null;
      }
      boolean use = !set || (parameter.operator().equals(":-") && "".equals(value));
      return use ? text(parameter.argument()) : value;
    }
    // Variables in capitals may come from the machine.
    boolean foreign = !set && !name.equals(name.toLowerCase(java.util.Locale.ROOT));
    return set ? value : foreign ? null : "";
  }

  private @Nullable String substituted(Syntax.CommandSubstitution substitution) {
    Rehearsal child = new Rehearsal(this);
    child.captured = true;
    child.output = new StringBuilder();
    child.run(substitution.body(), Use.PLAIN);
    status = child.status;
    StringBuilder written = child.output;
    if (written == null) {
      return null;
    }
    int end = written.length();
    while (end > 0 && written.charAt(end - 1) == '\n') {
      end--;
    }
    return known(written.substring(0, end));
  }

  /** The fields that a word becomes: those of expansions without quotes are split at blanks. */
  private List<@Nullable String> fields(Syntax.Word word) {
    boolean splits = false;
    for (Syntax.Piece piece : word.pieces()) {
      splits |= piece instanceof Syntax.Parameter || piece instanceof Syntax.CommandSubstitution;
    }
    String text = text(word);
    List<@Nullable String> fields = new ArrayList<>();
    if (!splits || text == null) {
      fields.add(text);
      return fields;
    }
    for (String field : text.strip().split("\\s+", -1)) {
      if (!field.isEmpty()) {
        fields.add(field);
      }
    }
    return fields;
  }
}
