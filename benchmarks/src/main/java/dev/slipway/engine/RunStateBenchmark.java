package dev.slipway.engine;

import dev.slipway.plan.WorkflowTree;
import dev.slipway.workflow.Workflow;
import dev.slipway.workflow.WorkflowReader;
import dev.slipway.workflow.expression.Value;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** All decisions of a run, from its begin to its end. Every job starts, and ends with an output. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class RunStateBenchmark {
  /** How the jobs of a run depend on each other. */
  public enum Shape {
    /** 300 jobs in layers of ten, each needing the whole layer before it. */
    LAYERS_300(300, 10, false),
    /** 4,000 jobs, one after the other. */
    CHAIN_4000(4_000, 1, false),
    /** 10,000 jobs: ten matrices of 250 in each of four layers. */
    MATRICES_10000(40, 10, true);

    private final int jobs;
    private final int width;
    private final boolean matrix;

    Shape(int jobs, int width, boolean matrix) {
      this.jobs = jobs;
      this.width = width;
      this.matrix = matrix;
    }

    String workflow() {
      StringBuilder yaml = new StringBuilder("on: push\njobs:\n");
      for (int i = 0; i < jobs; i++) {
        yaml.append("  job").append(i).append(":\n    runs-on: ubuntu-latest\n");
        int layer = i / width;
        if (layer > 0) {
          String separator = "    needs: [job";
          for (int need = (layer - 1) * width; need < layer * width; need++) {
            yaml.append(separator).append(need);
            separator = ", job";
          }
          yaml.append("]\n");
        }
        if (matrix) {
          yaml.append(
              """
                  strategy:
                    matrix:
                      row: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24]
                      column: [a, b, c, d, e, f, g, h, i, j]
              """);
        }
        yaml.append("    steps:\n      - run: 'true'\n");
      }
      return yaml.toString();
    }
  }

  /** What runs. */
  @Param public Shape shape = Shape.LAYERS_300;

  private @Nullable RunDefinition definition;

  @Setup(Level.Trial)
  public void read() {
    Workflow workflow =
        Objects.requireNonNull(WorkflowReader.read("ci.yml", shape.workflow()).value());
    definition =
        new RunDefinition(
            new WorkflowTree(workflow, Map.of(), "", null),
            Value.object(Map.of()),
            Value.object(Map.of()),
            Value.object(Map.of()),
            Map.of(),
            labels -> new RunDefinition.Choice.Fits("host"),
            Set.of(),
            Map.of(),
            false,
            Map.of());
  }

  @Benchmark
  public @Nullable Conclusion run() {
    RunState state = RunState.initial(Objects.requireNonNull(definition));
    Deque<RunInput> inputs = new ArrayDeque<>();
    inputs.add(new RunInput.Begin());
    while (!inputs.isEmpty()) {
      RunState.Decision decision = state.decide(inputs.remove());
      state = decision.next();
      for (Effect effect : decision.effects()) {
        if (effect instanceof Effect.Start start) {
          String key = start.spec().key();
          inputs.add(new RunInput.JobStarted(key));
          inputs.add(
              new RunInput.JobEnded(key, Conclusion.SUCCESS, Map.of("version", "1.2.3"), null));
        }
      }
    }
    if (state.conclusion() != Conclusion.SUCCESS) {
      throw new IllegalStateException("the run did not end well");
    }
    return state.conclusion();
  }
}
