package dev.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Required;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ToolCacheTest {
  /** What would lead the search past the test's own user. */
  private static final List<String> USER_TOOLS =
      List.of(
          "PYENV_ROOT",
          "JAVA_HOME",
          "NVM_DIR",
          "SDKMAN_DIR",
          "UV_PYTHON_INSTALL_DIR",
          "FNM_DIR",
          "AGENT_TOOLSDIRECTORY",
          "RUNNER_TOOL_CACHE");

  private static final String ARCH =
      System.getProperty("os.arch").equals("aarch64") ? "arm64" : "x64";

  @TempDir Path folder;
  private Workbench bench;
  private Path user;

  @BeforeEach
  void repository() throws IOException {
    bench = Workbench.in(folder);
    user = bench.userHome();
    Files.createDirectories(user);
    USER_TOOLS.forEach(name -> bench.userVariable(name, ""));
    bench.userVariable("PATH", "/usr/bin:/bin");
  }

  private static void program(Path file, String text) throws IOException {
    Workbench.write(file, text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  /** A Python of pyenv that tells where it runs, with a package that the user has installed. */
  private Path python(String version) throws IOException {
    String series = version.substring(0, version.lastIndexOf('.'));
    Path root = user.resolve(".pyenv/versions").resolve(version);
    Path library = root.resolve("lib/python" + series);
    program(
        root.resolve("bin/python" + series),
        "#!/bin/sh\necho \"$0\" \"$@\" | sed \"s|$RUNNER_TOOL_CACHE|TOOLS|g\"\n");
    Workbench.write(
        root.resolve("include/python" + series + "/patchlevel.h"),
        "#define PY_VERSION \"" + version + "\"\n");
    Workbench.write(library.resolve("os.py"), "os\n");
    Workbench.write(library.resolve("EXTERNALLY-MANAGED"), "no\n");
    Workbench.write(library.resolve("site-packages/pip/__init__.py"), "pip\n");
    Workbench.write(library.resolve("site-packages/users/__init__.py"), "the user's\n");
    return root;
  }

  private void jdk(String name, String release) throws IOException {
    Path root = user.resolve(".sdkman/candidates/java").resolve(name);
    program(root.resolve("bin/javac"), "#!/bin/sh\n");
    Workbench.write(root.resolve("release"), release);
  }

  /** Files with their content and links with their targets. */
  private static Map<String, String> tree(Path root) throws IOException {
    Map<String, String> tree = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : (Iterable<Path>) paths::iterator) {
        String content =
            Files.isSymbolicLink(path)
                ? Files.readSymbolicLink(path).toString()
                : Files.isDirectory(path)
                    ? ""
                    : Files.readString(path, StandardCharsets.ISO_8859_1);
        tree.put(root.relativize(path).toString(), content);
      }
    }
    return tree;
  }

  @Test
  void python_isTheJobsOwn_withoutWhatTheUserInstalled() throws Exception {
    Path machines = python("3.4.9");
    Map<String, String> before = tree(machines);
    bench
        .workflow(
            """
            on: push
            jobs:
              a:
                runs-on: ubuntu-latest
                steps:
                  - run: |
                      TREE=$RUNNER_TOOL_CACHE/Python/3.4.9/%1$s
                      test -e "$TREE.complete"
                      echo TREE=$TREE >> $GITHUB_ENV
                  - run: |
                      cd "$TREE/bin"
                      ./python3 one 'two three'
                      ./pip list | sed 's| .*/pip| PIP|'
                      ls "$TREE/lib/python3.4" "$TREE/lib/python3.4/site-packages"
                      echo mine > "$TREE/lib/python3.4/site-packages/mine"
                      echo mine > "$TREE/bin/mine"
                      rm "$TREE/lib/python3.4/os.py"
              b:
                needs: a
                runs-on: ubuntu-latest
                steps:
                  - run: |
                      TREE=$RUNNER_TOOL_CACHE/Python/3.4.9/%1$s
                      "$TREE/bin/python"
                      ls "$TREE/lib/python3.4" "$TREE/lib/python3.4/site-packages" "$TREE/bin"
            """
                .formatted(ARCH))
        .asking(asked -> asked.slots = 1);
    for (int run = 0; run < 2; run++) {
      Workbench.Ran ran = bench.run();
      assertThat(ran.conclusion()).isEqualTo(Conclusion.SUCCESS);
      assertThat(ran.log("a"))
          .contains(
              "TOOLS/Python/3.4.9/" + ARCH + "/bin/python3 one two three",
              "TOOLS/Python/3.4.9/" + ARCH + "/bin/python3.4 PIP list",
              "os.py",
              "pip")
          .doesNotContain("users", "EXTERNALLY-MANAGED");
      assertThat(ran.log("b")).contains("os.py", "pip", "python3.4").doesNotContain("mine");
    }
    assertThat(tree(machines)).isEqualTo(before);
  }

  @Test
  void jobsSideBySide_doNotSeeWhatTheOtherInstalls() throws Exception {
    python("3.4.9");
    Path first = bench.fifo("first");
    Path second = bench.fifo("second");
    String steps =
        """
              - run: |
                  tree=$RUNNER_TOOL_CACHE/Python/3.4.9/%1$s
                  $tree/bin/python > /dev/null
                  echo %2$s > $tree/lib/python3.4/site-packages/%2$s
                  %3$s
                  ls $tree/lib/python3.4/site-packages
        """;
    Workbench.Ran ran =
        bench
            .workflow(
                "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n"
                    + steps.formatted(ARCH, "as", "echo > " + first + "; cat " + second)
                    + "  b:\n    runs-on: ubuntu-latest\n    steps:\n"
                    + steps.formatted(ARCH, "bs", "cat " + first + "; echo > " + second))
            .run();
    assertThat(ran.conclusion()).isEqualTo(Conclusion.SUCCESS);
    assertThat(ran.log("a")).contains("as", "pip").doesNotContain("bs");
    assertThat(ran.log("b")).contains("bs", "pip").doesNotContain("as");
  }

  @Test
  void whatKilledAndEarlierSlipwaysLeft_isReplaced() throws Exception {
    python("3.4.9");
    Path store = bench.cache().resolve("tools/store");
    Path half = store.resolve("Python-3.4.9-" + ARCH + "-aaaa.4711");
    Path old = store.resolve("Python-3.4.9-" + ARCH + "-aaaa");
    Path other = store.resolve("Python-3.4.10-" + ARCH + "-aaaa");
    for (Path path : List.of(half, old, other)) {
      Workbench.write(path.resolve("tree/lib/python3.4/os.py"), "half\n");
    }
    bench.steps(
        "- run: t=$RUNNER_TOOL_CACHE/Python/3.4.9/%1$s; $t/bin/python; cat $t/lib/python3.4/os.py\n"
            .formatted(ARCH));
    assertThat(bench.run().log())
        .containsExactly("TOOLS/Python/3.4.9/" + ARCH + "/bin/python", "os");
    assertThat(half).doesNotExist();
    assertThat(old).doesNotExist();
    assertThat(other).exists();
  }

  @Test
  void cacheThatCannotBeWrittenTo_isDoneWithout() throws Exception {
    python("3.4.9");
    Workbench.write(bench.cache().resolve("tools/store"), "no folder\n");
    bench.steps(
        "- run: t=$RUNNER_TOOL_CACHE/Python/3.4.9/%1$s; $t/bin/python; cat $t/lib/python3.4/os.py\n"
            .formatted(ARCH));
    assertThat(bench.run().log())
        .containsExactly("TOOLS/Python/3.4.9/" + ARCH + "/bin/python", "os");
  }

  @Test
  void versionsInstalledLater_areFound_andRemovedOnesGone() throws Exception {
    Path first = python("3.4.9");
    bench.steps("- run: ls $RUNNER_TOOL_CACHE/Python | grep '^3[.]4'\n");
    assertThat(bench.run().log()).containsExactly("3.4.9");
    python("3.4.10");
    Trees.delete(first);
    assertThat(bench.run().log()).containsExactly("3.4.10");
  }

  @Test
  void goAndJdks_areLinksByWhatTheyAre() throws Exception {
    Path go = user.resolve("sdk/go1.21");
    program(go.resolve("bin/go"), "#!/bin/sh\n");
    Workbench.write(go.resolve("VERSION"), "go1.21rc2\ntime 2023\n");
    jdk(
        "a",
        "IMPLEMENTOR=\"Azul Systems, Inc.\"\n"
            + "JAVA_VERSION=\"99.0.2\"\n"
            + "JAVA_RUNTIME_VERSION=\"99.0.2+13-LTS\"\n");
    jdk(
        "b",
        "IMPLEMENTOR=\"Eclipse Adoptium\"\nJAVA_VERSION=\"98\"\nJAVA_RUNTIME_VERSION=\"98+36\"\n");
    jdk(
        "c",
        "IMPLEMENTOR=\"Amazon.com Inc.\"\n"
            + "JAVA_VERSION=\"1.8.0_392\"\n"
            + "JAVA_RUNTIME_VERSION=\"1.8.0_392-b08\"\n");
    jdk(
        "d",
        "IMPLEMENTOR=\"Eclipse Adoptium\"\n"
            + "JAVA_VERSION=\"97\"\n"
            + "JAVA_RUNTIME_VERSION=\"97-ea+5\"\n");
    jdk("e", "IMPLEMENTOR=\"Arch\"\nJAVA_VERSION=\"98.0.1\"\nJAVA_RUNTIME_VERSION=\"98.0.1+1\"\n");
    jdk("f", "IMPLEMENTOR=\"Arch\"\nJAVA_VERSION=\"96.0.1\"\nJAVA_RUNTIME_VERSION=\"96.0.1+1\"\n");
    bench.steps(
        "- run: cd $RUNNER_TOOL_CACHE; for f in */*/*.complete; do readlink -f ${f%.complete} | grep -q USER && echo $f; done; true\n"
            .replace("USER", user.toString()));
    assertThat(bench.run().log())
        .containsExactlyInAnyOrder(
            "go/1.21.0-rc.2/" + ARCH + ".complete",
            "Java_Zulu_jdk/99.0.2-13/" + ARCH + ".complete",
            "Java_Temurin-Hotspot_jdk/98.0.0-36/" + ARCH + ".complete",
            "Java_Adopt-Hotspot_jdk/98.0.0-36/" + ARCH + ".complete",
            "Java_Corretto_jdk/8.0.392-8/" + ARCH + ".complete",
            "Java_Temurin-Hotspot_jdk/97.0.0-ea.5/" + ARCH + ".complete",
            "Java_Adopt-Hotspot_jdk/97.0.0-ea.5/" + ARCH + ".complete",
            "Java_Temurin-Hotspot_jdk/96.0.1-1/" + ARCH + ".complete");
  }

  @Test
  void whatJobsDownload_isKeptForLaterRuns() throws Exception {
    bench
        .steps(
            """
            - run: |
                tool=$RUNNER_TOOL_CACHE/some-tool/1.2.3
                mkdir -p $tool/%1$s $tool/arm && echo downloaded > $tool/%1$s/file
                touch $tool/%1$s.complete
                mkdir -p $RUNNER_TOOL_CACHE/some-tool/1.2.4/%1$s
            """
                .formatted(ARCH))
        .run();
    bench.steps("- run: cd $RUNNER_TOOL_CACHE/some-tool; ls; cat 1.2.3/*/file\n");
    for (int run = 0; run < 2; run++) {
      assertThat(bench.run().log()).containsExactly("1.2.3", "downloaded");
    }
  }

  @Test
  void versions_compareByTheirNumbers() {
    assertThat(
            Stream.of("3.9.18", "3.13.0", "3.11.7", "3.11.10", "25.0.3-9", "25.0.3-10")
                .sorted(InstalledTool::newestFirst))
        .containsExactly("25.0.3-10", "25.0.3-9", "3.13.0", "3.11.10", "3.11.7", "3.9.18");
  }

  @Test
  void jobsThatDoNotLook_haveNothingLaidOut() throws Exception {
    python("3.4.9");
    bench.steps("- run: ls -A \"$(printenv RUNNER_TOOL_'CACHE' AGENT_TOOLSDIRECTORY)\"; true\n");
    assertThat(bench.run().log(1)).doesNotContain("Python");
    assertThat(bench.cache().resolve("tools/installed")).doesNotExist();
  }

  @Test
  void pipOfTheMachinesPython_installsIntoTheJobsOwn() throws Exception {
    Path real = Required.program("python3", List.of()).toRealPath();
    bench.userVariable("PATH", real.getParent() + ":/usr/bin:/bin");
    Path wheel = bench.folder().resolve("mine-1.0-py3-none-any.whl");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(wheel))) {
      entry(zip, "mine.py", "print('mine is here')\n");
      entry(
          zip, "mine-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: mine\nVersion: 1.0\n");
      entry(
          zip,
          "mine-1.0.dist-info/WHEEL",
          "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n");
      entry(zip, "mine-1.0.dist-info/entry_points.txt", "[console_scripts]\nmine = mine:print\n");
      entry(zip, "mine-1.0.dist-info/RECORD", "");
    }
    String python = "python=$(ls -d $RUNNER_TOOL_CACHE/Python/3.*/*/bin/python3 | tail -1)\n";
    bench.workflow(
        """
        on: push
        jobs:
          a:
            runs-on: ubuntu-latest
            steps:
              - run: |
                  PYTHON
                  case $python in "$RUNNER_TOOL_CACHE"/*) ;; *) echo none; exit ;; esac
                  echo "${python%/*}" >> $GITHUB_PATH
              - run: |
                  python -m pip install --no-index --disable-pip-version-check WHEEL
                  python -c 'import mine'
                  python -c 'import sys; print(sys.prefix)' | grep -c "$RUNNER_TOOL_CACHE"
                  command -v mine
                  python -m venv --without-pip env && env/bin/python -c 'print("venv")'
          b:
            needs: a
            runs-on: ubuntu-latest
            steps:
              - run: |
                  PYTHON
                  $python -c 'import mine' 2>&1 | tail -1
        """
            .replace("PYTHON", python.strip())
            .replace("WHEEL", wheel.toString()));
    Workbench.Ran ran = bench.run();
    if (ran.log("a").contains("none")) {
      throw Required.missing("a Python 3 with pip");
    }
    assertThat(ran.log("a")).contains("mine is here", "1", "venv");
    assertThat(ran.log("a")).anyMatch(line -> line.endsWith("/bin/mine"));
    assertThat(ran.log("b")).containsExactly("ModuleNotFoundError: No module named 'mine'");
    Process machines =
        new ProcessBuilder(real.toString(), "-c", "import mine").redirectErrorStream(true).start();
    assertThat(machines.waitFor()).isNotZero();
  }

  private static void entry(ZipOutputStream zip, String name, String text) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(text.getBytes(StandardCharsets.UTF_8));
    zip.closeEntry();
  }

  @Test
  void npmOfTheMachinesNode_installsIntoTheJobsOwn() throws Exception {
    Path node = Required.program("node", List.of());
    Required.program("npm");
    bench.userVariable("PATH", node.getParent() + ":/usr/bin:/bin");
    Workbench.write(
        bench.root().resolve("mine/package.json"),
        "{\"name\": \"slipways-mine\", \"version\": \"1.0.0\", \"bin\": \"mine.js\"}");
    program(bench.root().resolve("mine/mine.js"), "#!/usr/bin/env node\nconsole.log('mine');\n");
    Workbench.Ran ran =
        bench
            .steps(
                """
                - uses: actions/checkout@v4
                - run: ls -d $RUNNER_TOOL_CACHE/node/*/*/bin | tail -1 >> $GITHUB_PATH
                - run: |
                    npm install -g --no-audit --no-fund --offline "$(npm pack --silent ./mine)"
                    slipways-mine
                    command -v slipways-mine node npm | grep -c "$RUNNER_TOOL_CACHE"
                    npm prefix -g 2> /dev/null | grep -c "$RUNNER_TOOL_CACHE"
                """)
            .run();
    assertThat(ran.conclusion()).as(ran.text()).isEqualTo(Conclusion.SUCCESS);
    assertThat(ran.log()).contains("mine", "3", "1");
    Path machines = node.toRealPath().resolveSibling("slipways-mine");
    assertThat(Files.exists(machines, LinkOption.NOFOLLOW_LINKS)).isFalse();
  }
}
