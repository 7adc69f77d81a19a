package dev.slipway.workflow;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A file of 300 jobs, from YAML to the model with its expressions compiled. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class WorkflowReaderBenchmark {
  private final String text = workflow();

  @Setup
  public void check() {
    if (!read().problems().isEmpty()) {
      throw new IllegalStateException(read().problems().toString());
    }
  }

  private static String workflow() {
    StringBuilder yaml = new StringBuilder("name: Large\non: [push, pull_request]\njobs:\n");
    for (int i = 0; i < 300; i++) {
      yaml.append("  job").append(i).append(":\n");
      if (i > 0) {
        yaml.append("    needs: [job").append(i - 1).append("]\n");
      }
      yaml.append(
          """
              runs-on: ubuntu-latest
              if: ${{ !cancelled() && github.ref == 'refs/heads/main' }}
              env:
                GREETING: Hello ${{ github.actor }}
              strategy:
                matrix:
                  os: [linux, mac]
                  version: [17, 21, 25]
              steps:
                - uses: actions/checkout@v4
                  with:
                    fetch-depth: 0
                - name: Build ${{ matrix.os }}
                  run: |
                    echo building
                    make -j 2 all
                - if: failure() && matrix.version == 25
                  run: cat build.log
          """);
    }
    return yaml.toString();
  }

  @Benchmark
  public Reading<Workflow> read() {
    return WorkflowReader.read("large.yml", text);
  }
}
