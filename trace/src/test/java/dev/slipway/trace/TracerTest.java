package dev.slipway.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.testing.Required;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every way to watch tells of processes. */
final class TracerTest {
  private static final int O_WRONLY = 1;
  private static final int O_RDWR = 2;
  private static final int O_CREAT = 0x40;
  private static final int O_EXCL = 0x80;
  private static final int O_TRUNC = 0x200;
  private static final int O_APPEND = 0x400;
  private static final int O_DIRECTORY = arm() ? 0x4000 : 0x10000;
  private static final int O_NOFOLLOW = arm() ? 0x8000 : 0x20000;
  private static final int O_PATH = 0x200000;
  private static final int O_TMPFILE = 0x400000 | O_DIRECTORY;

  @TempDir Path temporary;
  private Path here;

  static List<Tracer> tracers() {
    return Tracer.here();
  }

  private static boolean arm() {
    return System.getProperty("os.arch").equals("aarch64");
  }

  @BeforeEach
  void real() throws IOException {
    here = temporary.toRealPath();
  }

  /** Accesses below the test's folder, by their path in it; not what shells and JVMs always do. */
  private List<String> told(Traced traced) {
    return traced.below(here).stream()
        .map(told -> told.access() + " " + told.path().substring(here.toString().length() + 1))
        .filter(line -> !line.equals("STAT .") && !line.contains(" .hotspot"))
        .toList();
  }

  private Traced poke(Tracer tracer, Poke poke) throws IOException {
    Traced traced = Traced.start(tracer, here, poke.command());
    assertThat(traced.exit()).isZero();
    return traced;
  }

  @ParameterizedTest
  @MethodSource("tracers")
  void aFileThatIsRead_isTold(Tracer tracer) throws IOException {
    Files.writeString(here.resolve("a"), "hello");

    try (Traced traced = Traced.script(tracer, here, "cat a")) {
      assertThat(traced.exit()).isZero();
      Ending ending = traced.ending();
      assertThat(ending.gaps()).isEmpty();
      assertThat(ending.left()).isFalse();
      assertThat(ending.contacts()).isEmpty();
      assertThat(ending.accesses()).isEqualTo(traced.told().size());
      assertThat(told(traced)).containsExactly("READ a");
      assertThat(traced.of("/bin/sh")).contains(Access.EXECUTE);
    }
  }

  @ParameterizedTest
  @MethodSource("tracers")
  void openings_areToldByWhatTheyAreFor(Tracer tracer) throws IOException {
    Poke poke =
        new Poke()
            .call(Call.OPENAT, Poke.HERE, "read", 0)
            .call(Call.OPENAT, Poke.HERE, "write", O_WRONLY)
            .call(Call.OPENAT, Poke.HERE, "both", O_RDWR)
            .call(Call.OPENAT, Poke.HERE, "replace", O_WRONLY | O_CREAT | O_TRUNC, 0644)
            .call(Call.OPENAT, Poke.HERE, "truncate", O_TRUNC)
            .call(Call.OPENAT, Poke.HERE, "append", O_WRONLY | O_CREAT | O_APPEND, 0644)
            .call(Call.OPENAT, Poke.HERE, "touch", O_CREAT, 0644)
            .call(Call.OPENAT, Poke.HERE, "new", O_WRONLY | O_CREAT | O_EXCL, 0644)
            .call(Call.OPENAT, Poke.HERE, "path", O_PATH)
            .call(Call.OPENAT, Poke.HERE, "link", O_PATH | O_NOFOLLOW)
            .call(Call.OPENAT, Poke.HERE, "unnamed", O_TMPFILE | O_RDWR, 0600)
            .call(Call.OPENAT2, Poke.HERE, "two", Poke.Bytes.words(O_RDWR, 0, 0), 24)
            .call(
                Call.OPENAT2, Poke.HERE, "three", Poke.Bytes.words(O_CREAT | O_EXCL, 0600, 0), 24);

    try (Traced traced = poke(tracer, poke)) {
      assertThat(traced.ending().gaps()).isEmpty();
      assertThat(told(traced))
          .containsExactly(
              "READ read",
              "UPDATE write",
              "UPDATE both",
              "REPLACE replace",
              "REPLACE truncate",
              "UPDATE append",
              "UPDATE touch",
              "CREATE new",
              "STAT path",
              "STAT_LINK link",
              "STAT unnamed",
              "UPDATE two",
              "CREATE three");
    }
  }

