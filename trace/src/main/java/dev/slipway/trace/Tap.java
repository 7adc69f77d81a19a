package dev.slipway.trace;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * What the kernel writes down of one watch's light calls, by a program of its own (eBPF) in a ring
 * that this program reads. All of it goes with the file descriptors: nothing is left in the kernel
 * when they are closed, or this program ends.
 *
 * <p>A record is in the ring before the task that made the call goes on to anything else, and
 * records are in the order of their calls, where there was one: so whoever reads all that is in the
 * ring knows all that could have led to what happens next.
 *
 * <p>Making one takes far longer than using it, so it can be used for one watch after the other.
 * Belongs to the thread that answers for the watch, or else to who made it.
 */
@SuppressWarnings("restricted")
final class Tap {
  private static final int BPF = 321;
  private static final int MAP_CREATE = 0;
  private static final int PROG_LOAD = 5;
  private static final int OBJ_GET_INFO_BY_FD = 15;
  private static final int RAW_TRACEPOINT_OPEN = 17;
  private static final int ARRAY = 2;
  private static final int PERCPU_ARRAY = 6;
  private static final int RINGBUF = 27;
  private static final int MMAPABLE = 1 << 10;
  private static final int RAW_TRACEPOINT = 17;
  private static final int ATTRIBUTES = 144;
  private static final int PROGRAM_INFO = 232;
  private static final int RECURSION_MISSES = 208;

  private static final int PAGE = 4096;
  private static final int PROT_READ = 1;
  private static final int PROT_WRITE = 2;
  private static final int MAP_SHARED = 1;

  private static final int BUSY = 1 << 31;
  private static final int DISCARDED = 1 << 30;
  private static final int HEAD = 8;

  private final Arena arena = Arena.ofAuto();
  private final MemorySegment attributes = arena.allocate(ATTRIBUTES, 16);
  private final MemorySegment info = arena.allocate(PROGRAM_INFO, 16);
  private final MemorySegment point = arena.allocateFrom("sys_exit");
  private final int size;
  private final Opened opened;
  private final MemorySegment shared;
  private final MemorySegment read;
  private final MemorySegment written;
  private final int program;
  private Libc c;
  private int link = -1;
  private boolean closed;
  private long at;
  private long missedBefore;

  /**
   * Makes one.
   *
   * @param size of the ring in bytes, a power of two
   */
  Tap(KernelFields fields, int size) throws IOException {
    this.size = size;
    c = new Libc(arena);
    Opened opened = new Opened();
    this.opened = opened;
    try {
      int stateMap = map(ARRAY, 4, TapProgram.STATE, 1, MMAPABLE);
      int scratchMap = map(PERCPU_ARRAY, 4, TapRecord.SIZE, 1, 0);
      int ringMap = map(RINGBUF, 0, 0, size, 0);
      shared = memory(PAGE, PROT_READ | PROT_WRITE, stateMap, 0);
      read = memory(PAGE, PROT_READ | PROT_WRITE, ringMap, 0);
      // The ring follows itself, so that no record is cut.
      written = memory(PAGE + 2L * size, PROT_READ, ringMap, PAGE);
      program = load(TapProgram.build(fields, stateMap, scratchMap, ringMap));
    } catch (IOException e) {
      opened.close();
      throw e;
    }
    // For one that is never used again.
    MemorySegment.ofAddress(1).reinterpret(1, arena, nothing -> opened.close());
  }

  private int load(long[] steps) throws IOException {
    MemorySegment code = arena.allocate(8L * steps.length, 8);
    MemorySegment.copy(steps, 0, code, ValueLayout.JAVA_LONG, 0, steps.length);
    attributes.fill((byte) 0);
    attributes.set(ValueLayout.JAVA_INT, 0, RAW_TRACEPOINT);
    attributes.set(ValueLayout.JAVA_INT, 4, steps.length);
    attributes.set(ValueLayout.JAVA_LONG, 8, code.address());
    attributes.set(ValueLayout.JAVA_LONG, 16, arena.allocateFrom("GPL").address());
    return opened(bpf(PROG_LOAD), "a program");
  }

  /**
   * Begins to write down what processes do under the filter that a thread will lay on itself.
   *
   * @param starter that thread
   * @param c for the thread that reads it from now on
   */
  void begin(int starter, Libc c) throws IOException {
    this.c = c;
    missedBefore = allMissed();
    shared.set(ValueLayout.JAVA_LONG, TapProgram.FILTER, 0);
    shared.set(ValueLayout.JAVA_LONG, TapProgram.LOST, 0);
    shared.set(ValueLayout.JAVA_LONG, TapProgram.UNCLEAR, 0);
    shared.set(ValueLayout.JAVA_LONG, TapProgram.STARTER, starter);
    VarHandle.fullFence();
    attributes.fill((byte) 0);
    attributes.set(ValueLayout.JAVA_LONG, 0, point.address());
    attributes.set(ValueLayout.JAVA_INT, 8, program);
    long fd = bpf(RAW_TRACEPOINT_OPEN);
    if (fd < 0) {
      throw new IOException("the kernel refused to run a program at each call: error " + -fd);
    }
    link = (int) fd;
  }

