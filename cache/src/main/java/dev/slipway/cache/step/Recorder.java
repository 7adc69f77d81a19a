package dev.slipway.cache.step;

import dev.slipway.trace.Access;
import dev.slipway.trace.Observer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Notes what a step does to files while it runs, and makes {@link Fact}s of it afterwards.
 *
 * <p>A path's state counts as it is when the step first comes to it: its status is taken before the
 * access goes on, and its content is read at once where a change could go unseen later. What the
 * step itself has written is no longer something it depends on.
 *
 * <p>Used by the tracer's thread while the step runs, then by the thread that finishes it.
 */
final class Recorder implements Observer, AutoCloseable {
  private static final int MAX_LINKS = 40;
  private static final int MAX_PATHS = 200_000;
  private static final int MAX_TREE = 100_000;

  /** A path and what the step has done to it. */
  private static final class Seen {
    final byte[] path;
    final Status before = new Status();
    int asked;
    boolean looked;
    boolean read;
    boolean written;
    boolean removed;
    boolean appended;
    boolean readAfter;
    boolean tree;
    boolean ofImage;
    boolean linked;
    @Nullable Node found;
    @Nullable List<byte[]> names;
    boolean listed;
    int order;

    Seen(byte[] path) {
      this.path = path;
    }
  }

  private final View view;
  private final Posix posix;
  private final Looking looking;
  private final Roots roots;
  private final Ignored ignored;
  private final Set<PathKey> own;
  private final Map<PathKey, Seen> byName = new HashMap<>();
  private final Map<PathKey, Seen> byPath = new LinkedHashMap<>();
  private final Map<PathKey, byte[]> folders = new HashMap<>();
  private final PathKey asked = new PathKey(new byte[0]);
  private final Set<PathKey> moved = new HashSet<>();
  private final Seen nothing = new Seen(new byte[0]);
  private final Set<String> problems = new HashSet<>();
  private final Set<String> programs = new HashSet<>();
  private boolean environmentRead;
  private long mentions;
  private boolean chanceRead;
  private int writes;

  /**
   * A recorder for one run of a step.
   *
   * @param own files that Slipway makes for the step, which count for nothing
   */
  Recorder(View view, FileIndex index, Roots roots, Ignored ignored, Set<PathKey> own) {
    this.view = view;
    this.posix = new Posix(view);
    this.looking = new Looking(view, posix, index, ignored);
    this.roots = roots;
    this.ignored = ignored;
    this.own = own;
    nothing.asked = -1;
  }

  @Override
  public void access(Access access, byte[] path, int length, boolean held) {
    int bit = bit(access);
    Seen seen = byName.get(asked.at(path, length));
    if (seen != null && (seen.asked & bit) != 0) {
      return;
    }
    if (byName.size() > MAX_PATHS) {
      problem("it came to more than " + MAX_PATHS + " paths");
      return;
    }
    try {
      if (seen == null) {
        PathKey name = asked.kept();
        seen = resolve(name.path(), access);
        byName.put(name, seen);
        if ((seen.asked & bit) != 0) {
          return;
        }
      }
      seen.asked |= bit;
      note(seen, access, held);
    } catch (IOException e) {
      problem(String.valueOf(e.getMessage()));
    }
  }

  /** Never written down, so that the order of the constants means nothing. */
  @SuppressWarnings("EnumOrdinal")
  private static int bit(Access access) {
    return 1 << access.ordinal();
  }

  /** Notes why what comes of the step cannot be kept. */
  void problem(String what) {
    if (problems.size() < 20) {
      problems.add(what);
    }
  }

