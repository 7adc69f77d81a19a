package dev.slipway.runtime;

import dev.slipway.workflow.expression.ExpressionException;
import dev.slipway.workflow.expression.Json;
import dev.slipway.workflow.expression.ObjectValue;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A request, whatever server took it. */
public final class Request {
  private static final int MAX_TEXT = 1024 * 1024;

  private final String method;
  private final String path;
  private final Map<String, String> query;
  private final UnaryOperator<@Nullable String> headers;
  private final InputStream body;

  /**
   * @param path without the query, as it came
   * @param headers gives the first header of a name, or null
   */
  Request(
      String method,
      String path,
      @Nullable String query,
      UnaryOperator<@Nullable String> headers,
      InputStream body) {
    this.method = method;
    this.path = path;
    this.query = parameters(query == null ? "" : query);
    this.headers = headers;
    this.body = body;
  }

  /** {@code GET}, {@code PUT} … */
  public String method() {
    return method;
  }

  /** Without the query, as it came. */
  public String path() {
    return path;
  }

  /** A parameter of the query, or the empty string. */
  public String parameter(String name) {
    return query.getOrDefault(name, "");
  }

  /** The first header of this name, or the empty string. */
  public String header(String name) {
    String value = headers.apply(name);
    return value == null ? "" : value;
  }

  /** What the request authenticates itself with, or the empty string. */
  public String bearer() {
    String header = header("Authorization");
    return header.regionMatches(true, 0, "Bearer ", 0, 7) ? header.substring(7).trim() : "";
  }

  /** What came with it; to be read once. */
  public InputStream body() {
    return body;
  }

  /** The body as text. */
  public String text() throws IOException {
    byte[] bytes = body.readNBytes(MAX_TEXT + 1);
    if (bytes.length > MAX_TEXT) {
      throw RefusedException.of(413, "RequestBodyTooLarge", "the request is too large");
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(java.nio.ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw RefusedException.malformed("the request is not UTF-8");
    }
  }

  /** The body as a JSON object. */
  public ObjectValue json() throws IOException {
    try {
      if (Json.parse(text()) instanceof ObjectValue object) {
        return object;
      }
    } catch (ExpressionException e) {
      throw RefusedException.malformed("the request is not JSON");
    }
    throw RefusedException.malformed("the request is not a JSON object");
  }

  /** The message of a call by Twirp's protocol. */
  Message message() throws IOException {
    if (!method.equals("POST")) {
      throw RefusedException.of(405, "bad_route", "methods are called with POST");
    }
    return new Message(json());
  }

  /** Where whoever sent this reaches the server, as it says, through proxies or not. */
  String origin() {
    String scheme = header("X-Forwarded-Proto").equalsIgnoreCase("https") ? "https" : "http";
    return scheme + "://" + header("Host");
  }

  private static Map<String, String> parameters(String query) {
    Map<String, String> found = new HashMap<>();
    for (String pair : query.split("&")) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        found.putIfAbsent(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
      }
    }
    return found;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw RefusedException.malformed("the query is not URL-encoded");
    }
  }
}
