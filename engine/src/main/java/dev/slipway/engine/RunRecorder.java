package dev.slipway.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Numbers, stores and hands on the events of one run.
 *
 * <p>Whole lines are appended to the file, at every event that is not a log line and whenever a
 * step's output pauses, so a crash loses at most the log lines of the last moment and can cut at
 * most the last line, which readers pass over. A disk that is full is reported once and stops the
 * run: what cannot be recorded is not run.
 *
 * <p>Thread-safe: one lock for a run.
 */
final class RunRecorder implements AutoCloseable {
  private static final int FLUSH_AT = 256 * 1024;

  /** Makes an event, given its number and time. */
  interface Event {
    RunEvent at(long seq, Instant at);
  }

  private final String run;
  private final FileChannel file;
  private JsonLine buffer = new JsonLine(16 * 1024);
  private @Nullable Writer writer;
  private final Timestamps timestamps = new Timestamps();
  private final RunListener listener;
  private final Consumer<IOException> onFailure;
  private long seq;
  private volatile boolean failed;
  private volatile boolean closed;
  private long now = System.currentTimeMillis();

  RunRecorder(String run, Path file, RunListener listener, Consumer<IOException> onFailure) {
    this.run = run;
    this.listener = listener;
    this.onFailure = onFailure;
    try {
      this.file = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
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
        begin();
        buffer.string(utf8, offset, length);
        end(utf8, offset, length);
      }
    }

    /** Records one masked line of ASCII in which nothing needs an escape in JSON. */
    void plainLine(byte[] ascii, int offset, int length) {
      synchronized (RunRecorder.this) {
        begin();
        buffer.quoted(ascii, offset, length);
        end(ascii, offset, length);
      }
    }

    private void begin() {
      buffer.raw(SEQ).number(++seq).raw(AT).raw(timestamps.format(now)).raw(head);
    }

    private void end(byte[] line, int offset, int length) {
      buffer.raw(END);
      if (buffer.size >= FLUSH_AT) {
        now = System.currentTimeMillis();
        writeSoon();
      }
      listener.log(run, job, step, stream, line, offset, length);
    }
  }

  /** Hands a full buffer to a thread that writes while the next fills; long logs begin one. */
  private void writeSoon() {
    Writer behind = writer;
    if (behind == null) {
      behind = new Writer();
      writer = behind;
    }
    behind.put(buffer);
    buffer = behind.take();
  }

  /** Writes full buffers in order, a few at most ahead of the file. */
  private final class Writer implements Runnable {
    private static final int BUFFERS = 4;
    private final java.util.ArrayDeque<JsonLine> full = new java.util.ArrayDeque<>();
    private final java.util.ArrayDeque<JsonLine> empty = new java.util.ArrayDeque<>();
    private boolean writing;
    private boolean ended;

    Writer() {
      for (int i = 0; i < BUFFERS; i++) {
        empty.add(new JsonLine(FLUSH_AT + 64 * 1024));
      }
      Thread.ofPlatform().daemon().name("record").start(this);
    }

    synchronized void put(JsonLine buffer) {
      full.add(buffer);
      notifyAll();
    }

    synchronized JsonLine take() {
      await(() -> empty.isEmpty());
      return empty.remove();
    }

    /** Waits until all that was put is written. */
    synchronized void drain() {
      await(() -> writing || !full.isEmpty());
    }

    private void await(java.util.function.BooleanSupplier busy) {
      boolean interrupted = false;
      while (busy.getAsBoolean()) {
        try {
          wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    synchronized void end() {
      ended = true;
      notifyAll();
    }

    @Override
    public void run() {
      while (true) {
        JsonLine next;
        synchronized (this) {
          await(() -> full.isEmpty() && !ended);
          if (full.isEmpty()) {
            return;
          }
          next = full.remove();
          writing = true;
        }
        write(next);
        synchronized (this) {
          next.clear();
          empty.add(next);
          writing = false;
          notifyAll();
        }
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
    Writer behind = writer;
    if (behind != null) {
      behind.drain();
    }
    write(buffer);
    buffer.clear();
  }

  /** Called by one thread at a time: by the writer, or when it has nothing left to write. */
  private void write(JsonLine lines) {
    if (!failed && !closed) {
      try {
        ByteBuffer bytes = ByteBuffer.wrap(lines.bytes, 0, lines.size);
        while (bytes.hasRemaining()) {
          file.write(bytes);
        }
      } catch (IOException e) {
        failed = true;
        onFailure.accept(e);
      }
    }
    listener.stored(lines.bytes, lines.size);
  }

  @Override
  public synchronized void close() {
    flush();
    closed = true;
    Writer behind = writer;
    if (behind != null) {
      behind.end();
    }
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
