package dev.slipway.cache.step;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The statuses that the paths of a trace had when all was last found to be right, as the machine
 * needs them: a path whose status is the same need not be looked at. It is only a short cut: when
 * it is missing or of other folders, everything is looked at, and it is made anew.
 *
 * <p>A record for each fact: six longs of {@link Status}, one that says what is enough, one for
 * where the path is; then the paths, each ended by a zero byte, so that they can be handed to the
 * kernel as they are.
 */
final class WatchList {
  private static final long MAGIC = 0x534c50574154L;
  private static final int HEADER = 32;
  private static final int RECORD = 64;

  /** Nothing is known: look. */
  static final long LOOK = 0;

  /** The status has to be the same. */
  static final long SAME = 1;

  /** There has to be nothing. */
  static final long ABSENT = 2;

  /** There has to be a folder. */
  static final long FOLDER = 3;

  /** In addition: this is what the step left there. */
  static final long IS_RESULT = 8;

  private final MemorySegment memory;
  private final int count;

  private WatchList(MemorySegment memory, int count) {
    this.memory = memory;
    this.count = count;
  }

  /** Opens a list; null when there is none for these roots and this many facts. */
  static @Nullable WatchList open(Path file, long rootsHash, int facts) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size >= HEADER) {
        MemorySegment memory = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, Arena.ofAuto());
        int count = memory.get(ValueLayout.JAVA_INT, 24);
        if (memory.get(ValueLayout.JAVA_LONG, 0) == MAGIC
            && memory.get(ValueLayout.JAVA_LONG, 8) == rootsHash
            && memory.get(ValueLayout.JAVA_LONG, 16) == size
            && (facts < 0 || count == facts)
            && size > HEADER + (long) count * RECORD
            && memory.get(ValueLayout.JAVA_BYTE, size - 1) == 0) {
          return new WatchList(memory, count);
        }
      }
    } catch (IOException none) {
      return null;
    }
    return null;
  }

  int count() {
    return count;
  }

  /** What a fact's path has to be, at its place in the trace; {@link #LOOK} for unknown. */
  long rule(int place) {
    return memory.get(ValueLayout.JAVA_LONG, HEADER + (long) place * RECORD + 48);
  }

  /** Whether a path is as it was, or else has to be looked at. */
  boolean same(int place, Posix posix, Status status) {
    long at = HEADER + (long) place * RECORD;
    long rule = memory.get(ValueLayout.JAVA_LONG, at + 48) & 7;
    if (rule == LOOK) {
      return false;
    }
    long path = memory.get(ValueLayout.JAVA_LONG, at + 56);
    if (path < HEADER || path >= memory.byteSize()) {
      return false;
    }
    posix.status(memory.address() + path, status);
    if (rule == ABSENT) {
      return status.absent();
    }
    if (rule == FOLDER) {
      return status.isFolder();
    }
    return memory.get(ValueLayout.JAVA_LONG, at + 40) == status.changed
        && memory.get(ValueLayout.JAVA_LONG, at + 16) == status.inode
        && memory.get(ValueLayout.JAVA_LONG, at + 24) == status.size
        && memory.get(ValueLayout.JAVA_LONG, at + 32) == status.modified
        && memory.get(ValueLayout.JAVA_LONG, at) == status.mode
        && memory.get(ValueLayout.JAVA_LONG, at + 8) == status.device;
  }

  /** Copies what is known of a path. */
  void copy(int place, long[] statuses, long[] rules) {
    long at = HEADER + (long) place * RECORD;
    for (int i = 0; i < Status.LONGS; i++) {
      statuses[place * Status.LONGS + i] = memory.get(ValueLayout.JAVA_LONG, at + i * 8L);
    }
    rules[place] = memory.get(ValueLayout.JAVA_LONG, at + 48);
  }

  /** Writes a list in the place of the one that is there; not being able to is no failure. */
  static void write(Path file, long rootsHash, List<byte[]> paths, long[] statuses, long[] rules) {
    long size = HEADER + (long) paths.size() * RECORD;
    for (byte[] path : paths) {
      size += path.length + 1L;
    }
    // One byte more than the paths, so that even an empty list ends with a zero.
    size++;
    if (size > Integer.MAX_VALUE) {
      return;
    }
    ByteBuffer out = ByteBuffer.allocate((int) size).order(ByteOrder.nativeOrder());
    out.putLong(MAGIC).putLong(rootsHash).putLong(size).putInt(paths.size()).putInt(0);
    long at = HEADER + (long) paths.size() * RECORD;
    for (int i = 0; i < paths.size(); i++) {
      for (int j = 0; j < Status.LONGS; j++) {
        out.putLong(statuses[i * Status.LONGS + j]);
      }
      out.putLong(rules[i]).putLong(at);
      at += paths.get(i).length + 1L;
    }
    for (byte[] path : paths) {
      out.put(path).put((byte) 0);
    }
    Path beside =
        file.resolveSibling(file.getFileName() + "." + ProcessHandle.current().pid() + ".part");
    try {
      Files.write(beside, out.array());
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException madeAnewNextTime) {
      beside.toFile().delete();
    }
  }
}
