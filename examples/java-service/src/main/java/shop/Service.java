package shop;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * {@code GET /price/ARTICLE/COUNT} answers with the gross price, {@code GET /health} with {@code
 * ok}.
 */
public final class Service implements AutoCloseable {
  private final HttpServer server;
  private final Prices prices;

  public Service(int port, Prices prices) throws IOException {
    this.prices = prices;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext("/health", exchange -> answer(exchange, 200, "ok"));
    server.createContext("/price/", this::price);
    server.start();
  }

  public int port() {
    return server.getAddress().getPort();
  }

  private void price(HttpExchange exchange) throws IOException {
    String[] parts = exchange.getRequestURI().getPath().split("/");
    if (parts.length != 4) {
      answer(exchange, 404, "use /price/ARTICLE/COUNT");
      return;
    }
    try {
      answer(exchange, 200, prices.of(parts[2], Integer.parseInt(parts[3])).toPlainString());
    } catch (NumberFormatException e) {
      answer(exchange, 400, "not a count: " + parts[3]);
    } catch (IllegalArgumentException e) {
      answer(exchange, 400, e.getMessage());
    }
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, body.length);
    try (var out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }

  public static void main(String[] arguments) throws IOException {
    int port = arguments.length == 0 ? 8080 : Integer.parseInt(arguments[0]);
    Service service = new Service(port, new Prices(new BigDecimal("0.19")));
    System.out.println("listening on " + service.port());
  }
}
