package dev.slipway.lint;

import dev.slipway.workflow.Schema;
import dev.slipway.workflow.expression.Vocabulary;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A place in a file that somebody asks about, and what the file and the schema say there. */
final class Cursor {
  private final LintFile file;
  private final String text;
  private final List<String> lines;
  private final int[] starts;
  private final int line;
  private final int column;
  private final CursorPlace place;

  private Schema.@Nullable Type type;
  private Schema.@Nullable Key schemaKey;
  private List<Schema.Definition> mappings = List.of();
  private @Nullable Vocabulary vocabulary;

  Cursor(LintFile file, String text, List<String> lines, int[] starts, int line, int column) {
    this.file = file;
    this.text = text;
    this.lines = lines;
    this.starts = starts;
    this.line = line;
    this.column = column;
    this.place = CursorPlace.of(lines, line, column);
    resolve();
  }

  /** The same file with the cursor elsewhere on the line. */
  Cursor moved(int toColumn) {
    return new Cursor(file, text, lines, starts, line, toColumn);
  }

  LintFile file() {
    return file;
  }

  CursorPlace place() {
    return place;
  }

  String line() {
    return lines.get(line);
  }

  int column() {
    return column;
  }

  int offset() {
    return starts[line] + column;
  }

  /** The index of a column of the cursor's line. */
  int offset(int ofColumn) {
    return starts[line] + ofColumn;
  }

  /** The index of an opening. */
  int offset(CursorPlace.Opening opening) {
    return starts[opening.line()] + opening.column();
  }

  private void resolve() {
    boolean action = file.kind() == FileKind.ACTION;
    Schema schema = action ? Schema.action() : Schema.workflow();
    mappings = List.of(schema.root());
    List<CursorPlace.Opening> way = place.way();
    for (int i = 0; i < way.size(); i++) {
      CursorPlace.Opening opening = way.get(i);
      Schema.Type next;
      if (opening.item()) {
        boolean events = i == 1 && !action && way.getFirst().key().equals("on");
        next = events ? null : type == null ? null : type.item();
        schemaKey = next == null ? null : schemaKey;
        mappings = next == null ? List.of() : next.mappings();
      } else {
        Schema.Key key = key(narrowed(i), opening.key());
        next = key == null ? null : key.type();
        schemaKey = key;
        mappings = next == null ? List.of() : next.mappings();
        if (i == 0 && !action && opening.key().equals("on")) {
          mappings = List.of(schema.definition("on"));
        }
      }
      type = next;
      if (next != null && next.vocabulary() != null) {
        vocabulary = next.vocabulary();
      }
    }
    mappings = narrowed(way.size());
  }

  /** Of several mappings those that have the keys that are there. */
  private List<Schema.Definition> narrowed(int depth) {
    if (mappings.size() < 2) {
      return mappings;
    }
    Map<String, CursorPlace.Opening> siblings = place.siblings(depth);
    List<Schema.Definition> best = new ArrayList<>();
    int most = -1;
    for (Schema.Definition definition : mappings) {
      int count = 0;
      for (String name : siblings.keySet()) {
        count += definition.keys().containsKey(name) ? 1 : 0;
      }
      if (count > most) {
        best.clear();
        most = count;
      }
      if (count == most) {
        best.add(definition);
      }
    }
    return best;
  }

  static Schema.@Nullable Key key(List<Schema.Definition> mappings, String name) {
    Schema.Key found = null;
    for (Schema.Definition mapping : mappings) {
      Schema.Key key = mapping.key(name);
      found = found == null ? (key == null ? mapping.other() : key) : found;
    }
    return found;
  }

  /** The mappings that the cursor may be in as one of its keys. */
  List<Schema.Definition> mappings() {
    return mappings;
  }

  /** The type of the value that the cursor is in; null when it is not known. */
  Schema.@Nullable Type type() {
    return type;
  }

  /** The contexts and functions that expressions here may use; null when none are allowed. */
  @Nullable Vocabulary vocabulary() {
    return vocabulary;
  }

  /** The job that the cursor is in. */
  @Nullable JobNode job() {
    List<CursorPlace.Opening> way = place.way();
    boolean inside = way.size() > 1 && way.getFirst().key().equals("jobs");
    return inside ? file.job(way.get(1).key()) : null;
  }

  /** How deep in the way the mapping of the step lies that the cursor is in; -1 for no step. */
  int stepDepth() {
    List<CursorPlace.Opening> way = place.way();
    for (int i = way.size() - 1; i > 0; i--) {
      String list = way.get(i - 1).key();
      if (way.get(i).item() && (list.equals("steps") || list.equals("parallel"))) {
        return i + 1;
      }
    }
    return -1;
  }

  /** The step that the cursor is in, as far as it can be read. */
  @Nullable StepNode step() {
    int depth = stepDepth();
    if (depth < 0) {
      return null;
    }
    Map<String, CursorPlace.Opening> keys = place.siblings(depth);
    Collection<CursorPlace.Opening> openings = keys.values();
    for (StepNode step : file.steps()) {
      int at = step.body().at().line() - 1;
      for (CursorPlace.Opening opening : openings) {
        if (opening.line() == at) {
          return step;
        }
      }
    }
    return null;
  }

  /** The expression that the cursor is in; null when it is in none. */
  @Nullable ExpressionCursor expression() {
    List<CursorPlace.Opening> way = place.way();
    if (way.isEmpty() || !(place.value() || way.getLast().item())) {
      return null;
    }
    int from = offset(way.getLast()) + way.getLast().key().length() + 1;
    from = way.getLast().column() > line().length() && !place.block() ? starts[line] : from;
    boolean condition = place.key().equals("if");
    return ExpressionCursor.of(text, Math.min(from, offset()), offset(), condition);
  }

  /** The text as it is, though the file may have been read without a line of it. */
  String text() {
    return text;
  }
}
