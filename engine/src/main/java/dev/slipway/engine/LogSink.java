package dev.slipway.engine;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Turns what a process prints into lines: split at line feeds and carriage returns, made valid
 * UTF-8, masked, recorded. Lines that may be workflow commands, and all lines while someone
 * inspects them, go through {@link LineInspector} first. One pass over the bytes finds line ends,
 * anything unusual, and what may be a command.
 *
 * <p>A line without end is cut so that memory stays bounded, never within a secret's reach. Belongs
 * to one thread.
 */
final class LogSink implements ProcessOutput {
  private static final int MAX_LINE = 1024 * 1024;
  private static final byte[] CLASSES = classes();
  private static final byte END = 1;
  private static final byte HASH = 2;
  private static final byte HIGH = 4;
  private static final byte ESCAPED = 5;

  /** Sees lines that need more than recording. */
  interface LineInspector {
    /** Whether every line is to be seen, not just those that may be commands. */
    boolean wantsAll();

    /** What to record of a line; null for nothing. */
    @Nullable String inspect(RunEvent.Stream stream, String line);
  }

  private final RunRecorder recorder;
  private final Masker masker;
  private final LineInspector inspector;
  private final Side out;
  private final Side err;
  private final RunRecorder.Channel system;
  private final JsonLine masked = new JsonLine(1024);

  LogSink(RunRecorder recorder, Masker masker, LineInspector inspector, String job, int step) {
    this.recorder = recorder;
    this.masker = masker;
    this.inspector = inspector;
    this.out = side(job, step, RunEvent.Stream.STDOUT);
    this.err = side(job, step, RunEvent.Stream.STDERR);
    this.system = recorder.channel(job, step, RunEvent.Stream.SYSTEM);
  }

  private Side side(String job, int step, RunEvent.Stream stream) {
    return new Side(stream, recorder.channel(job, step, stream));
  }

  private static byte[] classes() {
    byte[] classes = new byte[256];
    for (int b = 0; b < 32; b++) {
      classes[b] = 5;
    }
    classes['"'] = 5;
    classes['\\'] = 5;
    classes['\n'] = 1;
    classes['\r'] = 1;
    classes['#'] = 2;
    classes[':'] = 3;
    for (int b = 128; b < 256; b++) {
      classes[b] = 4;
    }
    return classes;
  }

  /** One stream's unfinished line. */
  private static final class Side {
    private final RunEvent.Stream stream;
    private final RunRecorder.Channel channel;
    private byte[] rest = new byte[0];
    private int length;
    private boolean afterReturn;

    /** Whether the line began with a part that is recorded already. */
    private boolean continued;

    Side(RunEvent.Stream stream, RunRecorder.Channel channel) {
      this.stream = stream;
      this.channel = channel;
    }

    void keep(byte[] bytes, int from, int to) {
      int more = to - from;
      if (rest.length < length + more) {
        rest = java.util.Arrays.copyOf(rest, Math.max(length + more, rest.length * 2));
      }
      System.arraycopy(bytes, from, rest, length, more);
      length += more;
    }
  }

  @Override
  public void bytes(RunEvent.Stream stream, byte[] bytes, int length) {
    recorder.tick();
    Side side = stream == RunEvent.Stream.STDERR ? err : out;
    int start = 0;
    int i = 0;
    boolean unusual = false;
    boolean escaped = false;
    byte[] classes = CLASSES;
    while (i < length) {
      byte c = classes[bytes[i] & 255];
      if (c == 0) {
        i++;
        continue;
      }
      if (c == ESCAPED) {
        escaped = true;
        i++;
        continue;
      }
      if (c != END) {
        unusual |= c == HIGH || maybeCommand(bytes, i, start, length, c);
        i++;
        continue;
      }
      if (bytes[i] == '\n' && side.afterReturn && i == start && side.length == 0) {
        side.afterReturn = false;
      } else {
        end(side, bytes, start, i, unusual, escaped);
        side.afterReturn = bytes[i] == '\r';
      }
      i++;
      start = i;
      unusual = false;
      escaped = false;
    }
    if (start < length) {
      side.afterReturn = false;
      side.keep(bytes, start, length);
      if (side.length > MAX_LINE) {
        cut(side);
      }
    }
  }

  private static boolean maybeCommand(byte[] bytes, int i, int start, int length, byte c) {
    if (i + 1 >= length || i == start) {
      return true;
    }
    return c == HASH ? bytes[i + 1] == '#' : bytes[i + 1] == ':' && bytes[i - 1] <= ' ';
  }

