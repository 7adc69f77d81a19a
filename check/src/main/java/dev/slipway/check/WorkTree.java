package dev.slipway.check;

import dev.slipway.engine.GitRepository;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The files of a project on disk with names for their contents: those that Git tracks, and those
 * that it would if it was asked to.
 *
 * <p>It has to be had in milliseconds. A file that looks as Git last saw it is not read: Git's
 * index knows the name of its content. A folder that has not changed since it was last listed is
 * not listed: what in it is not tracked is kept in a file of Slipway's own. Files are asked about
 * by two threads.
 */
public final class WorkTree {
  private static final int FORMAT = 3;
  private static final String FOLDERS = "folders";
  private static final long LARGE = 4 * 1024 * 1024;
  private static final long RECENT_MS = 2_000;
  private static final int MOST = 200_000;

  private final Path root;
  private final Path memory;
  private final @Nullable GitIndex index;
  private final String prefix;
  private final IgnoreRules rules;
  private final List<String> untracked = new ArrayList<>();
  private String[] tracked = new String[0];
  private int[] entries = new int[0];
  private String[] paths = new String[0];
  private boolean identified;
  private int[] names = new int[0];
  private int[] endings = new int[0];
  private final Endings known = new Endings();
  private long[] first = new long[0];
  private long[] second = new long[0];
  private @Nullable SourceTree tree;

  private WorkTree(Path root, GitRepository git, Path home) {
    this.root = root;
    this.memory = OwnFolder.of(root).file(FOLDERS);
    this.rules = new IgnoreRules(root, git.commonDir(), home);
    this.prefix = root.equals(git.workTree()) ? "" : git.workTree().relativize(root) + "/";
    this.index = git.workTree().equals(root) || root.startsWith(git.workTree()) ? index(git) : null;
  }

  private static @Nullable GitIndex index(GitRepository git) {
    File config = git.commonDir().resolve("config").toFile();
    try {
      if (config.length() < LARGE
          && Files.readString(config.toPath())
              .toLowerCase(java.util.Locale.ROOT)
              .contains("objectformat = sha256")) {
        return null;
      }
    } catch (IOException noConfig) {
      return GitIndex.read(git.gitDir());
    }
    return GitIndex.read(git.gitDir());
  }

  /**
   * Looks at a project.
   *
   * @param home the user's
   */
  public static WorkTree read(Path root, GitRepository git, Path home) {
    WorkTree tree = new WorkTree(root, git, home);
    tree.read();
    return tree;
  }

  private void read() {
    GitIndex git = index;
    int count = git == null ? 0 : git.count;
    entries = new int[count];
    tracked = new String[count];
    int own = 0;
    for (int i = 0; i < count && git != null; i++) {
      String path = git.paths[i];
      if (path.startsWith(prefix)
          && !path.startsWith(".slipway/", prefix.length())
          && !git.submodule(i)) {
        tracked[own] = prefix.isEmpty() ? path : path.substring(prefix.length());
        entries[own++] = i;
      }
    }
    tracked = Arrays.copyOf(tracked, own);
    new Folders(tracked).walk();
  }

  /** Names the contents of all files, by two threads. */
  private void identify() {
    int all = tracked.length;
    long[] a = new long[all];
    long[] b = new long[all];
    Thread other =
        Thread.ofPlatform().daemon().name("files").start(() -> identify(a, b, all / 2, all));
    identify(a, b, 0, all / 2);
    try {
      other.join();
    } catch (InterruptedException e) {
      // Whoever stops a check does not ask for its keys any more.
      Thread.currentThread().interrupt();
    }
    collect(a, b);
  }

  /** Names the contents of some files; a file that is not there gets none. */
  private void identify(long[] a, long[] b, int from, int to) {
    GitIndex git = index;
    File folder = root.toFile();
    for (int i = from; i < to && git != null; i++) {
      // Cheaper by far than attributes of a path, of which a thousand more are never asked about.
      File file = new File(folder, tracked[i]);
      long changed = git.link(entries[i]) ? 0 : file.lastModified();
      if (changed != 0 && git.unchanged(entries[i], file.length(), changed)) {
        a[i] = git.id(entries[i], 0);
        b[i] = git.id(entries[i], 8);
      } else {
        Path path = file.toPath();
        BasicFileAttributes attributes = attributes(path);
        if (attributes != null) {
          hash(path, attributes, a, b, i);
        }
      }
    }
  }

