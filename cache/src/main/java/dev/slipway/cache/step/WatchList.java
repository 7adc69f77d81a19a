package dev.slipway.cache.step;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The statuses that the paths of a trace had when all was last found to be right, as the machine
 * needs them: a path whose status is the same need not be looked at. It is only a short cut: when
 * it is missing or of other folders, everything is looked at, and it is made anew.
 *
 * <p>A record for each fact: six longs of {@link Status}, one that says what is enough, one for
 * where the path is; then the paths, each ended by a zero byte.
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

  /** The bits of the rules above. */
  static final long RULE = 7;

  /** In addition: this is what the step left there. */
  static final long IS_RESULT = 8;

  /** In addition: the step left something there. */
  static final long HAS_RESULT = 16;

  private final byte[] bytes;
  private final ByteBuffer memory;
  private final int count;

  private WatchList(byte[] bytes, ByteBuffer memory, int count) {
    this.bytes = bytes;
    this.memory = memory;
    this.count = count;
  }

  /** Opens a list; null when there is none for these roots. */
  static @Nullable WatchList open(Path file, long rootsHash) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException none) {
      return null;
    }
    int size = bytes.length;
    ByteBuffer memory = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    if (size >= HEADER) {
      int count = memory.getInt(24);
      if (memory.getLong(0) == MAGIC
          && memory.getLong(8) == rootsHash
          && memory.getLong(16) == size
          && count >= 0
          && size > HEADER + (long) count * RECORD
          && memory.get(size - 1) == 0) {
        return new WatchList(bytes, memory, count);
      }
    }
    return null;
  }

  int count() {
    return count;
  }

  /** What a fact's path has to be, at its place in the trace; {@link #LOOK} for unknown. */
  long rule(int place) {
    return memory.getLong(HEADER + place * RECORD + 48);
  }

  /** Whether a path is as it was, or else has to be looked at. */
  boolean same(int place, Statuses statuses, Status status) {
    int at = HEADER + place * RECORD;
    long rule = memory.getLong(at + 48) & RULE;
    if (rule == LOOK) {
      return false;
    }
    long path = memory.getLong(at + 56);
    if (path < HEADER || path >= bytes.length) {
      return false;
    }
    int from = (int) path;
    int to = from;
    while (bytes[to] != 0) {
      to++;
    }
    if (!statuses.read(bytes, from, to - from, status)) {
      return false;
    }
    if (rule == ABSENT) {
      return status.absent();
    }
    if (rule == FOLDER) {
      return status.isFolder();
    }
    return memory.getLong(at + 40) == status.changed
        && memory.getLong(at + 16) == status.inode
        && memory.getLong(at + 24) == status.size
        && memory.getLong(at + 32) == status.modified
        && memory.getLong(at) == status.mode
        && memory.getLong(at + 8) == status.device;
  }

  /** The path at a place; empty when the list is damaged. */
  byte[] path(int place) {
    long path = memory.getLong(HEADER + place * RECORD + 56);
    if (path < HEADER || path >= bytes.length) {
      return new byte[0];
    }
    int from = (int) path;
    int to = from;
    while (bytes[to] != 0) {
      to++;
    }
    return Arrays.copyOfRange(bytes, from, to);
  }

  /** The status at a place, and then the rule. */
  long[] record(int place) {
    long[] record = new long[Status.LONGS + 1];
    for (int i = 0; i < record.length; i++) {
      record[i] = memory.getLong(HEADER + place * RECORD + i * 8);
    }
    return record;
  }

  /** Copies what is known of a path. */
  void copy(int place, long[] statuses, long[] rules) {
    int at = HEADER + place * RECORD;
    for (int i = 0; i < Status.LONGS; i++) {
      statuses[place * Status.LONGS + i] = memory.getLong(at + i * 8);
    }
    rules[place] = memory.getLong(at + 48);
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
    try {
      WholeFile.write(file, out.array());
    } catch (IOException madeAnewNextTime) {
      return;
    }
  }
}