  /** The thing that a name leads to, with every link on the way noted. */
  private Seen resolve(byte[] name, Access access) throws IOException {
    byte[] path = plain(name);
    if (passedOver(path)) {
      return nothing;
    }
    boolean follows =
        switch (access) {
          case READ, EXECUTE, STAT, LIST, ENTER, REPLACE, UPDATE -> true;
          case CHANGE, LINK_FROM, STAT_LINK, READ_LINK, CREATE, MAKE_DIRECTORY, MAKE_NODE -> false;
          case REMOVE, MOVE_FROM, MOVE_TO, LINK_TO -> false;
        };
    for (int links = 0; links < MAX_LINKS; links++) {
      byte[] folder = Names.parent(path);
      if (folder != null) {
        byte[] real = folder(folder, 0);
        if (!Arrays.equals(real, folder)) {
          path = Looking.child(real, typed(path, folder.length));
        }
      }
      if (passedOver(path)) {
        return nothing;
      }
      Seen seen = at(path);
      if (!follows || !seen.before.isLink() || seen.written) {
        return seen;
      }
      // It looks at where the link leads, and goes there.
      seen.looked = true;
      Node link = found(seen);
      byte[] target = link.target();
      if (target == null) {
        return seen;
      }
      path = plain(target(path, target));
    }
    return at(path);
  }

  private boolean passedOver(byte[] path) {
    if (own.contains(new PathKey(path)) || view.passesOver(path)) {
      return true;
    }
    if (!ignored.path(path)) {
      return false;
    }
    String text = Names.text(path);
    if (text.startsWith("/proc/") && text.endsWith("/environ")) {
      environmentRead = true;
    }
    if (text.equals("/dev/random") || text.equals("/dev/urandom")) {
      chanceRead = true;
    }
    return true;
  }

  private static byte[] typed(byte[] path, int folderLength) {
    int from = folderLength == 1 ? 1 : folderLength + 1;
    byte[] typed = new byte[path.length - from + 1];
    typed[0] = 'f';
    System.arraycopy(path, from, typed, 1, path.length - from);
    return typed;
  }

  private static byte[] target(byte[] link, byte[] target) {
    if (target.length > 0 && target[0] == '/') {
      return target;
    }
    byte[] folder = Names.parent(link);
    byte[] from = folder == null ? new byte[] {'/'} : folder;
    byte[] typed = new byte[target.length + 1];
    System.arraycopy(target, 0, typed, 1, target.length);
    return Looking.child(from, typed);
  }

  /** The folder that a path of a folder leads to. */
  private byte[] folder(byte[] path, int depth) throws IOException {
    byte[] known = folders.get(new PathKey(path));
    if (known != null) {
      return known;
    }
    byte[] real = path;
    byte[] parent = Names.parent(path);
    if (parent != null && depth < MAX_LINKS * 4) {
      byte[] realParent = folder(parent, depth + 1);
      if (!Arrays.equals(realParent, parent)) {
        real = Looking.child(realParent, typed(path, parent.length));
      }
      Status status = new Status();
      posix.status(real, status);
      if (status.isLink() && !passedOver(real)) {
        Seen seen = at(real);
        seen.looked = true;
        byte[] target = found(seen).target();
        if (target != null) {
          real = folder(plain(target(real, target)), depth + 4);
        }
      }
    }
    folders.put(new PathKey(path), real);
    return real;
  }

  /** A path without {@code .}, empty parts and {@code ..}, which leads up from where links lead. */
  private byte[] plain(byte[] path) throws IOException {
    boolean simple = path.length > 0 && path[0] == '/';
    for (int i = 0; i < path.length && simple; i++) {
      if (path[i] == '/') {
        byte next = i + 1 < path.length ? path[i + 1] : (byte) '/';
        simple = next != '/' && next != '.';
        if (next == '.' && i + 2 < path.length && path[i + 2] != '/' && path[i + 2] != '.') {
          simple = true;
        }
      }
    }
    if (simple || path.length == 1) {
      return path;
    }
    byte[] plain = {'/'};
    int from = 0;
    while (from <= path.length) {
      int end = from;
      while (end < path.length && path[end] != '/') {
        end++;
      }
      int length = end - from;
      if (length == 2 && path[from] == '.' && path[from + 1] == '.') {
        byte[] up = Names.parent(folder(plain, 0));
        plain = up == null ? new byte[] {'/'} : up;
      } else if (length > 0 && !(length == 1 && path[from] == '.')) {
        byte[] typed = new byte[length + 1];
        System.arraycopy(path, from, typed, 1, length);
        plain = Looking.child(plain, typed);
      }
      from = end + 1;
    }
    return plain;
  }

