package dev.slipway.workflow;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Path filters of a trigger: compiled, and matched against 1,000 changed paths. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class GlobsBenchmark {
  private final List<String> patterns =
      List.of(
          "src/**", "!src/**/*.md", "**/pom.xml", "docs/[a-m]*/**/*.adoc", "*.y?(a)ml", "**.kt");
  private final Globs compiled = Globs.compile(patterns);
  private final List<String> paths = paths();

  private static List<String> paths() {
    List<String> paths = new ArrayList<>();
    for (int i = 0; i < 250; i++) {
      paths.add("src/main/java/com/example/part" + i + "/Thing" + i + ".java");
      paths.add("src/main/docs/page" + i + ".md");
      paths.add("docs/guide" + i + "/deep/er/index.adoc");
      paths.add("module" + i + "/pom.xml");
    }
    return paths;
  }

  @Benchmark
  public Globs compile() {
    return Globs.compile(patterns);
  }

  @Benchmark
  public int match() {
    int matched = 0;
    for (String path : paths) {
      if (compiled.matches(path)) {
        matched++;
      }
    }
    return matched;
  }
}
