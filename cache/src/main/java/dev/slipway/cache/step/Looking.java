package dev.slipway.cache.step;

import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what is at a path, reading a file only when the {@link FileIndex} does not know it.
 * Belongs to one thread.
 */
final class Looking {
  private static final long SEARCHED = 16L * 1024 * 1024;

  private @Nullable Posix posix;
  private @Nullable Posix outside;
  private final View view;
  private final FileIndex index;
  private final Ignored ignored;
  private final Status status = new Status();
  private final Status again = new Status();
  private long mentions;

  /**
   * A look by these functions of the system.
   *
   * @param posix null to get some when they are first needed
   */
  Looking(View view, @Nullable Posix posix, FileIndex index, Ignored ignored) {
    this.view = view;
    this.posix = posix;
    this.index = index;
    this.ignored = ignored;
  }

  Posix posix() {
    Posix here = posix;
    if (here == null) {
      here = new Posix(view);
      posix = here;
    }
    return here;
  }

  private Posix outside() {
    Posix here = outside;
    if (here == null) {
      here = new Posix(View.here());
      outside = here;
    }
    return here;
  }

  /** Whether what is at a path, be it nothing, comes from the container's image. */
  boolean ofImage(byte[] path) {
    Layers layers = view.layers();
    return layers != null && layers.ofImage(path, outside());
  }

  /** Has the names of variables in one of the image's files count; its content is known. */
  void mention(byte[] path, Status status) throws IOException {
    Layers layers = view.layers();
    if (layers == null || status.size > SEARCHED) {
      return;
    }
    Status below = new Status();
    byte[] file = layers.file(path, status, below, outside());
    if (file == null) {
      digest(posix(), path, status);
    } else {
      digest(outside(), file, below);
    }
  }

  /** The names of variables in the files read since this was last asked. */
  long mentions() {
    long all = mentions;
    mentions = 0;
    return all;
  }

  /** What is at a path now. */
  Node node(byte[] path) throws IOException {
    int error = posix().status(path, status);
    if (error != 0) {
      if (error == Posix.ENOENT || error == Posix.ENOTDIR || error == Posix.ELOOP) {
        return Node.ABSENT;
      }
      throw new IOException(Names.text(path) + " cannot be looked at");
    }
    return node(path, status);
  }

  /** What is at a path that has this status. */
  Node node(byte[] path, Status status) throws IOException {
    if (status.absent()) {
      return Node.ABSENT;
    }
    if (status.isFolder()) {
      return Node.folder(status.mode);
    }
    if (status.isLink()) {
      byte[] target = posix().link(path);
      return target == null ? Node.ABSENT : Node.link(target);
    }
    if (!status.isFile()) {
      return Node.other(status.mode);
    }
    return Node.file(status.mode, digest(posix(), path, status));
  }

  private Digest digest(Posix posix, byte[] path, Status status) throws IOException {
    FileIndex.Known known = index.find(status);
    if (known == null) {
      // Changes from before the reading began will show by a later status.
      long began = Status.now();
      MessageDigest sha = Digest.sha256();
      Variables.Search search = status.size <= SEARCHED ? new Variables.Search() : null;
      posix.read(
          path,
          (bytes, length) -> {
            sha.update(bytes, 0, length);
            if (search != null) {
              search.bytes(bytes, length);
            }
          });
      known = new FileIndex.Known(new Digest(sha.digest()), search == null ? 0 : search.end());
      if (posix.status(path, again) != 0 || !again.same(status)) {
        throw new ChangedException(path);
      }
      index.put(status, known, began);
    }
    mentions |= known.mentions();
    return known.digest();
  }

  /** The names in a folder that count, in order, each with a first byte for what it is. */
  List<byte[]> names(byte[] folder) throws IOException {
    List<byte[]> names = new ArrayList<>();
    for (byte[] name : posix().names(folder)) {
      if (!ignored.name(name)) {
        names.add(name);
      }
    }
    names.sort(Comparator.comparing((byte[] name) -> name, Looking::compare));
    return names;
  }

  private static int compare(byte[] a, byte[] b) {
    return Arrays.compareUnsigned(a, 1, a.length, b, 1, b.length);
  }

  static Digest digest(List<byte[]> names) {
    MessageDigest sha = Digest.sha256();
    for (byte[] name : names) {
      sha.update(name);
      sha.update((byte) 0);
    }
    return new Digest(sha.digest());
  }

  /** A name in a folder. */
  static byte[] child(byte[] folder, byte[] typedName) {
    boolean root = folder.length == 1;
    byte[] path = Arrays.copyOf(folder, (root ? 0 : folder.length) + typedName.length);
    path[path.length - typedName.length] = '/';
    System.arraycopy(typedName, 1, path, path.length - typedName.length + 1, typedName.length - 1);
    return path;
  }

  /** A file was changed while it was read. */
  static final class ChangedException extends IOException {
    private static final long serialVersionUID = 1;

    ChangedException(byte @Nullable [] path) {
      super((path == null ? "a file" : Names.text(path)) + " was changed while it was read");
    }
  }
}
