package dev.slipway.docker;

import dev.slipway.engine.ContainerException;
import dev.slipway.engine.StopSignal;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The engine's HTTP interface on its Unix socket, in a version that both sides know. Thread-safe.
 */
final class DockerApi {
  private static final int[] OLDEST = {1, 35};
  private static final int[] NEWEST = {1, 47};
  private static final byte[] NOTHING = new byte[0];

  private final Endpoint endpoint;
  private final String version;
  private final @Nullable StopSignal stop;

  private DockerApi(Endpoint endpoint, String version, @Nullable StopSignal stop) {
    this.endpoint = endpoint;
    this.version = version;
    this.stop = stop;
  }

  /**
   * Asks the engine which versions it speaks.
   *
   * @throws ContainerException when there is none, or it is too old
   */
  static DockerApi connect(Endpoint endpoint) {
    Json answer;
    try {
      answer = new DockerApi(endpoint, "", null).get("/version");
    } catch (DockerException e) {
      throw endpoint.absent(e.getMessage());
    }
    String newest = answer.get("ApiVersion").text();
    String oldest = answer.get("MinAPIVersion").text();
    if (newest.isEmpty() || compare(numbers(newest), OLDEST) < 0) {
      throw new ContainerException(
          "the Docker engine at "
              + endpoint.socket()
              + " is too old: its API is "
              + (newest.isEmpty() ? "unknown" : newest)
              + ", and 1.35 (Docker 17.12) is needed");
    }
    String version = compare(numbers(newest), NEWEST) < 0 ? newest : NEWEST[0] + "." + NEWEST[1];
    if (!oldest.isEmpty() && compare(numbers(version), numbers(oldest)) < 0) {
      version = oldest;
    }
    return new DockerApi(endpoint, "/v" + version, null);
  }

  private static int[] numbers(String version) {
    int dot = version.indexOf('.');
    try {
      return new int[] {
        Integer.parseInt(version.substring(0, Math.max(dot, 0))),
        Integer.parseInt(version.substring(dot + 1))
      };
    } catch (NumberFormatException e) {
      return new int[] {0, 0};
    }
  }

  private static int compare(int[] a, int[] b) {
    return a[0] != b[0] ? Integer.compare(a[0], b[0]) : Integer.compare(a[1], b[1]);
  }

  /** Whether the version that both sides speak is this one or a later one. */
  boolean atLeast(String wanted) {
    return compare(numbers(version.substring(2)), numbers(wanted)) >= 0;
  }

  /** The same, broken off when asked to stop. */
  DockerApi until(StopSignal signal) {
    return new DockerApi(endpoint, version, signal);
  }

  Endpoint endpoint() {
    return endpoint;
  }

  Json get(String path) {
    return exchange("GET", path, NOTHING);
  }

  Json post(String path) {
    return exchange("POST", path, NOTHING);
  }

  Json post(String path, Members body) {
    return exchange("POST", path, Json.write(body).getBytes(StandardCharsets.UTF_8));
  }

  void delete(String path) {
    exchange("DELETE", path, NOTHING);
  }

  /** Deletes what may be gone already, or be deleted by somebody else right now. */
  void deleteIfThere(String path) {
    try {
      delete(path);
    } catch (DockerException e) {
      if (e.status() != 404 && e.status() != 409) {
        throw e;
      }
    }
  }

  private Json exchange(String method, String path, byte[] body) {
    Map<String, String> headers = new LinkedHashMap<>();
    if (body.length > 0) {
      headers.put("Content-Type", "application/json");
    }
    return attended(connection -> {
      connection.send(method, version + path, headers, body);
      byte[] answer = connection.body().readAllBytes();
      check(connection.status(), answer);
      return Json.parse(answer);
    });
  }

  /** What to do with each value of an answer that comes in parts. */
  interface Progress {
    void next(Json value);
  }

  /** Sends a request and hands on the values of its answer as they come. */
  void stream(String path, Map<String, String> headers, Progress progress) {
    stream(path, headers, null, progress);
  }

  /** Sends a request with a body that is written as it is made. */
  void stream(
      String path, Map<String, String> headers, Connection.@Nullable Body body, Progress progress) {
    attended(connection -> {
      if (body == null) {
        connection.send("POST", version + path, headers, NOTHING);
      } else {
        connection.sendChunked("POST", version + path, headers, body);
      }
      if (connection.status() >= 400) {
        check(connection.status(), connection.body().readAllBytes());
      }
      Iterator<Json> values = Json.stream(connection.body());
      while (values.hasNext()) {
        progress.next(values.next());
      }
      return true;
    });
  }

  /** What to do with a stream of bytes. */
  interface Reading {
    void read(InputStream in) throws IOException;
  }

  /** Asks for bytes, to their end. */
  void read(String path, Reading reading) {
    attended(connection -> {
      connection.send("GET", version + path, Map.of(), NOTHING);
      if (connection.status() >= 400) {
        check(connection.status(), connection.body().readAllBytes());
      }
      reading.read(connection.body());
      return true;
    });
  }

  /** Asks for a stream that stays open; the caller closes the connection. */
  Connection hijack(String path, Members body) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", "application/json");
    headers.put("Connection", "Upgrade");
    headers.put("Upgrade", "tcp");
    Connection connection = connect();
    boolean open = false;
    try {
      connection.send(
          "POST", version + path, headers, Json.write(body).getBytes(StandardCharsets.UTF_8));
      if (connection.status() >= 300) {
        check(connection.status(), connection.body().readAllBytes());
      }
      open = true;
      return connection;
    } catch (IOException e) {
      throw new DockerException(0, message(e));
    } finally {
      if (!open) {
        connection.close();
      }
    }
  }

  private interface Exchange<T> {
    T with(Connection connection) throws IOException;
  }

  private Connection connect() {
    try {
      return Connection.open(endpoint.socket());
    } catch (IOException | UnsupportedOperationException e) {
      throw new DockerException(0, message(e));
    }
  }

  private <T> T attended(Exchange<T> exchange) {
    if (stop != null && stop.stopped()) {
      throw stopped();
    }
    try (Connection connection = connect()) {
      Runnable breakOff = connection::close;
      if (stop != null) {
        stop.onStop(breakOff);
      }
      try {
        return exchange.with(connection);
      } catch (Connection.UnreadableSource e) {
        throw new ContainerException(message(e), e);
      } catch (IOException | DockerException e) {
        if (stop != null && stop.stopped()) {
          throw stopped();
        }
        throw e instanceof DockerException known ? known : new DockerException(0, message(e));
      } finally {
        if (stop != null) {
          stop.removeWaker(breakOff);
        }
      }
    }
  }

  static ContainerException stopped() {
    return new ContainerException("stopped");
  }

  private static String message(Throwable e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private static void check(int status, byte[] answer) {
    if (status >= 400) {
      String message = "";
      try {
        message = Json.parse(answer).get("message").text();
      } catch (DockerException plain) {
        message = new String(answer, StandardCharsets.UTF_8).strip();
      }
      throw new DockerException(
          status, message.isEmpty() ? "the Docker engine answered " + status : message);
    }
  }

  /** A text as a part of a path or a query. */
  static String escape(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
