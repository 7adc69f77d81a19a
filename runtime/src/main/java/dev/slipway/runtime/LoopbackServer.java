package dev.slipway.runtime;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * HTTP on this machine only, on a port that the system chooses. Its threads end no program late.
 */
final class LoopbackServer implements AutoCloseable {
  /** Answers requests, several at once. */
  interface Handler {
    Response handle(Request request) throws IOException;
  }

  private final HttpServer server;
  private final ExecutorService threads;

  private LoopbackServer(HttpServer server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  /** Called by a daemon thread. */
  static LoopbackServer start(Handler handler) throws IOException {
    InetAddress loopback = InetAddress.getByAddress("127.0.0.1", new byte[] {127, 0, 0, 1});
    HttpServer server = HttpServer.create(new InetSocketAddress(loopback, 0), 256);
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    server.setExecutor(threads);
    server.createContext("/", exchange -> answer(exchange, handler));
    // The server's own thread is as much a daemon as the one that starts it.
    server.start();
    return new LoopbackServer(server, threads);
  }

  /** {@code http://127.0.0.1:PORT}. */
  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private static void answer(HttpExchange exchange, Handler handler) throws IOException {
    try (exchange) {
      Response response;
      try {
        Headers headers = exchange.getRequestHeaders();
        response =
            handler.handle(
                new Request(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getRawPath(),
                    exchange.getRequestURI().getRawQuery(),
                    headers::getFirst,
                    exchange.getRequestBody()));
      } catch (RefusedException e) {
        response = Response.refusal(e);
      }
      send(exchange, response);
    }
  }

  private static void send(HttpExchange exchange, Response response) throws IOException {
    Headers headers = exchange.getResponseHeaders();
    for (Response.Header header : response.headers()) {
      headers.add(header.name(), header.value());
    }
    Response.FileRange range = response.file();
    long length = range == null ? response.body().length : range.length();
    if (exchange.getRequestMethod().equals("HEAD")) {
      headers.set("Content-Length", Long.toString(length));
      exchange.sendResponseHeaders(response.status(), -1);
      return;
    }
    exchange.sendResponseHeaders(response.status(), length == 0 ? -1 : length);
    if (length == 0) {
      return;
    }
    try (OutputStream out = exchange.getResponseBody()) {
      if (range == null) {
        out.write(response.body());
        return;
      }
      try (FileChannel file = FileChannel.open(range.file(), StandardOpenOption.READ);
          WritableByteChannel channel = Channels.newChannel(out)) {
        long sent = 0;
        while (sent < length) {
          long now = file.transferTo(range.start() + sent, length - sent, channel);
          if (now <= 0) {
            throw new IOException("the file became shorter while it was sent");
          }
          sent += now;
        }
      }
    }
  }
}
