package dev.slipway.docker;

import dev.slipway.engine.ProcessOutput;
import dev.slipway.engine.RunEvent;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * What a container or a process in it prints, as the engine sends it: frames with a header of eight
 * bytes, the first of which tells the stream and the last four the length; with a terminal there
 * are no frames, only bytes.
 */
final class Frames {
  private static final int BUFFER = 64 * 1024;

  private Frames() {}

  /** Hands on everything to the end of the stream, or until it breaks off. */
  static void read(InputStream in, boolean terminal, ProcessOutput output) throws IOException {
    byte[] buffer = new byte[BUFFER];
    byte[] header = new byte[8];
    while (true) {
      RunEvent.Stream stream = RunEvent.Stream.STDOUT;
      int left = BUFFER;
      if (!terminal) {
        int got = in.readNBytes(header, 0, 8);
        if (got < 8) {
          return;
        }
        stream = header[0] == 2 ? RunEvent.Stream.STDERR : RunEvent.Stream.STDOUT;
        left =
            (header[4] & 0xff) << 24
                | (header[5] & 0xff) << 16
                | (header[6] & 0xff) << 8
                | (header[7] & 0xff);
        if (left < 0) {
          throw new EOFException("the Docker engine sent what is no output");
        }
      }
      while (left > 0) {
        int count = in.read(buffer, 0, Math.min(left, BUFFER));
        if (count < 0) {
          return;
        }
        output.bytes(stream, buffer, count);
        if (terminal) {
          break;
        }
        left -= count;
      }
      output.idle();
    }
  }
}
