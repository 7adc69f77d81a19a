package dev.slipway.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.testing.Required;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is told of processes that somebody else started. */
@Timeout(60)
final class AttachmentTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String HOLD = "echo ready; read -r go\n";

  @TempDir Path temporary;

  @BeforeEach
  void possible() {
    Attachment.obstacle()
        .ifPresent(obstacle -> {
          throw Required.missing("what attaching takes (" + obstacle + ")");
        });
  }

  /** A process that waits to be told to go on, and what is told of it then. */
  private static final class Held implements AutoCloseable {
    private final List<String> told = new ArrayList<>();
    private final Process process;
    private final BufferedReader output;
    private final int first;

    /**
     * Starts it as the child of another one: one of this program's own would be waited for by it.
     */
    Held(String... command) throws IOException {
      List<String> whole = new ArrayList<>(List.of("sh", "-c", "\"$@\"; exit $?", "sh"));
      whole.addAll(List.of(command));
      process = new ProcessBuilder(whole).redirectErrorStream(true).start();
      output = process.inputReader(StandardCharsets.UTF_8);
      assertThat(output.readLine()).isEqualTo("ready");
      first =
          (int)
              process
                  .descendants()
                  .filter(each -> each.children().findAny().isEmpty())
                  .findFirst()
                  .orElseThrow()
                  .pid();
    }

    Attachment attach() throws IOException {
      return Attachment.to(
          first,
          (access, path, length, held) -> {
            synchronized (told) {
              told.add(access + " " + new String(path, 0, length, StandardCharsets.UTF_8));
            }
          });
    }

    /** Lets it run to its end; what it prints. */
    List<String> goOn() throws IOException, InterruptedException {
      process.outputWriter().write("go\n");
      process.outputWriter().flush();
      List<String> printed = output.lines().toList();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      return printed;
    }

    List<String> told() {
      synchronized (told) {
        return List.copyOf(told);
      }
    }

    @Override
    public void close() {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sh", "bash"})
  void whatItDoes_isToldFromThereOn(String shell) throws Exception {
    Path before = Files.writeString(temporary.resolve("before"), "b\n");
    Path after = Files.writeString(temporary.resolve("after"), "a\n");
    String script = "cat " + before + " >/dev/null\n" + HOLD + "cat " + after + "; echo $go";
    try (Held held = new Held(shell, "-c", script);
        Attachment attachment = held.attach()) {
      assertThat(held.goOn()).containsExactly("a", "go");
      Ending ending = attachment.ending(PATIENCE);
      assertThat(ending.gaps()).isEmpty();
      assertThat(ending.left()).isFalse();
      assertThat(held.told()).contains("READ " + after).doesNotContain("READ " + before);
      assertThat(ending.accesses()).isEqualTo(held.told().size());
    }
  }

  @Test
  void pathsInNamespacesOfItsOwn_areTheOnesItSees() throws Exception {
    Path place = Files.createDirectory(temporary.resolve("place"));
    String script =
        """
        cd %1$s; mount -t tmpfs none %1$s; cd %1$s
        echo inside >only-inside; mkdir below
        cp /bin/sh interpreter; printf '#!%1$s/interpreter\\necho ran\\n' >tool; chmod 755 tool
        ln -s /only-inside absolute
        """
                .formatted(place)
            + HOLD
            + "cd below; cat ../only-inside; ../tool; test -e missing || echo none";
    try (Held held =
            new Held("unshare", "--mount", "--pid", "--fork", "--mount-proc", "sh", "-c", script);
        Attachment attachment = held.attach()) {
      assertThat(held.goOn()).containsExactly("inside", "ran", "none");
      Ending ending = attachment.ending(PATIENCE);
      assertThat(ending.gaps()).isEmpty();
      assertThat(ending.left()).isFalse();
      assertThat(held.told())
          .contains(
              "ENTER " + place + "/below",
              "READ " + place + "/below/../only-inside",
              "EXECUTE " + place + "/below/../tool",
              "EXECUTE " + place + "/interpreter",
              "STAT " + place + "/below/missing");
      assertThat(place).isEmptyDirectory();
    }
  }

  @Test
  void loadersOfProgramsBehindAbsoluteLinks_areThoseOfItsRoot() throws Exception {
    Path root = Files.createDirectory(temporary.resolve("root"));
    Files.createDirectories(root.resolve("proc"));
    Files.createDirectories(root.resolve("tools"));
    Files.writeString(root.resolve("tools/script"), "#!/tools/own-interpreter\necho ran\n");
    root.resolve("tools/script").toFile().setExecutable(true);
    Files.createSymbolicLink(root.resolve("linked"), Path.of("/tools/script"));
    String script =
        "mount --rbind /usr %1$s/usr && mount --rbind /proc %1$s/proc && exec chroot %1$s"
            + " /usr/bin/sh -c '"
            + HOLD
            + "/linked'";
    for (String folder : List.of("usr")) {
      Files.createDirectories(root.resolve(folder));
    }
    for (String folder : List.of("bin", "lib", "lib64")) {
      if (Files.isSymbolicLink(Path.of("/" + folder))) {
        Files.createSymbolicLink(
            root.resolve(folder), Files.readSymbolicLink(Path.of("/" + folder)));
      } else {
        throw Required.missing("a merged /usr");
      }
    }
    Files.createSymbolicLink(root.resolve("tools/own-interpreter"), Path.of("../usr/bin/sh"));
    try (Held held =
            new Held(
                "unshare",
                "--mount",
                "--propagation",
                "private",
                "sh",
                "-c",
                script.formatted(root));
        Attachment attachment = held.attach()) {
      assertThat(held.goOn()).containsExactly("ran");
      assertThat(attachment.ending(PATIENCE).gaps()).isEmpty();
      assertThat(held.told()).contains("EXECUTE /linked", "EXECUTE /tools/own-interpreter");
    }
  }

  @Test
  void whatItLeavesRunning_isSaid() throws Exception {
    String script = HOLD + "sleep 60 >/dev/null 2>&1 </dev/null & echo $!";
    try (Held held = new Held("sh", "-c", script);
        Attachment attachment = held.attach()) {
      long left = Long.parseLong(held.goOn().getFirst());
      try {
        assertThat(attachment.ending(Duration.ofMillis(50)).left()).isTrue();
      } finally {
        ProcessHandle.of(left).ifPresent(ProcessHandle::destroyForcibly);
      }
    }
  }

  @Test
  void aProcessOfNoRights_givesUpGettingAny() throws Exception {
    Required.program("setpriv");
    String script = HOLD + "grep NoNewPrivs /proc/self/status";
    try (Held held =
        new Held(
            "setpriv", "--reuid=65534", "--clear-groups", "--inh-caps=-all", "sh", "-c", script)) {
      assertThat(Attachment.keepsSetuid(held.first)).isFalse();
      try (Attachment attachment = held.attach()) {
        assertThat(held.goOn()).containsExactly("NoNewPrivs:\t1");
        assertThat(attachment.ending(PATIENCE).gaps()).isEmpty();
        assertThat(held.told()).contains("READ /proc/self/status");
      }
    }
  }

  @Test
  void aProcessThatIsGone_isRefused() throws Exception {
    Process process = new ProcessBuilder("true").start();
    process.waitFor();
    assertThatThrownBy(() -> Attachment.to((int) process.pid(), (access, path, length, held) -> {}))
        .isInstanceOf(IOException.class);
  }
}
