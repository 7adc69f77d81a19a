package dev.slipway.trace;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Understands the calls of watched processes and tells the observer; keeps what could not be told,
 * and whom they were connected to. Belongs to the thread that answers for them.
 */
final class Account {
  private static final int O_ACCMODE = 3;
  private static final int O_CREAT = 0x40;
  private static final int O_EXCL = 0x80;
  private static final int O_TRUNC = 0x200;
  private static final int O_PATH = 0x200000;
  private static final int O_TMPFILE = 0x400000;
  private static final int RESOLVE_IN_ROOT = 0x10;
  private static final int RENAME_EXCHANGE = 2;
  private static final int SCRIPTS = 6;
  private static final int ADDRESS = 128;
  private static final int STAT = 144;
  private static final int STATX = 256;
  private static final String DELETED = " (deleted)";

  private static final int SKIP = -1;

  private final Arch arch;
  private final Observer observer;
  private final Folders folders = new Folders();
  private final Peek peek;
  private final Programs programs;
  private final Contacts contacts = new Contacts();
  private final Set<String> gaps = new LinkedHashSet<>();
  private final @Nullable Call[] calls = new Call[512];
  private final byte[] raw = new byte[Peek.PATH_MAX];
  private final byte[] path = new byte[2 * Peek.PATH_MAX];
  private final Tap.Reader reader = this::record;
  private int passedOver;
  private long now;
  private long age;
  private boolean tapped;
  private long accesses;

  Account(Arch arch, Libc c, Arena arena, Observer observer) {
    this(arch, c, arena, observer, new Outlook(c));
  }

  /** The same of processes that see other files than this program does. */
  Account(Arch arch, Libc c, Arena arena, Observer observer, Outlook outlook) {
    this.arch = arch;
    this.observer = observer;
    peek = new Peek(c, arena, outlook);
    programs = new Programs(c, arena, outlook);
    for (Call call : Call.values()) {
      if (arch.number(call) >= 0) {
        calls[arch.number(call)] = call;
      }
    }
  }

  /** A task is about to make a call. */
  void call(int task, int machine, int number, long[] arguments) {
    if (machine != arch.audit) {
      gap("a 32-bit program ran");
      return;
    }
    Call call = number >= 0 && number < calls.length ? calls[number] : null;
    if (call == null) {
      return;
    }
    peek.settle(task);
    switch (call.form) {
      case PATH -> one(task, call, call.access(), arguments);
      case LOOK -> {
        if (!call.isOfOpenFile(arguments)) {
          one(
              task,
              call,
              (arguments[call.flags] & Call.AT_SYMLINK_NOFOLLOW) != 0
                  ? Access.STAT_LINK
                  : call.access(),
              arguments);
        }
      }
      case OPEN -> open(task, call, (int) arguments[call.flags], arguments);
      case OPEN2 -> open2(task, call, arguments);
      case DESCRIPTOR -> {
        tell(call.access(), descriptor(task, (int) arguments[call.directory]));
        if (call == Call.FCHDIR) {
          peek.unsettle(task);
        }
      }
      case CHANGED -> {
        // All that there is to it was done before it was asked about.
      }
      case EXECUTE -> execute(task, call, arguments);
      case RENAME -> rename(task, call, arguments);
      case LINK -> {
        boolean empty = call.flags >= 0 && (arguments[call.flags] & Call.AT_EMPTY_PATH) != 0;
        tell(Access.LINK_FROM, first(task, call, arguments, empty));
        tell(Access.LINK_TO, second(task, call, arguments));
      }
      case NODE -> {
        int kind = (int) arguments[call.flags] & 0170000;
        Access access = kind == 0 || kind == 0100000 ? Access.CREATE : Access.MAKE_NODE;
        tell(access, first(task, call, arguments, false));
      }
      case CONNECT -> connect(task, arguments[call.path], arguments[call.flags]);
      case BIND -> bind(task, arguments[call.path], arguments[call.flags]);
      case CLONE3 -> {
        if (peek.bytes(task, arguments[0], raw, 8) == 8 && (word(0) & Call.CLONE_NEWNS) != 0) {
          gap(Call.CLONE.gap);
        }
      }
      case GAP -> {
        if (call.concerns(arguments)) {
          gap(call.gap);
        }
      }
    }
    if (call == Call.CHDIR) {
      peek.unsettle(task);
    }
    if (tapped && call.movesFolders()) {
      intend(task, call, arguments);
    }
  }

  /**
   * Tells what a tap has written down; whether that was anything.
   *
   * @param passedOver a task of this program's own
   */
  boolean hear(Tap tap, int passedOver) {
    tapped = true;
    this.passedOver = passedOver;
    now = System.nanoTime();
    boolean any;
    try {
      any = tap.read(reader);
    } finally {
      age = 0;
    }
    if (tap.lost() != 0) {
      gap("more was accessed at once than could be noted");
    }
    if (tap.unclear() != 0) {
      gap("a process was under too many filters");
    }
    return any;
  }