  private void end(Side side, byte[] bytes, int start, int end, boolean unusual, boolean escaped) {
    if (side.length == 0 && !side.continued) {
      if (!unusual && !escaped && !inspector.wantsAll()) {
        if (masker.mask(bytes, start, end - start, masked)) {
          side.channel.line(masked.bytes, 0, masked.size);
        } else {
          side.channel.plainLine(bytes, start, end - start);
        }
        return;
      }
      line(side, bytes, start, end, unusual);
      return;
    }
    side.keep(bytes, start, end);
    rest(side);
  }

  /** The end of a line whose beginning was kept. */
  private void rest(Side side) {
    int length = side.length;
    side.length = 0;
    if (side.continued) {
      side.continued = false;
      recordValid(side.channel, side.rest, length);
    } else {
      line(side, side.rest, 0, length, true);
    }
  }

  private void recordValid(RunRecorder.Channel channel, byte[] bytes, int length) {
    byte[] valid = repaired(bytes, 0, length);
    if (valid == null) {
      record(channel, bytes, 0, length);
    } else {
      record(channel, valid, 0, valid.length);
    }
  }

  private void cut(Side side) {
    int cut = masker.cutBefore(side.rest, side.length);
    if (cut <= 0) {
      cut = side.length;
    }
    cut = characterStart(side.rest, cut);
    recordValid(side.channel, side.rest, cut);
    System.arraycopy(side.rest, cut, side.rest, 0, side.length - cut);
    side.length -= cut;
    side.continued = true;
  }

  /** The cut, moved to the start of the character that it would cut in two. */
  private static int characterStart(byte[] utf8, int cut) {
    for (int back = 1; back <= 3 && back < cut; back++) {
      int b = utf8[cut - back] & 0xff;
      if (b < 0x80) {
        return cut;
      }
      if (b >= 0xc0) {
        int length = b >= 0xf0 ? 4 : b >= 0xe0 ? 3 : 2;
        return length > back ? cut - back : cut;
      }
    }
    return cut;
  }

  private void line(Side side, byte[] bytes, int start, int end, boolean unusual) {
    if (unusual || inspector.wantsAll()) {
      byte[] source = bytes;
      int from = start;
      int to = end;
      byte[] valid = repaired(bytes, start, end);
      if (valid != null) {
        source = valid;
        from = 0;
        to = valid.length;
      }
      if (inspector.wantsAll() || mayBeCommand(source, from, to)) {
        inspected(side, new String(source, from, to - from, StandardCharsets.UTF_8));
        return;
      }
      record(side.channel, source, from, to);
      return;
    }
    record(side.channel, bytes, start, end);
  }

  private void inspected(Side side, String line) {
    String shown = inspector.inspect(side.stream, line);
    if (shown != null) {
      byte[] utf8 = shown.getBytes(StandardCharsets.UTF_8);
      record(side.channel, utf8, 0, utf8.length);
    }
  }

  private static boolean mayBeCommand(byte[] bytes, int from, int to) {
    for (int i = from; i + 2 < to; i++) {
      if (bytes[i] == '#' && bytes[i + 1] == '#' && bytes[i + 2] == '[') {
        return true;
      }
      if (bytes[i] == ':' && bytes[i + 1] == ':') {
        return true;
      }
    }
    return false;
  }

  /** The bytes with what is no UTF-8 replaced; null when nothing had to be. */
  private static byte @Nullable [] repaired(byte[] bytes, int start, int end) {
    boolean ascii = true;
    for (int i = start; i < end && ascii; i++) {
      ascii = bytes[i] >= 0;
    }
    if (ascii) {
      return null;
    }
    try {
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes, start, end - start));
      return null;
    } catch (CharacterCodingException invalid) {
      return new String(bytes, start, end - start, StandardCharsets.UTF_8)
          .getBytes(StandardCharsets.UTF_8);
    }
  }

  private void record(RunRecorder.Channel channel, byte[] bytes, int start, int end) {
    if (masker.mask(bytes, start, end - start, masked)) {
      channel.line(masked.bytes, 0, masked.size);
    } else {
      channel.line(bytes, start, end - start);
    }
  }

  /** A line of Slipway's own. */
  void system(String text) {
    recorder.tick();
    for (String line : text.split("\n", -1)) {
      byte[] utf8 = line.getBytes(StandardCharsets.UTF_8);
      record(system, utf8, 0, utf8.length);
    }
  }

  /** Records unfinished lines; the process has ended. */
  void finish() {
    for (Side side : new Side[] {out, err}) {
      if (side.length > 0) {
        rest(side);
      }
      side.continued = false;
      side.afterReturn = false;
    }
  }

  @Override
  public void idle() {
    recorder.flush();
  }
}
