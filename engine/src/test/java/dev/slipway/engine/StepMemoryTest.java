package dev.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Required;
import dev.slipway.trace.Tracer;
import dev.slipway.workflow.CacheRules;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * When a step is spared and when it is not. Each test runs a step twice, the second time to see
 * that it is spared at all, changes something, runs it again, and compares what that printed and
 * left with what the script itself prints and leaves in a copy: being spared may never show.
 */
class StepMemoryTest {
  private static final RunListener SILENT =
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

  @TempDir Path folder;

  @BeforeEach
  void watched() {
    if (Tracer.here().isEmpty()) {
      throw Required.missing("a way to watch processes");
    }
  }

  private Spared step(String script) throws IOException {
    return new Spared(folder, script);
  }

  /** A step in a repository of two files, worked on in place. */
  private static final class Spared {
    private final Workbench bench;
    private final Path folder;
    private final String script;
    private String checked = "out.txt";

    Spared(Path folder, String script) throws IOException {
      this.folder = folder.toRealPath();
      this.script = script;
      this.bench = Workbench.in(folder.resolve("bench"));
      bench.asking(asked -> {
        asked.inPlace = true;
        asked.cache = StepCaching.ON;
      });
      bench.file("a.txt", "a\n").file("b.txt", "b\n").file("lib/c.txt", "c\n");
      bench.file(".gitignore", "out*\n");
      bench.steps("- name: work\n  shell: bash\n  run: |\n" + script.indent(4));
      bench.commit();
    }

    Path file(String name) {
      return bench.root().resolve(name);
    }

    void write(String name, String text) throws IOException {
      Workbench.write(file(name), text);
    }

    /** Which file shows what the step makes. */
    Spared leaves(String name) {
      checked = name;
      return this;
    }

    boolean run() throws IOException, InterruptedException {
      Path copy = folder.resolve("copy");
      remove(copy);
      copy(bench.root(), copy);
      Workbench.Ran ran = bench.run();
      assertThat(ran.conclusion()).as(ran.text()).isEqualTo(Conclusion.SUCCESS);
      Process plain =
          new ProcessBuilder("bash", "-eo", "pipefail", "-c", script)
              .directory(copy.toFile())
              .redirectErrorStream(true)
              .start();
      String printed = new String(plain.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(plain.waitFor()).as(printed).isZero();
      String logged = String.join("\n", ran.log(1)) + "\n";
      assertThat(logged.replace(bench.root().toString(), "ROOT").strip())
          .isEqualTo(printed.replace(copy.toString(), "ROOT").strip());
      Path left = copy.resolve(checked);
      if (Files.isRegularFile(left)) {
        assertThat(file(checked)).hasSameBinaryContentAs(left);
      } else {
        assertThat(Files.exists(file(checked), LinkOption.NOFOLLOW_LINKS))
            .isEqualTo(Files.exists(left, LinkOption.NOFOLLOW_LINKS));
      }
      return ran.step(1).cached();
    }

    /** Runs until it is spared, which it is at the second time. */
    Spared known() throws IOException, InterruptedException {
      assertThat(run()).as("spared at first").isFalse();
      boolean spared = run();
      assertThat(spared).as("spared unchanged; " + bench.why()).isTrue();
      return this;
    }

    /** Lets the clock of the file system go on, so that a change shows in the status alone. */
    void settle() throws IOException {
      Path probe = folder.resolve("probe");
      Files.writeString(probe, "");
      FileTime first = Files.getLastModifiedTime(probe);
      long until = System.nanoTime() + 60_000_000L;
      do {
        Files.writeString(probe, "");
      } while (Files.getLastModifiedTime(probe).equals(first) || System.nanoTime() < until);
    }

    void isSpared() throws IOException, InterruptedException {
      boolean spared = run();
      assertThat(spared).as("spared; " + bench.why()).isTrue();
    }

    void runsAgain() throws IOException, InterruptedException {
      assertThat(run()).as("spared").isFalse();
      boolean spared = run();
      assertThat(spared).as("spared after that; " + bench.why()).isTrue();
    }

    private static void copy(Path from, Path to) throws IOException {
      Files.walkFileTree(
          from,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path at, BasicFileAttributes attributes)
                throws IOException {
              Files.createDirectories(to.resolve(from.relativize(at).toString()));
              return at.endsWith(".slipway") || at.endsWith(".git")
                  ? FileVisitResult.SKIP_SUBTREE
                  : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path at, BasicFileAttributes attributes)
                throws IOException {
              Files.copy(
                  at,
                  to.resolve(from.relativize(at).toString()),
                  LinkOption.NOFOLLOW_LINKS,
                  StandardCopyOption.COPY_ATTRIBUTES);
              return FileVisitResult.CONTINUE;
            }
          });
    }

