package dev.slipway.trace;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The program, in the kernel's BPF, that writes a {@link TapRecord} for each call of a watched task
 * that the filter of a tapped watch lets through untold. It runs whenever any task of the machine
 * returns from a call, so it first finds out whether that task is watched.
 *
 * <p>A task is watched when the watch's filter is among those that lie on it: the same tasks, by
 * the same inheritance, whose other calls are asked about. Which filter that is, is seen when the
 * thread that lays it on itself returns from doing so.
 *
 * <p>Paths are read when the call returns, not when it begins: only then is what was not in memory
 * yet sure to be there.
 */
final class TapProgram {
  /** As many filters may lie over the watch's own. */
  static final int FILTERS = 32;

  // Registers: arguments are 1 to 5, results are 0, 6 to 9 outlive calls, 10 is the stack.
  private static final int CALL = 6;
  private static final int TASK = 7;
  private static final int REGISTERS = 8;
  private static final int PATH = 9;
  private static final int STACK = 10;
  // Later.
  private static final int RECORD = 6;
  private static final int LENGTH = 8;

  private static final int MAP_LOOKUP_ELEM = 1;
  private static final int KTIME_GET_NS = 5;
  private static final int GET_CURRENT_PID_TGID = 14;
  private static final int PROBE_READ_USER_STR = 114;
  private static final int RINGBUF_OUTPUT = 130;
  private static final int GET_CURRENT_TASK_BTF = 158;
  private static final int TASK_PT_REGS = 175;

  private static final int NO_WAKEUP = 1;
  private static final int MAP_FD = 1;
  private static final int MAP_VALUE = 2;

  private static final int JUMP = 0x05;
  private static final int IF_EQUAL = 0x15;
  private static final int IF_EQUAL_REGISTER = 0x1d;
  private static final int IF_GREATER = 0x25;
  private static final int IF_NOT_EQUAL = 0x55;
  private static final int IF_LESS_SIGNED = 0xc5;
  private static final int IF_LOW_NOT_EQUAL = 0x56;
  private static final int IF_LOW_NOT_EQUAL_REGISTER = 0x5e;
  private static final int IF_LOW_ANY_BIT = 0x46;
  private static final int LOAD = 0x79;
  private static final int STORE = 0x7b;
  private static final int STORE_LOW = 0x63;
  private static final int STORE_LOW_VALUE = 0x62;
  private static final int SET = 0xb7;
  private static final int COPY = 0xbf;
  private static final int ADD = 0x07;
  private static final int ADD_ATOMIC = 0xdb;
  private static final int RUN = 0x85;
  private static final int EXIT = 0x95;

  // struct pt_regs
  private static final int ORIG_RAX = 120;
  private static final int[] ARGUMENTS = {112, 104, 96, 56, 72};

  // What the program and its watch share: the filter, how many records were lost, how often there
  // were more filters than it looks at, and the task that lays the filter on itself.
  static final int STATE = 64;
  static final int FILTER = 0;
  static final int LOST = 8;
  static final int UNCLEAR = 16;
  static final int STARTER = 24;

  private final KernelFields fields;
  private final List<long[]> program = new ArrayList<>();
  private final List<String> targets = new ArrayList<>();
  private final Map<String, Integer> labels = new HashMap<>();

  private TapProgram(KernelFields fields) {
    this.fields = fields;
  }

  /** The instructions. */
  static long[] build(KernelFields fields, int state, int scratch, int ring) {
    TapProgram program = new TapProgram(fields);
    program.find(state);
    program.choose();
    program.write(state, scratch, ring);
    return program.linked();
  }

