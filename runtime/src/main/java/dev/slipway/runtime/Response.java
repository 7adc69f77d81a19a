package dev.slipway.runtime;

import dev.slipway.workflow.expression.Json;
import dev.slipway.workflow.expression.Value;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a request is answered with. */
public final class Response {
  private static final byte[] NOTHING = {};

  private final int status;
  private final List<Header> headers = new ArrayList<>();
  private final byte[] body;
  private final @Nullable FileRange file;

  /** A part of a file as the body. */
  public record FileRange(Path file, long start, long length) {}

  record Header(String name, String value) {}

  private Response(int status, byte[] body, @Nullable FileRange file) {
    this.status = status;
    this.body = body;
    this.file = file;
  }

  /** Without a body. */
  public static Response empty(int status) {
    return new Response(status, NOTHING, null);
  }

  /** Text of this media type. */
  public static Response text(int status, String type, String text) {
    return new Response(status, text.getBytes(StandardCharsets.UTF_8), null)
        .header("Content-Type", type);
  }

  /** With status 200. */
  public static Response json(Value value) {
    return json(200, value);
  }

  /** A value as JSON. */
  public static Response json(int status, Value value) {
    return text(status, "application/json", Json.writeCompact(value));
  }

  /** A part of a file; 404 when it is not there any more. */
  public static Response file(int status, FileRange range) {
    return new Response(status, NOTHING, range);
  }

  /** As the clients of all protocols here find what they look for in it. */
  public static Response refusal(RefusedException refusal) {
    Value text = Value.of(refusal.text());
    return json(
            refusal.status(),
            Value.object(Map.of("code", Value.of(refusal.code()), "msg", text, "message", text)))
        .header("x-ms-error-code", refusal.code());
  }

  /** Adds a header. */
  public Response header(String name, String value) {
    headers.add(new Header(name, value));
    return this;
  }

  /** The status code. */
  public int status() {
    return status;
  }

  List<Header> headers() {
    return headers;
  }

  byte[] body() {
    return body;
  }

  /** How many bytes follow the headers. */
  public long length() {
    return file == null ? body.length : file.length();
  }

  @Nullable FileRange file() {
    return file;
  }
}
