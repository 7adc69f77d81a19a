package dev.slipway.trace;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntSupplier;
import java.util.stream.Stream;

/** A process that was watched from its start, and what was told of it. */
@SuppressWarnings("restricted")
final class Traced implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /**
   * One access that was told.
   *
   * @param path its bytes as characters of the same value
   */
  record Told(Access access, String path) {
    @Override
    public String toString() {
      return access + " " + path;
    }
  }

  private final List<Told> told = new ArrayList<>();
  private final Watch watch;
  private final Spawn spawn;

  private Traced(Tracer tracer, Observer also, Path directory, List<String> command)
      throws IOException {
    watch =
        tracer.watch((access, path, length, held) -> {
          synchronized (told) {
            told.add(new Told(access, new String(path, 0, length, StandardCharsets.ISO_8859_1)));
          }
          also.access(access, path, length, held);
        });
    List<String> whole = new ArrayList<>(watch.prefix());
    whole.addAll(command);
    spawn = new Spawn(directory, whole);
    int error = watch.start(spawn);
    if (error != 0) {
      watch.close();
      throw new IOException("not started: error " + error);
    }
  }

  static Traced start(Tracer tracer, Path directory, String... command) throws IOException {
    return start(tracer, (access, path, length, held) -> {}, directory, command);
  }

  static Traced start(Tracer tracer, Observer also, Path directory, String... command)
      throws IOException {
    return new Traced(tracer, also, directory, List.of(command));
  }

  /** A shell's script, run to its end. */
  static Traced script(Tracer tracer, Path directory, String script) throws IOException {
    Traced traced = start(tracer, directory, "/bin/sh", "-c", script);
    traced.spawn.await();
    return traced;
  }

  int pid() {
    return spawn.pid();
  }

  /** Waits for the process, not for what it left; its status as a shell words it. */
  int exit() {
    return spawn.await();
  }

  Ending ending() {
    return watch.ending(PATIENCE);
  }

  Ending ending(Duration patience) {
    return watch.ending(patience);
  }

  /** All that was told, in order. */
  List<Told> told() {
    synchronized (told) {
      return List.copyOf(told);
    }
  }

  /** What was told of paths below this one. */
  List<Told> below(Path directory) {
    String prefix = directory + "/";
    return told().stream().filter(each -> each.path().startsWith(prefix)).toList();
  }

  /** The accesses told of one path. */
  List<Access> of(Path path) {
    return of(path.toString());
  }

  List<Access> of(String path) {
    return told().stream().filter(each -> each.path().equals(path)).map(Told::access).toList();
  }

  /** Stops watching, as those do who have seen enough. */
  void giveUp() {
    watch.close();
  }

  @Override
  public void close() {
    watch.close();
  }

  /** Starts one process by posix_spawn, as quietly as a watch demands. */
  private static final class Spawn implements IntSupplier {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle CALL =
        LINKER.downcallHandle(
            FunctionDescriptor.of(
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG));
    private static final MemorySegment POSIX_SPAWN = function("posix_spawn");
    private static final MemorySegment WAITPID = function("waitpid");

    private final MemorySegment pid;
    private final MemorySegment status;
    private final MemorySegment actions;
    private final MemorySegment argv;
    private final MemorySegment envp;
    private int exit = -1;

    Spawn(Path directory, List<String> command) {
      Arena arena = Arena.ofAuto();
      pid = arena.allocate(8);
      status = arena.allocate(8);
      actions = arena.allocate(256, 16);
      call(function("posix_spawn_file_actions_init"), actions.address(), 0, 0);
      call(
          function("posix_spawn_file_actions_addchdir_np"),
          actions.address(),
          arena.allocateFrom(directory.toString()).address(),
          0);
      for (int fd : new int[] {0, 1}) {
        call(
            function("posix_spawn_file_actions_addopen"),
            actions.address(),
            fd,
            arena.allocateFrom("/dev/null").address(),
            2 /* O_RDWR */,
            0,
            0);
      }
      argv = strings(arena, command.stream());
      Map<String, String> environment = new TreeMap<>(System.getenv());
      environment.put("LC_ALL", "C");
      envp =
          strings(arena, environment.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()));
    }

    private static MemorySegment function(String name) {
      return LINKER.defaultLookup().findOrThrow(name);
    }

    private static MemorySegment strings(Arena arena, Stream<String> texts) {
      List<String> list = texts.toList();
      MemorySegment pointers = arena.allocate(8L * (list.size() + 1), 8);
      for (int i = 0; i < list.size(); i++) {
        pointers.setAtIndex(
            ValueLayout.JAVA_LONG,
            i,
            arena.allocateFrom(list.get(i), StandardCharsets.ISO_8859_1).address());
      }
      return pointers;
    }

    @Override
    public int getAsInt() {
      return (int)
          call(
              POSIX_SPAWN,
              pid.address(),
              argv.get(ValueLayout.JAVA_LONG, 0),
              actions.address(),
              0,
              argv.address(),
              envp.address());
    }

    int pid() {
      return pid.get(ValueLayout.JAVA_INT, 0);
    }

    synchronized int await() {
      if (exit < 0) {
        // As a watch demands, waited for only when it has ended.
        int fd = (int) call(function("syscall"), 434 /* pidfd_open */, pid(), 0);
        status.set(ValueLayout.JAVA_INT, 0, fd);
        status.set(ValueLayout.JAVA_INT, 4, 1 /* POLLIN */);
        long ready;
        do {
          ready = (int) call(function("poll"), status.address(), 1, -1);
        } while (ready < 1);
        call(function("close"), fd, 0, 0);
        if ((int) call(WAITPID, pid(), status.address(), 0) != pid()) {
          throw new IllegalStateException("somebody else waited for the process");
        }
        int how = status.get(ValueLayout.JAVA_INT, 0);
        exit = (how & 0x7f) == 0 ? (how >> 8) & 0xff : 128 + (how & 0x7f);
      }
      return exit;
    }

    private static long call(MemorySegment function, long a, long b, long c) {
      return call(function, a, b, c, 0, 0, 0);
    }

    private static long call(
        MemorySegment function, long a, long b, long c, long d, long e, long f) {
      try {
        return (long) CALL.invokeExact(function, a, b, c, d, e, f);
      } catch (Throwable impossible) {
        throw new AssertionError(impossible);
      }
    }
  }

  /** For tests that cannot throw what is checked. */
  static Traced run(Tracer tracer, Path directory, String... command) {
    try {
      Traced traced = start(tracer, directory, command);
      traced.exit();
      return traced;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
