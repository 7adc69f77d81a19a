package dev.slipway.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Buffered UTF-8 text to one stream. Not for use by several threads at once. */
final class Sink {
  private final OutputStream stream;
  private byte[] buffer = new byte[8192];
  private int length;

  Sink(OutputStream stream) {
    this.stream = stream;
  }

  Sink print(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    print(bytes, 0, bytes.length);
    return this;
  }

  Sink line(String text) {
    return print(text).print("\n");
  }

  Sink print(byte[] bytes, int offset, int count) {
    if (count > buffer.length - length) {
      flush();
      if (count > buffer.length) {
        write(bytes, offset, count);
        return this;
      }
    }
    System.arraycopy(bytes, offset, buffer, length, count);
    length += count;
    return this;
  }

  void flush() {
    if (length > 0) {
      int count = length;
      length = 0;
      write(buffer, 0, count);
    }
  }

  /** The stream below; flush first. */
  OutputStream stream() {
    return stream;
  }

  private void write(byte[] bytes, int offset, int count) {
    try {
      stream.write(bytes, offset, count);
      stream.flush();
    } catch (IOException e) {
      throw new Closed(e);
    }
  }

  /** Nobody reads the output any more, or it cannot be written. */
  static final class Closed extends RuntimeException {
    private static final long serialVersionUID = 1;

    Closed(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }
}
