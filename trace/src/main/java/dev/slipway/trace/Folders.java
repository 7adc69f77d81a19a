package dev.slipway.trace;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The paths of current directories, by what they are in the kernel: a mount and an entry.
 *
 * <p>An entry stays where it is in memory, and is nothing else, as long as it is anyone's current
 * directory. A process gets one by being started in it or by a call of its own, and each such call
 * is told before it is made, with where it leads, and again when it has been, with the entry. So
 * what was put down for an entry last is right for whoever is in it, however many there are and
 * however short they live; but for renamed directories, which are told in the same two steps.
 */
final class Folders {
  /** What a task is about to do. */
  private record Intent(byte[] from, byte @Nullable [] to, boolean exchange) {}

  private final Map<Long, Map<Long, byte[]>> paths = new HashMap<>();
  private final Map<Integer, Intent> intents = new HashMap<>();
  private long lastMount;
  private long lastEntry;
  private byte @Nullable [] last;

  /** The path of a current directory; null when it is not known. */
  byte @Nullable [] path(long mount, long entry) {
    if (mount != lastMount || entry != lastEntry) {
      Map<Long, byte[]> mounts = paths.get(entry);
      last = mounts == null ? null : mounts.get(mount);
      lastMount = mount;
      lastEntry = entry;
    }
    return last;
  }

  /** A directory is someone's current one, at a path without links; null for an unknown one. */
  void put(long mount, long entry, byte @Nullable [] path) {
    lastMount = 0;
    Map<Long, byte[]> mounts = paths.computeIfAbsent(entry, key -> new HashMap<>());
    if (path == null) {
      mounts.remove(mount);
    } else {
      mounts.put(mount, path);
    }
  }

  /** A task is about to make this its current directory. */
  void entering(int task, byte[] path) {
    intents.put(task, new Intent(path, null, false));
  }

  /** A task is about to give a directory another name, or two of them each other's. */
  void moving(int task, byte[] from, byte[] to, boolean exchange) {
    intents.put(task, new Intent(from, to, exchange));
  }

  /** A task is about to do what cannot be known. */
  void forget(int task) {
    intents.remove(task);
  }

  /** A task has made its call, and is now in this directory. */
  void entered(int task, boolean done, long mount, long entry) {
    Intent intent = intents.remove(task);
    if (done) {
      put(mount, entry, intent == null ? null : intent.from);
    }
  }

  /** A task has made its call. */
  void moved(int task, boolean done) {
    Intent intent = intents.remove(task);
    if (intent == null || intent.to == null || !done) {
      return;
    }
    byte[] to = intent.to;
    lastMount = 0;
    for (Map<Long, byte[]> mounts : paths.values()) {
      mounts.replaceAll((mount, path) -> {
        if (isIn(path, intent.from)) {
          return at(to, path, intent.from.length);
        }
        return intent.exchange && isIn(path, to) ? at(intent.from, path, to.length) : path;
      });
    }
  }

  private static boolean isIn(byte[] path, byte[] folder) {
    int length = folder.length;
    return path.length >= length
        && Arrays.equals(path, 0, length, folder, 0, length)
        && (path.length == length || path[length] == '/');
  }

  private static byte[] at(byte[] folder, byte[] path, int from) {
    byte[] moved = Arrays.copyOf(folder, folder.length + path.length - from);
    System.arraycopy(path, from, moved, folder.length, path.length - from);
    return moved;
  }
}
