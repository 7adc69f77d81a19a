package dev.slipway.cache.server;

import dev.slipway.cache.CacheServer;
import dev.slipway.cache.CacheServerSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** A server under test and whoever calls it. */
final class Serving implements AutoCloseable {
  private final HttpClient http = HttpClient.newHttpClient();
  private final CacheServer server;
  private final List<String> requests;
  private final List<String> warnings;

  private Serving(CacheServer server, List<String> requests, List<String> warnings) {
    this.server = server;
    this.requests = requests;
    this.warnings = warnings;
  }

  static Serving from(Path folder) throws IOException {
    return from(folder, settings -> settings);
  }

  static Serving from(Path folder, UnaryOperator<CacheServerSettings> how) throws IOException {
    List<String> requests = new CopyOnWriteArrayList<>();
    List<String> warnings = new CopyOnWriteArrayList<>();
    CacheServerSettings settings =
        CacheServerSettings.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), folder)
            .withListeners(requests::add, warnings::add);
    return new Serving(new ServerService().start(how.apply(settings)), requests, warnings);
  }

  String url() {
    return "http://127.0.0.1:" + server.address().getPort();
  }

  int port() {
    return server.address().getPort();
  }

  /** A line for each request so far. */
  List<String> requests() {
    return requests;
  }

  List<String> warnings() {
    return warnings;
  }

  HttpResponse<String> get(String path, String... headers) throws Exception {
    return send("GET", path, "", headers);
  }

  HttpResponse<String> put(String path, String body, String... headers) throws Exception {
    return send("PUT", path, body, headers);
  }

  HttpResponse<String> send(String method, String path, String body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(path.startsWith("http") ? path : url() + path))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  @Override
  public void close() {
    http.close();
    server.close();
  }
}