  private void find(int state) {
    add(COPY, CALL, 1, 0, 0);
    run(GET_CURRENT_TASK_BTF);
    add(COPY, TASK, 0, 0, 0);
    add(LOAD, 1, TASK, fields.taskFilter(), 0);
    jump(IF_EQUAL, 1, 0, 0, "exit");
    map(9, MAP_VALUE, state);
    add(LOAD, 2, 9, FILTER, 0);
    for (int i = 0; i < FILTERS; i++) {
      jump(IF_EQUAL_REGISTER, 1, 2, 0, "watched");
      add(LOAD, 1, 1, fields.filterBefore(), 0);
      jump(IF_EQUAL, 1, 0, 0, "not watched");
    }
    jump(IF_EQUAL, 2, 0, 0, "exit");
    add(SET, 1, 0, 0, 1);
    add(ADD_ATOMIC, 9, 1, UNCLEAR, 0);
    jump(JUMP, 0, 0, 0, "exit");

    label("not watched");
    jump(IF_NOT_EQUAL, 2, 0, 0, "exit");
    run(GET_CURRENT_PID_TGID);
    add(LOAD, 1, 9, STARTER, 0);
    jump(IF_LOW_NOT_EQUAL_REGISTER, 0, 1, 0, "exit");
    add(COPY, 1, TASK, 0, 0);
    run(TASK_PT_REGS);
    add(COPY, REGISTERS, 0, 0, 0);
    add(LOAD, 1, REGISTERS, ORIG_RAX, 0);
    jump(IF_NOT_EQUAL, 1, 0, Arch.X86_64.seccomp, "exit");
    add(LOAD, 1, CALL, 8, 0);
    jump(IF_LESS_SIGNED, 1, 0, 0, "exit");
    add(LOAD, 1, TASK, fields.taskFilter(), 0);
    add(STORE, 9, 1, FILTER, 0);
    jump(JUMP, 0, 0, 0, "without path");
  }

  private void choose() {
    label("watched");
    add(COPY, 1, TASK, 0, 0);
    run(TASK_PT_REGS);
    add(COPY, REGISTERS, 0, 0, 0);
    add(LOAD, 1, REGISTERS, ORIG_RAX, 0);
    for (Call call : Call.values()) {
      if (call.x86 >= 0 && call.isLight()) {
        jump(IF_EQUAL, 1, 0, call.x86, call.name());
      } else if (call.x86 >= 0 && call.movesFolders()) {
        jump(IF_EQUAL, 1, 0, call.x86, "without path");
      }
    }
    jump(JUMP, 0, 0, 0, "exit");
    for (Call call : Call.values()) {
      if (call.x86 >= 0 && call.isLight()) {
        label(call.name());
        if (call.directory >= 0) {
          add(LOAD, 2, REGISTERS, ARGUMENTS[call.directory], 0);
          jump(IF_LOW_NOT_EQUAL, 2, 0, Call.AT_FDCWD, "exit");
        }
        if (call.heavyFlags() != 0) {
          add(LOAD, 2, REGISTERS, ARGUMENTS[call.flags], 0);
          jump(IF_LOW_ANY_BIT, 2, 0, call.heavyFlags(), "exit");
        }
        add(LOAD, PATH, REGISTERS, ARGUMENTS[call.path], 0);
        jump(JUMP, 0, 0, 0, "write");
      }
    }
  }