  @ParameterizedTest
  @MethodSource("tracers")
  void whatIsAskedAboutAPath_isTold(Tracer tracer) throws IOException {
    Poke.Room room = new Poke.Room(4096);
    Poke poke =
        new Poke()
            .call(Call.NEWFSTATAT, Poke.HERE, "a", room, 0)
            .call(Call.NEWFSTATAT, Poke.HERE, "b", room, Call.AT_SYMLINK_NOFOLLOW)
            .call(Call.STATX, Poke.HERE, "c", 0, 0x7ff, room)
            .call(Call.STATX, Poke.HERE, "d", Call.AT_SYMLINK_NOFOLLOW, 0x7ff, room)
            .call(Call.FACCESSAT, Poke.HERE, "e", 4)
            .call(Call.FACCESSAT2, Poke.HERE, "f", 4, Call.AT_SYMLINK_NOFOLLOW)
            .call(Call.READLINKAT, Poke.HERE, "g", room, 4096)
            .call(Call.STATFS, "h", room)
            .call(Call.GETXATTR, "i", "user.x", room, 0)
            .call(Call.LGETXATTR, "j", "user.x", room, 0)
            .call(Call.LISTXATTR, "k", room, 0)
            .call(Call.LLISTXATTR, "l", room, 0)
            .call(Call.OPENAT, Poke.HERE, ".", O_DIRECTORY)
            .call(Call.GETDENTS64, new Poke.Last(), room, 4096)
            .call(Call.CHDIR, here + "/m")
            .call(Call.OPENAT, Poke.HERE, here + "/n", 0)
            .call(Call.FCHDIR, new Poke.Last());
    Files.createDirectory(here.resolve("n"));

    try (Traced traced = poke(tracer, poke)) {
      assertThat(traced.ending().gaps()).isEmpty();
      assertThat(told(traced))
          .containsExactly(
              "STAT a",
              "STAT_LINK b",
              "STAT c",
              "STAT_LINK d",
              "STAT e",
              "STAT_LINK f",
              "READ_LINK g",
              "STAT h",
              "STAT i",
              "STAT_LINK j",
              "STAT k",
              "STAT_LINK l",
              "READ .",
              "ENTER m",
              "READ n",
              "ENTER n");
      assertThat(traced.of(here)).contains(Access.LIST);
    }
  }

  @ParameterizedTest
  @MethodSource("tracers")
  void whatIsChangedAtAPath_isTold(Tracer tracer) throws IOException {
    Poke poke =
        new Poke()
            .call(Call.MKDIRAT, Poke.HERE, "d", 0755)
            .call(Call.MKNODAT, Poke.HERE, "file", 0100644, 0)
            .call(Call.MKNODAT, Poke.HERE, "pipe", 0010644, 0)
            .call(Call.SYMLINKAT, "anywhere", Poke.HERE, "link")
            .call(Call.LINKAT, Poke.HERE, "file", Poke.HERE, "second", 0)
            .call(Call.TRUNCATE, "file", 3)
            .call(Call.FCHMODAT, Poke.HERE, "file", 0600)
            .call(Call.FCHOWNAT, Poke.HERE, "file", -1, -1, 0)
            .call(Call.UTIMENSAT, Poke.HERE, "file", 0, 0)
            .call(Call.OPENAT, Poke.HERE, "file", 0)
            .call(Call.UTIMENSAT, new Poke.Last(), 0, 0, 0)
            .call(Call.SETXATTR, "file", "user.a", "b", 1, 0)
            .call(Call.REMOVEXATTR, "file", "user.a")
            .call(Call.RENAMEAT2, Poke.HERE, "file", Poke.HERE, "moved", 0)
            .call(Call.RENAMEAT2, Poke.HERE, "moved", Poke.HERE, "second", 2)
            .call(Call.UNLINKAT, Poke.HERE, "moved", 0)
            .call(Call.UNLINKAT, Poke.HERE, "d", 0x200);

    try (Traced traced = poke(tracer, poke)) {
      assertThat(traced.ending().gaps()).isEmpty();
      assertThat(told(traced))
          .containsExactly(
              "MAKE_DIRECTORY d",
              "CREATE file",
              "MAKE_NODE pipe",
              "MAKE_NODE link",
              "LINK_FROM file",
              "LINK_TO second",
              "UPDATE file",
              "CHANGE file",
              "CHANGE file",
              "CHANGE file",
              "READ file",
              "CHANGE file",
              "CHANGE file",
              "CHANGE file",
              "MOVE_FROM file",
              "MOVE_TO moved",
              "MOVE_FROM moved",
              "MOVE_TO second",
              "MOVE_FROM second",
              "MOVE_TO moved",
              "REMOVE moved",
              "REMOVE d");
    }
  }

