package dev.slipway.trace;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * The program, in the kernel's classic BPF, that picks the calls to be watched; all others go on at
 * full speed.
 *
 * <ul>
 *   <li>Calls by another machine's numbers (32-bit programs) are all picked: what they do is not
 *       understood, and that they are there must not be missed.
 *   <li>x32's are answered as by a kernel that does not have them, which is nearly every one.
 *   <li>So is {@code io_uring_setup}: programs then do without rings, which no filter sees into.
 *   <li>{@code fstat} in the guise of {@code newfstatat} or {@code statx} passes: its file was
 *       opened before.
 * </ul>
 */
final class Filter {
  /** The action that asks the listener. */
  static final int NOTIFY = 0x7fc00000;

  /** The action that stops for the tracer. */
  static final int TRACE = 0x7ff00000;

  private static final int ALLOW = 0x7fff0000;
  private static final int FAIL_ENOSYS = 0x00050000 | Libc.ENOSYS;

  private static final int LOAD = 0x20;
  private static final int IF_EQUAL = 0x15;
  private static final int IF_AT_LEAST = 0x35;
  private static final int IF_ANY_BIT = 0x45;
  private static final int RETURN = 0x06;

  // Offsets in struct seccomp_data; an argument's lower half comes first on both machines.
  private static final int NUMBER = 0;
  private static final int ARCH = 4;
  private static final int ARGUMENTS = 16;

  /** The size of a {@code struct sock_fprog}. */
  static final int HEAD = 16;

  // Where a jump leads; what is not negative is a distance.
  private static final int NEXT = 0;
  private static final int TO_PICK = -1;
  private static final int TO_ALLOW = -2;
  private static final int TO_FAIL = -3;

  private final Arch arch;
  private final List<int[]> program = new ArrayList<>();

  private Filter(Arch arch) {
    this.arch = arch;
  }

  /** The program as a {@code struct sock_fprog}. */
  static MemorySegment program(Arch arch, int action, Arena arena) {
    Filter filter = new Filter(arch);
    filter.build();
    MemorySegment all = arena.allocate(HEAD + filter.program.size() * 8L, 8);
    filter.write(action, all, all.address() + HEAD);
    return all;
  }

  /**
   * The same for another process: the structure, followed by its steps.
   *
   * @param steps where the steps will be
   */
  static MemorySegment program(Arch arch, int action, long steps, Arena arena) {
    Filter filter = new Filter(arch);
    filter.build();
    MemorySegment all = arena.allocate(HEAD + filter.program.size() * 8L, 8);
    filter.write(action, all, steps);
    return all;
  }

  private void build() {
    add(LOAD, NEXT, NEXT, ARCH);
    add(IF_EQUAL, NEXT, TO_PICK, arch.audit);
    add(LOAD, NEXT, NEXT, NUMBER);
    if (arch.foreignBit != 0) {
      add(IF_AT_LEAST, TO_FAIL, NEXT, arch.foreignBit);
    }
    for (Call call : Call.values()) {
      if (arch.number(call) >= 0) {
        compare(call, arch.number(call));
      }
    }
    add(RETURN, NEXT, NEXT, ALLOW);
    add(RETURN, NEXT, NEXT, 0);
    add(RETURN, NEXT, NEXT, FAIL_ENOSYS);
  }

  private void write(int action, MemorySegment all, long steps) {
    int allow = program.size() - 3;
    all.set(ValueLayout.JAVA_SHORT, 0, (short) program.size());
    all.set(ValueLayout.JAVA_LONG, 8, steps);
    for (int i = 0; i < program.size(); i++) {
      int[] step = program.get(i);
      long at = HEAD + i * 8L;
      all.set(ValueLayout.JAVA_SHORT, at, (short) step[0]);
      all.set(ValueLayout.JAVA_BYTE, at + 2, distance(i, step[1], allow));
      all.set(ValueLayout.JAVA_BYTE, at + 3, distance(i, step[2], allow));
      all.set(ValueLayout.JAVA_INT, at + 4, i == allow + 1 ? action : step[3]);
    }
  }

  private void compare(Call call, int number) {
    switch (call) {
      case NEWFSTATAT, STATX -> {
        add(IF_EQUAL, NEXT, 4, number);
        argument(call.flags);
        add(IF_ANY_BIT, NEXT, TO_PICK, Call.AT_EMPTY_PATH);
        argument(call.directory);
        add(IF_EQUAL, TO_PICK, TO_ALLOW, Call.AT_FDCWD);
      }
      case CLONE, UNSHARE -> onlyWith(number, 0, Call.CLONE_NEWNS);
      case SECCOMP -> onlyWith(number, 1, Call.NEW_LISTENER);
      case SENDTO -> {
        add(IF_EQUAL, NEXT, 4, number);
        argument(call.path);
        add(IF_EQUAL, NEXT, TO_PICK, 0);
        add(LOAD, NEXT, NEXT, ARGUMENTS + 8 * call.path + 4);
        add(IF_EQUAL, TO_ALLOW, TO_PICK, 0);
      }
      case IO_URING_SETUP -> add(IF_EQUAL, TO_FAIL, NEXT, number);
      default -> add(IF_EQUAL, TO_PICK, NEXT, number);
    }
  }

  private void onlyWith(int number, int argument, int bits) {
    add(IF_EQUAL, NEXT, 2, number);
    argument(argument);
    add(IF_ANY_BIT, TO_PICK, TO_ALLOW, bits);
  }

  private void argument(int index) {
    add(LOAD, NEXT, NEXT, ARGUMENTS + 8 * index);
  }

  private void add(int code, int ifTrue, int ifFalse, int value) {
    program.add(new int[] {code, ifTrue, ifFalse, value});
  }

  private static byte distance(int from, int target, int allow) {
    int distance =
        switch (target) {
          case TO_PICK -> allow + 1 - from - 1;
          case TO_ALLOW -> allow - from - 1;
          case TO_FAIL -> allow + 2 - from - 1;
          default -> target;
        };
    if (distance > 255) {
      throw new IllegalStateException("filter of " + allow + " steps is too long for its jumps");
    }
    return (byte) distance;
  }
}
