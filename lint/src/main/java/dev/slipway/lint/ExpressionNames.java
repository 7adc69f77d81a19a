package dev.slipway.lint;

import dev.slipway.workflow.YamlNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The names that expressions at a cursor may use, and their types. */
final class ExpressionNames {
  /** Functions that are there in every expression. */
  static final List<String> FUNCTIONS =
      List.of("contains", "startsWith", "endsWith", "format", "join", "toJSON", "fromJSON", "case");

  private final Cursor cursor;
  private final LintFile file;
  private final ContextTypes types;

  ExpressionNames(Cursor cursor) {
    this.cursor = cursor;
    this.file = cursor.file();
    this.types = new ContextTypes(file);
  }

  /** The type of what a way from a context leads to; null when there surely is nothing. */
  @Nullable ValueType type(List<String> path) {
    ValueType type = types.context(path.getFirst(), cursor.job());
    for (int i = 1; i < path.size() && type != null; i++) {
      type = path.get(i).equals("*") ? type.each() : type.member(path.get(i));
    }
    return type;
  }

  /** The names of the members of what a way leads to, as far as they are known. */
  Collection<String> members(List<String> path) {
    String context = path.getFirst();
    if (path.size() == 1) {
      switch (context) {
        case "env" -> {
          return variables();
        }
        case "secrets", "vars" -> {
          return used(context);
        }
        case "steps" -> {
          return stepsBefore();
        }
        default -> {}
      }
    }
    ValueType type = type(path);
    return type == null ? List.of() : type.names();
  }

  private Set<String> variables() {
    Set<String> names = new TreeSet<>();
    StepNode step = cursor.step();
    JobNode job = cursor.job();
    add(Trees.get(file.root(), "env"), names);
    add(job == null ? null : Trees.get(job.body(), "env"), names);
    add(step == null ? null : Trees.get(step.body(), "env"), names);
    return names;
  }

  private static void add(@Nullable YamlNode env, Set<String> names) {
    for (YamlNode.Member member : Trees.members(env)) {
      names.add(member.key().text());
    }
  }

  /** Names that only the repository's settings know are those that the file uses elsewhere. */
  private Set<String> used(String context) {
    Set<String> names = new TreeSet<>();
    if (context.equals("secrets")) {
      names.add("GITHUB_TOKEN");
      add(Trees.get(file.filters("workflow_call"), "secrets"), names);
    }
    for (ExpressionUse use : file.expressions()) {
      int at = use.scalar().start();
      for (List<String> path : use.paths()) {
        if (path.size() > 1 && path.getFirst().equals(context) && at != cursor.offset()) {
          names.add(path.get(1));
        }
      }
    }
    return names;
  }

  private List<String> stepsBefore() {
    JobNode job = cursor.job();
    StepNode own = cursor.step();
    List<String> names = new ArrayList<>();
    for (StepNode step : job == null ? file.steps() : job.steps()) {
      if (own != null && cursor.stepDepth() >= 0 && step.index() >= own.index()) {
        break;
      }
      String id = step.text("id");
      if (!id.isEmpty() && (job != null || step.job() == null)) {
        names.add(id);
      }
    }
    return names;
  }

  /** A type in a word; empty when it may be anything. */
  static String word(@Nullable ValueType type) {
    return type == null || type.sort() == ValueType.Sort.ANY
        ? ""
        : type.sort().name().toLowerCase(Locale.ROOT);
  }
}