  @ParameterizedTest
  @MethodSource("tracers")
  void pathsFromADirectory_areToldWhole(Tracer tracer) throws IOException {
    Files.createDirectories(here.resolve("d/e"));
    Poke poke =
        new Poke()
            .call(Call.OPENAT, Poke.HERE, "d", O_DIRECTORY)
            .call(Call.MKDIRAT, new Poke.Last(), "f", 0755)
            .call(Call.RENAMEAT2, new Poke.Before(), "f", Poke.HERE, "g", 0)
            .call(Call.CHDIR, "d/e")
            .call(Call.OPENAT, Poke.HERE, "../x", 0)
            .call(Call.OPENAT, Poke.HERE, "./y", 0);

    try (Traced traced = poke(tracer, poke)) {
      assertThat(told(traced))
          .containsExactly(
              "READ d",
              "MAKE_DIRECTORY d/f",
              "MOVE_FROM d/f",
              "MOVE_TO g",
              "ENTER d/e",
              "READ d/e/../x",
              "READ d/e/./y");
    }
  }

  @ParameterizedTest
  @MethodSource("tracers")
  void namesOfAnyBytes_areToldAsTheyAre(Tracer tracer) throws IOException {
    String longest = "./".repeat(2047) + "z";
    List<String> names =
        List.of("a b", "quo\"te'", "line\nbreak", "\377\200\u0001", "caf\303\251", longest);
    Poke poke = new Poke();
    for (String name : names) {
      poke.call(Call.OPENAT, Poke.HERE, name, 0);
    }
    poke.call(Call.OPENAT, Poke.HERE, longest + "z", 0);

    try (Traced traced = poke(tracer, poke)) {
      assertThat(traced.ending().gaps()).isEmpty();
      // One byte more is more than the kernel takes: nothing is accessed.
      assertThat(told(traced)).isEqualTo(names.stream().map(name -> "READ " + name).toList());
    }
  }

  @ParameterizedTest
  @MethodSource("tracers")
  void callsThatCannotReachAFile_areNotTold(Tracer tracer) throws IOException {
    Poke poke =
        new Poke()
            .call(Call.OPENAT, Poke.HERE, "", 0)
            .call(Call.OPENAT, Poke.HERE, 0, 0)
            .call(Call.OPENAT, Poke.HERE, 1, 0)
            .call(Call.OPENAT, 999, "a", 0)
            .call(Call.GETDENTS64, 999, 0, 0)
            .call(Call.OPENAT, Poke.HERE, "end", 0);

    try (Traced traced = poke(tracer, poke)) {
      assertThat(traced.ending().gaps()).isEmpty();
      assertThat(told(traced)).containsExactly("READ end");
    }
  }

  @ParameterizedTest
  @MethodSource("tracers")
  void theCurrentDirectory_isTheOneOfTheMoment(Tracer tracer) throws IOException {
    Files.createDirectories(here.resolve("one/two"));
    String script =
        """
        : <a
        cd one; : <b
        (cd two; : <c)
        : <d
        mv ../one ../uno; : <e
        cd ..; rmdir uno/two
        mkdir gone; cd gone; rmdir ../gone; : <f
        """
            .replace(": <", "test -e ");

    try (Traced traced = Traced.script(tracer, here, script)) {
      assertThat(traced.ending().gaps()).isEmpty();
      assertThat(told(traced).stream().filter(line -> line.matches("STAT .*/?[a-f]")))
          .containsExactly("STAT a", "STAT one/b", "STAT one/two/c", "STAT one/d", "STAT uno/e");
    }
  }

