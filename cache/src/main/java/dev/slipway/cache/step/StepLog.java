package dev.slipway.cache.step;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * What a step printed, in the order in which it came: pieces of standard output and standard error,
 * each with a byte for the stream and four for its length. Belongs to one thread.
 */
public final class StepLog {
  private static final int LIMIT = 32 * 1024 * 1024;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private boolean full;

  /** Takes what is replayed. */
  public interface Replay {
    /** A piece as the process printed it. */
    void bytes(boolean error, byte[] bytes, int length);
  }

  /** Notes a piece; what is more than 32 MiB in all is not kept, and the step is not either. */
  public void add(boolean error, byte[] piece, int length) {
    if (full || bytes.size() + length > LIMIT) {
      full = true;
      return;
    }
    bytes.write(error ? 2 : 1);
    for (int shift = 24; shift >= 0; shift -= 8) {
      bytes.write(length >>> shift);
    }
    bytes.write(piece, 0, length);
  }

  boolean full() {
    return full;
  }

  byte[] toBytes() {
    return bytes.toByteArray();
  }

  /** What was printed, without what tells the streams apart. */
  public byte[] text() {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    replay(toBytes(), (error, piece, length) -> text.write(piece, 0, length));
    return text.toByteArray();
  }

  /** Whether a part occurs in bytes. */
  public static boolean contains(byte[] bytes, byte[] part) {
    return Roots.indexOf(bytes, bytes.length, part) >= 0;
  }

  /** Hands on what was printed, piece by piece. */
  static void replay(byte[] log, Replay to) {
    int at = 0;
    while (at + 5 <= log.length) {
      int length =
          (log[at + 1] & 255) << 24
              | (log[at + 2] & 255) << 16
              | (log[at + 3] & 255) << 8
              | (log[at + 4] & 255);
      int end = Math.min(log.length, at + 5 + Math.max(0, length));
      byte[] piece = Arrays.copyOfRange(log, at + 5, end);
      to.bytes(log[at] == 2, piece, piece.length);
      at = end;
    }
  }
}
