package dev.slipway.check;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.engine.GitRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a result is found again, in real repositories. */
final class GateMemoryTest {
  private static final Gate PYTHON =
      Gates.reading("python", Inputs.of("", List.of("py"), List.of("setup.cfg")));
  private static final Gate ALL = Gates.reading("all", Inputs.all(""));
  private static final Gate DOCS =
      Gates.reading("docs", Inputs.matching("", List.of("docs/**", "*.md")));

  @TempDir Path directory;

  @BeforeEach
  void makeRepository() throws Exception {
    git("init", "-q", "-b", "main");
    write("src/a.py", "a = 1\n");
    write("src/b.py", "b = 1\n");
    write("docs/index.md", "docs\n");
    write("README.md", "readme\n");
    write("setup.cfg", "");
    write(".gitignore", "build/\n*.log\n!keep.log\n");
    git("add", "-A");
    // Git does not trust a file that changed in the moment in which it wrote its index.
    for (String file :
        List.of("src/a.py", "src/b.py", "docs/index.md", "README.md", "setup.cfg", ".gitignore")) {
      Files.setLastModifiedTime(directory.resolve(file), FileTime.fromMillis(1_700_000_000_123L));
    }
    git("add", "-A");
    remember();
  }

  private void git(String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(words));
    Process process = new ProcessBuilder(command).directory(directory.toFile()).inheritIO().start();
    assertThat(process.waitFor()).isZero();
  }

  private void write(String path, String text) throws IOException {
    Path file = directory.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private FileMemory memory() throws InterruptedException {
    GitRepository git = GitRepository.find(directory).orElseThrow();
    return FileMemory.open(directory, WorkTree.read(directory, git, directory.resolve("home")));
  }

  private void remember() throws Exception {
    FileMemory memory = memory();
    for (Gate gate : List.of(PYTHON, ALL, DOCS)) {
      memory.keep(Gates.passed(gate));
    }
    memory.save();
  }

  /** The gates that would not run again now. */
  private List<String> remembered() throws InterruptedException {
    FileMemory memory = memory();
    List<String> remembered = new ArrayList<>();
    for (Gate gate : List.of(PYTHON, ALL, DOCS)) {
      if (memory.find(gate) != null) {
        remembered.add(gate.id());
      }
    }
    return remembered;
  }

  @Test
  void nothingChanged_everythingIsRemembered() throws Exception {
    assertThat(remembered()).containsExactly("python", "all", "docs");
    GateResult found = requireNonNull(memory().find(PYTHON));
    assertThat(found.cached()).isTrue();
    assertThat(found.summary()).isEqualTo("fine");
    assertThat(found.version()).isEqualTo("1.2");
    assertThat(found.flaky()).containsExactly("a.b");
  }

  @Test
  void aFileThatIsOnlyTouched_isTheSame() throws Exception {
    Files.setLastModifiedTime(
        directory.resolve("src/a.py"), FileTime.fromMillis(1_800_000_000_000L));
    assertThat(remembered()).containsExactly("python", "all", "docs");
  }

  @Test
  void aFileThatIsStagedOrCommitted_isTheSame() throws Exception {
    write("src/a.py", "a = 2\n");
    remember();
    git("add", "-A");
    assertThat(remembered()).containsExactly("python", "all", "docs");
    git("-c", "user.name=a", "-c", "user.email=a@localhost", "commit", "-q", "-m", "a");
    assertThat(remembered()).containsExactly("python", "all", "docs");
  }

  @Test
  void aNewFileThatIsStaged_isTheSame() throws Exception {
    write("src/0.py", "c = 1\n");
    remember();
    git("add", "-A");
    assertThat(remembered()).containsExactly("python", "all", "docs");
  }

  @Test
  void aChangedFile_concernsThoseThatReadIt() throws Exception {
    write("src/a.py", "a = 2\n");
    assertThat(remembered()).containsExactly("docs");
    remember();
    write("README.md", "other\n");
    assertThat(remembered()).containsExactly("python");
    remember();
    write("setup.cfg", "[flake8]\n");
    assertThat(remembered()).containsExactly("docs");
  }

  @Test
  void aChangeBack_isTheSameAgain() throws Exception {
    write("src/a.py", "a = 2\n");
    write("src/a.py", "a = 1\n");
    assertThat(remembered()).containsExactly("python", "all", "docs");
  }

  @Test
  void aFileOfTheSameSizeAndTime_isReadWhenItIsNewerThanGitsIndex() throws Exception {
    write("src/a.py", "a = 7\n");
    Files.setLastModifiedTime(
        directory.resolve("src/a.py"), FileTime.fromMillis(4_000_000_000_000L));
    assertThat(remembered()).containsExactly("docs");
  }

  @ParameterizedTest
  @ValueSource(strings = {"src/new.py", "fresh/deep/new.py", "new.py"})
  void aNewFile_counts(String path) throws Exception {
    write(path, "c = 1\n");
    assertThat(remembered()).containsExactly("docs");
    remember();
    assertThat(remembered()).containsExactly("python", "all", "docs");
    write(path, "c = 2\n");
    assertThat(remembered()).containsExactly("docs");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "build/new.py",
        "src/build/new.py",
        "src/a.log",
        "node_modules/a/a.py",
        ".venv/a.py"
      })
  void anIgnoredFile_doesNot(String path) throws Exception {
    write(path, "c = 1\n");
    assertThat(remembered()).containsExactly("python", "all", "docs");
  }

  @Test
  void aFileThatIsNoLongerIgnored_counts() throws Exception {
    write("src/keep.log", "");
    assertThat(remembered()).containsExactly("python", "docs");
    remember();
    write("build/new.py", "");
    write(".gitignore", "*.log\n");
    remember();
    write("build/new.py", "changed");
    assertThat(remembered()).containsExactly("docs");
  }

  @Test
  void aRemovedFile_counts() throws Exception {
    Files.delete(directory.resolve("src/b.py"));
    assertThat(remembered()).containsExactly("docs");
  }

  @Test
  void aRenamedFile_counts() throws Exception {
    Files.move(directory.resolve("src/b.py"), directory.resolve("src/c.py"));
    assertThat(remembered()).containsExactly("docs");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2", "3", "4"})
  void gitsIndex_isReadInEveryVersion(String version) throws Exception {
    git("update-index", "--index-version", version);
    assertThat(remembered()).containsExactly("python", "all", "docs");
    write("src/b.py", "b = 2\n");
    assertThat(remembered()).containsExactly("docs");
  }

  @Test
  void aSplitIndex_isDoneWithout() throws Exception {
    git("update-index", "--split-index");
    assertThat(remembered()).containsExactly("python", "all", "docs");
    write("src/b.py", "b = 2\n");
    assertThat(remembered()).containsExactly("docs");
  }

  @Test
  void anotherScript_isAnotherGate() throws Exception {
    assertThat(memory().find(Gates.running(PYTHON, "echo other"))).isNull();
  }

  @Test
  void failedTests_areTriedAgain() throws Exception {
    Gate tests = Gates.reporting(PYTHON, Report.JUNIT);
    FileMemory memory = memory();
    memory.keep(Gates.failed(tests));
    memory.save();
    assertThat(memory().find(tests)).isNull();
  }

  @Test
  void whatALinterFound_isRemembered() throws Exception {
    GateResult failed = Gates.failed(PYTHON);
    FileMemory memory = memory();
    memory.keep(failed);
    memory.save();
    GateResult found = requireNonNull(memory().find(PYTHON));
    assertThat(found.findings()).isEqualTo(failed.findings());
    assertThat(found.status()).isEqualTo(Status.FAILED);
  }

  @Test
  void aMemoryThatIsCutOff_isForgotten() throws Exception {
    Path file = directory.resolve(".slipway/check/results");
    byte[] all = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(all, all.length / 2));
    assertThat(remembered()).isEmpty();
  }
}
