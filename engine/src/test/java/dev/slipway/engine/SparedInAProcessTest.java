package dev.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Required;
import dev.slipway.trace.Tracer;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Steps that are spared by a process of its own, which is killed meanwhile or has little memory.
 */
class SparedInAProcessTest {
  private static final int FILES = 60;

  @TempDir Path folder;

  @BeforeEach
  void watched() {
    if (Tracer.here().isEmpty()) {
      throw Required.missing("a way to watch processes");
    }
  }

  /** Runs the workflow in a folder; its exit code says whether the first step was spared. */
  static final class Child {
    private static final int RAN = 10;
    private static final int SPARED = 11;

    private Child() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
      Workbench.Ran ran = bench(Path.of(arguments[0])).run();
      System.exit(ran.step(1).cached() ? SPARED : RAN);
    }
  }

  private static Workbench bench(Path folder) throws IOException {
    return Workbench.in(folder)
        .asking(asked -> {
          asked.inPlace = true;
          asked.cache = StepCaching.ON;
        });
  }

  private Process child(String... options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Child.class.getName(),
            folder.toString()));
    return new ProcessBuilder(command).inheritIO().start();
  }

  private static String content(int file) {
    return ("line " + file + "\n").repeat(1000);
  }

  /** A step that makes many files, run once. */
  private Workbench manyFiles() throws IOException, InterruptedException {
    Workbench bench =
        bench(folder)
            .file("a.txt", "a\n")
            .file(".gitignore", "out\n")
            .steps(
                """
                - shell: bash
                  run: |
                    mkdir -p out
                    for ((i = 0; i < %s; i++)); do
                      for ((j = 0; j < 1000; j++)); do echo "line $i"; done > out/f$i
                    done
                    cat a.txt
                    echo out/*
                """
                    .formatted(FILES))
            .commit();
    assertThat(bench.run().step(1).cached()).isFalse();
    return bench;
  }

  private static Path stored(Workbench bench, int file) throws Exception {
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(content(file).getBytes(StandardCharsets.UTF_8));
    String hex = String.format("%064x", new BigInteger(1, digest));
    return bench.cache().resolve("steps/contents").resolve(hex.substring(0, 2)).resolve(hex);
  }

  /** Kills a process that puts the files back when it has come to one of them. */
  private void killedAt(Workbench bench, int file) throws Exception {
    Path out = bench.root().resolve("out");
    remove(out);
    Path stored = stored(bench, file);
    Path aside = bench.folder().resolve("aside");
    Files.move(stored, aside);
    assertThat(new ProcessBuilder("mkfifo", stored.toString()).start().waitFor()).isZero();
    Process child = child();
    // Opened when the other side is opened as well.
    try (OutputStream held = Files.newOutputStream(stored)) {
      held.write('x');
      child.destroyForcibly().waitFor();
    } finally {
      Files.move(aside, stored, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }
    assertThat(names(out)).as("what it has left").isNotEmpty();
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static void remove(Path out) throws IOException {
    for (String name : names(out)) {
      Files.delete(out.resolve(name));
    }
    Files.delete(out);
  }

  private static void isWhole(Workbench bench) throws IOException {
    Path out = bench.root().resolve("out");
    assertThat(names(out)).hasSize(FILES);
    for (int i = 0; i < FILES; i++) {
      assertThat(out.resolve("f" + i)).hasContent(content(i));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, FILES / 2, FILES - 1})
  void killedWhileItPutsBack_theNextRunPutsAllBack(int file) throws Exception {
    Workbench bench = manyFiles();
    killedAt(bench, file);

    Workbench.Ran next = bench.run();

    assertThat(next.step(1).cached()).as(bench.why()).isTrue();
    isWhole(bench);
  }

  @Test
  void killedWhileItPutsBack_theNextRunThatMustRunFindsNothingOfIt() throws Exception {
    Workbench bench = manyFiles();
    killedAt(bench, FILES / 2);
    bench.file("a.txt", "b\n");

    Workbench.Ran next = bench.run();

    assertThat(next.step(1).cached()).isFalse();
    assertThat(next.text()).contains("b").doesNotContain(".slipway-");
    isWhole(bench);
  }

  @Test
  void killedTwice_theNextRunPutsAllBack() throws Exception {
    Workbench bench = manyFiles();
    killedAt(bench, FILES - 1);
    killedAt(bench, 1);

    assertThat(bench.run().step(1).cached()).as(bench.why()).isTrue();
    isWhole(bench);
  }

  @Test
  void aResultThatIsLargerThanTheMemory() throws Exception {
    Workbench bench =
        bench(folder)
            .file("a.txt", "a\n")
            .file(".gitignore", "out\n")
            .steps("- run: cat a.txt; truncate -s 256M out; printf end >> out\n")
            .commit();

    assertThat(child("-Xmx64m").waitFor()).isEqualTo(Child.RAN);
    Files.delete(bench.root().resolve("out"));
    assertThat(child("-Xmx64m").waitFor()).as(bench.why()).isEqualTo(Child.SPARED);

    assertThat(Files.size(bench.root().resolve("out"))).isEqualTo(256 * 1024 * 1024 + 3);
  }
}