  private Seen at(byte[] path) {
    PathKey key = new PathKey(path);
    Seen seen = byPath.get(key);
    if (seen == null) {
      seen = new Seen(path);
      int error = posix.status(path, seen.before);
      if (error == Posix.EACCES) {
        problem(Names.text(path) + " cannot be looked at");
      }
      seen.ofImage = looking.ofImage(path);
      if (!moved.isEmpty() && belowMoved(path)) {
        // It came with its folder: there was nothing of that name.
        seen.before.clear();
        seen.looked = true;
        seen.written = true;
        seen.order = ++writes;
      }
      byPath.put(key, seen);
    }
    return seen;
  }

  private boolean belowMoved(byte[] path) {
    for (byte[] at = Names.parent(path); at != null; at = Names.parent(at)) {
      if (moved.contains(new PathKey(at))) {
        return true;
      }
    }
    return false;
  }

  /** What was at a path before the step wrote to it; reads a file. */
  private Node found(Seen seen) throws IOException {
    if (seen.found == null) {
      seen.found = looking.node(seen.path, seen.before);
      mention(seen);
    }
    return seen.found;
  }

  /** Takes over the names of variables in a file that was read. */
  private void mention(Seen seen) {
    long found = looking.mentions();
    mentions |= view.ofContainer() && !lasts(seen) ? found & ~Variables.HOST_NAME : found;
  }

  /** Whether a path lies in one of the job's own folders, which outlive a container. */
  private boolean lasts(Seen seen) {
    for (Roots.Root root : roots.all()) {
      if (Roots.below(root.path(), seen.path, seen.path.length)) {
        return true;
      }
    }
    return false;
  }

  private void note(Seen seen, Access access, boolean held) throws IOException {
    if (access.writes()) {
      if (!held && !seen.written && !seen.before.absent()) {
        problem("it changed " + Names.text(seen.path) + " before that could be read");
      }
      write(seen, access);
      return;
    }
    if (seen.written) {
      seen.readAfter = true;
      return;
    }
    seen.looked = true;
    switch (access) {
      case READ -> read(seen);
      case LINK_FROM -> {
        // The link changes the status of the file, so that only its content will tell later.
        read(seen);
        found(seen);
        seen.linked = true;
      }
      case EXECUTE -> {
        read(seen);
        String program = Names.text(seen.path);
        programs.add(program.substring(program.lastIndexOf('/') + 1));
      }
      case LIST -> {
        if (!seen.listed && seen.before.isFolder() && !seen.ofImage && !shared(seen.path)) {
          seen.names = looking.names(seen.path);
        }
        seen.listed = true;
      }
      case STAT, STAT_LINK, READ_LINK, ENTER -> settle(seen);
      default -> throw new IllegalStateException(access.name());
    }
  }

  /** Folders for everybody's temporary files, whose names say nothing about anybody's work. */
  private boolean shared(byte[] folder) {
    String text = Names.text(folder);
    Roots.Root temp = roots.root("temp");
    return text.equals("/tmp")
        || text.equals("/var/tmp")
        || (temp != null && text.equals(temp.text()));
  }

  private void read(Seen seen) throws IOException {
    seen.read = true;
    settle(seen);
  }

  /** A file changed so lately that a change to come may not show is read at once. */
  private void settle(Seen seen) throws IOException {
    if (seen.before.isFile() && !seen.ofImage && !seen.before.settled(Status.now())) {
      found(seen);
    }
  }

