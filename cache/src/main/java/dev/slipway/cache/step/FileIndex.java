package dev.slipway.cache.step;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Digests of files by their status, so that a file is read once and not again until it changes:
 * compilers and libraries are read by every step. Thread-safe.
 *
 * <p>The file is a row of records of equal length that are only ever appended, each with a checksum
 * of its own: a record that was cut, or overlaid by another process, is passed over, and its file
 * is read again.
 */
final class FileIndex {
  private static final int RECORD = 88;
  private static final long LIMIT = 64L * 1024 * 1024;

  /** A file's digest, and which names of variables occur in it. */
  record Known(Digest digest, long mentions) {}

  /** A status as a key. */
  private record Key(long device, long inode, long size, long modified, long changed) {
    static Key of(Status status) {
      return new Key(status.device, status.inode, status.size, status.modified, status.changed);
    }
  }

  private final Path file;
  private final Map<Key, Known> added = new HashMap<>();
  private final List<byte[]> unsaved = new ArrayList<>();
  private @Nullable ByteBuffer mapped;
  private int[] slots = new int[0];
  private boolean loaded;

  FileIndex(Path file) {
    this.file = file;
  }

  /** What is known of a file with this status; null for nothing. */
  synchronized @Nullable Known find(Status status) {
    load();
    Known known = added.get(Key.of(status));
    if (known != null) {
      return known;
    }
    ByteBuffer records = mapped;
    if (records == null) {
      return null;
    }
    int mask = slots.length - 1;
    for (int slot = hash(status.device, status.inode) & mask; slots[slot] != 0; ) {
      int at = (slots[slot] - 1) * RECORD;
      if (records.getLong(at) == status.device
          && records.getLong(at + 8) == status.inode
          && records.getLong(at + 16) == status.size
          && records.getLong(at + 24) == status.modified
          && records.getLong(at + 32) == status.changed) {
        byte[] digest = new byte[Digest.LENGTH];
        records.get(at + 48, digest);
        return new Known(new Digest(digest), records.getLong(at + 40));
      }
      slot = (slot + 1) & mask;
    }
    return null;
  }

  /** Notes a file's digest; not when a change that follows could go unseen. */
  synchronized void put(Status status, Known known, long nowNanos) {
    if (!status.settled(nowNanos) || added.put(Key.of(status), known) != null) {
      return;
    }
    ByteBuffer record = ByteBuffer.allocate(RECORD).order(ByteOrder.LITTLE_ENDIAN);
    record
        .putLong(status.device)
        .putLong(status.inode)
        .putLong(status.size)
        .putLong(status.modified)
        .putLong(status.changed)
        .putLong(known.mentions())
        .put(known.digest().bytes());
    record.putLong(check(record, 0));
    unsaved.add(record.array());
  }

  /** Writes down what was noted. Not being able to is no failure: it is found out again. */
  synchronized void save() {
    if (unsaved.isEmpty()) {
      return;
    }
    ByteBuffer all = ByteBuffer.allocate(unsaved.size() * RECORD);
    unsaved.forEach(all::put);
    unsaved.clear();
    all.flip();
    try {
      Files.createDirectories(file.getParent());
      boolean full = Files.exists(file) && Files.size(file) > LIMIT;
      try (FileChannel channel =
          full
              ? FileChannel.open(
                  file,
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE,
                  StandardOpenOption.TRUNCATE_EXISTING)
              : FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
        while (all.hasRemaining()) {
          channel.write(all);
        }
      }
    } catch (IOException foundOutAgain) {
      return;
    }
  }

  private void load() {
    if (loaded) {
      return;
    }
    loaded = true;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      int count = (int) Math.min(channel.size() / RECORD, LIMIT / RECORD * 2);
      if (count == 0) {
        return;
      }
      // A copy, since another process may cut the file.
      ByteBuffer copy = ByteBuffer.allocateDirect(count * RECORD);
      while (copy.hasRemaining() && channel.read(copy) >= 0) {
        continue;
      }
      copy.order(ByteOrder.LITTLE_ENDIAN);
      int read = copy.position() / RECORD;
      int size = Integer.highestOneBit(Math.max(16, read * 4));
      int[] table = new int[size];
      for (int i = 0; i < read; i++) {
        int at = i * RECORD;
        if (copy.getLong(at + 80) != check(copy, at)) {
          continue;
        }
        int slot = hash(copy.getLong(at), copy.getLong(at + 8)) & (size - 1);
        while (table[slot] != 0) {
          slot = (slot + 1) & (size - 1);
        }
        table[slot] = i + 1;
      }
      slots = table;
      mapped = copy;
    } catch (NoSuchFileException none) {
      return;
    } catch (IOException foundOutAgain) {
      return;
    }
  }

  private static int hash(long device, long inode) {
    long mixed = (inode + device * 31) * 0x9e3779b97f4a7c15L;
    return (int) (mixed >>> 32);
  }

  private static long check(ByteBuffer record, int at) {
    long check = 0x5eed;
    for (int i = 0; i < 80; i += 8) {
      check = (check ^ record.getLong(at + i)) * 0x9e3779b97f4a7c15L;
      check ^= check >>> 29;
    }
    return check;
  }
}
