package dev.slipway.shell;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects the simple commands of a script in the order of the text, each with what becomes of its
 * failure where it stands.
 */
final class Calls {
  private final String text;
  private final List<ShellCall> calls = new ArrayList<>();
  private boolean errexit;
  private boolean pipefail;

  /** Where a command stands. */
  private record Place(
      ShellStatus status,
      @Nullable ShellSpan instead,
      String before,
      String after,
      boolean last,
      String function,
      boolean substituted,
      boolean repeated,
      List<Syntax.Redirect> redirects) {
    Place with(ShellStatus other, @Nullable ShellSpan span) {
      return new Place(
          other, span, before, after, last, function, substituted, repeated, redirects);
    }

    Place between(String left, String right) {
      return new Place(
          status, instead, left, right, last, function, substituted, repeated, redirects);
    }

    Place last(boolean is) {
      return new Place(
          status, instead, before, after, last && is, function, substituted, repeated, redirects);
    }

    Place inLoop() {
      return new Place(status, instead, ";", ";", false, function, substituted, true, redirects);
    }

    Place inFunction(String name) {
      return new Place(
          ShellStatus.COUNTS, null, ";", ";", true, name, substituted, repeated, redirects);
    }

    Place inSubstitution(ShellStatus other, @Nullable ShellSpan span) {
      return new Place(other, span, ";", ";", true, function, true, repeated, List.of());
    }

    Place redirected(List<Syntax.Redirect> more) {
      List<Syntax.Redirect> all = new ArrayList<>(more);
      all.addAll(redirects);
      return new Place(status, instead, before, after, last, function, substituted, repeated, all);
    }
  }

  private Calls(String text, ShellOptions options) {
    this.text = text;
    this.errexit = options.on().contains(ShellOption.ERREXIT);
    this.pipefail = options.on().contains(ShellOption.PIPEFAIL);
  }

  static List<ShellCall> of(String text, Syntax.Sequence script, ShellOptions options) {
    Calls calls = new Calls(text, options);
    calls.sequence(
        script, new Place(ShellStatus.COUNTS, null, ";", ";", true, "", false, false, List.of()));
    return List.copyOf(calls.calls);
  }

  private void sequence(Syntax.Sequence sequence, Place place) {
    List<Syntax.Command> commands = sequence.commands();
    for (int i = 0; i < commands.size(); i++) {
      boolean end = i == commands.size() - 1;
      Place here = place.between(";", ";").last(end);
      if (here.status() == ShellStatus.COUNTS && !errexit && !here.last()) {
        here = here.with(ShellStatus.IGNORED, null);
      } else if (here.status() == ShellStatus.IGNORED && errexit) {
        here = here.with(ShellStatus.COUNTS, null);
      }
      command(commands.get(i), here);
    }
  }

  private void command(Syntax.Command command, Place place) {
    if (command instanceof Syntax.Simple simple) {
      simple(simple, place);
    } else if (command instanceof Syntax.Pipeline pipeline) {
      pipeline(pipeline, place);
    } else if (command instanceof Syntax.Chain chain) {
      chain(chain, place);
    } else if (command instanceof Syntax.Sequence sequence) {
      sequence(sequence, place);
    } else if (command instanceof Syntax.Background background) {
      apart(() ->
          command(
              background.command(),
              place.with(ShellStatus.BACKGROUND, null).between(place.before(), "&")));
    } else if (command instanceof Syntax.Redirected redirected) {
      command(redirected.command(), place.redirected(redirected.redirects()));
    } else if (command instanceof Syntax.Subshell subshell) {
      apart(() -> sequence(subshell.body(), place));
    } else if (command instanceof Syntax.Group group) {
      sequence(group.body(), place);
    } else if (command instanceof Syntax.If branches) {
      branches(branches, place);
    } else if (command instanceof Syntax.While loop) {
      sequence(loop.condition(), place.inLoop().with(ShellStatus.TESTED, null));
      sequence(loop.body(), place.inLoop());
    } else if (command instanceof Syntax.For loop) {
      for (Syntax.Word word : loop.words() == null ? List.<Syntax.Word>of() : loop.words()) {
        word(word, place, false);
      }
      sequence(loop.body(), place.inLoop());
    } else if (command instanceof Syntax.Counting loop) {
      sequence(loop.body(), place.inLoop());
    } else if (command instanceof Syntax.Case choice) {
      word(choice.subject(), place, false);
      for (Syntax.Arm arm : choice.arms()) {
        sequence(arm.body(), place);
      }
    } else if (command instanceof Syntax.Calculation calculation) {
      word(calculation.expression(), place, false);
    } else if (command instanceof Syntax.Condition condition) {
      for (Syntax.Clause clause : condition.clauses()) {
        word(clause.left(), place, false);
        word(clause.right(), place, false);
      }
    } else if (command instanceof Syntax.Function function) {
      command(function.body(), place.inFunction(function.name()));
    }
  }

