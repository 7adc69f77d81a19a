package dev.slipway.trace;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Watches by seccomp's user notification what changes anything, and has a program in the kernel
 * (eBPF) write down the far more frequent rest, for which nobody has to wait. For who may load such
 * programs, on x86-64.
 */
final class EbpfTracer implements Tracer {
  /** So much that a program that does nothing but look at files needs a tenth of a second. */
  private static final int RING = 16 << 20;

  /** What takes less is over before it would have been worth it. */
  private static final long PATIENCE_NANOS = 150_000_000;

  private static final String FIRST_PROCESSES = "pid:[4026531836]";

  private final int ring;
  private final AtomicBoolean preparing = new AtomicBoolean();
  private final AtomicReference<@Nullable Tap> spare = new AtomicReference<>();
  private volatile @Nullable KernelFields fields;

  EbpfTracer() {
    this(RING);
  }

  EbpfTracer(int ring) {
    this.ring = ring;
  }

  /** Whether it is worth trying on this machine. */
  static boolean mayWork() {
    // Programs know processes by their first numbers only.
    return NotifyWatch.kernelIsAtLeast(5, 15)
        && Files.isReadable(Path.of(KernelFields.FILE))
        && Privileges.toLoadPrograms()
        && FIRST_PROCESSES.equals(Privileges.namespaceOfProcesses());
  }

  @Override
  public String name() {
    return "ebpf";
  }

  @Override
  public boolean ready() {
    if (spare.get() != null) {
      return true;
    }
    if (preparing.compareAndSet(false, true)) {
      Thread.ofPlatform().daemon().name("watch-prepare").start(this::prepare);
    }
    return false;
  }

  private void prepare() {
    LockSupport.parkNanos(PATIENCE_NANOS);
    try {
      keep(tap());
      preparing.set(false);
    } catch (IOException neverReady) {
      return;
    }
  }

  private void keep(Tap tap) {
    if (!spare.compareAndSet(null, tap)) {
      tap.close();
    }
  }

  private Tap tap() throws IOException {
    KernelFields known = fields;
    if (known == null) {
      try (Arena arena = Arena.ofConfined()) {
        known = KernelFields.read(new Libc(arena), arena);
      }
      fields = known;
    }
    return new Tap(known, ring);
  }

  @Override
  public Watch watch(Observer observer) throws IOException {
    Tap tap = spare.getAndSet(null);
    NotifyWatch.Tapping tapping = new NotifyWatch.Tapping(tap == null ? tap() : tap, this::keep);
    return NotifyWatch.begin(Arch.X86_64, observer, tapping);
  }
}