  @ParameterizedTest
  @MethodSource("tracers")
  void manyThreadsAtOnce_areAllTold(Tracer tracer) throws IOException {
    Poke poke = new Poke();
    for (int i = 0; i < 40; i++) {
      poke.call(Call.OPENAT, Poke.HERE, "t#-" + i, 0);
    }

    try (Traced traced = poke(tracer, poke.inThreads(64))) {
      assertThat(traced.ending().gaps()).isEmpty();
      assertThat(told(traced)).hasSize(64 * 40).doesNotHaveDuplicates();
    }
  }

  @ParameterizedTest
  @MethodSource("tracers")
  void aScriptsInterpreters_areToldAsRun(Tracer tracer) throws IOException {
    Path outer = script("outer", "#! " + here.resolve("inner") + " -x\n");
    Path inner = script("inner", "#!/bin/sh\nexit 7\n");

    try (Traced traced = Traced.start(tracer, here, outer.toString())) {
      assertThat(traced.exit()).isEqualTo(7);
      assertThat(traced.ending().gaps()).isEmpty();
      assertThat(traced.told().stream().filter(told -> told.access() == Access.EXECUTE))
          .extracting(Traced.Told::path)
          .startsWith(outer.toString(), inner.toString(), "/bin/sh")
          .anyMatch(path -> path.contains("/ld-"));
    }
  }