  private void write(Seen seen, Access access) throws IOException {
    boolean first = !seen.written;
    switch (access) {
      case REPLACE, MOVE_TO -> {
        if (first && seen.looked) {
          found(seen);
        }
        if (access == Access.MOVE_TO) {
          moved(seen);
        }
        written(seen);
      }
      case UPDATE -> {
        if (first) {
          seen.looked = true;
          seen.read = true;
          found(seen);
          seen.appended = seen.before.absent();
        }
        written(seen);
      }
      case CREATE, MAKE_DIRECTORY, MAKE_NODE, LINK_TO -> {
        if (first) {
          seen.looked = true;
          if (seen.before.absent()) {
            written(seen);
            if (access == Access.MAKE_NODE) {
              namesChanged();
            }
          } else {
            settle(seen);
            // Once it is removed, the same may be asked again and succeed.
            seen.asked &= ~bit(access);
          }
        } else {
          written(seen);
        }
      }
      case REMOVE -> {
        if (first) {
          seen.looked = true;
          if (!seen.before.absent()) {
            found(seen);
            seen.removed = true;
            written(seen);
            if (!seen.before.isFile()) {
              namesChanged();
            }
          }
        } else {
          written(seen);
        }
      }
      case MOVE_FROM -> {
        if (first) {
          seen.looked = true;
          seen.read = true;
          found(seen);
          if (!seen.before.absent()) {
            seen.removed = true;
            written(seen);
          }
        }
        Status now = new Status();
        posix.status(seen.path, now);
        if (now.isFolder() || now.isLink()) {
          namesChanged();
        }
        if (now.isFolder()) {
          tree(seen.path, true);
        }
      }
      case CHANGE -> {
        if (first && !seen.before.absent()) {
          seen.looked = true;
          seen.read = true;
          found(seen);
          written(seen);
        } else if (first) {
          seen.looked = true;
        }
      }
      default -> throw new IllegalStateException(access.name());
    }
  }

  private void written(Seen seen) {
    if (!seen.written) {
      seen.written = true;
      // That there is nothing depends on whether its folder is there.
      byte[] parent = Names.parent(seen.path);
      if (seen.before.absent() && parent != null) {
        Seen folder = at(parent);
        if (!folder.written) {
          folder.looked = true;
        }
      }
    }
    seen.order = ++writes;
  }

  /** What a rename puts here may be a folder with all that is in it. */
  private void moved(Seen seen) {
    seen.tree = true;
    moved.add(new PathKey(seen.path));
    namesChanged();
  }

  private void namesChanged() {
    byName.clear();
    folders.clear();
  }

  /** Everything in a folder that is about to be moved. */
  private void tree(byte[] folder, boolean read) throws IOException {
    List<byte[]> waiting = new ArrayList<>();
    waiting.add(folder);
    int count = 0;
    while (!waiting.isEmpty()) {
      byte[] next = waiting.removeLast();
      for (byte[] name : posix.names(next)) {
        if (++count > MAX_TREE) {
          problem("it moved a folder of more than " + MAX_TREE + " files");
          return;
        }
        byte[] path = Looking.child(next, name);
        if (passedOver(path)) {
          continue;
        }
        Seen seen = at(path);
        if (read && !seen.written) {
          seen.looked = true;
          seen.read = true;
          found(seen);
          seen.removed = true;
        }
        written(seen);
        if (name[0] == 'd') {
          waiting.add(path);
        }
      }
    }
  }

  /** Notes a file that the step is said to have made, where there was none. */
  void made(byte[] path) {
    if (!passedOver(path) && !byPath.containsKey(new PathKey(path))) {
      byte[] folder = Names.parent(path);
      if (folder != null) {
        made(folder);
      }
      Seen seen = at(path);
      seen.before.clear();
      seen.looked = true;
      written(seen);
    }
  }

  /** What came of a step's run. */
  record Result(List<Fact> facts, List<String> problems, long mentions, List<byte[]> order) {}