    private static void remove(Path path) throws IOException {
      if (Files.exists(path)) {
        try (java.util.stream.Stream<Path> all = Files.walk(path)) {
          for (Path one : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
            Files.delete(one);
          }
        }
      }
    }
  }

  @Test
  void aFileOutsideTheRepositoryChanges() throws Exception {
    Path outside = folder.resolve("outside.txt");
    Files.writeString(outside, "one\n");
    Spared step = step("cat " + outside + " > out.txt; cat out.txt").known();
    Files.writeString(outside, "two\n");
    step.runsAgain();
  }

  @Test
  void aVariableChanges() throws Exception {
    Spared step = step("printf '%s\\n' \"${FLAVOUR-none}\" > out.txt; cat out.txt a.txt");
    // The plain run inherits nothing of the kind.
    assertThat(step.bench.run().step(1).cached()).isFalse();
    assertThat(step.bench.run().step(1).cached()).isTrue();
    step.bench.userVariable("FLAVOUR", "sweet");
    Workbench.Ran other = step.bench.run();
    assertThat(other.step(1).cached()).isFalse();
    assertThat(other.log(1)).contains("sweet");
  }

  @Test
  void aVariableOfAComputedNameChanges() throws Exception {
    Spared step = step("name=FLA; name=${name}VOUR; echo \"${!name-none}\" > out.txt; cat out.txt");
    assertThat(step.bench.run().step(1).cached()).isFalse();
    step.bench.userVariable("FLAVOUR", "sour");
    Workbench.Ran other = step.bench.run();
    assertThat(other.step(1).cached()).isFalse();
    assertThat(other.log(1)).containsExactly("sour");
  }

  @Test
  void aFileLookedForInVainAppears() throws Exception {
    Spared step =
        step("if [ -f out-local.cfg ]; then cat out-local.cfg; else cat a.txt; fi").known();
    step.write("out-local.cfg", "local\n");
    step.runsAgain();
  }

  @Test
  void aFolderLookedForInVainAppears() throws Exception {
    Spared step = step("cat lib/x/y/z.txt 2> /dev/null || cat a.txt").known();
    step.write("lib/x/y/z.txt", "z\n");
    step.runsAgain();
  }

  @Test
  void aFileInAFolderBesideChanges() throws Exception {
    Spared step = step("cd lib; cat ../b.txt c.txt").known();
    step.write("b.txt", "other\n");
    step.runsAgain();
  }

  @Test
  void anIgnoredFileChanges() throws Exception {
    Spared step = step("cat out-made.txt a.txt");
    step.write("out-made.txt", "1\n");
    step.known();
    step.write("out-made.txt", "2\n");
    step.runsAgain();
  }

  @Test
  void aToolChanges() throws Exception {
    Path tool = folder.resolve("tool");
    Files.writeString(tool, "#!/bin/sh\necho one\n");
    Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxr-xr-x"));
    Spared step = step(tool + " > out.txt; cat out.txt").known();
    Files.writeString(tool, "#!/bin/sh\necho two\n");
    step.runsAgain();
  }

  @Test
  void aToolOfTheSameNameAppearsEarlierOnThePath() throws Exception {
    Spared step = step("export PATH=\"$PWD/bin:$PATH\"; mytool 2> /dev/null || cat a.txt").known();
    step.write("bin/mytool", "#!/bin/sh\necho mine\n");
    Files.setPosixFilePermissions(
        step.file("bin/mytool"), PosixFilePermissions.fromString("rwxr-xr-x"));
    step.runsAgain();
  }

  @Test
  void aFileReadAndWrittenUnchanged() throws Exception {
    Spared step = step("cat a.txt >> out.txt; sort -u -o out.txt out.txt; cat out.txt");
    step.write("out.txt", "");
    assertThat(step.run()).isFalse();
    assertThat(step.run()).isFalse();
    // From here on what it writes is what it read.
    step.isSpared();
  }

  @Test
  void aLogThatGrowsIsNeverSpared() throws Exception {
    Spared step = step("cat a.txt >> out.txt; wc -l < out.txt");
    assertThat(step.run()).isFalse();
    assertThat(step.run()).isFalse();
    assertThat(step.run()).isFalse();
  }

  @Test
  void itRemovesItsFolderFirst() throws Exception {
    step("rm -rf out; mkdir -p out/deep; cat a.txt > out/deep/x; cat b.txt > out/y; ls -R out")
        .leaves("out/deep/x")
        .known()
        .isSpared();
  }

  @Test
  void aFileThatItDoesNotReadChanges() throws Exception {
    Spared step = step("cat a.txt").known();
    step.write("b.txt", "other\n");
    step.isSpared();
  }

  @Test
  void aNewNameInAFolderThatItLists() throws Exception {
    Spared step = step("ls lib | tee out.txt").known();
    step.write("lib/new.txt", "");
    step.runsAgain();
  }

  @Test
  void aNameGoneFromAFolderThatItLists() throws Exception {
    Spared step = step("for f in lib/*; do cat \"$f\"; done").known();
    Files.delete(step.file("lib/c.txt"));
    step.write("lib/d.txt", "d\n");
    step.runsAgain();
  }

  @Test
  void aFileIsTouched() throws Exception {
    Spared step = step("cat a.txt lib/* > out.txt; cat out.txt").known();
    Files.setLastModifiedTime(step.file("a.txt"), FileTime.from(Instant.now().plusSeconds(5)));
    step.write("b.txt", "b\n");
    step.isSpared();
  }

  @Test
  void itsResultIsDeletedByHand() throws Exception {
    Spared step = step("cat a.txt b.txt > out.txt").known();
    Files.delete(step.file("out.txt"));
    step.isSpared();
    assertThat(step.file("out.txt")).hasContent("a\nb\n");
  }

  @Test
  void itsResultIsChangedByHand() throws Exception {
    Spared step = step("cat a.txt b.txt > out.txt").known();
    step.write("out.txt", "mine\n");
    step.run();
    assertThat(step.file("out.txt")).hasContent("a\nb\n");
  }

  @Test
  void aChangeIsTakenBack() throws Exception {
    Spared step = step("cat a.txt b.txt > out.txt; cat out.txt").known();
    step.write("a.txt", "other\n");
    assertThat(step.run()).isFalse();
    step.write("a.txt", "a\n");
    step.isSpared();
    step.write("a.txt", "other\n");
    step.isSpared();
  }

  @Test
  void aFileIsReplacedByARename() throws Exception {
    Spared step = step("cat a.txt").known();
    step.write("n.txt", "n\n");
    Files.move(step.file("n.txt"), step.file("a.txt"), StandardCopyOption.REPLACE_EXISTING);
    step.runsAgain();
  }

  @Test
  void aFileOfTheSameSizeAndTimesButOtherContent() throws Exception {
    Spared step = step("cat a.txt").known();
    step.settle();
    assertThat(step.run()).isTrue();
    FileTime time = Files.getLastModifiedTime(step.file("a.txt"));
    step.write("a.txt", "z\n");
    Files.setLastModifiedTime(step.file("a.txt"), time);
    step.runsAgain();
  }

  @Test
  void aFileChangesThroughAHardLink() throws Exception {
    Spared step = step("cat a.txt");
    Path other = folder.resolve("hard");
    Files.createLink(other, step.file("a.txt"));
    step.known();
    Files.writeString(other, "through\n");
    step.runsAgain();
  }

  @Test
  void aLinkLeadsElsewhere() throws Exception {
    Spared step = step("cat out-link; readlink out-link");
    Files.createSymbolicLink(step.file("out-link"), Path.of("a.txt"));
    step.known();
    Files.delete(step.file("out-link"));
    Files.createSymbolicLink(step.file("out-link"), Path.of("b.txt"));
    step.runsAgain();
  }

  @Test
  void aLinkInAChainLeadsElsewhere() throws Exception {
    Spared step = step("cat out-1/c.txt");
    step.write("lib2/c.txt", "c2\n");
    Files.createSymbolicLink(step.file("out-2"), Path.of("lib"));
    Files.createSymbolicLink(step.file("out-1"), Path.of("out-2"));
    step.known();
    Files.delete(step.file("out-2"));
    Files.createSymbolicLink(step.file("out-2"), Path.of("lib2"));
    step.runsAgain();
  }

  @Test
  void aPathLeadsUpThroughALink() throws Exception {
    Spared step = step("cat out-up/../b.txt");
    step.write("other/deep/x", "");
    step.write("other/b.txt", "other b\n");
    Files.createSymbolicLink(step.file("out-up"), Path.of("other/deep"));
    step.known();
    step.write("b.txt", "not looked at\n");
    step.isSpared();
    step.write("other/b.txt", "changed\n");
    step.runsAgain();
  }

  @Test
  void aFileTurnsIntoAFolder() throws Exception {
    Spared step = step("if [ -d a.txt ]; then echo folder; else cat a.txt; fi").known();
    Files.delete(step.file("a.txt"));
    step.write("a.txt/inner", "");
    step.runsAgain();
  }

  @Test
  void aFileMayBeRunNow() throws Exception {
    Spared step = step("if [ -x b.txt ]; then echo yes; else echo no; fi; cat a.txt").known();
    Files.setPosixFilePermissions(step.file("b.txt"), PosixFilePermissions.fromString("rwxr-xr-x"));
    step.runsAgain();
  }

  @Test
  void namesThatDifferByCaseOnly() throws Exception {
    Spared step = step("cat A.txt 2> /dev/null || cat a.txt").known();
    step.write("A.txt", "capital\n");
    step.runsAgain();
  }

  @Test
  void aNameThatIsNoText() throws Exception {
    Workbench bench = Workbench.in(folder.resolve("bench"));
    bench.asking(asked -> asked.cache = StepCaching.ON);
    bench.steps(
        """
        - run: |
            f=$(printf 'a\\377\\nb')
            printf x > "$f"
        - if: always()
          run: cat a*b; ls | wc -l
        """);
    bench.commit();
    for (boolean spared : new boolean[] {false, true, true}) {
      Workbench.Ran ran = bench.run();
      assertThat(ran.conclusion()).as(ran.text()).isEqualTo(Conclusion.SUCCESS);
      assertThat(ran.step(1).cached()).isEqualTo(spared);
      assertThat(ran.log(2)).containsExactly("x2");
    }
  }

  @Test
  void itMakesLinksFoldersAndPrograms() throws Exception {
    Spared step =
        step(
            "rm -rf out; mkdir out; cp a.txt out/p; chmod 751 out/p; ln -s p out/l; mkdir"
                + " out/empty; stat -c '%n %a %F' out/p out/l out/empty; readlink out/l");
    step.leaves("out/p").known();
    Spared.remove(step.file("out"));
    step.isSpared();
    assertThat(Files.readSymbolicLink(step.file("out/l"))).isEqualTo(Path.of("p"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(step.file("out/p"))))
        .isEqualTo("rwxr-x--x");
    assertThat(step.file("out/empty")).isEmptyDirectory();
  }

  @Test
  void itMovesAFolderIntoPlace() throws Exception {
    Spared step =
        step(
            "rm -rf out; mkdir -p out.tmp/d; cat a.txt > out.tmp/d/x; mv out.tmp out; cat out/d/x");
    step.leaves("out/d/x").known();
    Spared.remove(step.file("out"));
    step.isSpared();
    step.write("a.txt", "moved\n");
    step.runsAgain();
  }

  @Test
  void itsTemporaryFilesHaveOtherNamesEachTime() throws Exception {
    step("t=$(mktemp); cat a.txt > \"$t\"; cat \"$t\"; rm \"$t\"").known().isSpared();
  }

  @Test
  void otherTemporaryFilesComeAndGo() throws Exception {
    Spared step = step("ls /tmp > /dev/null; cat a.txt").known();
    Path other = Files.createTempFile(Path.of("/tmp"), "slipway-test", "");
    step.isSpared();
    Files.delete(other);
    step.isSpared();
  }

  @Test
  void itWritesForTheRunner() throws Exception {
    Workbench bench = Workbench.in(folder.resolve("bench"));
    bench.asking(asked -> asked.cache = StepCaching.ON);
    bench.file("a.txt", "text");
    bench.steps(
        """
        - uses: actions/checkout@v4
        - id: one
          run: |
            echo "out=$(cat a.txt)" >> "$GITHUB_OUTPUT"
            echo "VARIABLE=$(wc -c < a.txt)" >> "$GITHUB_ENV"
            echo "::warning file=a.txt,line=1::$(cat a.txt)"
            cat a.txt >> "$GITHUB_STEP_SUMMARY"
            mkdir -p bin; printf '#!/bin/sh\\necho tool' > bin/tool; chmod +x bin/tool
            echo "$PWD/bin" >> "$GITHUB_PATH"
        - run: |
            test "${{ steps.one.outputs.out }} $VARIABLE" = "text 4"
            tool
        """);
    bench.commit();
    for (boolean spared : new boolean[] {false, true, true}) {
      Workbench.Ran ran = bench.run();
      assertThat(ran.conclusion()).as(ran.text()).isEqualTo(Conclusion.SUCCESS);
      assertThat(ran.step(2).cached()).isEqualTo(spared);
      assertThat(ran.step(2).outputs()).containsEntry("out", "text");
      assertThat(ran.annotations()).containsExactly("warning text a.txt L1");
      assertThat(ran.summaries()).containsExactly("text");
      assertThat(ran.log(3)).contains("tool");
    }
  }

  @Test
  void itFails() throws Exception {
    Workbench bench = Workbench.in(folder.resolve("bench"));
    bench.asking(asked -> asked.cache = StepCaching.ON);
    bench.file("a.txt", "text").steps("- run: cat a.txt; false").commit();
    for (int i = 0; i < 2; i++) {
      Workbench.Ran ran = bench.run();
      assertThat(ran.conclusion()).isEqualTo(Conclusion.FAILURE);
      assertThat(ran.step(1).cached()).isFalse();
    }
  }

  @Test
  void aSecretIsNeitherKeptNorShown() throws Exception {
    Workbench bench = Workbench.in(folder.resolve("bench"));
    bench.asking(asked -> {
      asked.inPlace = true;
      asked.cache = StepCaching.ON;
      asked.secrets.put("KEY", "hunter2-and-more");
    });
    bench.file("a.txt", "text");
    bench.steps(
        "- run: cat a.txt; printf '%s' \"$KEY\" > secret.txt\n  env:\n    KEY: ${{ secrets.KEY }}");
    bench.commit();
    for (int i = 0; i < 2; i++) {
      assertThat(bench.run().step(1).cached()).isFalse();
    }
    assertThat(bench.why()).contains("it wrote a secret to");
    try (java.util.stream.Stream<Path> all = Files.walk(bench.cache().resolve("steps"))) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
            .doesNotContain("hunter2");
      }
    }
  }

  /** Where the parts meet in which large files are searched. */
  @ParameterizedTest
  @ValueSource(ints = {5, 2 * 1024 * 1024 - 7, 2 * 1024 * 1024, 4_500_000})
  void aSecretInALargeFileIsFound(int place) throws Exception {
    Workbench bench = Workbench.in(folder.resolve("bench"));
    bench.asking(asked -> {
      asked.inPlace = true;
      asked.cache = StepCaching.ON;
      asked.secrets.put("KEY", "hunter2-and-more");
    });
    bench.file("a.txt", "text");
    bench.steps(
        """
        - run: |
            cat a.txt
            truncate -s %s large
            printf '%%s' "$KEY" >> large
            truncate -s 5M large
          env:
            KEY: ${{ secrets.KEY }}
        """
            .formatted(place));
    bench.commit();
    for (int i = 0; i < 2; i++) {
      assertThat(bench.run().step(1).cached()).isFalse();
    }
    assertThat(bench.why()).contains("it wrote a secret to");
  }

  @Test
  void itStartsAServer() throws Exception {
    Workbench bench = Workbench.in(folder.resolve("bench"));
    bench.asking(asked -> asked.cache = StepCaching.ON);
    bench.file("a.txt", "text");
    bench.steps("- run: cat a.txt; sleep 1000 > /dev/null 2>&1 &").commit();
    for (int i = 0; i < 2; i++) {
      assertThat(bench.run().step(1).cached()).isFalse();
    }
  }

  @Test
  void itAsksForTheTime() throws Exception {
    Spared step = step("cat a.txt; date +%Y > out.txt");
    assertThat(step.run()).isFalse();
    assertThat(step.run()).isFalse();
  }

  @Test
  void itThrowsDice() throws Exception {
    Spared step = step("cat a.txt; echo $((RANDOM * 0))");
    assertThat(step.run()).isFalse();
    assertThat(step.run()).isFalse();
  }

  @Test
  void aContentThatIsStoredIsDamaged() throws Exception {
    Spared step = step("cat a.txt b.txt > out.txt").known();
    try (java.util.stream.Stream<Path> all =
        Files.walk(step.bench.cache().resolve("steps/contents"))) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        Files.writeString(file, "damaged");
      }
    }
    Files.delete(step.file("out.txt"));
    assertThat(step.run()).isFalse();
    Files.delete(step.file("out.txt"));
    step.isSpared();
  }

  @Test
  void whatIsKnownOfItIsDamaged() throws Exception {
    Spared step = step("cat a.txt b.txt > out.txt").known();
    try (java.util.stream.Stream<Path> all =
        Files.walk(step.bench.cache().resolve("steps/steps"))) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length / 2));
      }
    }
    step.runsAgain();
  }

  @Test
  void theWorkspaceLiesElsewhere() throws Exception {
    Spared step = step("cat a.txt > out.txt; cat out.txt").known();
    Files.move(step.bench.folder(), folder.resolve("elsewhere"));
    Workbench moved = Workbench.in(folder.resolve("elsewhere"));
    moved.asking(asked -> {
      asked.inPlace = true;
      asked.cache = StepCaching.ON;
    });
    Workbench.Ran ran = moved.run();
    assertThat(ran.step(1).cached()).as(moved.why()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {".npm/_logs", ".cache/go-build", "tmp/pytest-of-me"})
  void itListsTheCacheOfATool(String cache) throws Exception {
    step("mkdir -p CACHE; ls CACHE > /dev/null; rm -f CACHE/*; echo x > CACHE/$BASHPID; cat a.txt"
            .replace("CACHE", cache))
        .known();
  }

  @Test
  void itLinksAFileThatItHasRead() throws Exception {
    Spared step = step("cat a.txt; ln -f a.txt out.txt; cat out.txt").known();
    Files.delete(step.file("out.txt"));
    step.isSpared();
    Files.delete(step.file("a.txt"));
    step.write("a.txt", "other\n");
    step.runsAgain();
  }

  @Test
  void onlyReading() throws Exception {
    Spared step = step("cat a.txt");
    step.bench.asking(asked -> asked.cache = StepCaching.READ);
    assertThat(step.run()).isFalse();
    assertThat(step.run()).isFalse();
    step.bench.asking(asked -> asked.cache = StepCaching.ON);
    assertThat(step.run()).isFalse();
    step.bench.asking(asked -> asked.cache = StepCaching.READ);
    assertThat(step.run()).isTrue();
    step.bench.asking(asked -> asked.cache = StepCaching.OFF);
    assertThat(step.run()).isFalse();
  }

  @Test
  void anotherShellAnotherFolderAnotherScript() throws Exception {
    Workbench bench = Workbench.in(folder.resolve("bench"));
    bench.asking(asked -> asked.cache = StepCaching.ON);
    bench.file("a.txt", "text").file("d/a.txt", "deep");
    List<String> steps =
        List.of(
            "- run: cat a.txt",
            "- run: cat a.txt\n  shell: sh",
            "- run: cat ./a.txt",
            "- run: cat a.txt\n  working-directory: d");
    for (String step : steps) {
      bench.steps("- uses: actions/checkout@v4\n" + step).commit();
      assertThat(bench.run().step(2).cached()).as(step).isFalse();
    }
    for (String step : steps) {
      bench.steps("- uses: actions/checkout@v4\n" + step).commit();
      assertThat(bench.run().step(2).cached()).as(step).isTrue();
    }
  }

  @Test
  void aFileIsEditedWhileTheStepRuns() throws Exception {
    Workbench bench = Workbench.in(folder.resolve("bench"));
    Path read = bench.fifo("read");
    Path go = bench.fifo("go");
    bench.asking(asked -> {
      asked.inPlace = true;
      asked.cache = StepCaching.ON;
    });
    bench.file("a.txt", "before\n");
    bench.steps("- run: |\n    cat a.txt > out.txt\n    echo > " + read + "\n    cat " + go);
    bench.commit();
    Path edited = bench.root().resolve("a.txt");
    Thread editor =
        Thread.ofPlatform()
            .start(() -> {
              try {
                Files.readAllBytes(read);
                Files.writeString(edited, "during\n");
                Files.writeString(go, "on\n");
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    assertThat(bench.run().conclusion()).isEqualTo(Conclusion.SUCCESS);
    editor.join();
    assertThat(bench.why()).contains("a.txt was changed by something else while the step ran");
    assertThat(bench.root().resolve("out.txt")).hasContent("before");
  }

  @Test
  void twoRunsAtOnce() throws Exception {
    Workbench bench = Workbench.in(folder.resolve("bench"));
    bench.asking(asked -> asked.cache = StepCaching.ON);
    bench.file("a.txt", "a\n");
    bench.steps("- uses: actions/checkout@v4\n- run: cat a.txt > out.txt; cat out.txt").commit();
    List<java.util.concurrent.FutureTask<Conclusion>> runs = new java.util.ArrayList<>();
    for (int i = 0; i < 2; i++) {
      java.util.concurrent.FutureTask<Conclusion> run =
          new java.util.concurrent.FutureTask<>(
              () -> bench.engine().run(SILENT).getFirst().conclusion());
      runs.add(run);
      Thread.ofPlatform().start(run);
    }
    for (java.util.concurrent.FutureTask<Conclusion> run : runs) {
      assertThat(run.get()).isEqualTo(Conclusion.SUCCESS);
    }
    assertThat(bench.run().step(2).cached()).as(bench.why()).isTrue();
  }

  @Test
  void someOfItsResultsAreGone() throws Exception {
    Spared step =
        step("rm -rf out; mkdir out; for i in 1 2 3; do cat a.txt > out/$i; done; ls out")
            .leaves("out/2")
            .known();
    for (int gone = 1; gone < 8; gone++) {
      for (int i = 1; i <= 3; i++) {
        if ((gone & (1 << (i - 1))) != 0) {
          Files.delete(step.file("out/" + i));
        }
      }
      step.isSpared();
      for (int i = 1; i <= 3; i++) {
        assertThat(step.file("out/" + i)).hasContent("a");
      }
    }
  }

  @Test
  void theDiskIsFullWhileItIsStored() throws Exception {
    Workbench bench = Workbench.in(folder.resolve("bench"));
    Path steps = bench.cache().resolve("steps");
    Files.createDirectories(steps);
    Required.program("mount");
    boolean mounted =
        new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", steps.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor()
            == 0;
    if (!mounted) {
      throw Required.missing("the right to mount a small disk");
    }
    try {
      bench.asking(asked -> {
        asked.inPlace = true;
        asked.cache = StepCaching.ON;
      });
      bench.file("a.txt", "a\n");
      bench.steps("- run: head -c 3000000 /dev/zero > out.bin; cat a.txt").commit();
      for (int i = 0; i < 2; i++) {
        Workbench.Ran ran = bench.run();
        assertThat(ran.conclusion()).as(ran.text()).isEqualTo(Conclusion.SUCCESS);
        assertThat(ran.step(1).cached()).isFalse();
      }
      assertThat(bench.why()).contains("it could not be stored");
      bench.steps("- run: cat a.txt > out.txt").commit();
      assertThat(bench.run().step(1).cached()).isFalse();
      assertThat(bench.run().step(1).cached()).as(bench.why()).isTrue();
    } finally {
      assertThat(new ProcessBuilder("umount", "-l", steps.toString()).start().waitFor()).isZero();
    }
  }

  @Test
  void aFileIsDeclaredInsteadOfSeen() throws Exception {
    Workbench bench = Workbench.in(folder.resolve("bench"));
    bench.asking(asked -> {
      asked.inPlace = true;
      asked.cache = StepCaching.ON;
      asked.cacheRules =
          new CacheRules(
              "",
              "",
              "",
              List.of(),
              0,
              List.of(
                  new CacheRules.StepRule(
                      "made", false, false, List.of("src/**"), List.of("dist/**"))));
    });
    bench.file("src/a.txt", "a\n").file("notes.txt", "n\n");
    bench.steps(
        "- name: made\n  run: mkdir -p dist; cat src/* notes.txt > dist/all.txt; cat dist/all.txt");
    bench.commit();
    assertThat(bench.run().step(1).cached()).isFalse();
    assertThat(bench.run().step(1).cached()).as(bench.why()).isTrue();
    bench.file("notes.txt", "not declared\n");
    Files.delete(bench.root().resolve("dist/all.txt"));
    Workbench.Ran ran = bench.run();
    assertThat(ran.step(1).cached()).isTrue();
    assertThat(bench.root().resolve("dist/all.txt")).hasContent("a\nn");
    bench.file("src/b.txt", "b\n");
    assertThat(bench.run().step(1).cached()).isFalse();
    assertThat(bench.run().step(1).cached()).isTrue();
    bench.file("src/a.txt", "other\n");
    assertThat(bench.run().step(1).cached()).isFalse();
  }

  @Test
  void aStepThatNeverMayBeSpared() throws Exception {
    Workbench bench = Workbench.in(folder.resolve("bench"));
    bench.asking(asked -> {
      asked.cache = StepCaching.ON;
      asked.cacheRules =
          new CacheRules(
              "",
              "",
              "",
              List.of(),
              0,
              List.of(new CacheRules.StepRule("AUDIT", true, false, List.of(), List.of())));
    });
    bench.file("a.txt", "a\n").steps("- name: audit\n  run: cat a.txt || ls").commit();
    for (int i = 0; i < 2; i++) {
      assertThat(bench.run().step(1).cached()).isFalse();
    }
  }

  @Test
  void itGivesOtherResultsFromTheSameInputs() throws Exception {
    Workbench bench = Workbench.in(folder.resolve("bench"));
    bench.asking(asked -> {
      asked.inPlace = true;
      asked.cache = StepCaching.ON;
    });
    bench.file("a.txt", "a\n");
    bench.steps("- run: cat a.txt /proc/uptime /proc/self/stat > out.txt").commit();
    assertThat(bench.run().step(1).cached()).isFalse();
    assertThat(bench.run().step(1).cached()).as(bench.why()).isTrue();
    bench.asking(asked -> asked.cacheRules = new CacheRules("", "", "", List.of(), 100, List.of()));
    assertThat(bench.run().step(1).cached()).isFalse();
    assertThat(bench.why()).contains("it gave different results from the same inputs");
    bench.asking(asked -> asked.cacheRules = CacheRules.NONE);
    assertThat(bench.run().step(1).cached()).as("no longer spared").isFalse();
    assertThat(bench.run().step(1).cached()).as("no longer spared").isFalse();
  }

  @Test
  void itIsComparedAndGivesTheSame() throws Exception {
    Workbench bench = Workbench.in(folder.resolve("bench"));
    bench.asking(asked -> asked.cache = StepCaching.ON);
    bench
        .file("a.txt", "a\n")
        .steps("- uses: actions/checkout@v4\n- run: cp a.txt out.txt")
        .commit();
    assertThat(bench.run().step(2).cached()).isFalse();
    bench.asking(asked -> asked.cacheRules = new CacheRules("", "", "", List.of(), 100, List.of()));
    assertThat(bench.run().step(2).cached()).isFalse();
    bench.asking(asked -> asked.cacheRules = CacheRules.NONE);
    assertThat(bench.run().step(2).cached()).as(bench.why()).isTrue();
  }

  @Test
  void itUsesTheNetwork() throws Exception {
    try (java.net.ServerSocket server = new java.net.ServerSocket(0)) {
      Workbench bench = Workbench.in(folder.resolve("bench"));
      bench.asking(asked -> asked.cache = StepCaching.ON);
      bench.file("a.txt", "a\n");
      bench.steps("- run: cat a.txt || true; exec 3<>/dev/tcp/127.0.0.1/" + server.getLocalPort());
      bench.commit();
      for (int i = 0; i < 2; i++) {
        assertThat(bench.run().step(1).cached()).isFalse();
      }
      assertThat(bench.why()).contains("it spoke to another process (127.0.0.1:");
    }
  }
}
