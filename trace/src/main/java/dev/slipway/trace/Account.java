package dev.slipway.trace;

import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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
  private static final String DELETED = " (deleted)";

  private static final int SKIP = -1;

  private final Arch arch;
  private final Observer observer;
  private final boolean held;
  private final Peek peek;
  private final Programs programs;
  private final Contacts contacts = new Contacts();
  private final Set<String> gaps = new LinkedHashSet<>();
  private final @Nullable Call[] calls = new Call[512];
  private final byte[] raw = new byte[Peek.PATH_MAX];
  private final byte[] path = new byte[2 * Peek.PATH_MAX];
  private long accesses;

  Account(Arch arch, Libc c, Arena arena, Observer observer, boolean held) {
    this(arch, c, arena, observer, held, new Outlook(c));
  }

  /** The same of processes that see other files than this program does. */
  Account(Arch arch, Libc c, Arena arena, Observer observer, boolean held, Outlook outlook) {
    this.arch = arch;
    this.observer = observer;
    this.held = held;
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
    int length = first(task, call, arguments, false);
    Access access;
    if ((flags & O_PATH) != 0) {
      access = (flags & arch.oNoFollow) != 0 ? Access.STAT_LINK : Access.STAT;
    } else if ((flags & O_TMPFILE) != 0) {
      // A file without a name, in a directory that has to be there.
      access = Access.STAT;
    } else if ((flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL)) {
      access = Access.CREATE;
    } else if ((flags & O_TRUNC) != 0) {
      access = Access.REPLACE;
    } else if ((flags & (O_ACCMODE | O_CREAT)) != 0) {
      access = Access.UPDATE;
    } else {
      access = Access.READ;
    }
    tell(access, length);
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
      // Nothing is found in a directory that is gone, but for the way out of it.
      if (count >= 2 && raw[0] == '.' && raw[1] == '.') {
        gap("a process worked in a directory that was removed");
      }
      return SKIP;
    }
    if (base > 1) {
      path[base++] = '/';
    }
    System.arraycopy(raw, 0, path, base, count);
    return base + count;
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
      observer.access(access, path, length, held);
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