  private void apart(Runnable part) {
    boolean wasErrexit = errexit;
    boolean wasPipefail = pipefail;
    part.run();
    errexit = wasErrexit;
    pipefail = wasPipefail;
  }

  private void branches(Syntax.If branches, Place place) {
    for (int i = 0; i < branches.branches().size(); i++) {
      Syntax.Branch branch = branches.branches().get(i);
      ShellSpan then = new ShellSpan(branch.body().start(), branch.body().end());
      Syntax otherwise =
          i + 1 < branches.branches().size()
              ? branches.branches().get(i + 1)
              : branches.otherwise();
      ShellSpan instead =
          otherwise == null
              ? new ShellSpan(branch.end(), branch.end())
              : new ShellSpan(otherwise.start(), otherwise.end());
      boolean negated =
          branch.condition().commands().getLast() instanceof Syntax.Pipeline pipeline
              && pipeline.negated();
      sequence(branch.condition(), place.with(ShellStatus.TESTED, negated ? then : instead));
      sequence(branch.body(), place);
    }
    if (branches.otherwise() != null) {
      sequence(branches.otherwise(), place);
    }
  }

  private void chain(Syntax.Chain chain, Place place) {
    List<Syntax.Command> commands = chain.commands();
    List<String> operators = chain.operators();
    int or = -1;
    int to = -1;
    for (int i = 0; i < commands.size(); i++) {
      Place here =
          place.between(
              i == 0 ? place.before() : operators.get(i - 1),
              i < operators.size() ? operators.get(i) : place.after());
      if (place.status() == ShellStatus.TESTED) {
        // Here the operators are logic, and the whole is what is asked for.
        command(commands.get(i), here);
        continue;
      }
      if (or < i) {
        or = other(operators, i);
        to = or < operators.size() ? other(operators, or + 1) : or;
      }
      if (or < operators.size()) {
        here =
            here.with(
                ShellStatus.RESCUED, new ShellSpan(commands.get(or).end(), commands.get(to).end()));
      } else if (i < operators.size() && place.status() == ShellStatus.COUNTS && !place.last()) {
        here = here.with(ShellStatus.PASSED_OVER, null);
      }
      command(commands.get(i), here);
    }
  }

  /** The first operator, from one on, that is not {@code &&}. */
  private static int other(List<String> operators, int from) {
    int at = from;
    while (at < operators.size() && operators.get(at).equals("&&")) {
      at++;
    }
    return at;
  }

  private void pipeline(Syntax.Pipeline pipeline, Place place) {
    List<Syntax.Command> commands = pipeline.commands();
    boolean tested = pipeline.negated() && place.status() == ShellStatus.COUNTS;
    Place at = tested ? place.with(ShellStatus.TESTED, null) : place;
    for (int i = 0; i < commands.size(); i++) {
      boolean end = i == commands.size() - 1;
      Place here =
          at.between(i == 0 ? place.before() : "|", end ? place.after() : "|")
              .last(end || pipefail);
      if (!end && !pipefail) {
        here = here.with(ShellStatus.PIPED, null);
      }
      Syntax.Command command = commands.get(i);
      if (commands.size() == 1) {
        command(command, here);
      } else {
        Place there = here;
        apart(() -> command(command, there));
      }
    }
  }