  /** A task has made a call. */
  private void record(MemorySegment memory, long at) {
    int task = memory.get(ValueLayout.JAVA_INT, at + TapRecord.TASK);
    Call call = calls[memory.get(ValueLayout.JAVA_INT, at + TapRecord.NUMBER)];
    long result = memory.get(ValueLayout.JAVA_LONG, at + TapRecord.RESULT);
    long mount = memory.get(ValueLayout.JAVA_LONG, at + TapRecord.MOUNT);
    long entry = memory.get(ValueLayout.JAVA_LONG, at + TapRecord.ENTRY);
    // The kernel's clock is this one.
    age = Math.max(1, now - memory.get(ValueLayout.JAVA_LONG, at + TapRecord.TIME));
    if (call == null) {
      gap("a call was noted that is not known");
    } else if (call == Call.SECCOMP) {
      // The thread that will start the process has got its filter, and is where this program is.
      int length = peek.ownDirectory(path);
      folders.put(mount, entry, length > 0 ? Arrays.copyOf(path, length) : null);
    } else if (call.movesFolders()) {
      peek.settle(task);
      if (call.form == Call.Form.RENAME) {
        folders.moved(task, result == 0);
      } else {
        folders.entered(task, result == 0, mount, entry);
      }
    } else if (task != passedOver) {
      light(call, result, memory, at);
    }
  }

