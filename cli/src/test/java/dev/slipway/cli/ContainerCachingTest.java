package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Required;
import dev.slipway.trace.Attachment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When steps in job containers are spared, and when they are not. */
final class ContainerCachingTest {
  @TempDir Path directory;

  @BeforeEach
  void engine() throws Exception {
    Required.containers();
    Attachment.obstacle()
        .ifPresent(obstacle -> {
          throw Required.missing("what watching in containers takes (" + obstacle + ")");
        });
    run(directory, "", "git", "init", "-q", "-b", "main");
  }

  private static String run(Path folder, String input, String... command)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().close();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
    return printed;
  }

  private void file(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private CommandLine slipway() {
    // The memory of steps is where this process's own environment says.
    return CommandLine.in(directory).environment(System.getenv());
  }

  /** Commits and runs; what each step printed. */
  private Ran run() throws Exception {
    run(directory, "", "git", "add", "-A");
    run(
        directory,
        "",
        "git",
        "-c",
        "user.name=t",
        "-c",
        "user.email=t@example.com",
        "commit",
        "-q",
        "--allow-empty",
        "-m",
        "a");
    CommandLine.Result result = slipway().run("run");
    assertThat(result.exit()).as(result.out() + result.err()).isZero();
    return new Ran(result.out());
  }

  /** What a run printed. */
  private record Ran(String text) {
    boolean spared(String step) {
      return text.contains("✓ " + step + ": success (cached)");
    }

    /** The lines that a step printed. */
    List<String> printed(String step) {
      List<String> lines = new ArrayList<>();
      boolean within = false;
      for (String line : text.split("\n", -1)) {
        if (line.startsWith("job | ▸ ") || line.startsWith("job | ✓ ")) {
          within = line.equals("job | ▸ " + step);
        } else if (within) {
          lines.add(line.substring("job | ".length()));
        }
      }
      return lines;
    }
  }

  private String why(String step) {
    CommandLine.Result result = slipway().run("cache", "why", step);
    return result.out() + result.err();
  }

  /** A workflow of one job in a container, with steps by name. */
  private void workflow(String container, Map<String, String> steps) throws IOException {
    StringBuilder text =
        new StringBuilder("on: push\njobs:\n  job:\n    runs-on: ubuntu-latest\n    container:\n");
    text.append(container.indent(6));
    text.append("    steps:\n      - uses: actions/checkout@v4\n");
    steps.forEach((name, script) ->
        text.append("      - name: " + name + "\n        id: " + name + "\n        run: |\n")
            .append(script.indent(10)));
    file(".github/workflows/ci.yml", text.toString());
  }

  private static Map<String, String> steps(String... namesAndScripts) {
    Map<String, String> steps = new LinkedHashMap<>();
    for (int i = 0; i < namesAndScripts.length; i += 2) {
      steps.put(namesAndScripts[i], namesAndScripts[i + 1]);
    }
    return steps;
  }

  @Test
  void nothingChanged_allThatItDidIsThereAgain() throws Exception {
    file("src/a.txt", "hello\n");
    workflow(
        "image: slipway-test/worker",
        steps(
            "make",
            """
            cat src/a.txt; echo oops >&2
            mkdir -p out/deep; tr a-z A-Z <src/a.txt >out/deep/up.txt; ln -s deep/up.txt out/link
            echo '#!/bin/sh' >out/tool; chmod 755 out/tool
            echo "size=$(wc -c <src/a.txt)" >>"$GITHUB_OUTPUT"
            """,
            "look",
            """
            : $RANDOM
            cat out/link; stat -c '%u:%g %a %n' out out/deep out/deep/up.txt out/tool out/link
            echo "size ${{ steps.make.outputs.size }}"
            rm -r out
            """));

    Ran first = run();
    Ran second = run();

    assertThat(first.spared("make")).isFalse();
    assertThat(second.spared("make")).as(why("make")).isTrue();
    assertThat(second.printed("make")).isEqualTo(first.printed("make")).contains("hello", "oops");
    assertThat(second.printed("look"))
        .isEqualTo(first.printed("look"))
        .contains("HELLO", "1234:1234 755 out/tool", "1234:1234 644 out/deep/up.txt", "size 6");

    file("src/a.txt", "other\n");
    Ran third = run();
    assertThat(third.spared("make")).isFalse();
    assertThat(third.printed("look")).contains("OTHER");
    assertThat(why("make")).contains("src/a.txt has changed", "what came of it is kept");

    file("src/a.txt", "hello\n");
    assertThat(run().spared("make")).isTrue();
  }

  @Test
  void linksOnTheWay_leadWithinTheContainer(@TempDir Path elsewhere) throws Exception {
    file("a.txt", "a\n");
    file("made/file", "old\n");
    workflow(
        "image: slipway-test/debian",
        steps(
            "prepare",
            ": $RANDOM; mkdir -p " + elsewhere + "\n",
            "make",
            "tr a-z A-Z <a.txt >made/file; echo made\n",
            "look",
            ": $RANDOM; cat made/file\n"));
    assertThat(run().printed("look")).containsExactly("A");
    assertThat(run().spared("make")).as(why("make")).isTrue();

    Files.delete(directory.resolve("made/file"));
    Files.delete(directory.resolve("made"));
    Files.createSymbolicLink(directory.resolve("made"), elsewhere);
    assertThat(run().printed("look")).containsExactly("A");
    assertThat(elsewhere).isEmptyDirectory();
  }

  @Test
  void filesOfTheImage_countByTheImage() throws Exception {
    String image = "slipway-test/caching-" + ProcessHandle.current().pid();
    try {
      build(image, "one");
      workflow("image: " + image, steps("say", "said; cat /etc/said\n"));
      assertThat(run().printed("say")).containsExactly("one", "one");
      assertThat(run().spared("say")).as(why("say")).isTrue();

      build(image, "two");
      Ran other = run();
      assertThat(other.printed("say")).containsExactly("two", "two");
      assertThat(why("say")).contains("the image is another one");

      workflow("image: " + image + "\noptions: --cpus 1", steps("say", "said; cat /etc/said\n"));
      assertThat(run().spared("say")).isFalse();
      assertThat(why("say")).contains("the container is another one");
    } finally {
      run(directory, "", "docker", "rmi", "-f", image);
    }
  }

  /** Makes an image with a program and a file that say something. */
  private void build(String image, String said) throws Exception {
    run(
        directory,
        "FROM slipway-test/busybox\nRUN mkdir -p /usr/bin && echo "
            + said
            + " >/etc/said && printf '#!/bin/sh\\ncat /etc/said\\n' >/bin/said && chmod 755"
            + " /bin/said\n",
        "env",
        "DOCKER_BUILDKIT=0",
        "docker",
        "build",
        "-q",
        "--network",
        "none",
        "-t",
        image,
        "-");
  }

  @Test
  void whatAStepBeforePutIntoTheContainer_counts() throws Exception {
    file("tool.sh", "#!/bin/sh\necho one\n");
    file("overwrite", "no\n");
    workflow(
        "image: slipway-test/debian",
        steps(
            "install",
            """
            : $RANDOM
            install -m 755 tool.sh /usr/local/bin/tool
            if grep -q yes overwrite; then
              install -m 755 tool.sh /usr/bin/tac
              rm /etc/debian_version
              rm -r /etc/skel; mkdir /etc/skel
            fi
            """,
            "use",
            "tool | cat\n",
            "image",
            "echo x | tac\n",
            "removed",
            "cat /etc/debian_version || echo none\n",
            "hidden",
            "test ! -e /etc/skel/.profile || echo there\n"));
    assertThat(run().printed("use")).containsExactly("one");
    Ran second = run();
    assertThat(second.spared("install")).isFalse();
    assertThat(second.spared("use")).as(why("use")).isTrue();
    assertThat(second.spared("image")).as(why("image")).isTrue();
    assertThat(second.spared("removed")).as(why("removed")).isTrue();
    assertThat(second.spared("hidden")).as(why("hidden")).isTrue();
    assertThat(second.printed("hidden")).containsExactly("there");

    file("tool.sh", "#!/bin/sh\necho two\n");
    Ran third = run();
    assertThat(third.spared("use")).isFalse();
    assertThat(third.printed("use")).containsExactly("two");
    assertThat(why("use")).contains("/usr/local/bin/tool has changed");
    assertThat(third.spared("image")).as(why("image")).isTrue();

    file("overwrite", "yes\n");
    Ran fourth = run();
    assertThat(fourth.spared("image")).isFalse();
    assertThat(fourth.printed("image")).containsExactly("two");
    assertThat(why("image")).contains("it ran because: /usr/bin/tac ");
    assertThat(fourth.printed("removed")).contains("none");
    assertThat(why("removed")).contains("it ran because: /etc/debian_version ");
    assertThat(fourth.printed("hidden")).isEmpty();
    assertThat(why("hidden")).contains("it ran because: /etc/skel/.profile ");
  }

  @Test
  void whatCannotBeGivenAgain_isNotKept() throws Exception {
    file("a.txt", "a\n");
    workflow(
        "image: slipway-test/debian",
        steps(
            "outside",
            "cat a.txt >/root/left\n",
            "passing",
            "cat a.txt >/tmp/passing; cat /tmp/passing; rm /tmp/passing\n",
            "network",
            "cat a.txt; timeout 1 bash -c 'exec 3<>/dev/tcp/192.0.2.1/80' || true\n",
            "running",
            "cat a.txt; sleep 30 >/dev/null 2>&1 </dev/null &\n",
            "name",
            "cat a.txt /etc/hostname\n",
            "mine",
            "cat a.txt; echo $HOSTNAME\n",
            "shell",
            "bash -c 'cat a.txt'\n"));
    run();
    Ran second = run();

    assertThat(second.spared("outside")).isFalse();
    assertThat(why("outside")).contains("it changed /root/left, outside the job's own folders");
    assertThat(second.spared("passing")).as(why("passing")).isTrue();
    assertThat(second.spared("network")).isFalse();
    assertThat(why("network")).contains("it used the network (192.0.2.1:80)");
    assertThat(second.spared("running")).isFalse();
    assertThat(why("running")).contains("it left processes running");
    assertThat(second.spared("name")).isFalse();
    assertThat(why("name")).contains("/etc/hostname has changed");
    assertThat(second.spared("mine")).isFalse();
    assertThat(why("mine")).contains("the variable HOSTNAME has another value");
    assertThat(second.spared("shell")).as(why("shell")).isTrue();
  }

  @Test
  void aScriptThatAsksForRights_keepsThem() throws Exception {
    file("a.txt", "a\n");
    workflow(
        "image: slipway-test/worker",
        steps("ask", "cat a.txt; grep NoNewPrivs /proc/self/status; : su root\n"));
    assertThat(run().printed("ask")).contains("NoNewPrivs:\t0");
    assertThat(why("ask")).contains("its script asks for rights");
  }
}
