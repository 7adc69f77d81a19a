package dev.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobHomesTest {
  /** Replaces files as rustup does, and appends to its own lists. */
  private static final String RUSTUP =
      """
      #!/bin/sh
      case ${0##*/} in
        rustup)
          case $1 in
            default) echo "default_toolchain = $2" > "$RUSTUP_HOME/settings.toml" ;;
            update)
              toolchain=$RUSTUP_HOME/toolchains/stable
              echo "$2" > "$toolchain/fresh" && mv "$toolchain/fresh" "$toolchain/bin/rustc"
              echo "$2" >> "$toolchain/lib/rustlib/components"
              ;;
            show) cat "$RUSTUP_HOME/settings.toml" ;;
          esac ;;
        rustc) cat "$RUSTUP_HOME/toolchains/stable/bin/rustc" ;;
      esac
      """;

  @TempDir Path folder;
  private Workbench bench;
  private Path user;

  @BeforeEach
  void repository() throws IOException {
    bench = Workbench.in(folder);
    user = bench.userHome();
    Files.createDirectories(user);
  }

  private static void program(Path file, String text) throws IOException {
    Workbench.write(file, text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private void rust() throws IOException {
    program(
        user.resolve(".cargo/bin/rustup"),
        RUSTUP.replace("$RUSTUP_HOME", "${RUSTUP_HOME:-$HOME/.rustup}"));
    Files.createSymbolicLink(user.resolve(".cargo/bin/rustc"), Path.of("rustup"));
    Workbench.write(user.resolve(".rustup/settings.toml"), "default_toolchain = stable\n");
    Workbench.write(user.resolve(".rustup/toolchains/stable/bin/rustc"), "1\n");
    Workbench.write(user.resolve(".rustup/toolchains/stable/lib/rustlib/components"), "1\n");
    Workbench.write(user.resolve(".rustup/update-hashes/stable"), "1");
    bench.userVariable("PATH", user.resolve(".cargo/bin") + ":" + System.getenv("PATH"));
  }

  @Test
  void settings_areTheUsers_andWhatAJobSetsStaysWithIt() throws Exception {
    Workbench.write(user.resolve(".gitconfig"), "[user]\n\tname = The User\n");
    Workbench.write(user.resolve(".ssh/id_rsa"), "the user's\n");
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
                          git config --global user.name
                          git config --global user.name 'The Job'
                          mkdir -p ~/.ssh && echo "the job's" > ~/.ssh/id_rsa
                          touch -d 2000-01-01 ~ ~/.gitconfig
                  b:
                    needs: a
                    runs-on: ubuntu-latest
                    steps:
                      - run: git config --global user.name; ls ~/.ssh 2>&1 | tail -1 | grep -o 'No such file.*'
                """)
            .run();
    assertThat(ran.log("a")).containsExactly("The User");
    assertThat(ran.log("b")).containsExactly("The User", "No such file or directory");
    assertThat(user.resolve(".gitconfig")).hasContent("[user]\n\tname = The User\n");
    assertThat(user.resolve(".ssh/id_rsa")).hasContent("the user's\n");
  }

  @Test
  void changedHome_doesNotServeALaterRun_andChangedSettingsOfTheUserDo() throws Exception {
    Workbench.write(user.resolve(".npmrc"), "one\n");
    bench.steps("- run: cat ~/.npmrc; ls -A ~ | grep mine; touch ~/mine; touch -d 2000-01-01 ~\n");
    assertThat(bench.run().log()).contains("one").doesNotContain("mine");
    Workbench.write(user.resolve(".npmrc"), "two\n");
    assertThat(bench.run().log()).contains("two").doesNotContain("mine");
  }

  @Test
  void cachesOfPackages_areTheUsers_orSharedByJobs() throws Exception {
    Workbench.write(user.resolve(".m2/repository/known"), "known\n");
    Workbench.write(folder.resolve("gopath/pkg/mod/module"), "module\n");
    Workbench.Ran ran =
        bench
            .userVariable("GOPATH", folder.resolve("gopath").toString())
            .workflow(
                """
                on: push
                jobs:
                  a:
                    runs-on: ubuntu-latest
                    steps:
                      - run: |
                          cat ~/.m2/repository/known ~/go/pkg/mod/module
                          echo new > ~/.m2/repository/new
                          echo wheel > ~/.cache/pip/wheel
                          echo "${GOPATH-none}"
                  b:
                    needs: a
                    runs-on: ubuntu-latest
                    steps:
                      - run: cat ~/.m2/repository/new ~/.cache/pip/wheel
                """)
            .run();
    assertThat(ran.log("a")).containsExactly("known", "module", "none");
    assertThat(ran.log("b")).containsExactly("new", "wheel");
    assertThat(user.resolve(".m2/repository/new")).exists();
    assertThat(user.resolve(".cache")).doesNotExist();
  }

  @Test
  void programsThatAJobInstallsForItsUser_areFoundByName() throws Exception {
    Workbench.Ran ran =
        bench
            .steps(
                """
                - run: |
                    mkdir -p ~/.local/bin
                    printf '#!/bin/sh\\necho installed\\n' > ~/.local/bin/mine
                    chmod +x ~/.local/bin/mine
                - run: mine
                - run: |
                    . ~/.mavenrc
                    [ "$MAVEN_OPTS" = "-Duser.home=$HOME -Xmx1g" ] && echo maven
                  env: {MAVEN_OPTS: -Xmx1g}
                - run: '[ "$NPM_CONFIG_PREFIX" = "$HOME/.local" ] && echo npm'
                """)
            .run();
    assertThat(ran.log()).containsExactly("installed", "maven", "npm");
  }

  @Test
  void rustToolchains_areTheJobsOwn_andTheUsersStayAsTheyAre() throws Exception {
    rust();
    Workbench.Ran ran =
        bench
            .workflow(
                """
                on: push
                jobs:
                  a:
                    runs-on: ubuntu-latest
                    steps:
                      - run: rustc; rustup update 2; rustc; rustup default nightly
                  b:
                    needs: a
                    runs-on: ubuntu-latest
                    steps:
                      - run: rustup show; rustc; cat ~/.rustup/toolchains/stable/lib/rustlib/components
                """)
            .run();
    assertThat(ran.log("a")).containsExactly("1", "2");
    assertThat(ran.log("b")).containsExactly("default_toolchain = stable", "2", "1", "2");
    assertThat(user.resolve(".rustup/settings.toml")).hasContent("default_toolchain = stable");
    assertThat(user.resolve(".rustup/toolchains/stable/bin/rustc")).hasContent("1");
    assertThat(user.resolve(".rustup/toolchains/stable/lib/rustlib/components")).hasContent("1");
    assertThat(user.resolve(".rustup/toolchains/stable/fresh")).doesNotExist();
  }

  @Test
  void rustToolchainThatTheUserUpdated_isTakenOver() throws Exception {
    rust();
    bench.steps("- run: rustc\n");
    assertThat(bench.run().log()).containsExactly("1");
    Path rustc = user.resolve(".rustup/toolchains/stable/bin/rustc");
    Files.delete(rustc);
    Workbench.write(rustc, "3\n");
    Workbench.write(user.resolve(".rustup/update-hashes/stable"), "3");
    assertThat(bench.run().log()).containsExactly("3");
  }

  @Test
  void programsOfCargo_areTheUsers_andNewOnesStayWithTheJob() throws Exception {
    rust();
    program(user.resolve(".cargo/bin/cargo-nextest"), "#!/bin/sh\necho nextest\n");
    bench.steps(
        """
        - run: |
            cargo-nextest
            printf '#!/bin/sh\\necho other\\n' > ~/.cargo/bin/fresh
            chmod +x ~/.cargo/bin/fresh
            mv ~/.cargo/bin/fresh ~/.cargo/bin/cargo-nextest
            cargo-nextest
        """);
    assertThat(bench.run().log()).containsExactly("nextest", "other");
    assertThat(bench.run().log()).containsExactly("nextest", "other");
    Path program = user.resolve(".cargo/bin/cargo-nextest");
    assertThat(Files.isRegularFile(program, LinkOption.NOFOLLOW_LINKS)).isTrue();
    assertThat(program).hasContent("#!/bin/sh\necho nextest");
  }
}
