package dev.slipway.trace;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The system calls that are watched: what files a process reads or writes is known when it opens
 * them, so {@code read}, {@code write} and {@code mmap} are not.
 *
 * <p>The first two numbers are those of x86-64 and of AArch64 (-1: not there), as in the kernel's
 * {@code asm/unistd_64.h} and {@code asm-generic/unistd.h}. The next three say which argument is
 * the directory, the path, and the flags or the mode (-1: none); the directory of a call without
 * one is the current directory.
 */
enum Call {
  // Usual ones first: the filter compares in this order.
  OPENAT(257, 56, Form.OPEN, 0, 1, 2, null),
  NEWFSTATAT(262, 79, Form.LOOK, 0, 1, 3, Access.STAT),
  STATX(332, 291, Form.LOOK, 0, 1, 2, Access.STAT),
  OPEN(2, -1, Form.OPEN, -1, 0, 1, null),
  STAT(4, -1, Form.PATH, -1, 0, -1, Access.STAT),
  LSTAT(6, -1, Form.PATH, -1, 0, -1, Access.STAT_LINK),
  READLINK(89, -1, Form.PATH, -1, 0, -1, Access.READ_LINK),
  READLINKAT(267, 78, Form.PATH, 0, 1, -1, Access.READ_LINK),
  ACCESS(21, -1, Form.PATH, -1, 0, -1, Access.STAT),
  FACCESSAT(269, 48, Form.PATH, 0, 1, -1, Access.STAT),
  FACCESSAT2(439, 439, Form.LOOK, 0, 1, 3, Access.STAT),
  GETDENTS64(217, 61, Form.DESCRIPTOR, 0, -1, -1, Access.LIST),
  EXECVE(59, 221, Form.EXECUTE, -1, 0, -1, Access.EXECUTE),
  EXECVEAT(322, 281, Form.EXECUTE, 0, 1, 4, Access.EXECUTE),
  CLONE3(435, 435, Form.CLONE3, -1, -1, -1, null),

  OPENAT2(437, 437, Form.OPEN2, 0, 1, 2, null),
  CREAT(85, -1, Form.PATH, -1, 0, -1, Access.REPLACE),
  GETDENTS(78, -1, Form.DESCRIPTOR, 0, -1, -1, Access.LIST),
  CHDIR(80, 49, Form.PATH, -1, 0, -1, Access.ENTER),
  FCHDIR(81, 50, Form.DESCRIPTOR, 0, -1, -1, Access.ENTER),
  RENAME(82, -1, Form.RENAME, -1, 0, -1, Access.MOVE_FROM),
  RENAMEAT(264, 38, Form.RENAME, 0, 1, -1, Access.MOVE_FROM),
  RENAMEAT2(316, 276, Form.RENAME, 0, 1, 4, Access.MOVE_FROM),
  LINK(86, -1, Form.LINK, -1, 0, -1, Access.LINK_FROM),
  LINKAT(265, 37, Form.LINK, 0, 1, 4, Access.LINK_FROM),
  SYMLINK(88, -1, Form.PATH, -1, 1, -1, Access.MAKE_NODE),
  SYMLINKAT(266, 36, Form.PATH, 1, 2, -1, Access.MAKE_NODE),
  UNLINK(87, -1, Form.PATH, -1, 0, -1, Access.REMOVE),
  UNLINKAT(263, 35, Form.PATH, 0, 1, -1, Access.REMOVE),
  RMDIR(84, -1, Form.PATH, -1, 0, -1, Access.REMOVE),
  MKDIR(83, -1, Form.PATH, -1, 0, -1, Access.MAKE_DIRECTORY),
  MKDIRAT(258, 34, Form.PATH, 0, 1, -1, Access.MAKE_DIRECTORY),
  MKNOD(133, -1, Form.NODE, -1, 0, 1, Access.MAKE_NODE),
  MKNODAT(259, 33, Form.NODE, 0, 1, 2, Access.MAKE_NODE),
  TRUNCATE(76, 45, Form.PATH, -1, 0, -1, Access.UPDATE),
  CHMOD(90, -1, Form.PATH, -1, 0, -1, Access.CHANGE),
  FCHMODAT(268, 53, Form.PATH, 0, 1, -1, Access.CHANGE),
  FCHMODAT2(452, 452, Form.PATH, 0, 1, -1, Access.CHANGE),
  CHOWN(92, -1, Form.PATH, -1, 0, -1, Access.CHANGE),
  LCHOWN(94, -1, Form.PATH, -1, 0, -1, Access.CHANGE),
  FCHOWNAT(260, 54, Form.PATH, 0, 1, -1, Access.CHANGE),
  UTIME(132, -1, Form.PATH, -1, 0, -1, Access.CHANGE),
  UTIMES(235, -1, Form.PATH, -1, 0, -1, Access.CHANGE),
  FUTIMESAT(261, -1, Form.PATH, 0, 1, -1, Access.CHANGE),
  UTIMENSAT(280, 88, Form.PATH, 0, 1, -1, Access.CHANGE),
  SETXATTR(188, 5, Form.PATH, -1, 0, -1, Access.CHANGE),
  LSETXATTR(189, 6, Form.PATH, -1, 0, -1, Access.CHANGE),
  REMOVEXATTR(197, 14, Form.PATH, -1, 0, -1, Access.CHANGE),
  LREMOVEXATTR(198, 15, Form.PATH, -1, 0, -1, Access.CHANGE),
  SETXATTRAT(463, 463, Form.PATH, 0, 1, -1, Access.CHANGE),
  REMOVEXATTRAT(466, 466, Form.PATH, 0, 1, -1, Access.CHANGE),
  FILE_SETATTR(469, 469, Form.PATH, 0, 1, -1, Access.CHANGE),
  GETXATTR(191, 8, Form.PATH, -1, 0, -1, Access.STAT),
  LGETXATTR(192, 9, Form.PATH, -1, 0, -1, Access.STAT_LINK),
  LISTXATTR(194, 11, Form.PATH, -1, 0, -1, Access.STAT),
  LLISTXATTR(195, 12, Form.PATH, -1, 0, -1, Access.STAT_LINK),
  GETXATTRAT(464, 464, Form.LOOK, 0, 1, 2, Access.STAT),
  LISTXATTRAT(465, 465, Form.LOOK, 0, 1, 2, Access.STAT),
  FILE_GETATTR(468, 468, Form.LOOK, 0, 1, 4, Access.STAT),
  STATFS(137, 43, Form.PATH, -1, 0, -1, Access.STAT),
  INOTIFY_ADD_WATCH(254, 27, Form.PATH, -1, 1, -1, Access.STAT),
  NAME_TO_HANDLE_AT(303, 264, Form.PATH, 0, 1, -1, Access.STAT),

