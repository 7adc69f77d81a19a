package dev.slipway.cli;

import dev.slipway.workflow.expression.ExpressionException;
import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code slipway eval}. */
final class EvalCommand implements Command {
  private static final List<String> USUAL =
      List.of(
          "github",
          "env",
          "vars",
          "job",
          "jobs",
          "steps",
          "runner",
          "secrets",
          "strategy",
          "matrix",
          "needs",
          "inputs");

  @Override
  public Usage usage() {
    return Usage.of("eval", "Evaluate expressions as GitHub does")
        .details(
            """
            Prints the value of each expression: text as it is, the rest as JSON. Without EXPR it reads expressions from standard input, one a \
            line. An expression is written without `${{ }}`; with `--template`, or when it begins with `${{`, it is text with expressions in it. \
            The usual contexts exist and are empty but for `env`, which is the environment; `--context` fills them. `hashFiles` looks into the \
            working directory.

            With `--json` and without EXPR, standard input is one JSON object a line, `{"expr": "…", "contexts": {…}, "status": "success"}` \
            (or `"template"` instead of `"expr"`), and the answer to each is one line: `{"kind": "String|Number|Boolean|Null|Array|Object", "value": …}` or \
            `{"err": {"kind": "lexing|parsing|evaluation", "message": "…", "position": 7}}`. There only the contexts of the line exist, and the status \
            functions only when it has a status. A line that is no JSON gets an `err` too, and the stream goes on.

            Exit code: 0 all expressions have a value (always with lines of JSON), 1 one has none, 2 the command was not understood.\
            """)
        .operands("EXPR", "The expression")
        .option(
            Option.value(
                    "context",
                    "FILE",
                    "A JSON object with contexts, such as {\"github\": {\"ref\":"
                        + " \"refs/heads/main\"}}")
                .file())
        .option(
            Option.value("status", "STATUS", "What the status functions see; success when left out")
                .choices("success", "failure", "cancelled"))
        .option(Option.flag("template", "Take EXPR as text with ${{ }} in it"))
        .example("slipway eval \"format('{0}-{1}', 'a', 1)\"", "A function")
        .example(
            "slipway eval \"contains(github.ref, 'main')\" --context event.json",
            "With contexts from a file")
        .example("slipway eval \"hashFiles('**/*.lock')\" -C app", "Over files")
        .example("slipway eval --json < expressions.ndjson", "Many, for a program");
  }

  @Override
  public int run(Arguments arguments, Surroundings surroundings) throws IOException {
    boolean json = arguments.has("json");
    if (json && arguments.operands().isEmpty()) {
      lines(surroundings);
      return Exit.SUCCESS;
    }
    Evaluation evaluation =
        new Evaluation(
            contexts(arguments, surroundings),
            arguments.value("status", "success"),
            surroundings.directory());
    boolean template = arguments.has("template");
    if (!arguments.operands().isEmpty()) {
      boolean good = true;
      for (String text : arguments.operands()) {
        good &= answer(evaluation, text, template, json, surroundings);
      }
      return good ? Exit.SUCCESS : Exit.FAILED;
    }
    return interactive(evaluation, template, surroundings);
  }

  private static int interactive(Evaluation evaluation, boolean template, Surroundings surroundings)
      throws IOException {
    boolean prompts = surroundings.inTerminal() && surroundings.errTerminal();
    InputLines lines = new InputLines(surroundings.in(), surroundings.out());
    boolean good = true;
    while (true) {
      if (prompts) {
        surroundings.err().print(surroundings.errorColors().cyan("> ")).flush();
      }
      String line = lines.next();
      if (line == null) {
        return good || prompts ? Exit.SUCCESS : Exit.FAILED;
      }
      if (!line.isBlank()) {
        good &= answer(evaluation, line, template, false, surroundings);
      }
    }
  }

  private static boolean answer(
      Evaluation evaluation,
      String text,
      boolean template,
      boolean json,
      Surroundings surroundings) {
    boolean whole = template || text.strip().startsWith("${{");
    try {
      Value value = whole ? evaluation.template(text) : evaluation.expression(text);
      surroundings.out().line(json ? result(value) : shown(value));
      return true;
    } catch (ExpressionException e) {
      if (json) {
        surroundings.out().line(error(e));
      } else {
        surroundings.out().flush();
        surroundings
            .err()
            .line(
                surroundings.errorColors().red(e.kind().text() + " error:") + " " + e.getMessage())
            .flush();
      }
      return false;
    }
  }

