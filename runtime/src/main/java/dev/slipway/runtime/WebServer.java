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
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** HTTP at one address. Its threads end no program late when a daemon thread starts it. */
public final class WebServer implements AutoCloseable {
  /** Answers requests, several at once. */
  public interface Handler {
    /** The answer to a request. */
    Response handle(Request request) throws IOException;
  }

  private final HttpServer server;
  private final ExecutorService threads;
  private int active;
  private boolean ending;

  private WebServer(HttpServer server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  /** On this machine only, on a port that the system chooses. */
  static WebServer loopback(Handler handler) throws IOException {
    InetAddress loopback = InetAddress.getByAddress("127.0.0.1", new byte[] {127, 0, 0, 1});
    return start(new InetSocketAddress(loopback, 0), handler);
  }

  /**
   * Answers from now on.
   *
   * @param address port 0 is one that the system chooses
   */
  public static WebServer start(InetSocketAddress address, Handler handler) throws IOException {
    HttpServer server = HttpServer.create(address, 256);
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    server.setExecutor(threads);
    WebServer started = new WebServer(server, threads);
    server.createContext("/", exchange -> started.counted(exchange, handler));
    // The server's own thread is as much a daemon as the one that starts it.
    server.start();
    return started;
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  /** {@code http://127.0.0.1:PORT}, by which this machine reaches it. */
  public String url() {
    return "http://127.0.0.1:" + address().getPort();
  }

  /** Refuses further requests, and waits so long for the answers to those it took. */
  public void stop(Duration patience) {
    long end = System.nanoTime() + patience.toNanos();
    synchronized (this) {
      ending = true;
      try {
        while (active > 0 && end - System.nanoTime() > 0) {
          wait(Math.max(1, (end - System.nanoTime()) / 1_000_000));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    // The JDK's own patience does not end with the last answer.
    server.stop(0);
    threads.shutdownNow();
  }

  @Override
  public void close() {
    stop(Duration.ZERO);
  }

  private void counted(HttpExchange exchange, Handler handler) throws IOException {
    synchronized (this) {
      if (ending) {
        exchange.close();
        return;
      }
      active++;
    }
    try {
      answer(exchange, handler);
    } finally {
      synchronized (this) {
        active--;
        notifyAll();
      }
    }
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
    Response.FileRange range = response.file();
    if (range == null || exchange.getRequestMethod().equals("HEAD")) {
      begin(exchange, response, range == null ? response.body().length : range.length());
      if (response.body().length > 0 && !exchange.getRequestMethod().equals("HEAD")) {
        try (OutputStream out = exchange.getResponseBody()) {
          out.write(response.body());
        }
      }
      return;
    }
    // What is open can be sent to its end, whoever removes it meanwhile.
    try (FileChannel file = FileChannel.open(range.file(), StandardOpenOption.READ)) {
      begin(exchange, response, range.length());
      copy(file, range, exchange);
    } catch (NoSuchFileException e) {
      begin(exchange, Response.empty(404), 0);
    }
  }

  private static void begin(HttpExchange exchange, Response response, long length)
      throws IOException {
    Headers headers = exchange.getResponseHeaders();
    for (Response.Header header : response.headers()) {
      headers.add(header.name(), header.value());
    }
    if (exchange.getRequestMethod().equals("HEAD")) {
      headers.set("Content-Length", Long.toString(length));
      exchange.sendResponseHeaders(response.status(), -1);
      return;
    }
    exchange.sendResponseHeaders(response.status(), length == 0 ? -1 : length);
  }

  private static void copy(FileChannel file, Response.FileRange range, HttpExchange exchange)
      throws IOException {
    if (range.length() == 0) {
      return;
    }
    try (OutputStream out = exchange.getResponseBody();
        WritableByteChannel channel = Channels.newChannel(out)) {
      long sent = 0;
      while (sent < range.length()) {
        long now = file.transferTo(range.start() + sent, range.length() - sent, channel);
        if (now <= 0) {
          throw new IOException("the file became shorter while it was sent");
        }
        sent += now;
      }
    }
  }
}
