package dev.slipway.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** {@code hashFiles} in a tree of 2,000 small files: of all of them, and of a few. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class FileHashesBenchmark {
  private final Path root;
  private final List<Path> made = new ArrayList<>();

  public FileHashesBenchmark() {
    try {
      root = Files.createTempDirectory("hash-files").toRealPath();
      made.add(root);
      for (int d = 0; d < 100; d++) {
        Path folder = Files.createDirectory(root.resolve("part" + d));
        made.add(folder);
        for (int f = 0; f < 20; f++) {
          Path file = folder.resolve(f == 0 ? "package-lock.json" : "file" + f + ".txt");
          made.add(Files.writeString(file, ("line of " + file + "\n").repeat(30)));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @TearDown(Level.Trial)
  public void cleanUp() throws IOException {
    Collections.reverse(made);
    for (Path path : made) {
      Files.delete(path);
    }
  }

  @Benchmark
  public String all() throws IOException {
    return FileHashes.hashFiles(root, List.of("**"));
  }

  @Benchmark
  public String lockFiles() throws IOException {
    return FileHashes.hashFiles(root, List.of("**/package-lock.json", "!part0/**"));
  }
}
