package dev.slipway.plan;

import dev.slipway.workflow.expression.Json;
import dev.slipway.workflow.expression.Value;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A matrix of 256 jobs, as large as one may be, with an exclude and an include; and their keys. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class MatrixBenchmark {
  private final Value matrix =
      Json.parse(
          """
          {"os": ["a", "b", "c", "d", "e", "f", "g", "h"],
           "version": [8, 11, 17, 21, 22, 23, 24, 25],
           "mode": ["debug", "release", "profile", "trace"],
           "exclude": [{"os": "h", "version": 25, "mode": "trace"}],
           "include": [{"os": "z", "version": 1, "mode": "debug"}, {"mode": "trace", "slow": true}]}
          """);
  private final List<Matrix.Combination> combinations = Matrix.expand(matrix);

  @Setup
  public void check() {
    if (combinations.size() != 256) {
      throw new IllegalStateException(combinations.size() + " combinations");
    }
  }

  @Benchmark
  public List<Matrix.Combination> expand() {
    return Matrix.expand(matrix);
  }

  @Benchmark
  public List<String> keys() {
    return JobKeys.legs("build", combinations);
  }
}
