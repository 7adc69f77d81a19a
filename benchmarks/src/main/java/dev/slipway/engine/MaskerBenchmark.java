package dev.slipway.engine;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Masking of five secrets line by line; an operation is a megabyte, so the score is MB/s. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class MaskerBenchmark {
  private final byte[] text = LogText.bytes();
  private final Masker masker = LogText.masker();
  private final JsonLine masked = new JsonLine(1024);

  @Benchmark
  @OperationsPerInvocation(LogText.MEGABYTES)
  public int mask() {
    int found = 0;
    int start = 0;
    for (int i = 0; i < text.length; i++) {
      if (text[i] == '\n') {
        if (masker.mask(text, start, i - start, masked)) {
          found++;
        }
        start = i + 1;
      }
    }
    return found;
  }
}
