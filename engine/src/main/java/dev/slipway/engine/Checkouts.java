package dev.slipway.engine;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Copies of the working tree for jobs: every file that Git tracks, and every other that it does not
 * ignore, as it lies in the tree now. By reflink where the file system can, else by copy, never by
 * hard link: a step that writes in place must not reach the user's files.
 *
 * <p>When a job has ended its copy is kept, with what was true of each file when it was made:
 * inode, size and change time on both sides. The next copy starts from it: files for which all of
 * that still holds are untouched on both sides and stay; others are copied anew, strangers removed.
 * A change within the file system clock's granularity of the last copy could go unseen, so files
 * that young are never trusted.
 *
 * <p>File names are bytes; here they are strings of one character a byte.
 *
 * <p>Thread-safe.
 */
final class Checkouts {
  private static final int O_NOFOLLOW = 0x20000;
  private static final int O_DIRECTORY = 0x10000;
  private static final int S_IFMT = 0xf000;
  private static final int S_IFLNK = 0xa000;
  private static final int S_IFREG = 0x8000;
  private static final int S_IFDIR = 0x4000;
  private static final int DT_DIR = 4;
  private static final int BUFFER = 128 * 1024;
  private static final long GRANULARITY_NANOS = 20_000_000;
  private static final int MANIFEST_VERSION = 1;

  /** The mode under which an index has a submodule's commit. */
  private static final String GITLINK = "160000 ";

  private final Path root;
  private final Path pool;
  private final Map<Path, Manifest> filled = new HashMap<>();

  Checkouts(Path root, Path pool) {
    this.root = root;
    this.pool = pool;
  }

  /** What was true of a file on both sides. */
  private record Entry(
      long sourceInode, long sourceSize, long sourceChanged, long inode, long size, long changed) {}

  /** The files of a copy; {@code madeAt} in nanoseconds since the epoch. */
  private record Manifest(long madeAt, Map<String, Entry> entries) {}

  /**
   * Makes the folder a copy of the working tree.
   *
   * @return how many files it has
   * @throws IOException also when submodules are asked for that the working tree has not
   */
  int fill(Path target, Machine.Submodules submodules) throws IOException {
    Set<String> modules = new LinkedHashSet<>();
    List<String> listed = standing(list(root, "", submodules, modules));
    Manifest before = take(target);
    Files.createDirectories(target);
    Set<String> files = new HashSet<>(listed);
    Set<String> folders = folders(listed);
    try (Native c = new Native()) {
      new Sweep(c, bytes(target), files, folders).sweep("");
      List<String> inOrder = new ArrayList<>(folders);
      inOrder.sort(null);
      for (String folder : inOrder) {
        c.reset();
        c.call(MKDIR, c.string(join(bytes(target), folder)).address(), 0755);
      }
    }
    long madeAt = System.currentTimeMillis() * 1_000_000;
    Map<String, Entry> entries = copyAll(listed, target, before);
    new WorkspaceGit(root, target).write();
    for (String module : modules) {
      String name = text(module);
      new WorkspaceGit(root.resolve(name), target.resolve(name)).write();
    }
    synchronized (this) {
      filled.put(target, new Manifest(madeAt, entries));
    }
    return entries.size();
  }

  private static Set<String> folders(List<String> files) {
    Set<String> folders = new HashSet<>();
    for (String file : files) {
      for (int slash = file.lastIndexOf('/'); slash > 0; slash = file.lastIndexOf('/', slash - 1)) {
        if (!folders.add(file.substring(0, slash))) {
          break;
        }
      }
    }
    return folders;
  }