  private void write(int state, int scratch, int ring) {
    label("without path");
    add(SET, PATH, 0, 0, 0);

    label("write");
    add(STORE_LOW_VALUE, STACK, 0, -4, 0);
    map(1, MAP_FD, scratch);
    add(COPY, 2, STACK, 0, 0);
    add(ADD, 2, 0, 0, -4);
    run(MAP_LOOKUP_ELEM);
    jump(IF_EQUAL, 0, 0, 0, "exit");
    add(LOAD, 1, CALL, 8, 0);
    add(COPY, RECORD, 0, 0, 0);
    add(STORE, RECORD, 1, TapRecord.RESULT, 0);
    add(LOAD, 1, REGISTERS, ORIG_RAX, 0);
    add(STORE_LOW, RECORD, 1, TapRecord.NUMBER, 0);
    for (int i = 0; i < ARGUMENTS.length; i++) {
      add(LOAD, 1, REGISTERS, ARGUMENTS[i], 0);
      add(STORE, RECORD, 1, TapRecord.ARGUMENTS + 8 * i, 0);
    }

    add(LOAD, 1, TASK, fields.taskFolders(), 0);
    add(LOAD, 2, 1, fields.mount(), 0);
    add(STORE, RECORD, 2, TapRecord.MOUNT, 0);
    add(LOAD, 2, 1, fields.entry(), 0);
    add(STORE, RECORD, 2, TapRecord.ENTRY, 0);
    add(STORE_LOW_VALUE, RECORD, 0, TapRecord.REMOVED, 0);
    // A directory is in no table of names when it was removed, or is the root of a file system.
    add(LOAD, 3, 2, fields.entryHashed(), 0);
    jump(IF_NOT_EQUAL, 3, 0, 0, "there");
    add(LOAD, 3, 2, fields.entryParent(), 0);
    jump(IF_EQUAL_REGISTER, 3, 2, 0, "there");
    add(STORE_LOW_VALUE, RECORD, 0, TapRecord.REMOVED, 1);
    label("there");
    run(GET_CURRENT_PID_TGID);
    add(STORE_LOW, RECORD, 0, TapRecord.TASK, 0);
    run(KTIME_GET_NS);
    add(STORE, RECORD, 0, TapRecord.TIME, 0);

    add(STORE_LOW_VALUE, RECORD, 0, TapRecord.LENGTH, 0);
    add(SET, LENGTH, 0, 0, 0);
    jump(IF_EQUAL, PATH, 0, 0, "put");
    add(COPY, 1, RECORD, 0, 0);
    add(ADD, 1, 0, 0, TapRecord.PATH);
    add(SET, 2, 0, 0, TapRecord.PATH_ROOM);
    add(COPY, 3, PATH, 0, 0);
    run(PROBE_READ_USER_STR);
    jump(IF_GREATER, 0, 0, TapRecord.PATH_ROOM, "put");
    add(STORE_LOW, RECORD, 0, TapRecord.LENGTH, 0);
    add(COPY, LENGTH, 0, 0, 0);
    label("put");
    add(ADD, LENGTH, 0, 0, TapRecord.PATH);
    map(1, MAP_FD, ring);
    add(COPY, 2, RECORD, 0, 0);
    add(COPY, 3, LENGTH, 0, 0);
    add(SET, 4, 0, 0, NO_WAKEUP);
    run(RINGBUF_OUTPUT);
    jump(IF_EQUAL, 0, 0, 0, "exit");
    map(1, MAP_VALUE, state);
    add(SET, 2, 0, 0, 1);
    add(ADD_ATOMIC, 1, 2, LOST, 0);

    label("exit");
    add(SET, 0, 0, 0, 0);
    add(EXIT, 0, 0, 0, 0);
  }

  private void run(int function) {
    add(RUN, 0, 0, 0, function);
  }

  /** Loads a map, or the address of its only value. */
  private void map(int register, int how, int fd) {
    add(0x18, register, how, 0, fd);
    add(0, 0, 0, 0, 0);
  }

  private void label(String label) {
    labels.put(label, program.size());
  }

  private void jump(int code, int left, int right, int value, String target) {
    program.add(new long[] {code, left, right, 0, value});
    targets.add(target);
  }

  private void add(int code, int to, int from, int offset, int value) {
    program.add(new long[] {code, to, from, offset, value});
    targets.add("");
  }

  private long[] linked() {
    long[] linked = new long[program.size()];
    for (int i = 0; i < linked.length; i++) {
      long[] step = program.get(i);
      long offset = step[3];
      Integer target = labels.get(targets.get(i));
      if (target != null) {
        offset = (long) target - i - 1;
      } else if (!targets.get(i).isEmpty()) {
        throw new IllegalStateException("no place is called " + targets.get(i));
      }
      linked[i] =
          step[0]
              | (step[1] << 8)
              | (step[2] << 12)
              | ((offset & 0xffff) << 16)
              | ((step[4] & 0xffffffffL) << 32);
    }
    return linked;
  }
}
