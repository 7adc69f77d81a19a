package dev.slipway.plan;

import dev.slipway.workflow.WorkflowReader;
import dev.slipway.workflow.expression.Value;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The plan of a push that runs 10,000 jobs: 40 matrices of 250. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class PlannerBenchmark {
  private final EventContext push =
      new EventContext(
          "push",
          "refs/heads/main",
          "c0ffee",
          "",
          "",
          "",
          "",
          Value.object(Map.of()),
          "octo",
          "acme/app",
          () -> Optional.of(List.of("README.md")));
  private final List<Planner.WorkflowFile> files =
      List.of(new Planner.WorkflowFile("ci.yml", WorkflowReader.read("ci.yml", workflow())));

  @Setup
  public void check() {
    int jobs = plan().workflows().getFirst().jobs().size();
    if (jobs != 10_000) {
      throw new IllegalStateException(jobs + " jobs are planned");
    }
  }

  private static String workflow() {
    StringBuilder yaml = new StringBuilder("on: push\njobs:\n");
    for (int i = 0; i < 40; i++) {
      yaml.append("  job").append(i).append(":\n");
      if (i >= 10) {
        yaml.append("    needs: job").append(i - 10).append('\n');
      }
      yaml.append(
          """
              runs-on: ubuntu-latest
              strategy:
                matrix:
                  shard: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24]
                  mode: [a, b, c, d, e, f, g, h, i, j]
              steps:
                - uses: actions/checkout@v4
                - run: make shard-${{ matrix.shard }}
          """);
    }
    return yaml.toString();
  }

  @Benchmark
  public Plan plan() {
    return Planner.plan(
        push,
        files,
        (uses, origin) -> {
          throw new PlanException("no workflow is called here");
        },
        Forecasts.NONE);
  }
}