  /**
   * Where a file took the place of a folder that Git knows, or a folder that of a file, Git lists
   * both: leaves those that are there.
   */
  private List<String> standing(List<String> listed) {
    Set<String> folders = folders(listed);
    Set<String> both = new HashSet<>();
    for (String file : listed) {
      if (folders.contains(file)) {
        both.add(file);
      }
    }
    if (both.isEmpty()) {
      return listed;
    }
    List<String> standing = new ArrayList<>(listed);
    for (String name : both) {
      Path path = root.resolve(text(name));
      if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        standing.remove(name);
      } else {
        standing.removeIf(file -> file.startsWith(name + "/"));
      }
    }
    return standing;
  }

  private static final MemorySegment MKDIR = Native.function("mkdir");
  private static final MemorySegment GETDENTS = Native.function("getdents64");
  private static final MemorySegment READLINK = Native.function("readlink");
  private static final MemorySegment SYMLINK = Native.function("symlink");
  private static final MemorySegment COPY_FILE_RANGE = Native.function("copy_file_range");

  /**
   * The files of a working tree.
   *
   * @param prefix its path in the project's, empty or with a slash at its end
   * @param modules takes the paths of the submodules that the files of are listed, too
   */
  private static List<String> list(
      Path tree, String prefix, Machine.Submodules submodules, Set<String> modules)
      throws IOException {
    Git.Result result =
        Git.run(
            tree,
            List.of(
                "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"));
    if (!result.ok()) {
      throw new IOException("git ls-files: " + result.errors());
    }
    List<String> files = new ArrayList<>();
    byte[] output = result.output();
    int start = 0;
    for (int i = 0; i < output.length; i++) {
      if (output[i] == 0) {
        String name = new String(output, start, i - start, StandardCharsets.ISO_8859_1);
        start = i + 1;
        if (!name.equals(".slipway") && !name.startsWith(".slipway/") && !name.endsWith("/")) {
          files.add(prefix + name);
        }
      }
    }
    if (submodules != Machine.Submodules.NONE) {
      boolean deeper = submodules == Machine.Submodules.RECURSIVE;
      for (String name : submodules(tree)) {
        Path module = tree.resolve(text(name));
        if (!Files.exists(module.resolve(".git"))) {
          throw new IOException(
              "the submodule '"
                  + text(prefix + name)
                  + "' is not there; `git submodule update --init"
                  + (deeper ? " --recursive" : "")
                  + "` brings it");
        }
        files.remove(prefix + name);
        modules.add(prefix + name);
        files.addAll(
            list(
                module,
                prefix + name + "/",
                deeper ? submodules : Machine.Submodules.NONE,
                modules));
      }
    }
    return files;
  }

  /** The paths at which a tree has submodules. */
  private static List<String> submodules(Path tree) throws IOException {
    if (!Files.exists(tree.resolve(".gitmodules"))) {
      return List.of();
    }
    Git.Result result = Git.run(tree, List.of("ls-files", "-z", "--stage"));
    if (!result.ok()) {
      throw new IOException("git ls-files: " + result.errors());
    }
    List<String> paths = new ArrayList<>();
    for (String entry : new String(result.output(), StandardCharsets.ISO_8859_1).split("\0")) {
      if (entry.startsWith(GITLINK)) {
        paths.add(entry.substring(entry.indexOf('\t') + 1));
      }
    }
    return paths;
  }

  /** A name of bytes as a text. */
  private static String text(String name) {
    return new String(name.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(Path path) {
    return path.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] join(byte[] folder, String name) {
    byte[] joined = Arrays.copyOf(folder, folder.length + 1 + name.length());
    joined[folder.length] = '/';
    for (int i = 0; i < name.length(); i++) {
      joined[folder.length + 1 + i] = (byte) name.charAt(i);
    }
    return joined;
  }

  /** Copies what is not known to be untouched, half of the files in each of two threads. */
  private Map<String, Entry> copyAll(List<String> files, Path target, @Nullable Manifest before)
      throws IOException {
    Entry[] entries = new Entry[files.size()];
    AtomicInteger next = new AtomicInteger();
    IOException[] failed = new IOException[2];
    Runnable[] workers = new Runnable[2];
    for (int w = 0; w < 2; w++) {
      int worker = w;
      workers[w] =
          () -> {
            try (Native c = new Native()) {
              Copier copier = new Copier(c, bytes(root), bytes(target), before);
              int chunk;
              while ((chunk = next.getAndAdd(64)) < files.size()) {
                int end = Math.min(files.size(), chunk + 64);
                for (int i = chunk; i < end; i++) {
                  entries[i] = copier.bring(files.get(i));
                }
              }
            } catch (IOException e) {
              failed[worker] = e;
              next.set(files.size());
            }
          };
    }
    Thread second = files.size() < 128 ? null : Thread.ofPlatform().start(workers[1]);
    workers[0].run();
    if (second != null) {
      boolean interrupted = false;
      while (true) {
        try {
          second.join();
          break;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    for (IOException e : failed) {
      if (e != null) {
        throw e;
      }
    }
    Map<String, Entry> made = HashMap.newHashMap(files.size());
    for (int i = 0; i < entries.length; i++) {
      if (entries[i] != null) {
        made.put(files.get(i), entries[i]);
      }
    }
    return made;
  }

  /** Brings files over, one thread's share. */
  private static final class Copier {
    private final Native c;
    private final byte[] source;
    private final byte[] target;
    private final @Nullable Manifest before;
    private final MemorySegment stat;
    private final MemorySegment buffer;

    Copier(Native c, byte[] source, byte[] target, @Nullable Manifest before) {
      this.c = c;
      this.source = source;
      this.target = target;
      this.before = before;
      this.stat = c.permanent(256);
      this.buffer = c.permanent(BUFFER);
    }

    @Nullable Entry bring(String name) throws IOException {
      c.reset();
      MemorySegment from = c.string(join(source, name));
      MemorySegment to = c.string(join(target, name));
      if (!stat(from)) {
        // Git lists it still, but the tree has it no more.
        c.call(Native.UNLINK, to.address());
        return null;
      }
      int mode = Short.toUnsignedInt(stat.get(ValueLayout.JAVA_SHORT, 28));
      long inode = stat.get(ValueLayout.JAVA_LONG, 32);
      long size = stat.get(ValueLayout.JAVA_LONG, 40);
      long changed = changed();
      Entry known = before == null ? null : before.entries().get(name);
      long madeAt = before == null ? 0 : before.madeAt();
      boolean exists = before != null && stat(to);
      if (known != null
          && exists
          && known.sourceInode() == inode
          && known.sourceSize() == size
          && known.sourceChanged() == changed
          && known.inode() == stat.get(ValueLayout.JAVA_LONG, 32)
          && known.size() == stat.get(ValueLayout.JAVA_LONG, 40)
          && known.changed() == changed()
          && changed < madeAt - GRANULARITY_NANOS) {
        return known;
      }
      if (exists) {
        long removed = c.call(Native.UNLINK, to.address());
        if (removed < 0) {
          Trees.delete(Path.of(new String(join(target, name), StandardCharsets.UTF_8)));
        }
      }
      int type = mode & S_IFMT;
      if (type == S_IFREG) {
        copy(name, from, to, size, (mode & 0111) != 0 ? 0755 : 0644);
      } else if (type == S_IFLNK) {
        link(name, from, to);
      } else if (type == S_IFDIR) {
        c.call(MKDIR, to.address(), 0755);
        return null;
      } else {
        return null;
      }
      if (!stat(to)) {
        throw new IOException(name + ": disappeared while it was copied");
      }
      return new Entry(
          inode,
          size,
          changed,
          stat.get(ValueLayout.JAVA_LONG, 32),
          stat.get(ValueLayout.JAVA_LONG, 40),
          changed());
    }

    private boolean stat(MemorySegment path) {
      return c.call(
              FileStatus.STATX,
              FileStatus.AT_FDCWD,
              path.address(),
              FileStatus.AT_SYMLINK_NOFOLLOW,
              FileStatus.STATX_BASIC,
              stat.address(),
              0)
          == 0;
    }

    private long changed() {
      return FileStatus.changed(stat);
    }

    private void copy(String name, MemorySegment from, MemorySegment to, long size, int mode)
        throws IOException {
      int in =
          (int) check(name, c.call(Native.OPEN, from.address(), O_NOFOLLOW | Native.O_CLOEXEC, 0));
      try {
        int flags = Native.O_WRONLY | Native.O_CREAT | Native.O_EXCL | Native.O_CLOEXEC;
        int out = (int) check(name, c.call(Native.OPEN, to.address(), flags, mode));
        try {
          boolean small = size <= BUFFER;
          while (true) {
            long count = small ? -1 : c.call(COPY_FILE_RANGE, in, 0, out, 0, 1 << 30, 0);
            if (count == 0) {
              break;
            }
            if (count < 0) {
              small = true;
              count = check(name, c.call(Native.READ, in, buffer.address(), BUFFER));
              if (count == 0) {
                break;
              }
              long written = 0;
              while (written < count) {
                written +=
                    check(
                        name,
                        c.call(Native.WRITE, out, buffer.address() + written, count - written));
              }
            }
          }
        } finally {
          c.closeFd(out);
        }
      } finally {
        c.closeFd(in);
      }
    }

    private void link(String name, MemorySegment from, MemorySegment to) throws IOException {
      long length = check(name, c.call(READLINK, from.address(), buffer.address(), BUFFER - 1));
      buffer.set(ValueLayout.JAVA_BYTE, length, (byte) 0);
      check(name, c.call(SYMLINK, buffer.address(), to.address()));
    }

    private static long check(String name, long result) throws IOException {
      if (result < 0) {
        throw new IOException(name + ": " + HostProcess.errorText((int) -result));
      }
      return result;
    }
  }

  /** Removes from a folder what does not belong there. */
  private static final class Sweep {
    private final Native c;
    private final byte[] target;
    private final Set<String> files;
    private final Set<String> folders;

    Sweep(Native c, byte[] target, Set<String> files, Set<String> folders) {
      this.c = c;
      this.target = target;
      this.files = files;
      this.folders = folders;
    }

    void sweep(String folder) throws IOException {
      List<String> inside = new ArrayList<>();
      c.reset();
      byte[] path = folder.isEmpty() ? target : join(target, folder);
      int fd =
          (int)
              c.call(
                  Native.OPEN,
                  c.string(path).address(),
                  O_DIRECTORY | O_NOFOLLOW | Native.O_CLOEXEC,
                  0);
      if (fd < 0) {
        throw new IOException(folder + ": " + HostProcess.errorText(-fd));
      }
      MemorySegment buffer = c.allocate(32 * 1024);
      List<String> strangers = new ArrayList<>();
      try {
        long count;
        while ((count = c.call(GETDENTS, fd, buffer.address(), buffer.byteSize())) > 0) {
          for (long at = 0; at < count; ) {
            int length = Short.toUnsignedInt(buffer.get(ValueLayout.JAVA_SHORT, at + 16));
            int type = buffer.get(ValueLayout.JAVA_BYTE, at + 18);
            String name = name(buffer, at + 19);
            at += length;
            if (name.equals(".") || name.equals("..")) {
              continue;
            }
            String relative = folder.isEmpty() ? name : folder + "/" + name;
            if (folders.contains(relative) && type == DT_DIR) {
              inside.add(relative);
            } else if (!files.contains(relative) || type == DT_DIR) {
              strangers.add(relative);
            }
          }
        }
      } finally {
        c.closeFd(fd);
      }
      for (String stranger : strangers) {
        Trees.delete(Path.of(new String(join(target, stranger), StandardCharsets.UTF_8)));
      }
      for (String child : inside) {
        sweep(child);
      }
    }

    private static String name(MemorySegment buffer, long at) {
      long end = at;
      while (buffer.get(ValueLayout.JAVA_BYTE, end) != 0) {
        end++;
      }
      byte[] name = new byte[(int) (end - at)];
      MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, at, name, 0, name.length);
      return new String(name, StandardCharsets.ISO_8859_1);
    }
  }

  /** Puts a kept copy in the place of an empty target, if there is one. */
  private @Nullable Manifest take(Path target) throws IOException {
    synchronized (this) {
      Manifest own = filled.remove(target);
      if (own != null) {
        return own;
      }
      String[] kept = pool.toFile().list();
      String[] there = target.toFile().list();
      if (kept == null || (there != null && there.length > 0)) {
        return there != null && there.length > 0 ? new Manifest(0, Map.of()) : null;
      }
      Arrays.sort(kept);
      for (String name : kept) {
        if (name.endsWith(".manifest")) {
          Path manifest = pool.resolve(name);
          Path tree = pool.resolve(name.substring(0, name.length() - 9));
          Optional<Manifest> read = read(manifest);
          Files.deleteIfExists(manifest);
          if (read.isPresent() && Files.isDirectory(tree)) {
            Files.createDirectories(target.getParent());
            Files.deleteIfExists(target);
            Files.move(tree, target);
            return read.get();
          }
          Trees.delete(tree);
        }
      }
      return null;
    }
  }

  /** Keeps the copy that a job has used, for a later one to start from. */
  void keep(Path target, boolean inPlace) throws IOException {
    synchronized (this) {
      Manifest manifest = filled.remove(target);
      if (manifest == null || inPlace) {
        return;
      }
      Files.createDirectories(pool);
      int free = 0;
      while (Files.exists(pool.resolve(Integer.toString(free)))) {
        free++;
      }
      Path tree = pool.resolve(Integer.toString(free));
      Files.move(target, tree);
      // The manifest comes last: a tree without one is never taken.
      write(manifest, pool.resolve(free + ".manifest"));
    }
  }

  private static void write(Manifest manifest, Path file) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(temporary), BUFFER))) {
      out.writeInt(MANIFEST_VERSION);
      out.writeLong(manifest.madeAt());
      out.writeInt(manifest.entries().size());
      manifest
          .entries()
          .forEach((name, entry) -> {
            try {
              byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
              out.writeInt(bytes.length);
              out.write(bytes);
              out.writeLong(entry.sourceInode());
              out.writeLong(entry.sourceSize());
              out.writeLong(entry.sourceChanged());
              out.writeLong(entry.inode());
              out.writeLong(entry.size());
              out.writeLong(entry.changed());
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    } catch (UncheckedIOException e) {
      throw new IOException(e.getCause());
    }
    Files.move(temporary, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
  }

  private static Optional<Manifest> read(Path file) {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER))) {
      if (in.readInt() != MANIFEST_VERSION) {
        return Optional.empty();
      }
      long madeAt = in.readLong();
      int count = in.readInt();
      Map<String, Entry> entries = HashMap.newHashMap(count);
      for (int i = 0; i < count; i++) {
        byte[] name = new byte[in.readInt()];
        in.readFully(name);
        entries.put(
            new String(name, StandardCharsets.ISO_8859_1),
            new Entry(
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong()));
      }
      return Optional.of(new Manifest(madeAt, entries));
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }
}