  /** Ends to write down; all can begin again when no process is left that was written down. */
  void end() {
    if (link >= 0) {
      c.call(Libc.CLOSE, link);
      link = -1;
    }
    if (!closed) {
      shared.set(ValueLayout.JAVA_LONG, TapProgram.FILTER, 0);
      shared.set(ValueLayout.JAVA_LONG, TapProgram.STARTER, 0);
    }
  }

  boolean hasEnded() {
    return link < 0;
  }

  /** Gives all back; it is not to be used any more. */
  void close() {
    end();
    closed = true;
    opened.close();
  }

  private int map(int type, int key, int value, int entries, int flags) throws IOException {
    attributes.fill((byte) 0);
    attributes.set(ValueLayout.JAVA_INT, 0, type);
    attributes.set(ValueLayout.JAVA_INT, 4, key);
    attributes.set(ValueLayout.JAVA_INT, 8, value);
    attributes.set(ValueLayout.JAVA_INT, 12, entries);
    attributes.set(ValueLayout.JAVA_INT, 16, flags);
    return opened(bpf(MAP_CREATE), "memory for a program");
  }

  private long bpf(int command) {
    return c.call(Libc.SYSCALL, BPF, command, attributes.address(), ATTRIBUTES);
  }

  private int opened(long fd, String what) throws IOException {
    if (fd < 0) {
      throw new IOException("the kernel refused " + what + ": error " + -fd);
    }
    opened.files.add((int) fd);
    return (int) fd;
  }

  private MemorySegment memory(long length, int protection, int fd, long offset)
      throws IOException {
    long address = c.call(Libc.MMAP, 0, length, protection, MAP_SHARED, fd, offset);
    if (address < 0) {
      throw new IOException("the kernel did not share its memory: error " + -address);
    }
    MemorySegment memory = Libc.memory(address, length);
    opened.memory.add(memory);
    return memory;
  }

  /** What is to be given back, be it by a thread that knows nothing else of it. */
  private static final class Opened {
    private final List<Integer> files = new ArrayList<>();
    private final List<MemorySegment> memory = new ArrayList<>();

    synchronized void close() {
      try (Arena arena = Arena.ofConfined()) {
        Libc c = new Libc(arena);
        for (int fd : files) {
          c.call(Libc.CLOSE, fd);
        }
        for (MemorySegment each : memory) {
          c.call(Libc.MUNMAP, each.address(), each.byteSize(), 0);
        }
      }
      files.clear();
      memory.clear();
    }
  }

  /** Takes records from the ring. */
  interface Reader {
    void record(MemorySegment memory, long at);
  }

  /**
   * Reads all that was in the ring when this was called; whether that was anything. A record that
   * another processor is just writing is waited for: those behind it may have to be known.
   */
  boolean read(Reader reader) {
    VarHandle.acquireFence();
    long end = written.get(ValueLayout.JAVA_LONG, 0);
    VarHandle.acquireFence();
    if (at >= end) {
      return false;
    }
    while (at < end) {
      long from = PAGE + (at & (size - 1));
      int length = written.get(ValueLayout.JAVA_INT, from);
      while (length < 0 && (length & BUSY) != 0) {
        Thread.onSpinWait();
        VarHandle.acquireFence();
        length = written.get(ValueLayout.JAVA_INT, from);
      }
      VarHandle.acquireFence();
      if ((length & DISCARDED) == 0) {
        reader.record(written, from + HEAD);
      }
      at += (HEAD + (length & ~DISCARDED) + 7) & ~7L;
      VarHandle.releaseFence();
      read.set(ValueLayout.JAVA_LONG, 0, at);
    }
    return true;
  }

  /** How many calls were not written down because the ring was full, or the program did not run. */
  long lost() {
    VarHandle.acquireFence();
    return shared.get(ValueLayout.JAVA_LONG, TapProgram.LOST);
  }

  /** How many calls were made under more filters than the program looks at. */
  long unclear() {
    return shared.get(ValueLayout.JAVA_LONG, TapProgram.UNCLEAR);
  }

  /** How often the program did not run because it was running already. */
  long missed() {
    return allMissed() - missedBefore;
  }

  private long allMissed() {
    info.fill((byte) 0);
    attributes.fill((byte) 0);
    attributes.set(ValueLayout.JAVA_INT, 0, program);
    attributes.set(ValueLayout.JAVA_INT, 4, PROGRAM_INFO);
    attributes.set(ValueLayout.JAVA_LONG, 8, info.address());
    return bpf(OBJ_GET_INFO_BY_FD) < 0 ? -1 : info.get(ValueLayout.JAVA_LONG, RECURSION_MISSES);
  }
}