  private void simple(Syntax.Simple simple, Place place) {
    int at = calls.size();
    List<ShellWord> assignments = new ArrayList<>();
    int end = simple.start();
    boolean bare = simple.words().isEmpty();
    for (Syntax.Assignment assignment : simple.assignments()) {
      assignments.add(word(assignment.start(), assignment.end(), null));
      end = assignment.end();
      word(assignment.value(), place, bare);
    }
    List<ShellWord> words = new ArrayList<>();
    for (Syntax.Word word : simple.words()) {
      words.add(word(word.start(), word.end(), Words.constant(word)));
      end = Math.max(end, word.end());
      word(word, place, false);
    }
    List<ShellRedirect> redirects = new ArrayList<>();
    redirects(simple.redirects(), redirects);
    for (Syntax.Redirect redirect : simple.redirects()) {
      Syntax.Document document = redirect.document();
      if (document == null) {
        word(redirect.target(), place, false);
      } else if (!document.quoted()) {
        pieces(document.pieces(), place, false);
      }
    }
    redirects(place.redirects(), redirects);
    calls.add(
        at,
        new ShellCall(
            simple.start(),
            Math.max(end, simple.start()),
            simple.end(),
            assignments,
            words,
            redirects,
            place.before(),
            place.after(),
            place.status(),
            place.instead(),
            place.function(),
            place.substituted(),
            place.repeated()));
    options(words);
  }

  private void redirects(List<Syntax.Redirect> from, List<ShellRedirect> to) {
    for (Syntax.Redirect redirect : from) {
      Syntax.Word target = redirect.target();
      to.add(
          new ShellRedirect(
              redirect.descriptor(),
              redirect.operator(),
              word(target.start(), target.end(), Words.constant(target))));
    }
  }

  private ShellWord word(int start, int end, @Nullable String value) {
    int to = Math.max(start, end);
    // Most words mean what is written, and need only one text.
    if (value != null && to - start == value.length() && text.startsWith(value, start)) {
      return new ShellWord(start, end, value, value, true);
    }
    String written = text.substring(start, to);
    return new ShellWord(start, end, written, value == null ? written : value, value != null);
  }

  private void word(Syntax.@Nullable Word word, Place place, boolean counts) {
    if (word != null) {
      pieces(word.pieces(), place, counts);
    }
  }

  private void pieces(List<Syntax.Piece> pieces, Place place, boolean counts) {
    for (Syntax.Piece piece : pieces) {
      if (piece instanceof Syntax.CommandSubstitution substitution) {
        Place inside =
            counts
                ? place.inSubstitution(place.status(), place.instead())
                : place.inSubstitution(ShellStatus.SUBSTITUTED, null);
        // Bash turns -e off in there.
        apart(() -> {
          errexit = false;
          sequence(substitution.body(), inside);
        });
      } else if (piece instanceof Syntax.ProcessSubstitution substitution) {
        apart(() ->
            sequence(substitution.body(), place.inSubstitution(ShellStatus.SUBSTITUTED, null)));
      } else if (piece instanceof Syntax.DoubleQuoted quoted) {
        pieces(quoted.pieces(), place, counts);
      } else if (piece instanceof Syntax.ArrayValue array) {
        for (Syntax.Word element : array.elements()) {
          word(element, place, false);
        }
      } else if (piece instanceof Syntax.Parameter parameter) {
        word(parameter.argument(), place, false);
      }
    }
  }

  private void options(List<ShellWord> words) {
    if (words.isEmpty() || !words.getFirst().value().equals("set")) {
      return;
    }
    for (int i = 1; i < words.size(); i++) {
      String word = words.get(i).value();
      if (word.length() < 2 || (word.charAt(0) != '-' && word.charAt(0) != '+')) {
        return;
      }
      boolean on = word.charAt(0) == '-';
      if (word.indexOf('e') > 0) {
        errexit = on;
      }
      if (word.indexOf('o') > 0 && i + 1 < words.size()) {
        i++;
        String option = words.get(i).value();
        if (option.equals("errexit")) {
          errexit = on;
        } else if (option.equals("pipefail")) {
          pipefail = on;
        }
      }
    }
  }
}
