package dev.slipway.lint;

import dev.slipway.workflow.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an editor asks about a workflow or an action manifest while it is written: what stands under
 * the cursor, what may stand there, where things are defined. Places are indexes into the text.
 * Made anew for every change of the text; for one thread.
 */
public final class Assist {
  private final LintFile file;
  private final List<String> lines;
  private final int[] starts;

  private Assist(LintFile file) {
    this.file = file;
    List<String> found = new ArrayList<>();
    List<Integer> indexes = new ArrayList<>();
    String text = file.text();
    int start = 0;
    for (int i = 0; i <= text.length(); i++) {
      if (i == text.length() || text.charAt(i) == '\n') {
        int end = i > start && text.charAt(i - 1) == '\r' ? i - 1 : i;
        found.add(text.substring(start, end));
        indexes.add(start);
        start = i + 1;
      }
    }
    lines = found;
    starts = new int[indexes.size()];
    for (int i = 0; i < starts.length; i++) {
      starts[i] = indexes.get(i);
    }
  }

  /**
   * What is to be said about a text.
   *
   * @param path relative to the project's root, with {@code /}
   * @param text without a byte order mark
   */
  public static Assist of(String path, String text, ProjectFiles files, ActionData data) {
    return new Assist(LintFile.read(path, text, new Project(files, data)));
  }

  /** What stands at a place, in Markdown. */
  public record Explanation(int start, int end, String markdown) {}

  /**
   * Something that may stand at a place.
   *
   * @param start of what it replaces
   * @param end of what it replaces
   * @param detail what kind of value it is, in a few words; may be empty
   * @param doc what it means; may be empty
   */
  public record Suggestion(
      String label,
      Sort sort,
      int start,
      int end,
      String insert,
      String detail,
      String doc,
      boolean deprecated) {}

  /** Kinds of suggestions. */
  public enum Sort {
    KEY,
    VALUE,
    EVENT,
    CONTEXT,
    PROPERTY,
    FUNCTION,
    REFERENCE,
    ACTION
  }

  /** A job with its steps, or a step; a name and the stretches of the whole and of the name. */
  public record Symbol(
      String name,
      String detail,
      int start,
      int end,
      int nameStart,
      int nameEnd,
      List<Symbol> children) {
    public Symbol {
      children = List.copyOf(children);
    }
  }

  /** A stretch of a file of the project; {@code path} counts from its root. */
  public record Target(String path, int start, int end) {}

  /** What stands at an index. */
  public Optional<Explanation> explain(int offset) {
    return known()
        ? Optional.ofNullable(new Explainer(cursor(offset)).explain())
        : Optional.empty();
  }

  /** What may stand at an index, given what is written before it. */
  public List<Suggestion> complete(int offset) {
    return known() ? new Completer(cursor(offset)).complete() : List.of();
  }

  /** Where what stands at an index is defined. */
  public Optional<Target> definition(int offset) {
    return known() ? Optional.ofNullable(new Definer(cursor(offset)).find()) : Optional.empty();
  }

  /** The jobs with their steps, or the steps of an action. */
  public List<Symbol> symbols() {
    List<Symbol> symbols = new ArrayList<>();
    if (!known()) {
      return symbols;
    }
    for (JobNode job : file.jobs()) {
      List<Symbol> steps = new ArrayList<>();
      for (StepNode step : job.steps()) {
        add(step, steps);
      }
      YamlNode.Scalar key = job.key();
      int end = Math.max(key.end(), end(job.body()));
      String name = job.text("name");
      symbols.add(new Symbol(job.id(), name, key.start(), end, key.start(), key.end(), steps));
    }
    if (file.action()) {
      for (StepNode step : file.steps()) {
        add(step, symbols);
      }
    }
    return symbols;
  }

  private static void add(StepNode step, List<Symbol> symbols) {
    YamlNode.@Nullable Scalar name = null;
    for (String key : List.of("name", "uses", "run", "id")) {
      name = name == null ? step.scalar(key) : name;
    }
    if (name == null || step.body().members().isEmpty()) {
      return;
    }
    int start = step.body().members().getFirst().key().start();
    int end = Math.max(start, end(step.body()));
    String text = name.text().strip();
    int newline = text.indexOf('\n');
    String label = newline < 0 ? text : text.substring(0, newline);
    boolean inside = name.start() >= start && name.end() <= end;
    symbols.add(
        new Symbol(
            label.isEmpty() ? "step " + (step.index() + 1) : label,
            step.text("id"),
            start,
            end,
            inside ? name.start() : start,
            inside ? name.end() : start,
            List.of()));
  }

  private static int end(YamlNode node) {
    YamlNode at = node;
    while (at.scalar() == null) {
      YamlNode.Mapping mapping = at.mapping();
      YamlNode.Sequence sequence = at.sequence();
      if (mapping != null && !mapping.members().isEmpty()) {
        YamlNode.Member last = mapping.members().getLast();
        if (last.value().scalar() != null && last.value().scalar().end() == 0) {
          return last.key().end();
        }
        at = last.value();
      } else if (sequence != null && !sequence.items().isEmpty()) {
        at = sequence.items().getLast();
      } else {
        return 0;
      }
    }
    YamlNode.Scalar scalar = at.scalar();
    return scalar == null ? 0 : scalar.end();
  }

  private boolean known() {
    return file.kind() == FileKind.WORKFLOW || file.kind() == FileKind.ACTION;
  }

  private Cursor cursor(int offset) {
    int at = Math.max(0, Math.min(offset, file.text().length()));
    int found = java.util.Arrays.binarySearch(starts, at);
    int line = found >= 0 ? found : -found - 2;
    int column = Math.min(at - starts[line], lines.get(line).length());
    return new Cursor(readable(line), file.text(), lines, starts, line, column);
  }

  /** The file, or, when it is no YAML, the same without the line that is being written. */
  private LintFile readable(int line) {
    if (file.root() != null) {
      return file;
    }
    String text = file.text();
    int end = starts[line] + lines.get(line).length();
    String blank = " ".repeat(end - starts[line]);
    LintFile without =
        LintFile.read(
            file.path(), text.substring(0, starts[line]) + blank + text.substring(end), project());
    return without.root() != null
        ? without
        : LintFile.read(file.path(), text.substring(0, starts[line]), project());
  }

  private Project project() {
    return file.project();
  }
}
