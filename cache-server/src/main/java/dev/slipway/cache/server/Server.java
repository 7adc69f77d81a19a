package dev.slipway.cache.server;

import dev.slipway.cache.CacheServer;
import dev.slipway.cache.CacheServerSettings;
import dev.slipway.cache.CacheToken;
import dev.slipway.runtime.CacheEndpoints;
import dev.slipway.runtime.RefusedException;
import dev.slipway.runtime.Request;
import dev.slipway.runtime.Response;
import dev.slipway.runtime.WebServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Takes requests to the protocols that their paths name. */
final class Server implements CacheServer {
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(30);
  private static final String NO_DELAY = "sun.net.httpserver.nodelay";

  private final CacheServerSettings settings;
  private final Callers callers;
  private final Counters counters;
  private final Store store;
  private final Github github;
  private final List<Route> routes;
  private final AtomicReference<@Nullable WebServer> web = new AtomicReference<>();

  private record Route(String path, Protocol protocol) {}

  private Server(CacheServerSettings settings) throws IOException {
    this.settings = settings;
    callers = new Callers(settings.tokens());
    counters =
        new Counters(
            List.of(
                Turborepo.NAME, Nx.NAME, Gradle.NAME, Bazel.ACTIONS, Bazel.CONTENTS, Github.NAME));
    store =
        Store.open(
            settings.folder(),
            settings.limit(),
            settings.entryLimit(),
            settings.s3(),
            settings.warnings());
    github = Github.create(settings, callers.all(), store, counters);
    Gradle gradle = new Gradle(shelf(Gradle.NAME));
    routes =
        List.of(
            new Route(Turborepo.PATH, new Turborepo(shelf(Turborepo.NAME))),
            new Route(Nx.PATH, new Nx(shelf(Nx.NAME))),
            new Route(Gradle.PATH, gradle),
            new Route(Gradle.LONG_PATH, gradle),
            new Route(Bazel.PATH, new Bazel(shelf(Bazel.ACTIONS), shelf(Bazel.CONTENTS))));
  }

  static Server start(CacheServerSettings settings) throws IOException {
    if (settings.tokens().isEmpty() && !settings.address().getAddress().isLoopbackAddress()) {
      throw new IllegalArgumentException("without tokens only this machine may be served");
    }
    // Else the JDK's server holds small answers back until the client has confirmed their headers.
    if (System.getProperty(NO_DELAY) == null) {
      System.setProperty(NO_DELAY, "true");
    }
    Server server = new Server(settings);
    try {
      server.web.set(WebServer.start(settings.address(), server::handle));
    } catch (IOException e) {
      server.close();
      throw new IOException("cannot listen at " + settings.address() + ": " + e.getMessage(), e);
    }
    return server;
  }

  @Override
  public InetSocketAddress address() {
    WebServer now = web.get();
    return now == null ? settings.address() : now.address();
  }

  @Override
  public void close() {
    WebServer now = web.getAndSet(null);
    if (now != null) {
      now.stop(LAST_ANSWERS);
    }
    github.close();
    store.close();
  }

  private Response handle(Request request) throws IOException {
    long start = System.nanoTime();
    Response response;
    try {
      response = answer(request);
    } catch (RefusedException e) {
      // A client that still sends would not hear the answer.
      Shelf.discard(request);
      response = Response.refusal(e);
      if (e.status() == 401) {
        response.header("WWW-Authenticate", "Basic realm=\"slipway cache\"");
      }
    }
    settings
        .requests()
        .accept(
            request.method()
                + " "
                + plain(request.path())
                + " "
                + response.status()
                + " "
                + response.length()
                + " bytes "
                + (System.nanoTime() - start) / 1_000_000
                + " ms");
    return response;
  }

  private Response answer(Request request) throws IOException {
    String path = request.path();
    if (path.equals("/healthz")) {
      return Response.text(200, "text/plain", "ok\n");
    }
    if (CacheEndpoints.signed(path)) {
      return github.signed(request);
    }
    CacheToken token = callers.of(request);
    if (path.equals("/metrics")) {
      return Response.text(
          200,
          "text/plain; version=0.0.4",
          counters.text(store.count(), store.bytes() + github.bytes()));
    }
    if (CacheEndpoints.serves(path)) {
      return github.answer(new Call(request, path, token));
    }
    for (Route route : routes) {
      if (path.startsWith(route.path)) {
        return route.protocol.answer(new Call(request, path.substring(route.path.length()), token));
      }
    }
    throw RefusedException.of(404, "not_found", "there is nothing here");
  }

  private Shelf shelf(String protocol) {
    return new Shelf(protocol, store, counters, settings.writing(), settings.warnings());
  }

  private static String plain(String path) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < Math.min(path.length(), 200); i++) {
      char c = path.charAt(i);
      plain.append(c > ' ' && c < 0x7f ? c : '?');
    }
    return plain.toString();
  }
}
