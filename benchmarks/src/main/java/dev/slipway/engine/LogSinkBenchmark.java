package dev.slipway.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The way of a step's output from the pipe's bytes over lines, masks and JSON into a record on
 * disk; an operation is a megabyte, so the score is MB/s.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class LogSinkBenchmark {
  private static final LogSink.LineInspector NO_COMMANDS =
      new LogSink.LineInspector() {
        @Override
        public boolean wantsAll() {
          return false;
        }

        @Override
        public boolean handle(String line) {
          return false;
        }
      };
  private static final RunListener NOBODY =
      new RunListener() {
        @Override
        public void event(RunEvent event) {}

        @Override
        public void log(
            String run,
            String job,
            int step,
            RunEvent.Stream stream,
            byte[] line,
            int offset,
            int length) {}
      };

  private final byte[] text = LogText.bytes();
  private final Masker masker = LogText.masker();
  private final byte[] chunk = new byte[LogText.CHUNK];
  private final Path folder;
  private final Path record;

  public LogSinkBenchmark() {
    try {
      folder = Files.createTempDirectory("log-sink");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    record = folder.resolve("events");
  }

  @TearDown(Level.Invocation)
  public void forget() throws IOException {
    Files.delete(record);
  }

  @TearDown(Level.Trial)
  public void cleanUp() throws IOException {
    Files.delete(folder);
  }

  @Benchmark
  @OperationsPerInvocation(LogText.MEGABYTES)
  public void record() {
    try (RunRecorder recorder =
        new RunRecorder(
            "1",
            record,
            NOBODY,
            failure -> {
              throw new UncheckedIOException(failure);
            })) {
      LogSink sink = new LogSink(recorder, masker, NO_COMMANDS, "build", 1);
      for (int at = 0; at < text.length; at += chunk.length) {
        int length = Math.min(chunk.length, text.length - at);
        System.arraycopy(text, at, chunk, 0, length);
        sink.bytes(RunEvent.Stream.STDOUT, chunk, length);
      }
      sink.finish();
    }
  }
}
