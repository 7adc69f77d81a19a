package dev.slipway.trace;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Where the fields that {@link TapProgram} reads lie in the structures of this kernel, as its own
 * description of its types (BTF, {@code /sys/kernel/btf/vmlinux}) has it.
 *
 * @param taskFilter from a task to its filter, {@code task_struct.seccomp.filter}
 * @param filterBefore from a filter to the one it was laid over
 * @param taskFolders from a task to what says where it is, {@code task_struct.fs}
 * @param mount from there to the mount of its current directory
 * @param entry from there to the directory's entry
 * @param entryHashed from an entry to what is zero when it is in no table of names
 * @param entryParent from an entry to the one above it
 */
record KernelFields(
    int taskFilter,
    int filterBefore,
    int taskFolders,
    int mount,
    int entry,
    int entryHashed,
    int entryParent) {
  static final String FILE = "/sys/kernel/btf/vmlinux";

  private static final int MAGIC = 0xeb9f;
  private static final int STRUCT = 4;
  private static final int PROT_READ = 1;
  private static final int MAP_PRIVATE = 2;

  /** Reads them; an exception when the kernel does not describe itself, or not as expected. */
  static KernelFields read(Libc c, Arena arena) throws IOException {
    Types types = new Types(described(c, arena));
    int seccomp = types.member("task_struct", "seccomp");
    int pwd = types.member("fs_struct", "pwd");
    return new KernelFields(
        seccomp + types.member("seccomp", "filter"),
        types.member("seccomp_filter", "prev"),
        types.member("task_struct", "fs"),
        pwd + types.member("path", "mnt"),
        pwd + types.member("path", "dentry"),
        types.member("dentry", "d_hash") + types.member("hlist_bl_node", "pprev"),
        types.member("dentry", "d_parent"));
  }

  private static byte[] described(Libc c, Arena arena) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(FILE, "r")) {
      int size = (int) file.length();
      byte[] all = new byte[size];
      // Newer kernels let it be mapped; read, it comes in thousands of pieces.
      long fd = c.call(Libc.OPEN, arena.allocateFrom(FILE).address(), Libc.O_CLOEXEC, 0);
      if (fd >= 0) {
        long address = c.call(Libc.MMAP, 0, size, PROT_READ, MAP_PRIVATE, fd, 0);
        c.call(Libc.CLOSE, fd);
        if (address > 0) {
          MemorySegment.copy(Libc.memory(address, size), ValueLayout.JAVA_BYTE, 0, all, 0, size);
          c.call(Libc.MUNMAP, address, size, 0);
          return all;
        }
      }
      file.readFully(all);
      return all;
    }
  }

  /** The structures that are asked for, found in one pass over the description's beginning. */
  private static final class Types {
    private static final String[] NAMES = {
      "task_struct", "seccomp", "seccomp_filter", "fs_struct", "path", "dentry", "hlist_bl_node"
    };

    private final byte[] bytes;
    private final int strings;
    private final int[] found = new int[NAMES.length];

    Types(byte[] bytes) throws IOException {
      this.bytes = bytes;
      if (bytes.length < 24 || (number(0) & 0xffff) != MAGIC) {
        throw new IOException("the kernel does not describe its types");
      }
      int head = number(4);
      int at = head + number(8);
      int end = at + number(12);
      strings = head + number(16);
      int missing = NAMES.length;
      while (at < end && missing > 0) {
        int info = number(at + 4);
        int kind = (info >>> 24) & 31;
        int name = number(at);
        if (kind == STRUCT && name != 0) {
          for (int i = 0; i < NAMES.length; i++) {
            if (found[i] == 0 && isNamed(name, NAMES[i])) {
              found[i] = at;
              missing--;
            }
          }
        }
        at += 12 + more(kind, info & 0xffff);
      }
    }

    /** How many bytes follow the first twelve of a type. */
    private static int more(int kind, int count) {
      return switch (kind) {
        case 1, 14, 17 -> 4;
        case 3 -> 12;
        case STRUCT, 5, 15, 19 -> 12 * count;
        case 6, 13 -> 8 * count;
        default -> 0;
      };
    }

    int member(String structure, String name) throws IOException {
      for (int i = 0; i < NAMES.length; i++) {
        if (found[i] != 0 && NAMES[i].equals(structure)) {
          int info = number(found[i] + 4);
          for (int m = 0; m < (info & 0xffff); m++) {
            int at = found[i] + 12 + 12 * m;
            if (isNamed(number(at), name)) {
              int bits = info < 0 ? number(at + 8) & 0xffffff : number(at + 8);
              return bits / 8;
            }
          }
        }
      }
      throw new IOException("the kernel has no field " + name + " in " + structure);
    }

    private boolean isNamed(int offset, String name) {
      int at = strings + offset;
      for (int i = 0; i < name.length(); i++) {
        if (bytes[at + i] != name.charAt(i)) {
          return false;
        }
      }
      return bytes[at + name.length()] == 0;
    }

    private int number(int at) {
      return (bytes[at] & 0xff)
          | ((bytes[at + 1] & 0xff) << 8)
          | ((bytes[at + 2] & 0xff) << 16)
          | (bytes[at + 3] << 24);
    }
  }
}
