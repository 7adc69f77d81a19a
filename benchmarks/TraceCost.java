import dev.slipway.trace.Ending;
import dev.slipway.trace.Tracer;
import dev.slipway.trace.Watch;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Runs a command watched and unwatched in turn. Arguments: a name, how often, the command. */
final class TraceCost {
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
  private static final MemorySegment SPAWN = function("posix_spawnp");
  private static final MemorySegment SYSCALL = function("syscall");
  private static final MemorySegment POLL = function("poll");
  private static final MemorySegment CLOSE = function("close");
  private static final MemorySegment WAITPID = function("waitpid");

  private final Arena arena = Arena.global();
  private final MemorySegment pid = arena.allocate(8);
  private final MemorySegment cell = arena.allocate(8);
  private final MemorySegment actions = arena.allocate(256, 16);
  private final MemorySegment environment =
      strings(
          System.getenv().entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList());
  private long accesses;
  private String remarks = "";

  private TraceCost() {
    call(function("posix_spawn_file_actions_init"), actions.address(), 0, 0, 0, 0, 0);
    for (int fd = 0; fd < 3; fd++) {
      call(
          function("posix_spawn_file_actions_addopen"),
          actions.address(),
          fd,
          arena.allocateFrom("/dev/null").address(),
          2,
          0,
          0);
    }
  }

  public static void main(String[] arguments) throws IOException {
    TraceCost cost = new TraceCost();
    List<String> command = List.of(arguments).subList(2, arguments.length);
    List<String> strace =
        new ArrayList<>(
            List.of("strace", "-f", "-y", "--seccomp-bpf", "-e", "trace=%file,getdents64"));
    strace.addAll(List.of("-o", "/dev/null"));
    strace.addAll(command);
    List<Tracer> tracers = Tracer.here();
    long[] best = new long[tracers.size() + 2];
    long[] told = new long[tracers.size()];
    Map<String, String> remarks = new TreeMap<>();
    for (int round = 0; round <= Integer.parseInt(arguments[1]); round++) {
      // The first round only warms up.
      if (round == 1) {
        Arrays.fill(best, Long.MAX_VALUE);
      }
      best[0] = Math.min(best[0], cost.plain(command));
      for (int i = 0; i < tracers.size(); i++) {
        best[i + 1] = Math.min(best[i + 1], cost.watched(tracers.get(i), command));
        told[i] = cost.accesses;
        if (!cost.remarks.isEmpty()) {
          remarks.put(tracers.get(i).name(), cost.remarks);
        }
      }
      best[best.length - 1] = Math.min(best[best.length - 1], cost.plain(strace));
    }
    System.out.printf("%-18s %8.1f ms", arguments[0], best[0] / 1e6);
    for (int i = 0; i < tracers.size(); i++) {
      System.out.printf(
          "   %s x%.2f (%,d told, %.1f us each)",
          tracers.get(i).name(),
          (double) best[i + 1] / best[0],
          told[i],
          Math.max(0, best[i + 1] - best[0]) / 1e3 / Math.max(1, told[i]));
    }
    System.out.printf("   strace x%.2f%n", (double) best[best.length - 1] / best[0]);
    remarks.forEach((tracer, text) -> System.out.println("  " + tracer + ": " + text));
  }

  private long plain(List<String> command) {
    MemorySegment argv = strings(command);
    long begin = System.nanoTime();
    spawn(argv);
    await();
    return System.nanoTime() - begin;
  }

  private long watched(Tracer tracer, List<String> command) throws IOException {
    long begin = System.nanoTime();
    try (Watch watch = tracer.watch((access, path, length, held) -> {})) {
      List<String> whole = new ArrayList<>(watch.prefix());
      whole.addAll(command);
      MemorySegment argv = strings(whole);
      watch.start(() -> spawn(argv));
      await();
      Ending ending = watch.ending(Duration.ofSeconds(2));
      accesses = ending.accesses();
      remarks = ending.left() ? "processes were left" : String.join(", ", ending.gaps());
    }
    return System.nanoTime() - begin;
  }

  private int spawn(MemorySegment argv) {
    return (int)
        call(
            SPAWN,
            pid.address(),
            argv.get(ValueLayout.JAVA_LONG, 0),
            actions.address(),
            0,
            argv.address(),
            environment.address());
  }

  private void await() {
    int child = pid.get(ValueLayout.JAVA_INT, 0);
    int fd = (int) call(SYSCALL, 434 /* pidfd_open */, child, 0, 0, 0, 0);
    cell.set(ValueLayout.JAVA_INT, 0, fd);
    cell.set(ValueLayout.JAVA_INT, 4, 1 /* POLLIN */);
    int ready;
    do {
      ready = (int) call(POLL, cell.address(), 1, -1, 0, 0, 0);
    } while (ready < 1);
    call(CLOSE, fd, 0, 0, 0, 0, 0);
    call(WAITPID, child, cell.address(), 0, 0, 0, 0);
  }

  private MemorySegment strings(List<String> texts) {
    MemorySegment pointers = arena.allocate(8L * (texts.size() + 1), 8);
    for (int i = 0; i < texts.size(); i++) {
      pointers.setAtIndex(ValueLayout.JAVA_LONG, i, arena.allocateFrom(texts.get(i)).address());
    }
    return pointers;
  }

  private static MemorySegment function(String name) {
    return LINKER.defaultLookup().findOrThrow(name);
  }

  private static long call(MemorySegment function, long a, long b, long c, long d, long e, long f) {
    try {
      return (long) CALL.invokeExact(function, a, b, c, d, e, f);
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }
}
