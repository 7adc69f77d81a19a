package dev.slipway.engine;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads the events of a record, line by line. Nearly all lines of a long record are those of a log:
 * they are told by their head, and can be passed over unread, or read without a tree of values.
 *
 * <p>Not thread-safe.
 */
final class EventReader {
  /** How an event of a log begins, behind its number and time. */
  private static final byte[] LOG = "\",\"type\":\"log\",".getBytes(StandardCharsets.US_ASCII);

  /** Number and time end before this. */
  private static final int HEAD = 64;

  private final boolean withLog;
  private final JsonFactory json = JsonFactory.builder().build();
  private String lastTime = "";
  private Instant lastAt = Instant.EPOCH;

  /**
   * @param withLog whether lines of the log are events, too
   */
  EventReader(boolean withLog) {
    this.withLog = withLog;
  }

  /** Hands on the event of a line, if it is one and asked for. */
  void read(byte[] line, int offset, int length, Consumer<RunEvent> each) {
    RunEvent event = null;
    if (isLog(line, offset, length)) {
      event = withLog ? log(line, offset, length) : null;
    } else {
      event = EventJson.read(new String(line, offset, length, StandardCharsets.UTF_8));
    }
    if (event != null && (withLog || !(event instanceof RunEvent.Log))) {
      each.accept(event);
    }
  }

  private static boolean isLog(byte[] line, int offset, int length) {
    int last = offset + Math.min(length, HEAD) - LOG.length;
    for (int at = offset; at <= last; at++) {
      if (line[at] == '"' && Arrays.equals(line, at, at + LOG.length, LOG, 0, LOG.length)) {
        return true;
      }
    }
    return false;
  }

  /** Null when it was cut short. */
  private @Nullable RunEvent log(byte[] line, int offset, int length) {
    long seq = 0;
    int step = 0;
    String time = "";
    String run = "";
    String job = "";
    String stream = "";
    String text = "";
    try (JsonParser parser = json.createParser(ObjectReadContext.empty(), line, offset, length)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        switch (name) {
          case "seq" -> seq = parser.getLongValue();
          case "at" -> time = parser.getString();
          case "run" -> run = parser.getString();
          case "job" -> job = parser.getString();
          case "step" -> step = parser.getIntValue();
          case "stream" -> stream = parser.getString();
          case "text" -> text = parser.getString();
          default -> parser.skipChildren();
        }
      }
      if (!time.equals(lastTime)) {
        lastAt = Instant.parse(time);
        lastTime = time;
      }
    } catch (JacksonException | DateTimeParseException cutShort) {
      return null;
    }
    return new RunEvent.Log(seq, lastAt, run, job, step, EventJson.stream(stream), text);
  }
}