  private Path script(String name, String text) throws IOException {
    Path file = Files.writeString(here.resolve(name), text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }

  @ParameterizedTest
  @MethodSource("tracers")
  void aStaticProgram_isSeenAsWell(Tracer tracer) throws IOException {
    Required.program("gcc");
    Files.writeString(
        here.resolve("it.c"),
        """
        #include <fcntl.h>
        #include <unistd.h>
        int main(void) {
          char text[4];
          read(open("in", O_RDONLY), text, 4);
          write(open("out", O_WRONLY | O_CREAT | O_TRUNC, 0644), text, 4);
        }
        """);
    run(here, "gcc", "-w", "-static", "-o", "it", "it.c");
    Files.writeString(here.resolve("in"), "text");

    try (Traced traced = Traced.start(tracer, here, here.resolve("it").toString())) {
      assertThat(traced.exit()).isZero();
      assertThat(traced.ending().gaps()).isEmpty();
      assertThat(traced.of(here.resolve("it"))).containsExactly(Access.EXECUTE);
      assertThat(traced.of(here.resolve("in"))).containsExactly(Access.READ);
      assertThat(traced.of(here.resolve("out"))).containsExactly(Access.REPLACE);
    }
  }

  private static void run(Path directory, String... command) throws IOException {
    assertThat(exit(directory, List.of(command))).isZero();
  }

  private static int exit(Path directory, List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("LC_ALL", "C");
    try {
      return builder.start().waitFor();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @MethodSource("tracers")
  void theObserverSeesWhatIsThere_beforeItIsReplaced(Tracer tracer) throws IOException {
    Path file = Files.writeString(here.resolve("a"), "before");
    List<String> seen = new ArrayList<>();
    Observer look =
        (access, path, length, held) -> {
          if (access == Access.REPLACE && length == file.toString().length() && held) {
            try {
              seen.add(Files.readString(file));
            } catch (IOException e) {
              seen.add(e.toString());
            }
          }
        };

    try (Traced traced = Traced.start(tracer, look, here, "/bin/sh", "-c", "echo after >a")) {
      assertThat(traced.exit()).isZero();
      traced.ending();
      assertThat(seen).containsExactly("before");
      assertThat(file).hasContent("after");
    }
  }

  @ParameterizedTest
  @MethodSource("tracers")
  void whatIsLeftRunning_goesOnUntold(Tracer tracer) throws IOException {
    run(here, "mkfifo", "go", "done");
    String script =
        """
        (read line <go; echo found >late; cat late >copy; echo yes >done) >/dev/null 2>&1 &
        """;

    try (Traced traced = Traced.script(tracer, here, script)) {
      assertThat(traced.exit()).isZero();
      assertThat(traced.ending(Duration.ofMillis(100)).left()).isTrue();
      int told = traced.told().size();
      traced.giveUp();
      Files.writeString(here.resolve("go"), "line\n");
      assertThat(Files.readString(here.resolve("done"))).isEqualTo("yes\n");
      assertThat(here.resolve("copy")).hasContent("found");
      assertThat(traced.told()).hasSize(told);
    }
  }

  @ParameterizedTest
  @MethodSource("tracers")
  void killedProcesses_endTheirWatch(Tracer tracer) throws IOException {
    String loop =
        "sh -c 'echo $$ >pid; while :; do test -e a; done' & while :; do test -s pid; done";

    try (Traced traced = Traced.start(tracer, here, "/bin/sh", "-c", loop)) {
      run(here, "sh", "-c", "until test -s pid; do :; done; kill -9 " + traced.pid());
      assertThat(traced.exit()).isEqualTo(137);
      assertThat(traced.ending(Duration.ofMillis(50)).left()).isTrue();
      run(here, "sh", "-c", "kill -9 $(cat pid)");
      assertThat(traced.ending().left()).isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("tracers")
  void twoWatchesAtOnce_areToldTheirOwn(Tracer tracer) throws IOException {
    try (Traced first = Traced.start(tracer, here, "/bin/sh", "-c", "test -e a; test -e b");
        Traced second = Traced.start(tracer, here, "/bin/sh", "-c", "test -e c; test -e d")) {
      first.exit();
      second.exit();
      first.ending();
      second.ending();
      assertThat(told(first)).containsExactly("STAT a", "STAT b");
      assertThat(told(second)).containsExactly("STAT c", "STAT d");
    }
  }

  @ParameterizedTest
  @MethodSource("tracers")
  void aWatchThatStartsNothing_endsAtOnce(Tracer tracer) throws IOException {
    try (Watch watch = tracer.watch((access, path, length, held) -> {})) {
      Ending ending = watch.ending(Duration.ofSeconds(20));
      assertThat(ending.left()).isFalse();
      assertThat(ending.accesses()).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("tracers")
  void anObserverThatFails_doesNotHoldTheProcess(Tracer tracer) throws IOException {
    Observer failing =
        (access, path, length, held) -> {
          throw new IllegalStateException("no more");
        };

    try (Traced traced = Traced.start(tracer, failing, here, "/bin/sh", "-c", "cat /dev/null >a")) {
      assertThat(traced.exit()).isZero();
      assertThat(traced.ending().gaps()).singleElement().asString().contains("no more");
    }
  }

  @ParameterizedTest
  @MethodSource("tracers")
  void manyProcessesAtOnce_areAllTold(Tracer tracer) throws IOException {
    String script =
        """
        for i in 1 2 3 4 5 6 7 8; do
          (for j in 1 2 3 4 5 6 7 8 9; do /bin/sh -c "cat /dev/null >f$i$j"; done) &
        done
        wait
        """;

    try (Traced traced = Traced.script(tracer, here, script)) {
      assertThat(traced.exit()).isZero();
      Ending ending = traced.ending();
      assertThat(ending.gaps()).isEmpty();
      assertThat(ending.left()).isFalse();
      assertThat(told(traced)).hasSize(72).doesNotHaveDuplicates();
    }
  }

  @ParameterizedTest
  @MethodSource("tracers")
  void aRootOfItsOwn_isAGap(Tracer tracer) throws IOException {
    try (Traced traced = poke(tracer, new Poke().call(Call.CHROOT, here + "/absent"))) {
      assertThat(traced.ending().gaps()).containsExactly("a process changed its root directory");
    }
  }

  @ParameterizedTest
  @MethodSource("tracers")
  void ringsOfCalls_areRefused(Tracer tracer) throws IOException {
    Poke poke = new Poke().call(Call.IO_URING_SETUP, 8, new Poke.Room(120)).exitWithError();

    try (Traced traced = Traced.start(tracer, here, poke.command())) {
      assertThat(traced.exit()).isEqualTo(38 /* ENOSYS */);
      assertThat(traced.ending().gaps()).isEmpty();
    }
  }

  private static final int SOCKET = arm() ? 198 : 41;
  private static final int LISTEN = arm() ? 201 : 50;

  @ParameterizedTest
  @MethodSource("tracers")
  void connections_areToldAsContacts(Tracer tracer) throws IOException {
    Poke poke =
        new Poke()
            .call(SOCKET, 2, 2, 0)
            .call(Call.CONNECT, new Poke.Last(), Poke.Bytes.internet(192, 0, 2, 1, 443), 16)
            .call(SOCKET, 2, 2, 0)
            // Only asks for the way there.
            .call(Call.CONNECT, new Poke.Last(), Poke.Bytes.internet(192, 0, 2, 2, 0), 16)
            .call(Call.CONNECT, new Poke.Before(), Poke.Bytes.internet(127, 0, 0, 53, 53), 16)
            .call(SOCKET, 2, 1, 0)
            .call(Call.CONNECT, new Poke.Last(), Poke.Bytes.internet(127, 0, 0, 1, 9), 16)
            .call(SOCKET, 1, 1, 0)
            .call(Call.CONNECT, new Poke.Last(), Poke.Bytes.unix("\0other"), 8)
            .call(Call.CONNECT, new Poke.Before(), Poke.Bytes.unix("absent"), 9);

    try (Traced traced = poke(tracer, poke)) {
      assertThat(traced.ending().contacts())
          .containsExactlyInAnyOrder(
              new Contact(Contact.Kind.NETWORK, "192.0.2.1:443"),
              new Contact(Contact.Kind.NETWORK, "127.0.0.53:53"),
              new Contact(Contact.Kind.LOOPBACK, "127.0.0.1:9"),
              new Contact(Contact.Kind.UNIX, "@other"));
      assertThat(told(traced)).contains("STAT absent");
    }
  }

  @ParameterizedTest
  @MethodSource("tracers")
  void connectionsAmongThemselves_areNoContacts(Tracer tracer) throws IOException {
    Poke poke =
        new Poke()
            .call(SOCKET, 2, 1, 0)
            .call(Call.BIND, new Poke.Last(), Poke.Bytes.internet(127, 0, 0, 1, 45871), 16)
            .call(LISTEN, new Poke.Before(), 5)
            .call(SOCKET, 2, 1, 0)
            .call(Call.CONNECT, new Poke.Last(), Poke.Bytes.internet(127, 0, 0, 1, 45871), 16)
            .call(SOCKET, 1, 1, 0)
            .call(Call.BIND, new Poke.Last(), Poke.Bytes.unix("socket"), 8)
            .call(LISTEN, new Poke.Before(), 5)
            .call(SOCKET, 1, 1, 0)
            .call(
                Call.CONNECT,
                new Poke.Last(),
                Poke.Bytes.unix(here + "/./socket"),
                11 + here.toString().length());

    try (Traced traced = poke(tracer, poke)) {
      assertThat(traced.ending().contacts()).isEmpty();
      assertThat(told(traced)).containsExactly("MAKE_NODE socket", "STAT ./socket");
    }
  }

  @ParameterizedTest
  @MethodSource("tracers")
  void aWatchInsideAWatch_findsAWayOrSaysWhyNot(Tracer tracer) throws IOException {
    List<String> command = Poke.java(Inner.class, Poke.class);
    Path report = here.resolve("report");
    command.add(here.toString());

    try (Traced traced = Traced.start(tracer, here, command.toArray(String[]::new))) {
      assertThat(traced.exit()).isZero();
      Ending ending = traced.ending();
      if (tracer.name().equals("notify")) {
        assertThat(report)
            .content()
            .startsWith("notify: this program is watched in the same way itself\n")
            .contains("ptrace: 4 [] [STAT]");
        assertThat(told(traced)).contains("STAT inner");
      } else {
        assertThat(report).content().startsWith("notify: 4 [] [STAT]\nptrace: ");
      }
      assertThat(ending.gaps()).containsExactly("a process asked to watch others itself");
    }
  }

  @Test
  void whoAdministersNothing_watchesAsWell() throws IOException {
    Required.program("setpriv");
    assumeTrue(Files.getOwner(here).getName().equals("root"), "other users try this in all tests");
    Files.setPosixFilePermissions(here, PosixFilePermissions.fromString("rwxrwxrwx"));
    List<String> nobody = List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");
    List<String> command = new ArrayList<>(nobody);
    command.addAll(Poke.java(Inner.class, Poke.class));
    command.add(here.toString());
    List<String> look = new ArrayList<>(nobody);
    look.addAll(List.of("test", "-r", Poke.home(Poke.class).toString()));
    assumeTrue(exit(here, look) == 0, "other users cannot read the classes of the tests");

    assertThat(exit(here, command)).isZero();
    assertThat(here.resolve("report"))
        .hasContent("notify without sudo: 4 [] [STAT]\nptrace without sudo: 4 [] [STAT]\n");
  }

  @ParameterizedTest
  @MethodSource("tracers")
  void signalsAndStops_reachTheirProcesses(Tracer tracer) throws IOException {
    String script =
        """
        trap 'test -e caught' USR1
        kill -USR1 $$
        sh -c 'kill -TERM $$' 2>&1
        test $? = 143 || exit 2
        sh -c 'kill -STOP $$; echo on >done' &
        until test -s done; do kill -CONT $!; done
        wait $! || exit 3
        exit 5
        """;

    try (Traced traced = Traced.script(tracer, here, script)) {
      assertThat(traced.exit()).isEqualTo(5);
      Ending ending = traced.ending();
      assertThat(ending.gaps()).isEmpty();
      assertThat(ending.left()).isFalse();
      assertThat(told(traced)).contains("STAT caught", "REPLACE done");
    }
  }

  @ParameterizedTest
  @MethodSource("tracers")
  void whatMakeRuns_isTold(Tracer tracer) throws IOException {
    Required.program("make");
    Files.writeString(
        here.resolve("Makefile"),
        "all: $(foreach n,1 2 3 4 5 6 7 8 9,out$(n))\nout%: in\n\tcp in $@\n");
    Files.writeString(here.resolve("in"), "text");

    try (Traced traced = Traced.script(tracer, here, "make -j4")) {
      assertThat(traced.exit()).isZero();
      assertThat(traced.ending().gaps()).isEmpty();
      for (int i = 1; i < 10; i++) {
        assertThat(traced.of(here.resolve("out" + i)))
            .anyMatch(access -> access == Access.CREATE || access == Access.REPLACE);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("tracers")
  void gitStatus_isToldAsByStrace(Tracer tracer) throws IOException {
    Required.program("strace");
    run(here, "git", "init", "-q", ".");
    for (int i = 0; i < 50; i++) {
      Files.writeString(Files.createDirectories(here.resolve("d" + i % 7)).resolve("f" + i), "x");
    }
    run(here, "git", "add", ".");
    Path log = temporary.resolve("log");
    run(
        here,
        "strace",
        "-f",
        "-y",
        "-s",
        "5000",
        "-e",
        "trace=%file",
        "-o",
        log.toString(),
        "git",
        "--no-optional-locks",
        "status");
    Set<String> expected = new TreeSet<>();
    for (String line : Files.readAllLines(log)) {
      String[] quoted = line.split("\"");
      if (quoted.length > 1 && !line.contains("AT_EMPTY_PATH") && !quoted[1].isEmpty()) {
        expected.add(quoted[1].startsWith("/") ? quoted[1] : here + "/" + quoted[1]);
      }
    }

    try (Traced traced =
        Traced.start(tracer, here, "/usr/bin/git", "--no-optional-locks", "status")) {
      assertThat(traced.exit()).isZero();
      assertThat(traced.ending().gaps()).isEmpty();
      Set<String> told =
          traced.told().stream()
              .filter(each -> each.access() != Access.LIST)
              .map(Traced.Told::path)
              .collect(Collectors.toCollection(TreeSet::new));
      told.removeIf(path -> path.contains("/ld-linux"));
      expected.removeIf(path -> path.equals(log.toString()));
      assertThat(told).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @MethodSource("tracers")
  void startingFromManyThreads_holdsNobody(Tracer tracer) throws Exception {
    CountDownLatch done = new CountDownLatch(12);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      int number = i;
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                for (int j = 0; j < 5; j++) {
                  try (Traced traced =
                      Traced.run(tracer, here, "/bin/sh", "-c", "test -e v" + number)) {
                    traced.ending();
                    assertThat(traced.of(here.resolve("v" + number))).containsExactly(Access.STAT);
                  }
                }
                done.countDown();
              }));
    }
    // Garbage and collections, as a busy program has them.
    for (int i = 0; i < 50; i++) {
      System.gc();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(done.getCount()).isZero();
  }
}
