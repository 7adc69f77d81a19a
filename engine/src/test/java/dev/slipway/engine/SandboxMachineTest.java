package dev.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Required;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxMachineTest {
  @TempDir Path folder;
  private Workbench bench;
  private Path user;

  @BeforeEach
  void sandboxes() throws IOException, InterruptedException {
    Path bwrap = Required.program("bwrap", List.of());
    Required.program("nsenter");
    Process probe =
        new ProcessBuilder(
                bwrap.toString(), "--ro-bind", "/", "/", "--unshare-pid", "--proc", "/proc", "true")
            .redirectErrorStream(true)
            .start();
    if (probe.waitFor() != 0) {
      throw Required.missing("a bubblewrap that may make namespaces");
    }
    bench = Workbench.in(folder);
    user = bench.userHome();
    Files.createDirectories(user);
    on("sandbox");
  }

  private void on(String machine) {
    bench.asking(asked -> asked.machines.put("ubuntu-latest", machine));
  }

  @Test
  void systemIsReadOnly_andTheUsersHomeIsNotThere() throws Exception {
    Workbench.write(user.resolve(".ssh/id_rsa"), "secret\n");
    Workbench.write(user.resolve(".pyenv/bin/tool"), "#!/bin/sh\necho the tool\n");
    assertThat(user.resolve(".pyenv/bin/tool").toFile().setExecutable(true)).isTrue();
    bench.steps(
        """
        - run: |
            ls USER/.ssh 2>&1 | grep -o 'No such file.*'
            USER/.pyenv/bin/tool
            touch USER/.pyenv/bin/mine 2>&1 | grep -o 'Read-only.*'
            touch /usr/mine 2>&1 | grep -o 'Read-only.*'
            ls -A /run
            [ "$(ls -d /proc/[0-9]* | wc -l)" -lt 10 ] && echo few processes
            echo mine > ~/mine && cat ~/mine
        """
            .replace("USER", user.toString()));
    assertThat(bench.run().log())
        .contains(
            "No such file or directory",
            "the tool",
            "Read-only file system",
            "few processes",
            "mine")
        .doesNotContain("secret");
    assertThat(Path.of("/usr/mine")).doesNotExist();
    assertThat(user.resolve(".pyenv/bin/mine")).doesNotExist();
  }

  @Test
  void temporaryFoldersAreTheJobs_fromStepToStep() throws Exception {
    String name = folder.getFileName() + "-mine";
    Workbench.Ran ran =
        bench
            .workflow(
                """
                on: push
                jobs:
                  a:
                    runs-on: ubuntu-latest
                    steps:
                      - run: echo one | tee /tmp/NAME /var/tmp/NAME /dev/shm/NAME > "$RUNNER_TEMP/NAME"
                      - run: cat /tmp/NAME /var/tmp/NAME /dev/shm/NAME "$RUNNER_TEMP/NAME"
                  b:
                    needs: a
                    runs-on: ubuntu-latest
                    steps:
                      - run: ls /tmp/NAME /var/tmp/NAME /dev/shm/NAME 2>&1 | grep -c 'No such file'
                """
                    .replace("NAME", name))
            .run();
    assertThat(ran.log("a")).containsExactly("one", "one", "one", "one");
    assertThat(ran.log("b")).containsExactly("3");
    assertThat(Path.of("/tmp", name)).doesNotExist();
    assertThat(Path.of("/var/tmp", name)).doesNotExist();
  }

  @Test
  void cachesOfPackagesAreTheUsers_andTheWorkspaceHasItsHistory() throws Exception {
    Workbench.write(user.resolve(".m2/repository/known"), "known\n");
    bench
        .file("file", "content\n")
        .steps(
            """
            - uses: actions/checkout@v4
            - run: |
                cat file ~/.m2/repository/known
                echo new > ~/.m2/repository/new
                git log --format=%s
                echo changed > file && git diff --stat | tail -1
            """)
        .commit();
    Workbench.Ran ran = bench.run();
    assertThat(ran.log(2))
        .containsExactly(
            "content", "known", "Change", " 1 file changed, 1 insertion(+), 1 deletion(-)");
    assertThat(user.resolve(".m2/repository/new")).hasContent("new\n");
    assertThat(bench.root().resolve("file")).hasContent("content\n");
  }

  @Test
  void whatAStepLeavesRunning_isThereForTheNext_andEndsWithTheJob() throws Exception {
    Workbench.Ran ran =
        bench
            .steps(
                """
                - run: |
                    setsid tail -f /dev/null > /dev/null 2>&1 &
                    echo $! > "$RUNNER_TEMP/left"
                - run: kill -0 $(cat "$RUNNER_TEMP/left") && echo runs
                - run: exit 7
                """)
            .run();
    assertThat(ran.log()).contains("runs");
    assertThat(ran.step(3).exitCode()).isEqualTo(7);
  }

  @Test
  void stepThatIsStopped_isInterruptedFirst() throws Exception {
    Workbench.Ran ran =
        bench
            .minuteMillis(1500)
            .steps(
                """
                - run: |
                    trap 'echo interrupted; exit 5' INT
                    tail -f /dev/null > /dev/null 2>&1 &
                    wait
                  timeout-minutes: 1
                """)
            .run();
    assertThat(ran.log()).contains("interrupted");
    assertThat(ran.conclusion()).isEqualTo(Conclusion.FAILURE);
  }

  @Test
  void network_canBeLeftOut_butForTheJobsOwn() throws Exception {
    on("sandbox:no-network");
    assertThat(bench.steps("- run: grep -c ':' /proc/net/dev\n").run().log()).containsExactly("1");
  }

  @Test
  void variablesOfAnyName_comeThrough() throws Exception {
    Workbench.Ran ran =
        bench
            .steps(
                """
                - run: unused
                  shell: printenv WITH-DASH {0}
                  env: {WITH-DASH: value}
                """)
            .run();
    assertThat(ran.log()).contains("value");
  }

  @Test
  void machineWithoutBubblewrap_tellsWhatToInstall() throws Exception {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    bench.userVariable("PATH", empty.toString());
    assertThat(bench.steps("- run: echo not reached\n").run().log())
        .anyMatch(line -> line.contains("apt-get install bubblewrap"))
        .doesNotContain("not reached");
  }
}
