package dev.slipway.lint;

import dev.slipway.lint.Assist.Sort;
import dev.slipway.lint.Assist.Suggestion;
import dev.slipway.workflow.Events;
import dev.slipway.workflow.Schema;
import dev.slipway.workflow.YamlNode;
import dev.slipway.workflow.expression.Vocabulary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Finds what may stand at a cursor. */
final class Completer {
  private static final List<String> SHELLS =
      List.of("bash", "sh", "pwsh", "python", "powershell", "cmd");

  private final Cursor cursor;
  private final CursorPlace place;
  private final Map<String, Suggestion> found = new LinkedHashMap<>();
  private int start;
  private int end;

  Completer(Cursor cursor) {
    this.cursor = cursor;
    this.place = cursor.place();
  }

  List<Suggestion> complete() {
    ExpressionCursor expression = cursor.expression();
    if (expression != null) {
      start = expression.start();
      end = expression.end();
      expression(expression);
    } else if (!place.block() && !place.before().contains("#")) {
      span();
      boolean item = !place.way().isEmpty() && place.way().getLast().item();
      if (place.value() || item) {
        values();
      }
      if (!place.value()) {
        keys();
      }
    }
    return new ArrayList<>(found.values());
  }

  /** The word around the cursor, without the quote that it may begin with. */
  private void span() {
    String before = place.before();
    boolean quoted = !before.isEmpty() && (before.charAt(0) == '\'' || before.charAt(0) == '"');
    String line = cursor.line();
    int right = cursor.column();
    while (right < line.length() && " :,]}#'\"".indexOf(line.charAt(right)) < 0) {
      right++;
    }
    start = cursor.offset() - before.length() + (quoted ? 1 : 0);
    end = cursor.offset(right);
  }

  private void add(String label, Sort sort, String insert, String detail, String doc) {
    add(label, sort, insert, detail, doc, false);
  }

  private void add(
      String label, Sort sort, String insert, String detail, String doc, boolean deprecated) {
    found.putIfAbsent(
        label, new Suggestion(label, sort, start, end, insert, detail, doc, deprecated));
  }

  private void expression(ExpressionCursor expression) {
    ExpressionNames names = new ExpressionNames(cursor);
    Vocabulary vocabulary = cursor.vocabulary();
    if (!expression.names().isEmpty()) {
      for (String name : new TreeSet<>(names.members(expression.names()))) {
        List<String> path = new ArrayList<>(expression.names());
        path.add(name);
        add(name, Sort.PROPERTY, name, ExpressionNames.word(names.type(path)), Terms.ofPath(path));
      }
      return;
    }
    if (vocabulary == null) {
      return;
    }
    for (String context : new TreeSet<>(vocabulary.contexts())) {
      add(context, Sort.CONTEXT, context, "context", Terms.of(context));
    }
    List<String> functions = new ArrayList<>(ExpressionNames.FUNCTIONS);
    for (Vocabulary.Function function : Vocabulary.Function.values()) {
      if (vocabulary.functions().contains(function)) {
        functions.add(
            function == Vocabulary.Function.HASH_FILES
                ? "hashFiles"
                : function.name().toLowerCase(Locale.ROOT));
      }
    }
    for (String function : functions) {
      boolean bare = expression.call();
      add(
          function + "()",
          Sort.FUNCTION,
          bare ? function : function + "()",
          "function",
          Terms.of(function + "()"));
    }
  }

  private void keys() {
    Set<String> present = place.siblings(place.way().size()).keySet();
    String line = cursor.line();
    int right = end - cursor.offset(0);
    boolean colon = right < line.length() && line.charAt(right) == ':';
    for (Schema.Definition mapping : cursor.mappings()) {
      for (Schema.Key key : mapping.keys().values()) {
        if (present.contains(key.name())) {
          continue;
        }
        boolean nested = key.type().description().equals("a mapping");
        String doc = key.doc().isEmpty() ? term(mapping, key.name()) : key.doc();
        add(
            key.name(),
            mapping.name().equals("on") ? Sort.EVENT : Sort.KEY,
            colon ? key.name() : key.name() + (nested ? ":" : ": "),
            (key.required() ? "required, " : "") + key.type().description(),
            doc);
      }
    }
    if (place.key().equals("with")) {
      inputs(present, colon);
    } else if (place.key().equals("secrets")) {
      called("secrets", present, colon);
    }
  }

