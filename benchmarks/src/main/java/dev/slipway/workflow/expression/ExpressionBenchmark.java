package dev.slipway.workflow.expression;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** Expressions and templates such as workflows have, compiled and evaluated. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ExpressionBenchmark {
  private static final Vocabulary VOCABULARY =
      Vocabulary.of(Set.of("github", "matrix", "needs"), Set.of(Vocabulary.Function.values()));

  private final String comparison = "github.ref == 'refs/heads/main' && github.actor != 'robot'";
  private final String functions =
      "contains(github.event.commits.*.message, 'fix') || startsWith(github.ref, 'refs/tags/')";
  private final String json = "fromJSON(needs.setup.outputs.matrix).include[1].name";
  private final String text =
      "Build ${{ matrix.os }} with ${{ matrix.version }} on ${{ github.ref }}";

  private final Expression comparisonCompiled = Expression.compile(comparison, VOCABULARY);
  private final Expression functionsCompiled = Expression.compile(functions, VOCABULARY);
  private final Expression jsonCompiled = Expression.compile(json, VOCABULARY);
  private final Template textCompiled = Template.compile(text, VOCABULARY);
  private final Contexts contexts = new Contexts();

  private static final class Contexts implements dev.slipway.workflow.expression.Scope {
    private final Map<String, Value> byName = new LinkedHashMap<>();

    Contexts() {
      byName.put(
          "github",
          Json.parse(
              """
              {"ref": "refs/heads/main", "actor": "octo", "event": {"commits":
                [{"message": "Add a page"}, {"message": "Move it"}, {"message": "fix it"}]}}
              """));
      byName.put("matrix", Json.parse("{\"os\": \"linux\", \"version\": 25}"));
      Value matrix =
          Value.of(
              "{\"include\": [{\"name\": \"one\"}, {\"name\": \"two\"}, {\"name\": \"three\"}]}");
      byName.put(
          "needs",
          Value.object(
              Map.of(
                  "setup",
                  Value.object(Map.of("outputs", Value.object(Map.of("matrix", matrix)))))));
    }

    @Override
    public @Nullable Value context(String name) {
      return byName.get(name);
    }

    @Override
    public boolean success(List<String> jobs) {
      return true;
    }
  }

  @Benchmark
  public void compile(Blackhole hole) {
    hole.consume(Expression.compile(comparison, VOCABULARY));
    hole.consume(Expression.compile(functions, VOCABULARY));
    hole.consume(Expression.compile(json, VOCABULARY));
  }

  @Benchmark
  public Template compileTemplate() {
    return Template.compile(text, VOCABULARY);
  }

  @Benchmark
  public Value evaluateComparison() {
    return comparisonCompiled.evaluate(contexts);
  }

  @Benchmark
  public Value evaluateFunctions() {
    return functionsCompiled.evaluate(contexts);
  }

  @Benchmark
  public Value evaluateJson() {
    return jsonCompiled.evaluate(contexts);
  }

  @Benchmark
  public Value evaluateTemplate() {
    return textCompiled.evaluate(contexts);
  }
}
