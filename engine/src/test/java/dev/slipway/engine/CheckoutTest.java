package dev.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckoutTest {
  private static final String LIST =
      """
      - uses: actions/checkout@v4
      - run: |
          find . -path ./.git -prune -o ! -type d -printf '%P %y %m %l\\n' | grep -v '^.github/' | sort
      """;

  @TempDir Path folder;

  /** Every file of the user's tree with its content and its rights. */
  private static List<String> tree(Path root) throws IOException {
    List<String> tree = new ArrayList<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted().toList()) {
        String name = root.relativize(file).toString();
        if (name.startsWith(".slipway") || Files.isDirectory(file)) {
          continue;
        }
        String content =
            Files.isSymbolicLink(file)
                ? "-> " + Files.readSymbolicLink(file)
                : new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1)
                    + PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        tree.add(name + " " + content);
      }
    }
    return tree;
  }

  private Workbench bench() throws IOException {
    Workbench bench =
        Workbench.in(folder)
            .file("tracked.txt", "tracked\n")
            .file("dir/with space/ä.txt", "umlaut\n")
            .file("tool.sh", "#!/bin/sh\n")
            .file(".gitignore", "ignored/\n*.log\n")
            .steps(LIST);
    Files.setPosixFilePermissions(
        bench.root().resolve("tool.sh"), PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.createSymbolicLink(bench.root().resolve("link"), Path.of("dir/with space"));
    Files.createSymbolicLink(bench.root().resolve("dangling"), Path.of("nowhere"));
    bench.commit();
    return bench.file("new.txt", "untracked\n").file("ignored/x", "x\n").file("a.log", "x\n");
  }

  @Test
  void workspace_hasWhatIsTrackedAndNewButNotWhatIsIgnored() throws Exception {
    Workbench bench = bench();
    List<String> before = tree(bench.root());
    Workbench.Ran ran = bench.run();
    assertThat(ran.log(2))
        .containsExactlyInAnyOrder(
            ".gitignore f 644 ",
            "dangling l 777 nowhere",
            "dir/with space/ä.txt f 644 ",
            "link l 777 dir/with space",
            "new.txt f 644 ",
            "tool.sh f 755 ",
            "tracked.txt f 644 ");
    assertThat(tree(bench.root())).isEqualTo(before);
  }

  @Test
  void jobThatWritesInItsWorkspace_neverReachesTheTree_andTheNextRunIsClean() throws Exception {
    Workbench bench = bench();
    String spoil =
        LIST
            + """
            - run: |
                echo spoilt >> tracked.txt
                sed -i s/umlaut/spoilt/ 'dir/with space/ä.txt'
                echo spoilt > link/more.txt
                chmod +x new.txt
                rm tool.sh .gitignore
                ln -sf tracked.txt dangling
                mkdir -p ignored/deep && echo x > ignored/deep/x && echo x > stranger.txt
                git config user.email x@example.com && git config user.name X
                git add -A && git commit -qm Spoilt && git branch spoilt && git gc -q
                : > .git/index.lock
            """;
    bench.steps(spoil).commit();
    List<String> before = tree(bench.root());
    String refs = Workbench.git(bench.root(), "for-each-ref");
    List<String> first = bench.run().log(2);
    assertThat(tree(bench.root())).isEqualTo(before);
    assertThat(Workbench.git(bench.root(), "for-each-ref")).isEqualTo(refs);

    Workbench.Ran second =
        bench
            .steps(LIST + "- run: cat tracked.txt dir/*/*.txt; git status --short; git branch\n")
            .run();
    assertThat(second.log(2)).containsExactlyElementsOf(first);
    assertThat(second.log(3))
        .containsExactly("tracked", "umlaut", " M .github/workflows/ci.yml", "* main");
  }

  @Test
  void nextRun_seesWhatChangedInTheTree() throws Exception {
    Workbench bench = bench();
    bench.run();
    Path root = bench.root();
    Files.writeString(root.resolve("tracked.txt"), "changed\n");
    Files.delete(root.resolve("tool.sh"));
    Files.delete(root.resolve("link"));
    bench.file("link/file.txt", "a folder now\n");
    Files.delete(root.resolve("dir/with space/ä.txt"));
    Files.delete(root.resolve("dir/with space"));
    Files.delete(root.resolve("dir"));
    bench.file("dir", "a file now\n").file("added/deep/x.txt", "added\n");
    Files.setPosixFilePermissions(
        root.resolve("new.txt"), PosixFilePermissions.fromString("rwxr-xr-x"));
    Workbench.Ran ran =
        bench.steps(LIST + "- run: cat tracked.txt dir link/file.txt added/*/*\n").run();
    assertThat(ran.log(2))
        .containsExactlyInAnyOrder(
            ".gitignore f 644 ",
            "added/deep/x.txt f 644 ",
            "dangling l 777 nowhere",
            "dir f 644 ",
            "link/file.txt f 644 ",
            "new.txt f 755 ",
            "tracked.txt f 644 ");
    assertThat(ran.log(3)).containsExactly("changed", "a file now", "a folder now", "added");
  }

  @Test
  void git_worksInside() throws Exception {
    Workbench bench = Workbench.in(folder).file("a.txt", "1\n").commit();
    Workbench.git(bench.root(), "tag", "v1.0");
    bench
        .steps(
            """
            - run: git log 2>&1 | head -1
            - uses: actions/checkout@v4
              id: co
              with: {fetch-depth: 0}
            - run: |
                git rev-parse --abbrev-ref HEAD
                [ "$(git rev-parse HEAD)" = "$GITHUB_SHA" ] && echo sha
                [ "${{ steps.co.outputs.commit }}" = "$GITHUB_SHA" ] && echo output
                git describe --tags --abbrev=0
                git status --short
                git diff --stat HEAD~1 -- a.txt | wc -l
                git ls-files --error-unmatch a.txt
            """)
        .commit();
    Workbench.Ran ran = bench.run();
    assertThat(ran.log(1)).singleElement().asString().contains("not a git repository");
    assertThat(ran.log(3)).containsExactly("main", "sha", "output", "v1.0", "0", "a.txt");
  }

  @Test
  void git_knowsTagsAndTheOriginsBranches() throws Exception {
    Workbench bench = Workbench.in(folder).file("a.txt", "1\n").commit();
    Workbench.git(bench.root(), "update-ref", "refs/remotes/origin/base", "HEAD");
    Workbench.git(bench.root(), "tag", "packed");
    Workbench.git(bench.root(), "pack-refs", "--all");
    Workbench.git(bench.root(), "tag", "-a", "-m", "Two", "rel/v2");
    Workbench.git(bench.root(), "branch", "topic");
    bench.file("a.txt", "2\n").commit();
    Workbench.git(bench.root(), "branch", "base");
    bench.steps(
        """
        - uses: actions/checkout@v4
        - run: |
            git diff --name-only origin/base...HEAD
            git for-each-ref --format='%(refname:short)'
            git describe --tags HEAD~1
            git fsck --connectivity-only > /dev/null 2>&1 && echo sound
        """);
    assertThat(bench.run().log(2))
        .containsExactly(
            "a.txt",
            "main",
            "origin/base",
            "origin/main",
            "origin/topic",
            "packed",
            "rel/v2",
            "rel/v2",
            "sound");
  }

  @Test
  void submodules_comeWhenAskedFor_withTheirGit() throws Exception {
    Workbench bench = Workbench.in(folder);
    Path inner = folder.resolve("inner");
    Path outer = folder.resolve("outer");
    for (Path repository : List.of(inner, outer)) {
      Workbench.repository(repository);
    }
    Workbench.write(inner.resolve("deep.txt"), "deep\n");
    Workbench.commit(inner);
    Workbench.write(outer.resolve("lib.txt"), "lib\n");
    add(outer, inner, "inner");
    Workbench.commit(outer);
    add(bench.root(), outer, "vendor/outer");
    bench.steps(
        """
        - uses: actions/checkout@v4
          with: {path: none}
        - uses: actions/checkout@v4
          with: {path: direct, submodules: true}
        - run: |
            ls -A none/vendor/outer | wc -l
            cat direct/vendor/outer/lib.txt
            ls -A direct/vendor/outer/inner | wc -l
            git -C direct/vendor/outer log --format=%s
            git -C direct status --short
        - uses: actions/checkout@v4
          with: {path: all, submodules: recursive}
        - run: cat all/vendor/outer/inner/deep.txt
        """);
    bench.commit();
    Workbench.Ran missing = bench.run();
    assertThat(missing.outcomes())
        .containsExactly("success", "success", "success", "failure", "skipped");
    assertThat(missing.log(3)).containsExactly("0", "lib", "0", "Change");
    assertThat(missing.log(4))
        .singleElement()
        .asString()
        .contains("the submodule 'vendor/outer/inner' is not there", "--init --recursive");

    Workbench.git(
        bench.root(),
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "-q",
        "update",
        "--init",
        "--recursive");
    Workbench.Ran ran = bench.run();
    assertThat(ran.log(3)).containsExactly("0", "lib", "0", "Change");
    assertThat(ran.log(5)).containsExactly("deep");
  }

  private static void add(Path to, Path module, String path) throws Exception {
    Workbench.git(
        to, "-c", "protocol.file.allow=always", "submodule", "-q", "add", module.toString(), path);
  }

  @Test
  void git_withLongNames_worksInside() throws Exception {
    Workbench bench = Workbench.in(folder);
    Trees.delete(bench.root().resolve(".git"));
    Workbench.git(bench.root(), "init", "-q", "-b", "main", "--object-format=sha256");
    Workbench.git(bench.root(), "config", "user.name", "Tester");
    Workbench.git(bench.root(), "config", "user.email", "tester@example.com");
    bench.steps(
        """
        - uses: actions/checkout@v4
        - run: git status --short && [ "$(git rev-parse origin/main)" = "$GITHUB_SHA" ] && echo "${#GITHUB_SHA}"
        """);
    assertThat(bench.commit().run().log(2)).containsExactly("64");
  }

  @Test
  void path_putsItThere_andNothingOutsideTheWorkspace() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .file("a.txt", "1\n")
            .steps(
                """
                - uses: actions/checkout@v4
                  with: {path: sub/folder}
                - run: ls; ls sub/folder
                - uses: actions/checkout@v4
                  with: {repository: '${{ github.repository }}', ref: '${{ github.sha }}', path: again}
                - run: ls
                - uses: actions/checkout@v4
                  with: {path: ../outside}
                """)
            .commit()
            .run();
    assertThat(ran.log(2)).containsExactly("sub", "a.txt");
    assertThat(ran.log(4)).containsExactly("again", "sub");
    assertThat(ran.log(5)).singleElement().asString().contains("is not under");
  }

  @Test
  void checkoutOfAnotherRepository_usesTheRealAction() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .steps("- uses: actions/checkout@v4\n  with: {repository: other/one}\n")
            .commit()
            .run();
    assertThat(ran.log())
        .singleElement()
        .asString()
        .contains("actions/checkout", "--action-source");
  }

  @Test
  void jobs_haveWorkspacesAndHomesOfTheirOwn() throws Exception {
    Workbench bench = Workbench.in(folder).asking(asked -> asked.slots = 1);
    Workbench.Ran ran =
        bench
            .workflow(
                """
                on: push
                jobs:
                  a:
                    runs-on: ubuntu-latest
                    steps:
                      - run: |
                          echo x > file; echo x > ~/file; echo x > $RUNNER_TEMP/file
                          git config --global slipway.test was-here
                  b:
                    needs: a
                    runs-on: ubuntu-latest
                    steps:
                      - run: ls; ls ~/file $RUNNER_TEMP/file 2> /dev/null || git config --global slipway.test || echo none
                """)
            .run();
    assertThat(ran.log("b")).containsExactly("none");
  }

  @Test
  void inPlace_runsInTheTreeItself() throws Exception {
    Workbench bench = bench().asking(asked -> asked.inPlace = true);
    Workbench.Ran ran =
        bench
            .steps(
                """
                - run: cat a.log; echo made > made.txt
                - uses: actions/checkout@v4
                - run: cat made.txt; [ "$PWD" = "$GITHUB_WORKSPACE" ] && echo here
                """)
            .run();
    assertThat(ran.log(1)).containsExactly("x");
    assertThat(ran.log(3)).containsExactly("made", "here");
    assertThat(bench.root().resolve("made.txt")).hasContent("made\n");
    assertThat(bench.root().resolve("tracked.txt")).exists();
  }

  @Test
  void submodulesAndFoldersWithoutFiles_doNotStopIt() throws Exception {
    Workbench bench = Workbench.in(folder).file("a.txt", "1\n");
    Workbench.repository(bench.root().resolve("nested"));
    Workbench.write(bench.root().resolve("nested/x.txt"), "x\n");
    Workbench.commit(bench.root().resolve("nested"));
    Files.createDirectories(bench.root().resolve("empty"));
    Workbench.Ran ran = bench.steps("- uses: actions/checkout@v4\n- run: cat a.txt\n").run();
    assertThat(ran.log(2)).containsExactly("1");
  }

  @Test
  void hashFiles_isOfTheWorkspace() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .file("a.lock", "a\n")
            .file("deep/b.lock", "b\n")
            .steps(
                """
                - run: echo "[${{ hashFiles('**/*.lock') }}]"
                - uses: actions/checkout@v4
                - run: |
                    echo "${{ hashFiles('**/*.lock', '!deep/**') }} ${{ hashFiles('none') }}"
                    for f in a.lock; do sha256sum $f | cut -d' ' -f1 | xxd -r -p 2> /dev/null || sha256sum $f | cut -d' ' -f1 | sed 's/../\\\\x&/g' | xargs -0 printf; done | sha256sum | cut -d' ' -f1
                - if: hashFiles('a.lock') != '' && hashFiles('**/*.lock') != hashFiles('a.lock')
                  run: echo differ
                """)
            .commit()
            .run();
    assertThat(ran.log(1)).containsExactly("[]");
    assertThat(ran.log(3)).hasSize(2);
    assertThat(ran.log(3).getFirst()).isEqualTo(ran.log(3).getLast() + " ");
    assertThat(ran.log(4)).containsExactly("differ");
  }

  @Test
  void secondCheckoutInAJob_putsTheFilesBack() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .file("a.txt", "1\n")
            .steps(
                """
                - uses: actions/checkout@v4
                - run: echo 2 > a.txt; echo x > stranger; mkdir -p build/deep
                - uses: actions/checkout@v4
                - run: cat a.txt; ls
                """)
            .commit()
            .run();
    assertThat(ran.log(4)).containsExactly("1", "a.txt");
  }
}