  private void light(Call call, long result, MemorySegment memory, long at) {
    int length = memory.get(ValueLayout.JAVA_INT, at + TapRecord.LENGTH);
    if (length == 0) {
      if (result != -Libc.EFAULT) {
        gap("a path could not be read any more");
      }
      return;
    }
    if (length > Peek.PATH_MAX) {
      return;
    }
    if (result >= 0 && isOverwritten(call, result, length, memory, at)) {
      gap("a process had its answer put over its path");
      return;
    }
    int count = length - 1;
    int flags = call.flags < 0 ? 0 : (int) argument(memory, at, call.flags);
    Access access =
        switch (call.form) {
          case OPEN -> opening(flags);
          case LOOK -> (flags & Call.AT_SYMLINK_NOFOLLOW) != 0 ? Access.STAT_LINK : call.access();
          default -> call.access();
        };
    MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, at + TapRecord.PATH, raw, 0, count);
    if (count > 0 && raw[0] == '/') {
      System.arraycopy(raw, 0, path, 0, count);
      tell(access, count);
    } else if (count > 0 || (call.directory >= 0 && call.form != Call.Form.OPEN)) {
      tell(access, fromFolder(memory, at, count));
    }
  }

  /** Whether the kernel wrote its answer over the path before that was read. */
  private static boolean isOverwritten(
      Call call, long result, int length, MemorySegment memory, long at) {
    long size = result;
    int answer;
    switch (call) {
      case READLINK -> answer = 1;
      case READLINKAT -> answer = 2;
      case STAT, LSTAT -> {
        answer = 1;
        size = STAT;
      }
      case NEWFSTATAT -> {
        answer = 2;
        size = STAT;
      }
      case STATX -> {
        answer = 4;
        size = STATX;
      }
      default -> {
        return false;
      }
    }
    long text = argument(memory, at, call.path);
    long written = argument(memory, at, answer);
    return written < text + length && text < written + size;
  }

  private static long argument(MemorySegment memory, long at, int index) {
    return memory.get(ValueLayout.JAVA_LONG, at + TapRecord.ARGUMENTS + 8L * index);
  }

  /** Puts the directory that was current in front of the path that was read, if it was one. */
  private int fromFolder(MemorySegment memory, long at, int count) {
    byte[] folder =
        folders.path(
            memory.get(ValueLayout.JAVA_LONG, at + TapRecord.MOUNT),
            memory.get(ValueLayout.JAVA_LONG, at + TapRecord.ENTRY));
    if (memory.get(ValueLayout.JAVA_INT, at + TapRecord.REMOVED) != 0
        && (folder == null || !peek.exists(folder, folder.length))) {
      return lost(count);
    }
    if (folder == null) {
      gap("a process was in a directory that is not known");
      return SKIP;
    }
    int base = folder.length;
    System.arraycopy(folder, 0, path, 0, base);
    if (count == 0) {
      return base;
    }
    if (base > 1) {
      path[base++] = '/';
    }
    System.arraycopy(raw, 0, path, base, count);
    return base + count;
  }

  /** Notes where a task's current directory will be, or be called, once it has made its call. */
  private void intend(int task, Call call, long[] arguments) {
    folders.forget(task);
    if (call == Call.FCHDIR) {
      int length = descriptor(task, (int) arguments[call.directory]);
      if (length > 0) {
        folders.entering(task, Arrays.copyOf(path, length));
      }
      return;
    }
    int length = first(task, call, arguments, false);
    if (length <= 0) {
      return;
    }
    if (call == Call.CHDIR) {
      byte[] real = peek.real(path, length);
      if (real != null) {
        folders.entering(task, real);
      }
      return;
    }
    boolean exchange = call.flags >= 0 && (arguments[call.flags] & RENAME_EXCHANGE) != 0;
    boolean moves = peek.isFolder(path, length);
    byte[] from = entry(length);
    length = second(task, call, arguments);
    if (length <= 0) {
      return;
    }
    moves |= exchange && peek.isFolder(path, length);
    byte[] to = moves ? entry(length) : null;
    if (moves && from != null && to != null) {
      folders.moving(task, from, to, exchange);
    }
  }

  /** The path that was read without links, but for the last of its names. */
  private byte @Nullable [] entry(int length) {
    int end = length;
    while (end > 1 && path[end - 1] == '/') {
      end--;
    }
    int start = end;
    while (start > 0 && path[start - 1] != '/') {
      start--;
    }
    byte[] folder = peek.real(path, start);
    if (folder == null) {
      return null;
    }
    int base = folder.length > 1 ? folder.length + 1 : 1;
    byte[] whole = Arrays.copyOf(folder, base + end - start);
    whole[base - 1] = '/';
    System.arraycopy(path, start, whole, base, end - start);
    return whole;
  }

  /** Notes that something may have been missed. */
  void gap(String why) {
    gaps.add(why);
  }

  List<String> gaps() {
    return new ArrayList<>(gaps);
  }

  List<Contact> contacts() {
    return contacts.all();
  }

  long accesses() {
    return accesses;
  }

  private void one(int task, Call call, Access access, long[] arguments) {
    if (call.path > 0 && arguments[call.path] == 0 && call.directory >= 0) {
      // No path at all stands for the file that is open (futimens).
      tell(access, descriptor(task, (int) arguments[call.directory]));
      return;
    }
    boolean empty =
        call.directory >= 0
            && (access == Access.CHANGE
                || access == Access.STAT
                || access == Access.STAT_LINK
                || access == Access.READ_LINK);
    tell(access, first(task, call, arguments, empty));
  }

  private void open(int task, Call call, int flags, long[] arguments) {
    tell(opening(flags), first(task, call, arguments, false));
  }

  /** What a file is opened for. */
  private Access opening(int flags) {
    if ((flags & O_PATH) != 0) {
      return (flags & arch.oNoFollow) != 0 ? Access.STAT_LINK : Access.STAT;
    }
    if ((flags & O_TMPFILE) != 0) {
      // A file without a name, in a directory that has to be there.
      return Access.STAT;
    }
    if ((flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL)) {
      return Access.CREATE;
    }
    if ((flags & O_TRUNC) != 0) {
      return Access.REPLACE;
    }
    return (flags & (O_ACCMODE | O_CREAT)) != 0 ? Access.UPDATE : Access.READ;
  }

  private void open2(int task, Call call, long[] arguments) {
    if (peek.bytes(task, arguments[call.flags], raw, 24) != 24) {
      return;
    }
    int flags = (int) word(0);
    if ((word(16) & RESOLVE_IN_ROOT) != 0) {
      gap("a process opened a file as if a directory were the root");
    }
    open(task, call, flags, arguments);
  }

  private void rename(int task, Call call, long[] arguments) {
    tell(Access.MOVE_FROM, first(task, call, arguments, false));
    tell(Access.MOVE_TO, second(task, call, arguments));
    if (call.flags >= 0 && (arguments[call.flags] & RENAME_EXCHANGE) != 0) {
      tell(Access.MOVE_FROM, second(task, call, arguments));
      tell(Access.MOVE_TO, first(task, call, arguments, false));
    }
    peek.unsettle(task);
  }

  private void execute(int task, Call call, long[] arguments) {
    boolean empty = call.flags >= 0 && (arguments[call.flags] & Call.AT_EMPTY_PATH) != 0;
    int length = first(task, call, arguments, empty);
    for (int i = 0; i < SCRIPTS && length > 0; i++) {
      tell(Access.EXECUTE, length);
      byte[] loaded = programs.loadedFor(path, length);
      if (programs.refused()) {
        gap("a program could not be read");
      }
      if (loaded.length == 0) {
        return;
      }
      System.arraycopy(loaded, 0, raw, 0, loaded.length);
      length = absolute(task, Call.AT_FDCWD, loaded.length);
    }
  }

  private void connect(int task, long address, long size) {
    int length = (int) Math.max(0, Math.min(ADDRESS, size));
    if (!socketAddress(task, address, length)) {
      return;
    }
    int end = Contacts.pathEnd(raw, length);
    if (end == 2) {
      contacts.connect(task, raw, length);
      return;
    }
    int whole = socketPath(task, end);
    if (whole > 0) {
      tell(Access.STAT, whole);
      if (peek.exists(path, whole)) {
        contacts.connect(new String(path, 0, whole, StandardCharsets.UTF_8));
      }
    }
  }

  private void bind(int task, long address, long size) {
    int length = (int) Math.max(0, Math.min(ADDRESS, size));
    if (!socketAddress(task, address, length)) {
      return;
    }
    int end = Contacts.pathEnd(raw, length);
    if (end == 2) {
      contacts.bind(task, raw, length);
      return;
    }
    int whole = socketPath(task, end);
    if (whole > 0) {
      tell(Access.MAKE_NODE, whole);
      if (!peek.exists(path, whole)) {
        contacts.bind(new String(path, 0, whole, StandardCharsets.UTF_8));
      }
    }
  }

  private boolean socketAddress(int task, long address, int length) {
    int count = peek.bytes(task, address, raw, length);
    if (count == Peek.REFUSED) {
      refused();
    }
    return count == length;
  }

  private int socketPath(int task, int end) {
    System.arraycopy(raw, 2, raw, 0, end - 2);
    return absolute(task, Call.AT_FDCWD, end - 2);
  }

  /** The path of a call, made absolute; {@link #SKIP} when there is none to tell. */
  private int first(int task, Call call, long[] arguments, boolean empty) {
    int directory = call.directory < 0 ? Call.AT_FDCWD : (int) arguments[call.directory];
    return resolve(task, directory, arguments[call.path], empty);
  }

  /** The second path of a call of two. */
  private int second(int task, Call call, long[] arguments) {
    if (call.directory < 0) {
      return resolve(task, Call.AT_FDCWD, arguments[call.path + 1], false);
    }
    return resolve(task, (int) arguments[call.path + 1], arguments[call.path + 2], false);
  }

  private int resolve(int task, int directory, long address, boolean empty) {
    int count = peek.string(task, address, raw);
    if (count < 0) {
      if (count == Peek.REFUSED) {
        refused();
      }
      return SKIP;
    }
    if (count == 0) {
      return empty ? descriptor(task, directory) : SKIP;
    }
    return absolute(task, directory, count);
  }

  /** Puts the directory in front of the path that was read, unless it is absolute already. */
  private int absolute(int task, int directory, int count) {
    if (count == 0) {
      return SKIP;
    }
    if (raw[0] == '/') {
      System.arraycopy(raw, 0, path, 0, count);
      return count;
    }
    int base =
        directory == Call.AT_FDCWD
            ? peek.directory(task, path)
            : peek.descriptor(task, directory, path);
    if (!usable(base)) {
      return SKIP;
    }
    if (deleted(base)) {
      return lost(count);
    }
    if (base > 1) {
      path[base++] = '/';
    }
    System.arraycopy(raw, 0, path, base, count);
    return base + count;
  }

  /** Nothing is found in a directory that is gone, but for the way out of it. */
  private int lost(int count) {
    if (count >= 2 && raw[0] == '.' && raw[1] == '.') {
      gap("a process worked in a directory that was removed");
    }
    return SKIP;
  }

  /** The path of an open file; {@link #SKIP} when it has none, or none any more. */
  private int descriptor(int task, int fd) {
    int length = fd == Call.AT_FDCWD ? peek.directory(task, path) : peek.descriptor(task, fd, path);
    return usable(length) && !deleted(length) ? length : SKIP;
  }

  private boolean usable(int length) {
    if (length == Peek.REFUSED) {
      refused();
    } else if (length == Peek.TOO_LONG) {
      gap("a directory's name was too long");
    }
    return length > 0 && path[0] == '/';
  }

  private boolean deleted(int length) {
    int start = length - DELETED.length();
    if (start < 0) {
      return false;
    }
    for (int i = 0; i < DELETED.length(); i++) {
      if (path[start + i] != DELETED.charAt(i)) {
        return false;
      }
    }
    return !peek.exists(path, length);
  }

  private void refused() {
    gap("a process did not let itself be looked into");
  }

  private void tell(Access access, int length) {
    if (length > 0) {
      accesses++;
      observer.access(access, path, length, age);
    }
  }

  private long word(int at) {
    long value = 0;
    for (int i = 7; i >= 0; i--) {
      value = (value << 8) | (raw[at + i] & 0xff);
    }
    return value;
  }
}
