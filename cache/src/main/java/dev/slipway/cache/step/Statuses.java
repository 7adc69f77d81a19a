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
  private static final int WORTH_LINKING = 6000;
  private static final String ATTRIBUTES = "unix:mode,ino,dev,size,lastModifiedTime,ctime";

  private final @Nullable Posix posix;
  private @Nullable Posix forOtherNames;

  /**
   * For about so many files.
   *
   * @param count how many will be asked about
   */
  Statuses(View view, int count) {
    this.posix = count >= WORTH_LINKING || view.ofContainer() ? new Posix(view) : null;
  }

  /**
   * What is at a path.
   *
   * @return false when that cannot be told
   */
  boolean read(byte[] bytes, int from, int length, Status into) {
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
}
