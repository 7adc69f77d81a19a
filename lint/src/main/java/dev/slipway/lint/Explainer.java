package dev.slipway.lint;

import dev.slipway.lint.Assist.Explanation;
import dev.slipway.workflow.Schema;
import dev.slipway.workflow.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Says what stands at a cursor. */
final class Explainer {
  private static final Set<String> NAMED_BY_FILE = Set.of("needs", "steps", "matrix", "inputs");

  private final Cursor cursor;
  private final CursorPlace place;

  Explainer(Cursor cursor) {
    this.cursor = cursor;
    this.place = cursor.place();
  }

  @Nullable Explanation explain() {
    ExpressionCursor expression = cursor.expression();
    if (expression != null) {
      return expression(expression);
    }
    if (place.block()) {
      return null;
    }
    CursorPlace.Opening key = CursorPlace.keyAt(cursor.line(), place.line(), cursor.column());
    if (key != null) {
      return key(key);
    }
    return value();
  }

  private @Nullable Explanation expression(ExpressionCursor at) {
    if (at.word().isEmpty()) {
      return null;
    }
    if (at.call()) {
      String doc = Terms.of(at.word() + "()");
      return doc.isEmpty() ? null : new Explanation(at.start(), at.end(), doc);
    }
    List<String> path = at.path();
    String doc = Terms.ofPath(path);
    ExpressionNames names = new ExpressionNames(cursor);
    ValueType type = names.type(path);
    if (type == null || (doc.isEmpty() && !cursorKnows(path))) {
      return null;
    }
    String word = ExpressionNames.word(type);
    StringBuilder text = new StringBuilder("`" + String.join(".", path) + "`");
    text.append(word.isEmpty() ? "" : ": " + word);
    ActionText.paragraph(text, doc);
    ActionText.paragraph(text, own(path));
    List<String> members = new ArrayList<>(names.members(path));
    boolean few = path.size() > 1 && members.size() <= 20;
    if (!members.isEmpty() && (few || NAMED_BY_FILE.contains(path.getFirst()))) {
      ActionText.paragraph(text, "Has `" + String.join("`, `", members) + "`");
    }
    return new Explanation(at.start(), at.end(), text.toString());
  }

  private static boolean cursorKnows(List<String> path) {
    return List.of("github", "matrix", "inputs", "needs", "steps", "jobs", "env", "secrets", "vars")
        .contains(path.getFirst());
  }

  /** What the file itself says of the way. */
  private String own(List<String> path) {
    if (path.size() < 2) {
      return "";
    }
    String name = path.get(1);
    LintFile file = cursor.file();
    return switch (path.getFirst()) {
      case "needs", "jobs" -> {
        JobNode job = file.job(name);
        YamlNode output =
            job == null || path.size() != 4
                ? null
                : Trees.get(Trees.get(job.body(), "outputs"), path.get(3));
        String value =
            output == null || output.scalar() == null ? "" : "= `" + output.scalar().text() + "`";
        yield job == null || path.size() > 2 ? value : job.text("name");
      }
      case "steps" -> {
        StepNode step = file.step(cursor.job(), name);
        yield step == null
            ? ""
            : path.size() == 4 ? ActionText.output(file, step, path.get(3)) : step.label();
      }
      case "inputs" -> {
        YamlNode input = Definer.input(file, name);
        String fallback = Trees.text(input, "default");
        yield Trees.text(input, "description")
            + (fallback.isEmpty() ? "" : "\n\nDefault: `" + fallback + "`");
      }
      default -> "";
    };
  }

  private @Nullable Explanation key(CursorPlace.Opening opening) {
    int start = cursor.offset(opening.column());
    int end = start + opening.key().length();
    Cursor at = cursor.moved(opening.column());
    String text = text(at, opening.key());
    return text == null ? null : new Explanation(start, end, text);
  }

