package dev.slipway.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.function.Consumer;

/**
 * Numbers, stores and hands on the events of one run.
 *
 * <p>Whole lines are appended to the file, at every event that is not a log line and whenever a step's output
 * pauses, so a crash loses at most the log lines of the last moment and can cut at most the last line, which
 * readers pass over. A disk that is full is reported once and stops the run: what cannot be recorded is not run.
 *
 * <p>Thread-safe: one lock for a run.
 */
final class RunRecorder implements AutoCloseable {
  private static final int FLUSH_AT = 256 * 1024;

  /** Makes an event, given its number and time. */
  interface Event {
    RunEvent at(long seq, Instant at);
  }

  /** Receives the stored lines as they are written. */
  interface Lines {
    void write(byte[] bytes, int length);
  }

  private final String run;
  private final FileChannel file;
  private final JsonLine buffer = new JsonLine(FLUSH_AT + 64 * 1024);
  private final Timestamps timestamps = new Timestamps();
  private final RunListener listener;
  private final Lines lines;
  private final Consumer<IOException> onFailure;
  private long seq;
  private boolean failed;
  private boolean closed;
  private long now = System.currentTimeMillis();

  RunRecorder(
      String run, Path file, RunListener listener, Lines lines, Consumer<IOException> onFailure) {
    this.run = run;
    this.listener = listener;
    this.lines = lines;
    this.onFailure = onFailure;
    try {
      this.file =
          FileChannel.open(
              file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String run() {
    return run;
  }

  /** Records an event other than a log line. */
  synchronized void emit(Event event) {
    now = System.currentTimeMillis();
    RunEvent made = event.at(++seq, Instant.ofEpochMilli(now));
    EventJson.write(buffer, timestamps, made);
    flush();
    listener.event(made);
  }

  /** The fixed part of a step's log lines on one stream. */
  Channel channel(String job, int step, RunEvent.Stream stream) {
    JsonLine head = new JsonLine(128);
    head.raw("\",\"type\":\"log\"").member("run", run).member("job", job).member("step", step);
    head.member("stream", EventJson.text(stream)).raw(",\"text\":");
    return new Channel(job, step, stream, java.util.Arrays.copyOf(head.bytes, head.size));
  }

  /** A step's log on one stream. */
  final class Channel {
    private final String job;
    private final int step;
    private final RunEvent.Stream stream;
    private final byte[] head;

    private Channel(String job, int step, RunEvent.Stream stream, byte[] head) {
      this.job = job;
      this.step = step;
      this.stream = stream;
      this.head = head;
    }

    /** Records one masked line of valid UTF-8. */
    void line(byte[] utf8, int offset, int length) {
      synchronized (RunRecorder.this) {
        buffer.raw(SEQ).number(++seq).raw(AT).raw(timestamps.format(now)).raw(head);
        buffer.string(utf8, offset, length).raw(END);
        if (buffer.size >= FLUSH_AT) {
          now = System.currentTimeMillis();
          flush();
        }
        listener.log(run, job, step, stream, utf8, offset, length);
      }
    }
  }

  private static final byte[] SEQ = {'{', '"', 's', 'e', 'q', '"', ':'};
  private static final byte[] AT = {',', '"', 'a', 't', '"', ':', '"'};
  private static final byte[] END = {'}', '\n'};

  /** New output is about to come: what time it is. */
  synchronized void tick() {
    now = System.currentTimeMillis();
  }

  /** Writes what is buffered. */
  synchronized void flush() {
    if (buffer.size == 0) {
      return;
    }
    if (!failed && !closed) {
      try {
        ByteBuffer bytes = ByteBuffer.wrap(buffer.bytes, 0, buffer.size);
        while (bytes.hasRemaining()) {
          file.write(bytes);
        }
      } catch (IOException e) {
        failed = true;
        onFailure.accept(e);
      }
    }
    lines.write(buffer.bytes, buffer.size);
    buffer.clear();
  }

  @Override
  public synchronized void close() {
    flush();
    closed = true;
    try {
      file.close();
    } catch (IOException e) {
      if (!failed) {
        failed = true;
        onFailure.accept(e);
      }
    }
  }
}
