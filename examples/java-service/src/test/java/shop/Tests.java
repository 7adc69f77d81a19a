package shop;

import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;

/** Runs the tests of one suite, {@code prices} or {@code service}, and prints one line for each. */
public final class Tests {
  private interface Check {
    void run() throws Exception;
  }

  private final Map<String, Check> checks = new LinkedHashMap<>();

  public static void main(String[] arguments) {
    Tests tests = new Tests();
    switch (arguments[0]) {
      case "prices" -> tests.prices();
      case "service" -> tests.service();
      default -> throw new IllegalArgumentException("no such suite: " + arguments[0]);
    }
    System.exit(tests.run(arguments[0]));
  }

  private void prices() {
    Prices prices = new Prices(new BigDecimal("0.19"));
    checks.put(
        "one article with tax", () -> same("142.80", prices.of("anchor", 1).toPlainString()));
    checks.put(
        "several are rounded once", () -> same("30.35", prices.of("rope", 3).toPlainString()));
    checks.put("an unknown article is refused", () -> refused(() -> prices.of("whale", 1)));
    checks.put("a count of zero is refused", () -> refused(() -> prices.of("rope", 0)));
    checks.put("a negative tax is refused", () -> refused(() -> new Prices(new BigDecimal("-1"))));
  }

  private void service() {
    checks.put("it is healthy", () -> same("200 ok", get("/health")));
    checks.put("it tells a price", () -> same("200 10.12", get("/price/rope/1")));
    checks.put(
        "it refuses what it does not sell",
        () -> same("400 no such article: whale", get("/price/whale/1")));
    checks.put(
        "it refuses what is no number",
        () -> same("400 not a count: many", get("/price/rope/many")));
  }

  private static String get(String path) throws Exception {
    try (Service service = new Service(0, new Prices(new BigDecimal("0.19")));
        HttpClient client = HttpClient.newHttpClient()) {
      URI address = URI.create("http://localhost:" + service.port() + path);
      HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
      return response.statusCode() + " " + response.body();
    }
  }

  private int run(String suite) {
    int failed = 0;
    for (Map.Entry<String, Check> check : checks.entrySet()) {
      try {
        check.getValue().run();
        System.out.println("ok   " + check.getKey());
      } catch (Exception | AssertionError e) {
        failed++;
        System.out.println("FAIL " + check.getKey());
        System.out.println(
            "::error title=" + suite + "::" + check.getKey() + ": " + e.getMessage());
      }
    }
    System.out.println(checks.size() - failed + " of " + checks.size() + " passed");
    return failed == 0 ? 0 : 1;
  }

  private static void same(String expected, String actual) {
    if (!expected.equals(actual)) {
      throw new AssertionError("expected " + expected + " but was " + actual);
    }
  }

  private static void refused(Check check) throws Exception {
    try {
      check.run();
    } catch (IllegalArgumentException e) {
      return;
    }
    throw new AssertionError("was not refused");
  }
}