  private @Nullable String text(Cursor at, String name) {
    List<String> keys = at.place().keys();
    LintFile file = cursor.file();
    if (keys.equals(List.of("jobs"))) {
      return job(name);
    }
    if (!keys.isEmpty() && keys.getLast().equals("with")) {
      StepNode step = at.step();
      UsedAction action = step == null ? null : UsedAction.of(file, step);
      ActionFacts.Input input = action == null ? null : action.facts().input(name);
      if (step == null || action == null || input == null) {
        return step == null ? called(at, name) : null;
      }
      StringBuilder text = new StringBuilder("`" + input.name() + "`, input of " + action.name());
      ActionText.paragraph(text, ActionText.input(file, step, input));
      return text.toString();
    }
    for (Schema.Definition mapping : at.mappings()) {
      Schema.Key key = mapping.key(name);
      if (key != null) {
        String doc = key.doc();
        if (doc.isEmpty()) {
          doc = Terms.of((mapping.name().equals("on") ? "event." : "filter.") + name);
        }
        StringBuilder text = new StringBuilder("`" + name + "`");
        String type = key.type().description();
        text.append(type.equals("any value") ? "" : ": " + type);
        text.append(key.required() ? " (required)" : "");
        ActionText.paragraph(text, doc);
        return text.toString();
      }
    }
    return null;
  }

  private @Nullable String called(Cursor at, String name) {
    JobNode job = at.job();
    LintFile called = job == null ? null : new ContextTypes(cursor.file()).called(job);
    YamlNode input =
        called == null
            ? null
            : Trees.get(Trees.get(called.filters("workflow_call"), "inputs"), name);
    if (called == null || input == null) {
      return null;
    }
    StringBuilder text = new StringBuilder("`" + name + "`, input of " + called.path());
    ActionText.paragraph(text, Trees.text(input, "description"));
    String fallback = Trees.text(input, "default");
    ActionText.paragraph(text, fallback.isEmpty() ? "" : "Default: `" + fallback + "`");
    boolean required = Trees.is(Trees.scalar(input, "required"), true);
    ActionText.paragraph(text, required ? "Must be given." : "");
    return text.toString();
  }

  /** A job: what it needs, what needs it, what it gives. */
  private @Nullable String job(String id) {
    JobNode job = cursor.file().job(id);
    if (job == null) {
      return null;
    }
    StringBuilder text = new StringBuilder("**").append(job.id()).append("**");
    ActionText.paragraph(text, job.text("name"));
    List<String> needs = job.needs();
    ActionText.paragraph(text, needs.isEmpty() ? "" : "Needs `" + String.join("`, `", needs) + "`");
    List<String> after = new ArrayList<>();
    for (JobNode other : cursor.file().jobs()) {
      if (other.needs(id)) {
        after.add(other.id());
      }
    }
    ActionText.paragraph(
        text, after.isEmpty() ? "" : "Needed by `" + String.join("`, `", after) + "`");
    List<String> outputs = new ArrayList<>();
    for (YamlNode.Member output : Trees.members(Trees.get(job.body(), "outputs"))) {
      outputs.add(output.key().text());
    }
    ActionText.paragraph(
        text, outputs.isEmpty() ? "" : "Outputs: `" + String.join("`, `", outputs) + "`");
    return text.toString();
  }

  private @Nullable Explanation value() {
    Word word = Word.at(cursor);
    if (word.text().isEmpty() || place.way().isEmpty()) {
      return null;
    }
    String text = value(word);
    return text == null || text.isEmpty() ? null : new Explanation(word.start(), word.end(), text);
  }

  private @Nullable String value(Word word) {
    String key = place.key();
    boolean inStep = cursor.stepDepth() >= 0;
    List<String> keys = place.keys();
    if (keys.getFirst().equals("on") && keys.size() <= 2 && !key.equals("types")) {
      return Terms.of("event." + word.text().toLowerCase(Locale.ROOT));
    }
    switch (key) {
      case "cron" -> {
        String cron = place.way().isEmpty() ? "" : place.written(place.way().getLast());
        String words = CronWords.of(cron);
        Cursor at = cursor;
        String zone = zone(at);
        return words == null ? null : words + " (" + (zone.isEmpty() ? "UTC" : zone) + ")";
      }
      case "needs" -> {
        return inStep ? null : job(word.text());
      }
      case "shell" -> {
        return Terms.of("shell." + word.text());
      }
      case "uses" -> {
        StepNode step = cursor.step();
        return step == null ? null : ActionText.of(cursor.file(), step);
      }
      default -> {
        return keys.contains("permissions") ? Terms.of("access." + word.text()) : null;
      }
    }
  }

  private static String zone(Cursor cursor) {
    CursorPlace place = cursor.place();
    CursorPlace.Opening zone = place.siblings(place.way().size() - 1).get("timezone");
    return zone == null ? "" : place.written(zone);
  }
}