  /**
   * Makes facts of what was noted; all processes of the step have ended.
   *
   * @return them by path, with the paths written in the order of writing
   */
  Result finish() {
    List<Fact> facts = new ArrayList<>();
    List<Seen> outputs = new ArrayList<>();
    try {
      for (Seen seen : List.copyOf(byPath.values())) {
        if (seen.tree) {
          Status now = new Status();
          posix.status(seen.path, now);
          if (now.isFolder()) {
            tree(seen.path, false);
          }
        }
      }
      Map<PathKey, Node> after = new HashMap<>();
      for (Seen seen : byPath.values()) {
        if (seen.written) {
          after.put(new PathKey(seen.path), looking.node(seen.path));
        }
      }
      for (Seen seen : byPath.values()) {
        Fact fact = seen.written ? written(seen, after) : looked(seen);
        if (fact != null) {
          facts.add(fact);
          if (fact.after() != null) {
            outputs.add(seen);
            lasting(seen, fact.after());
          }
        }
      }
      listed(facts);
    } catch (IOException e) {
      problem(String.valueOf(e.getMessage()));
    }
    if (chanceRead && programs.stream().noneMatch(Recorder::seedsItself)) {
      problem("it read random numbers");
    }
    if (programs.contains("date")) {
      problem("it asked for the time (date)");
    }
    mentions |= looking.mentions();
    if (environmentRead || programs.contains("printenv")) {
      mentions = Variables.ALL;
    }
    outputs.sort((a, b) -> Integer.compare(a.order, b.order));
    List<byte[]> order = new ArrayList<>();
    for (Seen seen : outputs) {
      order.add(seen.path);
    }
    return new Result(facts, List.copyOf(problems), mentions, order);
  }

  /** Run-time systems that read random numbers when they start, whatever the program does. */
  private static boolean seedsItself(String program) {
    return program.startsWith("java")
        || program.startsWith("node")
        || program.startsWith("python")
        || program.startsWith("ruby")
        || program.startsWith("openssl")
        || program.startsWith("ssh")
        || program.startsWith("git")
        || program.startsWith("cargo")
        || program.startsWith("rustc")
        || program.startsWith("go");
  }

  private @Nullable Fact looked(Seen seen) throws IOException {
    if (!seen.looked) {
      return null;
    }
    Status now = new Status();
    posix.status(seen.path, now);
    boolean same =
        (seen.before.isFolder() && now.isFolder())
            || seen.before.same(now)
            || temporary(seen, now)
            || (seen.linked && looking.node(seen.path, now).equals(found(seen)));
    if (!same) {
      problem(Names.text(seen.path) + " was changed by something else while the step ran");
      return null;
    }
    if (seen.ofImage) {
      if (seen.read && seen.before.isFile()) {
        looking.mention(seen.path, seen.before);
        mention(seen);
      }
      return new Fact(seen.path, Node.IMAGE, null, false, false, null);
    }
    Digest names = null;
    if (seen.listed && seen.names != null) {
      names = Digest.of(new byte[0]);
    }
    return new Fact(seen.path, found(seen), null, false, false, names);
  }

  /** Of what is written in a container only that lasts which lies in the job's own folders. */
  private void lasting(Seen seen, Node left) {
    if (!view.ofContainer()) {
      return;
    }
    if (!lasts(seen)) {
      problem("it changed " + Names.text(seen.path) + ", outside the job's own folders");
      return;
    }
    Status now = new Status();
    posix.status(seen.path, now);
    boolean asBefore = !seen.before.absent() && now.owner == seen.before.owner;
    if (!left.absent() && now.owner != view.owner() && !asBefore) {
      problem("it made " + Names.text(seen.path) + " for another user");
    }
  }

  private static boolean temporary(Seen seen, Status now) {
    return seen.before.absent() && now.absent();
  }

