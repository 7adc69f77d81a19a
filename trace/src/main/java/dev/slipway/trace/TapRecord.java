package dev.slipway.trace;

/** How {@link TapProgram} writes down a call, in bytes from the beginning. */
final class TapRecord {
  /** Four bytes: who called. */
  static final int TASK = 0;

  /** Four bytes. */
  static final int NUMBER = 4;

  /** When it returned, in nanoseconds of the monotonic clock. */
  static final int TIME = 8;

  static final int RESULT = 16;

  /** Together with {@link #ENTRY} which directory is current, as long as it is anyone's. */
  static final int MOUNT = 24;

  static final int ENTRY = 32;

  /** Four bytes: 1 when that directory was removed. */
  static final int REMOVED = 40;

  /** Four bytes: how long the path is with its final zero; 0 when it could not be read. */
  static final int LENGTH = 44;

  /** The first five. */
  static final int ARGUMENTS = 48;

  static final int PATH = 88;

  /** One byte more than the kernel takes, to tell what it takes from what it does not. */
  static final int PATH_ROOM = Peek.PATH_MAX + 1;

  static final int SIZE = PATH + PATH_ROOM;

  private TapRecord() {}
}