  private static String shown(Value value) {
    boolean text = value.kind() == Value.Kind.STRING || value.kind() == Value.Kind.NUMBER;
    return text ? value.toText() : dev.slipway.workflow.expression.Json.write(value);
  }

  private static void lines(Surroundings surroundings) throws IOException {
    InputLines lines = new InputLines(surroundings.in(), surroundings.out());
    for (String line = lines.next(); line != null; line = lines.next()) {
      if (!line.isBlank()) {
        surroundings.out().line(reply(line, surroundings.directory()));
      }
    }
  }

  private static String reply(String line, Path directory) {
    Value request;
    try {
      request = dev.slipway.workflow.expression.Json.parse(line);
    } catch (ExpressionException e) {
      return error("parsing", "the line is no JSON: " + e.getMessage(), 0);
    }
    if (!(request instanceof ObjectValue object)) {
      return error("parsing", "the line is no JSON object", 0);
    }
    Value expression = object.get("expr");
    Value template = object.get("template");
    Value text = expression == null ? template : expression;
    if (text == null
        || text.kind() != Value.Kind.STRING
        || (expression != null && template != null)) {
      return error("parsing", "the line needs one text, \"expr\" or \"template\"", 0);
    }
    Value contexts = object.get("contexts");
    Value status = object.get("status");
    if (contexts != null && !(contexts instanceof ObjectValue)) {
      return error("parsing", "\"contexts\" is no JSON object", 0);
    }
    if (status != null && !List.of("success", "failure", "cancelled").contains(status.toText())) {
      return error("parsing", "\"status\" is one of success, failure, cancelled", 0);
    }
    Map<String, Value> named = new LinkedHashMap<>();
    if (contexts instanceof ObjectValue given) {
      given.forEach((name, value) -> named.put(name.toLowerCase(Locale.ROOT), value));
    }
    Evaluation evaluation =
        new Evaluation(named, status == null ? null : status.toText(), directory);
    try {
      return result(
          expression == null
              ? evaluation.template(text.toText())
              : evaluation.expression(text.toText()));
    } catch (ExpressionException e) {
      return error(e);
    }
  }

  private static String result(Value value) {
    Json json = new Json().object().member("kind", kind(value)).name("value");
    ValueJson.write(json, value);
    return json.end().text();
  }

  private static String kind(Value value) {
    String name = value.kind().name();
    return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
  }

  private static String error(ExpressionException e) {
    return error(e.kind().text(), String.valueOf(e.getMessage()), e.position());
  }

  private static String error(String kind, String message, int position) {
    Json json = new Json().object().object("err").member("kind", kind).member("message", message);
    return json.member("position", position > 0 ? position : null).end().end().text();
  }

  private static Map<String, Value> contexts(Arguments arguments, Surroundings surroundings)
      throws IOException {
    Map<String, Value> contexts = new LinkedHashMap<>();
    for (String name : USUAL) {
      contexts.put(name, Value.object(Map.of()));
    }
    Map<String, Value> environment = new LinkedHashMap<>();
    surroundings.environment().forEach((name, value) -> environment.put(name, Value.of(value)));
    contexts.put("env", Value.caseSensitiveObject(environment));
    @Nullable String file = arguments.value("context");
    if (file != null) {
      Path path = surroundings.path(file);
      if (!Files.isReadable(path) || Files.isDirectory(path)) {
        throw CommandException.usage("--context: '" + file + "' cannot be read", null);
      }
      Value given;
      try {
        given = dev.slipway.workflow.expression.Json.parse(Files.readString(path));
      } catch (ExpressionException e) {
        throw CommandException.usage(
            "--context: '" + file + "' is no JSON: " + e.getMessage(), null);
      }
      if (!(given instanceof ObjectValue object)) {
        throw CommandException.usage("--context: '" + file + "' holds no JSON object", null);
      }
      object.forEach((name, value) -> contexts.put(name.toLowerCase(Locale.ROOT), value));
    }
    return contexts;
  }
}
