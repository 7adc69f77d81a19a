package dev.slipway.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.engine.GitRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which files there are and when what gates read of them is the same, in real repositories. */
final class WorkTreeTest {
  private static final Gate PYTHON =
      Gates.reading("python", Inputs.of("", List.of("py"), List.of("setup.cfg")));
  private static final Gate ALL = Gates.reading("all", Inputs.all(""));
  private static final Gate DOCS =
      Gates.reading("docs", Inputs.matching("", List.of("docs/**", "*.md")));

  @TempDir Path directory;

  private final Map<String, String> known = new LinkedHashMap<>();

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

  private WorkTree files() {
    GitRepository git = GitRepository.find(directory).orElseThrow();
    return WorkTree.read(directory, git, directory.resolve("home"));
  }

  private Map<String, String> keys() {
    WorkTree files = files();
    Map<String, String> keys = new LinkedHashMap<>();
    for (Gate gate : List.of(PYTHON, ALL, DOCS)) {
      Key key = new Key();
      files.addTo(key, gate.inputs());
      keys.put(gate.id(), key.first() + " " + key.second());
    }
    return keys;
  }

  private void remember() {
    known.clear();
    known.putAll(keys());
  }

  /** The gates that read the same as when they were remembered. */
  private List<String> remembered() {
    List<String> remembered = new ArrayList<>();
    keys()
        .forEach((id, key) -> {
          if (key.equals(known.get(id))) {
            remembered.add(id);
          }
        });
    return remembered;
  }

  @Test
  void nothingChanged_everythingIsTheSame() {
    assertThat(remembered()).containsExactly("python", "all", "docs");
  }

  @Test
  void files_areThoseThatGitTracksOrWould() throws Exception {
    write("src/new.py", "");
    write("fresh/a/b.txt", "");
    write("build/out.py", "");
    write("node_modules/a/package.json", "");
    write(".slipway/runs/1", "");
    assertThat(files().tree().paths())
        .containsExactly(
            ".gitignore",
            "README.md",
            "docs/index.md",
            "fresh/a/b.txt",
            "setup.cfg",
            "src/a.py",
            "src/b.py",
            "src/new.py");
  }

  @Test
  void files_areThoseOfTheProjectInALargerRepository() throws Exception {
    write("src/new.py", "");
    GitRepository git = GitRepository.find(directory).orElseThrow();
    assertThat(WorkTree.read(directory.resolve("src"), git, directory).tree().paths())
        .containsExactly("a.py", "b.py", "new.py");
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
}