  private static String term(Schema.Definition mapping, String key) {
    return Terms.of((mapping.name().equals("on") ? "event." : "filter.") + key);
  }

  private void inputs(Set<String> present, boolean colon) {
    StepNode step = cursor.step();
    if (step == null) {
      called("inputs", present, colon);
      return;
    }
    UsedAction action = UsedAction.of(cursor.file(), step);
    if (action == null) {
      return;
    }
    for (ActionFacts.Input input : action.facts().inputs()) {
      if (!present.contains(input.name().toLowerCase(Locale.ROOT))) {
        add(
            input.name(),
            Sort.KEY,
            colon ? input.name() : input.name() + ": ",
            input.required() ? "required input" : "input",
            ActionText.input(cursor.file(), step, input),
            input.deprecated());
      }
    }
  }

  /** What the workflow takes that the cursor's job calls. */
  private void called(String what, Set<String> present, boolean colon) {
    JobNode job = cursor.job();
    LintFile called = job == null ? null : new ContextTypes(cursor.file()).called(job);
    YamlNode declared = called == null ? null : Trees.get(called.filters("workflow_call"), what);
    for (YamlNode.Member member : Trees.members(declared)) {
      String name = member.key().text();
      if (!present.contains(name.toLowerCase(Locale.ROOT))) {
        boolean required = Trees.is(Trees.scalar(member.value(), "required"), true);
        String type = Trees.text(member.value(), "type");
        add(
            name,
            Sort.KEY,
            colon ? name : name + ": ",
            (required ? "required " : "") + (type.isEmpty() ? "" : type),
            Trees.text(member.value(), "description"));
      }
    }
  }

  private void values() {
    Schema.Type type = cursor.type();
    String key = place.key();
    boolean inJob = place.way().size() > 1 && place.way().getFirst().key().equals("jobs");
    boolean inStep = cursor.stepDepth() >= 0;
    if (place.way().getFirst().key().equals("on") && place.way().size() <= 2) {
      for (Events.Event event : Events.all()) {
        add(event.name(), Sort.EVENT, event.name(), "event", Terms.of("event." + event.name()));
      }
      return;
    }
    if (type != null) {
      for (String constant : type.constants()) {
        add(constant, Sort.VALUE, constant, "", Terms.of("access." + constant));
      }
      if (type.description().contains("true or false")) {
        add("true", Sort.VALUE, "true", "", "");
        add("false", Sort.VALUE, "false", "", "");
      }
    }
    switch (key) {
      case "needs" -> needs(inJob && !inStep);
      case "runs-on", "labels" -> {
        for (String label : inJob && !inStep ? NameTable.read("labels.txt") : Set.<String>of()) {
          add(label, Sort.VALUE, label, "machine", "");
        }
      }
      case "shell" -> {
        for (String shell : SHELLS) {
          add(shell, Sort.VALUE, shell, "shell", Terms.of("shell." + shell));
        }
      }
      case "wait", "cancel" -> steps(inStep);
      case "uses" -> actions(inStep);
      default -> {}
    }
  }

  private void needs(boolean here) {
    JobNode own = cursor.job();
    for (JobNode job : here ? cursor.file().jobs() : List.<JobNode>of()) {
      boolean itself = own != null && job.id().equalsIgnoreCase(own.id());
      if (!itself && !(own != null && (own.needs(job.id()) || job.needs(own.id())))) {
        add(job.id(), Sort.REFERENCE, job.id(), "job", job.text("name"));
      }
    }
  }

  private void steps(boolean here) {
    JobNode job = cursor.job();
    for (StepNode step : here && job != null ? job.steps() : List.<StepNode>of()) {
      String id = step.text("id");
      if (!id.isEmpty()) {
        add(id, Sort.REFERENCE, id, "step", step.text("name"));
      }
    }
  }

  private void actions(boolean here) {
    if (!here) {
      return;
    }
    ActionData data = cursor.file().project().data();
    int at = place.before().indexOf('@');
    if (at < 0) {
      for (String slug : data.slugs()) {
        String newest = Versions.newest(data.refs(slug));
        String name = newest == null ? slug : slug + "@" + newest;
        add(name, Sort.ACTION, name, "action", "");
      }
      return;
    }
    String slug = place.before().substring(start - (cursor.offset() - place.before().length()), at);
    for (String ref : Versions.sorted(data.refs(slug))) {
      String name = slug + "@" + ref;
      add(name, Sort.ACTION, name, "version", "");
    }
  }
}