  private static @Nullable BasicFileAttributes attributes(Path path) {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (IOException absent) {
      return null;
    }
  }

  /** Names a content as Git does, or a large one by its size and time. */
  private static void hash(Path path, BasicFileAttributes file, long[] a, long[] b, int at) {
    a[at] = file.size() + 1;
    b[at] = file.lastModifiedTime().to(TimeUnit.NANOSECONDS);
    if (file.isDirectory() || file.size() > LARGE) {
      return;
    }
    try {
      byte[] content =
          file.isSymbolicLink()
              ? Files.readSymbolicLink(path).toString().getBytes(StandardCharsets.UTF_8)
              : Files.readAllBytes(path);
      MessageDigest digest = MessageDigest.getInstance("SHA-1");
      digest.update(("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII));
      byte[] id = digest.digest(content);
      a[at] = eight(id, 0);
      b[at] = eight(id, 8);
    } catch (IOException unreadable) {
      a[at] = -1;
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static long eight(byte[] bytes, int from) {
    long value = 0;
    for (int i = from; i < from + 8; i++) {
      value = value << 8 | (bytes[i] & 255);
    }
    return value;
  }

  /** Puts tracked and untracked files together. */
  private void collect(long[] a, long[] b) {
    int own = tracked.length;
    int most = own + untracked.size();
    paths = new String[most];
    names = new int[most];
    endings = new int[most];
    first = new long[most];
    second = new long[most];
    int count = 0;
    for (int i = 0; i < own; i++) {
      if (a[i] != 0) {
        put(count++, tracked[i], a[i], b[i]);
      }
    }
    long[] id = new long[1];
    long[] more = new long[1];
    for (String path : untracked) {
      BasicFileAttributes file = attributes(root.resolve(path));
      if (file != null && !file.isDirectory()) {
        hash(root.resolve(path), file, id, more, 0);
        put(count++, path, id[0], more[0]);
      }
    }
    paths = Arrays.copyOf(paths, count);
  }

  private void put(int at, String path, long a, long b) {
    paths[at] = path;
    first[at] = a;
    second[at] = b;
    int start = path.lastIndexOf('/') + 1;
    int dot = path.length();
    int hash = 0;
    int ending = 0;
    for (int i = start; i < path.length(); i++) {
      char c = path.charAt(i);
      hash = 31 * hash + c;
      ending = 31 * ending + c;
      if (c == '.') {
        dot = i + 1;
        ending = 0;
      }
    }
    names[at] = hash;
    endings[at] = known.number(path, dot, dot == path.length() ? 0 : ending);
  }

  /** The files as gates are found in them. */
  public SourceTree tree() {
    SourceTree made = tree;
    if (made == null) {
      List<String> all = new ArrayList<>(tracked.length + untracked.size());
      all.addAll(Arrays.asList(tracked));
      all.addAll(untracked);
      made = SourceTree.of(all, this::text);
      tree = made;
    }
    return made;
  }

  private @Nullable String text(String path) {
    try {
      Path file = root.resolve(path);
      return Files.size(file) > LARGE
          ? null
          : new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      return null;
    }
  }

  /** Adds to a key all files that a gate reads; the first time, the contents of all get names. */
  synchronized void addTo(Key key, Inputs inputs) {
    if (!identified) {
      identified = true;
      identify();
    }
    // A sum, as a file that is staged comes at another place among the others.
    long sum = 0;
    long other = 0;
    boolean[] wanted = new boolean[known.count()];
    for (int i = 0; i < wanted.length; i++) {
      wanted[i] = inputs.hasEnding(known.text(i));
    }
    int[] hashes = inputs.nameHashes();
    boolean plain = inputs.plain();
    for (int i = 0; i < paths.length; i++) {
      boolean ending = wanted[endings[i]];
      boolean name = false;
      for (int hash : hashes) {
        name |= hash == names[i];
      }
      if ((ending || name || !plain) && inputs.has(paths[i], ending, name)) {
        long name64 = Key.mixed(paths[i].hashCode() * 31L + paths[i].length());
        sum += Key.mixed(first[i] ^ name64);
        other += Key.mixed(second[i] + name64);
      }
    }
    key.add(sum);
    key.add(other);
  }

  /** The folders of the project, and what is in them that is not tracked. */
  private final class Folders {
    private final String[] sorted;
    private final Set<String> folders = new HashSet<>();
    private final List<String> queue = new ArrayList<>();
    private final Map<String, Listing> known = new HashMap<>();
    private final List<Listing> seen = new ArrayList<>();
    private boolean changed;

    /** One folder; names of folders in it end in a slash. */
    private record Listing(String folder, long changedMs, List<String> names) {}

    Folders(String[] tracked) {
      sorted = tracked.clone();
      Arrays.sort(sorted);
      add("");
      String last = "";
      for (String path : sorted) {
        int slash = path.lastIndexOf('/');
        if (slash > 0 && !(last.length() == slash && path.startsWith(last))) {
          last = path.substring(0, slash);
          for (String at = last; !at.isEmpty() && add(at); ) {
            at = SourceTree.folder(at);
          }
        }
      }
    }

    private boolean add(String folder) {
      boolean fresh = folders.add(folder);
      if (fresh) {
        queue.add(folder);
      }
      return fresh;
    }

    void walk() {
      long before = load();
      walkAll();
      long now = ignoreFiles();
      if (now != before) {
        // What is ignored has changed, and so may have every listing.
        known.clear();
        seen.clear();
        untracked.clear();
        queue.retainAll(folders);
        changed = true;
        walkAll();
      }
      if (changed) {
        save(now);
      }
    }

    private void walkAll() {
      long now = System.currentTimeMillis();
      for (int i = 0; i < queue.size() && i < MOST; i++) {
        visit(queue.get(i), now);
      }
    }

    private void visit(String folder, long now) {
      File path = folder.isEmpty() ? root.toFile() : new File(root.toFile(), folder);
      long then = path.lastModified();
      if (then == 0) {
        return;
      }
      Listing listing = known.get(folder);
      if (listing == null || listing.changedMs() != then) {
        listing = new Listing(folder, then, list(folder, path));
        changed = true;
      }
      // A name that came in the same moment may have been missed.
      if (now - then > RECENT_MS) {
        seen.add(listing);
      }
      for (String name : listing.names()) {
        String full = SourceTree.in(folder, name);
        if (name.endsWith("/")) {
          queue.add(full.substring(0, full.length() - 1));
        } else {
          untracked.add(full);
        }
      }
    }

    private List<String> list(String folder, File directory) {
      List<String> names = new ArrayList<>();
      String[] all = directory.list();
      if (all == null) {
        return names;
      }
      Arrays.sort(all);
      for (String name : all) {
        String path = SourceTree.in(folder, name);
        if (folders.contains(path) || Arrays.binarySearch(sorted, path) >= 0) {
          continue;
        }
        File file = new File(directory, name);
        boolean inner = file.isDirectory() && !Files.isSymbolicLink(file.toPath());
        if (!rules.ignores(path, inner) && !(inner && new File(file, ".git").exists())) {
          names.add(inner ? name + "/" : name);
        }
      }
      return names;
    }

    /** A number for all that says what is ignored. */
    private long ignoreFiles() {
      Key key = new Key();
      for (String path : sorted) {
        if (path.endsWith(".gitignore")) {
          key.addFile(root.resolve(path).toFile());
        }
      }
      for (String path : untracked) {
        if (path.endsWith(".gitignore")) {
          key.addFile(root.resolve(path).toFile());
        }
      }
      key.add(sorted.length);
      return key.first();
    }

    private long load() {
      if (!memory.toFile().isFile()) {
        return 0;
      }
      try (DataInputStream in =
          new DataInputStream(new ByteArrayInputStream(Files.readAllBytes(memory)))) {
        if (in.readInt() != FORMAT) {
          return 0;
        }
        long ignored = in.readLong();
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
          String folder = in.readUTF();
          long then = in.readLong();
          int names = in.readInt();
          List<String> all = new ArrayList<>(names);
          for (int k = 0; k < names; k++) {
            all.add(in.readUTF());
          }
          known.put(folder, new Listing(folder, then, all));
        }
        return ignored;
      } catch (IOException cutOff) {
        known.clear();
        return 0;
      }
    }

    private void save(long ignored) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (DataOutputStream out = new DataOutputStream(bytes)) {
        out.writeInt(FORMAT);
        out.writeLong(ignored);
        out.writeInt(seen.size());
        for (Listing listing : seen) {
          out.writeUTF(listing.folder());
          out.writeLong(listing.changedMs());
          out.writeInt(listing.names().size());
          for (String name : listing.names()) {
            out.writeUTF(name);
          }
        }
        OwnFolder.of(root).write(FOLDERS, bytes.toByteArray());
      } catch (IOException listedAgainNextTime) {
        return;
      }
    }
  }
}