  private @Nullable Fact written(Seen seen, Map<PathKey, Node> after) throws IOException {
    Node left = after.getOrDefault(new PathKey(seen.path), Node.ABSENT);
    if (seen.before.absent() && left.absent()) {
      return roots.within("temp", seen.path) || Names.text(seen.path).startsWith("/tmp/")
          ? null
          : new Fact(seen.path, Node.ABSENT, null, false, false, null);
    }
    Status now = new Status();
    posix.status(seen.path, now);
    if (seen.before.same(now) && seen.readAfter) {
      // The attempt to write came to nothing, and then it read what had been there.
      seen.looked = true;
      seen.read = true;
    }
    Node before = seen.looked ? found(seen) : null;
    if (before != null && before.kind() == Node.Kind.FOLDER && left.equals(before)) {
      return new Fact(seen.path, before, null, false, false, names(seen));
    }
    boolean remade = seen.read && ignored.remade(seen.path, this::exists);
    boolean emptied = left.kind() == Node.Kind.FILE && now.size == 0;
    boolean replaceable;
    boolean kept = false;
    if (left.absent()) {
      replaceable = false;
    } else if (remade) {
      replaceable = true;
    } else if (seen.before.absent()) {
      replaceable = !seen.appended || emptied;
    } else if (seen.read) {
      replaceable = false;
    } else {
      replaceable = !seen.removed;
      kept = seen.removed;
    }
    return new Fact(seen.path, before, left, replaceable, kept, names(seen));
  }

  private static @Nullable Digest names(Seen seen) {
    return seen.listed && seen.names != null && !seen.before.absent()
        ? Digest.of(new byte[0])
        : null;
  }

  private boolean exists(byte[] path) {
    return posix.status(path, new Status()) == 0;
  }

  /** Fills in what was listed, as it was before the step, without what may come and go. */
  private void listed(List<Fact> facts) {
    Map<PathKey, Fact> byFact = new HashMap<>();
    for (Fact fact : facts) {
      byFact.put(new PathKey(fact.path()), fact);
    }
    Map<PathKey, List<Seen>> changed = new HashMap<>();
    for (Seen child : byPath.values()) {
      byte[] parent = child.written && !child.before.absent() ? Names.parent(child.path) : null;
      if (parent != null) {
        changed.computeIfAbsent(new PathKey(parent), key -> new ArrayList<>()).add(child);
      }
    }
    for (int i = 0; i < facts.size(); i++) {
      Fact fact = facts.get(i);
      if (fact.names() != null) {
        Seen seen = byPath.get(new PathKey(fact.path()));
        if (seen != null && seen.names != null) {
          facts.set(
              i,
              new Fact(
                  fact.path(),
                  fact.before(),
                  fact.after(),
                  fact.replaceable(),
                  fact.kept(),
                  Looking.digest(namesBefore(seen, seen.names, byFact, changed))));
        }
      }
    }
  }

  private List<byte[]> namesBefore(
      Seen folder, List<byte[]> names, Map<PathKey, Fact> facts, Map<PathKey, List<Seen>> changed) {
    List<byte[]> before = new ArrayList<>();
    Set<PathKey> there = new HashSet<>();
    for (byte[] name : names) {
      byte[] path = Looking.child(folder.path, name);
      there.add(new PathKey(path));
      Seen child = byPath.get(new PathKey(path));
      Fact fact = facts.get(new PathKey(path));
      boolean made = child != null && child.written && child.before.absent();
      if (!made && (fact == null || !fact.unlisted())) {
        before.add(name);
      }
    }
    boolean added = false;
    for (Seen child : changed.getOrDefault(new PathKey(folder.path), List.of())) {
      PathKey key = new PathKey(child.path);
      Fact fact = facts.get(key);
      if (!there.contains(key) && (fact == null || !fact.unlisted())) {
        byte[] typed = typed(child.path, folder.path.length);
        typed[0] = (byte) (child.before.isFolder() ? 'd' : child.before.isLink() ? 'l' : 'f');
        before.add(typed);
        added = true;
      }
    }
    if (added) {
      before.sort((a, b) -> Arrays.compareUnsigned(a, 1, a.length, b, 1, b.length));
    }
    return before;
  }

  /** The reader of files, for what is to be kept of the step's results. */
  Posix posix() {
    return posix;
  }

  @Override
  public void close() {
    posix.close();
  }
}
