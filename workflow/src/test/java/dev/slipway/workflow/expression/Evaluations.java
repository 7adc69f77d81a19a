package dev.slipway.workflow.expression;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Evaluates expressions against contexts given as JSON, and shows values as JSON. */
final class Evaluations implements Scope {
  static final Vocabulary ALL =
      Vocabulary.of(
          Set.of("github", "matrix", "needs", "env", "steps"),
          EnumSet.allOf(Vocabulary.Function.class));

  static final String CONTEXTS =
      """
      {
        "github": {
          "ref": "refs/heads/main", "Actor": "Octo", "run-id": 7, "empty": "", "nothing": null,
          "event": {
            "commits": [
              {"id": "a1", "files": [{"name": "x"}, {"name": "y"}], "author": {"name": "Ann"}},
              {"id": "b2", "files": [{"name": "z"}], "author": {"name": "Bob"}},
              {"files": []},
              "text"
            ],
            "labels": {"first": {"name": "bug"}, "second": {"name": "ui"}, "third": null}
          }
        },
        "matrix": {"os": "linux", "node": 18, "list": [1, "two", true, null, [10, 20]], "nest": {"a": {"b": 5}}},
        "needs": {"build": {"result": "success", "outputs": {"tag": "v1"}}},
        "env": {"A": "1"}
      }
      """;

  private final Value contexts;
  private final boolean ok;
  int hashes;

  Evaluations(String json, boolean ok) {
    this.contexts = Json.parse(json);
    this.ok = ok;
  }

  static Value evaluate(String expression) {
    return Expression.compile(expression, ALL).evaluate(new Evaluations(CONTEXTS, true));
  }

  static String show(Value value) {
    if (value.kind() == Value.Kind.NUMBER) {
      return value.toText();
    }
    return Json.writeCompact(value);
  }

  @Override
  public @Nullable Value context(String name) {
    return contexts instanceof ObjectValue object ? object.get(name) : null;
  }

  @Override
  public boolean success(List<String> jobs) {
    return jobs.isEmpty() ? ok : jobs.contains("build");
  }

  @Override
  public boolean failure(List<String> jobs) {
    return jobs.isEmpty() ? !ok : jobs.contains("test");
  }

  @Override
  public boolean cancelled() {
    return false;
  }

  @Override
  public String hashFiles(List<String> patterns) {
    hashes++;
    return String.join("|", patterns);
  }

  /** A scope that has nothing. */
  static Scope nothing() {
    return new Evaluations("{}", true);
  }

  static Scope of(Map<String, Value> contexts) {
    return contexts::get;
  }
}