  CONNECT(42, 203, Form.CONNECT, -1, 1, 2, null),
  BIND(49, 200, Form.BIND, -1, 1, 2, null),
  SENDTO(44, 206, Form.CONNECT, -1, 4, 5, null),

  // What files a process sees under a name is no longer what this process would see.
  CHROOT(161, 51, Form.GAP, -1, 0, -1, null, "a process changed its root directory"),
  PIVOT_ROOT(155, 41, Form.GAP, -1, -1, -1, null, "a process changed its root directory"),
  MOUNT(165, 40, Form.GAP, -1, -1, -1, null, "a process mounted a file system"),
  UMOUNT2(166, 39, Form.GAP, -1, -1, -1, null, "a process unmounted a file system"),
  OPEN_TREE(428, 428, Form.GAP, -1, -1, -1, null, "a process mounted a file system"),
  MOVE_MOUNT(429, 429, Form.GAP, -1, -1, -1, null, "a process mounted a file system"),
  MOUNT_SETATTR(442, 442, Form.GAP, -1, -1, -1, null, "a process changed a mount"),
  OPEN_TREE_ATTR(467, 467, Form.GAP, -1, -1, -1, null, "a process mounted a file system"),
  CLONE(56, 220, Form.GAP, -1, -1, -1, null, "a process has mounts of its own"),
  UNSHARE(272, 97, Form.GAP, -1, -1, -1, null, "a process has mounts of its own"),
  SETNS(308, 268, Form.GAP, -1, -1, -1, null, "a process entered another's namespace"),
  OPEN_BY_HANDLE_AT(304, 265, Form.GAP, -1, -1, -1, null, "a process opened a file by its handle"),
  SECCOMP(317, 277, Form.GAP, -1, -1, -1, null, "a process asked to watch others itself"),
  USELIB(134, -1, Form.GAP, -1, -1, -1, null, "a process loaded a library in the old way"),

  /** Answered in the filter: what goes through a ring passes by every filter. */
  IO_URING_SETUP(425, 425, Form.GAP, -1, -1, -1, null, "a process used io_uring");

  static final int AT_FDCWD = -100;
  static final int AT_SYMLINK_NOFOLLOW = 0x100;
  static final int AT_EMPTY_PATH = 0x1000;
  static final int CLONE_NEWNS = 0x20000;
  static final int NEW_LISTENER = 8;

  /** How a call's arguments are to be understood. */
  enum Form {
    /** One path. */
    PATH,
    /** One path, whose last link is followed or not as the flags say. */
    LOOK,
    /** {@code open}: the flags say what for. */
    OPEN,
    /** {@code openat2}: a structure holds the flags. */
    OPEN2,
    /** No path but what a file descriptor stands for. */
    DESCRIPTOR,
    /** A program to run. */
    EXECUTE,
    /** Two paths; the second and its directory follow the first. */
    RENAME,
    /** The same for hard links. */
    LINK,
    /** {@code mknod}: the mode says what is made. */
    NODE,
    /** An address to connect or send to: where it is, and how long. */
    CONNECT,
    /** An address to listen on. */
    BIND,
    /** {@code clone3}: a structure holds the flags. */
    CLONE3,
    /** What cannot be followed. */
    GAP
  }

  final int x86;
  final int arm;
  final Form form;
  final int directory;
  final int path;
  final int flags;
  private final @Nullable Access access;

  /** Why it cannot be followed; empty for calls that can be. */
  final String gap;

  Call(int x86, int arm, Form form, int directory, int path, int flags, @Nullable Access access) {
    this(x86, arm, form, directory, path, flags, access, "");
  }

  Call(
      int x86,
      int arm,
      Form form,
      int directory,
      int path,
      int flags,
      @Nullable Access access,
      String gap) {
    this.x86 = x86;
    this.arm = arm;
    this.form = form;
    this.directory = directory;
    this.path = path;
    this.flags = flags;
    this.access = access;
    this.gap = gap;
  }

  /** Whether it is {@code fstat} by another name: its file was opened before. */
  boolean isOfOpenFile(long[] arguments) {
    return (arguments[flags] & AT_EMPTY_PATH) != 0 && (int) arguments[directory] != AT_FDCWD;
  }

  /** Whether a call that is a gap is one with these arguments. */
  boolean concerns(long[] arguments) {
    return switch (this) {
      case CLONE, UNSHARE -> (arguments[0] & CLONE_NEWNS) != 0;
      case SECCOMP -> (arguments[1] & NEW_LISTENER) != 0;
      default -> true;
    };
  }

  /** What it does to its path, where its number alone says so. */
  Access access() {
    return Objects.requireNonNull(access, name());
  }
}
