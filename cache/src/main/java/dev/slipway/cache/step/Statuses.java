package dev.slipway.cache.step;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Statuses of many files in a row. The JDK's own way to ask takes a few microseconds a file, the C
 * library's a quarter of that once it is linked, which takes longer than to ask about a thousand
 * files. Belongs to one thread.
 */
final class Statuses {
  /** From how many on it is worth it. */
  private static final int WORTH_LINKING = 6000;

  private static final String ATTRIBUTES = "unix:mode,ino,dev,size,lastModifiedTime,ctime";

  private final @Nullable Posix posix;
  private @Nullable Posix forOtherNames;
  private @Nullable Memo memo;

  /**
   * For about so many files.
   *
   * @param count how many will be asked about
   */
  Statuses(View view, int count) {
    this.posix = count >= WORTH_LINKING || view.ofContainer() ? new Posix(view) : null;
  }

  /** The same, where each path is asked about once: what was seen then is told again. */
  static Statuses once(View view, int count) {
    Statuses statuses = new Statuses(view, count);
    statuses.memo = new Memo();
    return statuses;
  }

  /** Asks about every path again from now on. */
  void forget() {
    if (memo != null) {
      memo = new Memo();
    }
  }

  /**
   * What is at a path.
   *
   * @param bytes are kept where each path is asked about once, and must not change
   * @return false when that cannot be told
   */
  boolean read(byte[] bytes, int from, int length, Status into) {
    Memo known = memo;
    if (known == null) {
      return ask(bytes, from, length, into);
    }
    int place = known.place(bytes, from, length);
    if (known.has(place)) {
      known.get(place, into);
      return true;
    }
    if (!ask(bytes, from, length, into)) {
      return false;
    }
    known.put(place, bytes, from, length, into);
    return true;
  }

  private boolean ask(byte[] bytes, int from, int length, Status into) {
    Posix functions = posix;
    if (functions == null) {
      for (int i = from; i < from + length; i++) {
        if (bytes[i] < 0) {
          // The JDK may take such a name for another one.
          functions = forOtherNames == null ? new Posix(View.here()) : forOtherNames;
          forOtherNames = functions;
          break;
        }
      }
    }
    if (functions != null) {
      int error = functions.status(Arrays.copyOfRange(bytes, from, from + length), into);
      return error == 0 || error == Posix.ENOENT || error == Posix.ENOTDIR || error == Posix.ELOOP;
    }
    Path path = Path.of(new String(bytes, from, length, StandardCharsets.US_ASCII));
    try {
      Map<String, Object> all = Files.readAttributes(path, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
      into.mode = number(all, "mode").intValue();
      into.inode = number(all, "ino").longValue();
      into.size = number(all, "size").longValue();
      into.modified = nanos(all, "lastModifiedTime");
      into.changed = nanos(all, "ctime");
      // The JDK gives the number as the C library does; statx gives its halves.
      long device = number(all, "dev").longValue();
      long major = ((device >>> 8) & 0xfff) | ((device >>> 32) & ~0xfffL);
      long minor = (device & 0xff) | ((device >>> 12) & ~0xffL);
      into.device = (major << 32) | (minor & 0xffffffffL);
      return true;
    } catch (NoSuchFileException none) {
      into.clear();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static Number number(Map<String, Object> all, String name) throws IOException {
    if (all.get(name) instanceof Number number) {
      return number;
    }
    throw new IOException("no " + name);
  }

  private static long nanos(Map<String, Object> all, String name) throws IOException {
    if (all.get(name) instanceof FileTime time) {
      return time.to(TimeUnit.NANOSECONDS);
    }
    throw new IOException("no " + name);
  }

  /** Statuses by path. */
  private static final class Memo {
    private static final int HASHED = 24;

    private byte[] @Nullable [] names = new byte[512][];
    private int[] places = new int[512];
    private int[] lengths = new int[512];
    private long[] statuses = new long[512 * Status.LONGS];
    private int count;

    /** Where a path is, or is to be put. */
    int place(byte[] bytes, int from, int length) {
      // Names differ at their ends.
      int hash = length;
      for (int i = from + Math.max(0, length - HASHED); i < from + length; i++) {
        hash = hash * 31 + bytes[i];
      }
      int mask = names.length - 1;
      int slot = (hash ^ (hash >>> 15)) & mask;
      while (true) {
        byte[] name = names[slot];
        if (name == null
            || (lengths[slot] == length
                && Arrays.equals(
                    name, places[slot], places[slot] + length, bytes, from, from + length))) {
          return slot;
        }
        slot = (slot + 1) & mask;
      }
    }

    boolean has(int place) {
      return names[place] != null;
    }

    void get(int place, Status into) {
      into.load(statuses, place * Status.LONGS);
    }

    void put(int place, byte[] bytes, int from, int length, Status status) {
      names[place] = bytes;
      places[place] = from;
      lengths[place] = length;
      status.save(statuses, place * Status.LONGS);
      if (++count * 2 > names.length) {
        grow();
      }
    }

    private void grow() {
      byte[] @Nullable [] oldNames = names;
      int[] oldPlaces = places;
      int[] oldLengths = lengths;
      long[] oldStatuses = statuses;
      int size = oldNames.length * 2;
      names = new byte[size][];
      places = new int[size];
      lengths = new int[size];
      statuses = new long[size * Status.LONGS];
      for (int i = 0; i < oldNames.length; i++) {
        byte[] name = oldNames[i];
        if (name != null) {
          int place = place(name, oldPlaces[i], oldLengths[i]);
          names[place] = name;
          places[place] = oldPlaces[i];
          lengths[place] = oldLengths[i];
          System.arraycopy(
              oldStatuses, i * Status.LONGS, statuses, place * Status.LONGS, Status.LONGS);
        }
      }
    }
  }
}
