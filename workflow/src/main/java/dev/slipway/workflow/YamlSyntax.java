package dev.slipway.workflow;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/** Says in plain words what a YAML parser found wrong, and what was probably meant. */
final class YamlSyntax {
  /** For conditions such as {@code if: !cancelled()}. */
  static final String TAG_HINT =
      "a value that begins with ! is a tag in YAML; quote it, or write it in ${{ }}";

  private YamlSyntax() {}

  static void report(MarkedYamlEngineException error, String text, Problems problems) {
    String problem = String.valueOf(error.getProblem());
    String context = String.valueOf(error.getContext());
    Position at = at(error.getProblemMark(), at(error.getContextMark(), Position.START));
    String line = line(text, at.line());
    if (context.contains("quoted scalar") && problem.contains("unexpected end of stream")) {
      Position start = at(error.getContextMark(), at);
      problems.error(
          start, "Invalid YAML: the quoted text that begins here never ends", "close the quote");
    } else if (problem.contains("TAB") || problem.contains("'\\t'")) {
      problems.error(
          at, "Invalid YAML: a tab is used for indentation", "YAML is indented with spaces");
    } else if (problem.contains("mapping values are not allowed")) {
      problems.error(
          at,
          "Invalid YAML: ':' starts a value where none is allowed in '" + shown(line) + "'",
          "quote a text that has ': ' in it, or check the indentation of this line");
    } else if (problem.contains("could not find expected ':'")) {
      Position key = at(error.getContextMark(), at);
      problems.error(
          key,
          "Invalid YAML: '" + shown(line(text, key.line())) + "' is no key with a value",
          "add ':' after the key, or check the indentation");
    } else if (problem.contains("expected <block end>")) {
      problems.error(
          at,
          "Invalid YAML: '" + shown(line) + "' does not fit the block around it",
          "check its indentation: members of one mapping or list begin in the same column");
    } else if (problem.contains("expected ',' or")) {
      problems.error(
          at(error.getContextMark(), at),
          "Invalid YAML: the "
              + (problem.contains("']'") ? "list '['" : "mapping '{'")
              + " that begins here is never closed",
          problem.contains("']'") ? "add ']' or a missing ','" : "add '}' or a missing ','");
    } else if (problem.contains("cannot start any token")) {
      problems.error(
          at,
          "Invalid YAML: a value cannot begin as in '" + shown(line) + "'",
          "quote a value that begins with @, ` or %");
    } else {
      problems.error(at, "Invalid YAML: " + sentence(problem, context), hint(problem, context));
    }
  }

  private static String sentence(String problem, String context) {
    return context.equals("null") ? problem : problem + " " + context;
  }

  private static @Nullable String hint(String problem, String context) {
    if (context.contains("scanning a tag")) {
      return TAG_HINT;
    }
    if (problem.contains("expected alphabetic or numeric character")) {
      return "quote a value that begins with * or &";
    }
    if (problem.contains("document start")) {
      return "check the indentation of this line";
    }
    if (problem.contains("escape character")) {
      return "in double quotes write \\\\ for a backslash, or use single quotes";
    }
    return null;
  }

  private static Position at(Optional<Mark> mark, Position otherwise) {
    return mark.isPresent()
        ? new Position(mark.get().getLine() + 1, mark.get().getColumn() + 1)
        : otherwise;
  }

  private static String line(String text, int number) {
    return text.lines().skip(number - 1L).findFirst().orElse("");
  }

  private static String shown(String line) {
    String stripped = line.strip();
    return stripped.length() <= 60 ? stripped : stripped.substring(0, 57) + "...";
  }
}
