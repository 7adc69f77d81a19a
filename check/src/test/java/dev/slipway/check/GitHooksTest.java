package dev.slipway.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GitHooksTest {
  private static final GitHooks.Hook HOOK = GitHooks.Hook.PRE_COMMIT;

  @TempDir Path directory;

  private GitHooks hooks() {
    return new GitHooks(directory.resolve("hooks"));
  }

  private Path program(String name, String script) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }

  /** Starts the installed hook; returns its exit code. */
  private int start() throws Exception {
    Process process =
        new ProcessBuilder(directory.resolve("hooks/pre-commit").toString(), "x")
            .directory(directory.toFile())
            .inheritIO()
            .start();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return process.exitValue();
  }

  @Test
  void aHook_isInstalledChangedAndTakenAway() throws Exception {
    GitHooks hooks = hooks();
    assertThat(hooks.state(HOOK)).isEqualTo(new GitHooks.State(null, false));
    hooks.install(HOOK, Tier.LITE, "/slipway");
    hooks.install(HOOK, Tier.STRICT, "/slipway");
    assertThat(hooks.state(HOOK)).isEqualTo(new GitHooks.State(Tier.STRICT, false));
    assertThat(hooks.uninstall(HOOK)).isTrue();
    assertThat(directory.resolve("hooks")).isEmptyDirectory();
    assertThat(hooks.uninstall(HOOK)).isFalse();
  }

  @Test
  void aHook_startsTheCheckOfItsTier() throws Exception {
    Path slipway = program("it's slipway", "echo \"$@\" > asked; exit 4");
    hooks().install(HOOK, Tier.LITE, slipway.toString());
    assertThat(start()).isEqualTo(4);
    assertThat(Files.readString(directory.resolve("asked"))).isEqualTo("check --tier lite\n");
  }

  @Test
  void aHookThatIsThere_isStartedFirstAndPutBack() throws Exception {
    Path slipway = program("slipway", "echo slipway >> said");
    Path before = program("hooks/pre-commit", "echo \"mine $1\" >> said");
    String text = Files.readString(before);
    GitHooks hooks = hooks();
    hooks.install(HOOK, Tier.LITE, slipway.toString());
    assertThat(hooks.state(HOOK)).isEqualTo(new GitHooks.State(Tier.LITE, true));
    assertThat(start()).isZero();
    assertThat(Files.readAllLines(directory.resolve("said")))
        .isEqualTo(List.of("mine x", "slipway"));
    hooks.uninstall(HOOK);
    assertThat(Files.readString(before)).isEqualTo(text);
    assertThat(Files.isExecutable(before)).isTrue();
  }

  @Test
  void aHookThatIsThereAndFails_ends() throws Exception {
    Path slipway = program("slipway", "echo slipway >> said");
    program("hooks/pre-commit", "exit 7");
    hooks().install(HOOK, Tier.LITE, slipway.toString());
    assertThat(start()).isEqualTo(7);
    assertThat(directory.resolve("said")).doesNotExist();
  }

  @Test
  void anotherHookOverSlipways_isNotLost() throws Exception {
    program("hooks/pre-commit", "echo one");
    GitHooks hooks = hooks();
    hooks.install(HOOK, Tier.LITE, "/slipway");
    program("hooks/pre-commit", "echo two");
    assertThatThrownBy(() -> hooks.install(HOOK, Tier.LITE, "/slipway"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("remove one of them");
    assertThat(directory.resolve("hooks/pre-commit")).content().contains("echo two");
    assertThat(directory.resolve("hooks/pre-commit.before-slipway")).content().contains("echo one");
  }

  @Test
  void aLinkedHook_isKept() throws Exception {
    Path elsewhere = program("elsewhere", "echo one");
    Files.createDirectories(directory.resolve("hooks"));
    Path link = directory.resolve("hooks/pre-commit");
    Files.createSymbolicLink(link, elsewhere);
    GitHooks hooks = hooks();
    hooks.install(HOOK, Tier.LITE, "/slipway");
    assertThat(elsewhere).content().contains("echo one");
    hooks.uninstall(HOOK);
    assertThat(Files.readSymbolicLink(link)).isEqualTo(elsewhere);
  }

  @Test
  void aSlipwayThatIsGone_isSaid() throws Exception {
    hooks().install(HOOK, Tier.LITE, directory.resolve("gone").toString());
    Process process =
        new ProcessBuilder("/bin/sh", directory.resolve("hooks/pre-commit").toString())
            .redirectErrorStream(true)
            .start();
    String said =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isEqualTo(1);
    assertThat(said).contains("slipway hook install");
  }
}
