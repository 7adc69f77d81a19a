package dev.slipway.check;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Git's index, versions 2 to 4: the files that are tracked, what they looked like when Git last saw
 * them, and the names of their contents.
 */
final class GitIndex {
  private static final int HEADER = 12;
  private static final int STATS = 40;
  private static final int HASH = 20;
  private static final int EXTENDED = 0x4000;
  private static final int STAGE = 0x3000;
  private static final int SKIP_WORKTREE = 0x4000;
  private static final int KIND = 0xf000;
  private static final int SUBMODULE = 0xe000;
  private static final int LINK = 0xa000;

  private final byte[] raw;
  private final long changedMs;
  private int at = HEADER;
  int count;
  String[] paths;
  private int[] entries;

  private GitIndex(byte[] raw, long changedMs) {
    this.raw = raw;
    this.changedMs = changedMs;
    int most = Math.min(number(8), raw.length / (STATS + HASH));
    paths = new String[most];
    entries = new int[most];
  }

  /** Reads it; null where there is none, or one that this class does not know. */
  static @Nullable GitIndex read(Path gitDir) {
    try {
      Path file = gitDir.resolve("index");
      if (!file.toFile().isFile()) {
        return null;
      }
      byte[] raw = Files.readAllBytes(file);
      if (raw.length < HEADER + HASH || raw[0] != 'D' || raw[1] != 'I' || raw[2] != 'R') {
        return null;
      }
      GitIndex index = new GitIndex(raw, file.toFile().lastModified());
      return index.parse() ? index : null;
    } catch (IOException | IndexOutOfBoundsException unreadable) {
      return null;
    }
  }

  private int number(int offset) {
    return (raw[offset] & 255) << 24
        | (raw[offset + 1] & 255) << 16
        | (raw[offset + 2] & 255) << 8
        | (raw[offset + 3] & 255);
  }

  private boolean parse() {
    int version = number(4);
    if (version < 2 || version > 4) {
      return false;
    }
    byte[] name = new byte[4096];
    int nameLength = 0;
    int entriesLeft = number(8);
    while (entriesLeft-- > 0) {
      int start = at;
      int flags = (raw[start + 60] & 255) << 8 | (raw[start + 61] & 255);
      int header = (flags & EXTENDED) != 0 ? 64 : 62;
      boolean skipped = header == 64 && (((raw[start + 62] & 255) << 8) & SKIP_WORKTREE) != 0;
      at = start + header;
      if (version == 4) {
        int strip = varint();
        int end = end(at);
        nameLength -= strip;
        if (nameLength + end - at > name.length) {
          name = java.util.Arrays.copyOf(name, (nameLength + end - at) * 2);
        }
        System.arraycopy(raw, at, name, nameLength, end - at);
        nameLength += end - at;
        at = end + 1;
        add(start, flags, skipped, new String(name, 0, nameLength, StandardCharsets.UTF_8));
      } else {
        int end = end(at);
        add(start, flags, skipped, new String(raw, at, end - at, StandardCharsets.UTF_8));
        int length = end - start;
        at = start + ((length + 8) & ~7);
      }
    }
    return known();
  }

  /** Whether all that follows can be passed over. */
  private boolean known() {
    while (at + 8 <= raw.length - HASH) {
      boolean split = raw[at] == 'l' && raw[at + 1] == 'i' && raw[at + 2] == 'n';
      boolean sparse = raw[at] == 's' && raw[at + 1] == 'd' && raw[at + 2] == 'i';
      if (split || sparse) {
        return false;
      }
      at += 8 + Math.max(0, number(at + 4));
    }
    return true;
  }

  private int end(int from) {
    int end = from;
    while (raw[end] != 0) {
      end++;
    }
    return end;
  }

  private int varint() {
    int b = raw[at++] & 255;
    int value = b & 127;
    while ((b & 128) != 0) {
      b = raw[at++] & 255;
      value = ((value + 1) << 7) + (b & 127);
    }
    return value;
  }

  private void add(int start, int flags, boolean skipped, String path) {
    boolean again = count > 0 && paths[count - 1].equals(path);
    if (skipped || again) {
      return;
    }
    paths[count] = path;
    // An entry of a conflict says nothing of what is in the tree.
    entries[count++] = (flags & STAGE) == 0 ? start : -start;
  }

  boolean submodule(int entry) {
    return (number(Math.abs(entries[entry]) + 24) & KIND) == SUBMODULE;
  }

  boolean link(int entry) {
    return (number(Math.abs(entries[entry]) + 24) & KIND) == LINK;
  }

  /**
   * Whether a file with these facts is as Git last saw it.
   *
   * @param modified milliseconds
   */
  boolean unchanged(int entry, long size, long modified) {
    int start = entries[entry];
    if (start < 0) {
      return false;
    }
    long seconds = Integer.toUnsignedLong(number(start + 8));
    long nanos = Integer.toUnsignedLong(number(start + 12));
    boolean same =
        number(start + 36) == (int) size && seconds * 1000 + nanos / 1_000_000 == modified;
    // What changed in the same moment as the index may look as before.
    return same && modified < changedMs;
  }

  /** Eight bytes of the name of the content. */
  long id(int entry, int from) {
    int offset = Math.abs(entries[entry]) + STATS + from;
    return (long) number(offset) << 32 | (number(offset + 4) & 0xffffffffL);
  }
}
