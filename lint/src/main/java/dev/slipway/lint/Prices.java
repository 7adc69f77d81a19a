package dev.slipway.lint;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** What a minute costs on a machine, by its label, and since when. */
public final class Prices {
  private final List<Price> prices;
  private final Map<String, Double> own;
  private final String source;
  private final String date;

  private record Price(String label, double perMinute) {}

  private Prices(List<Price> prices, Map<String, Double> own, String source, String date) {
    this.prices = prices;
    this.own = own;
    this.source = source;
    this.date = date;
  }

  /** Those that GitHub has published. */
  public static Prices published() {
    List<Price> prices = new ArrayList<>();
    String source = "";
    String date = "";
    try (InputStream table = Prices.class.getResourceAsStream("prices.txt")) {
      if (table == null) {
        throw new IllegalStateException("the table of prices is missing");
      }
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(table, StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("# Source: ")) {
          source = line.substring(10);
        } else if (line.startsWith("# Date: ")) {
          date = line.substring(8);
        } else if (!line.startsWith("#")) {
          int blank = line.indexOf(' ');
          prices.add(
              new Price(line.substring(0, blank), Double.parseDouble(line.substring(blank + 1))));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Prices(List.copyOf(prices), Map.of(), source, date);
  }

  /** The same with another price for a label, for larger or own machines. */
  public Prices with(String label, double perMinute) {
    Map<String, Double> more = new LinkedHashMap<>(own);
    more.put(label.toLowerCase(Locale.ROOT), perMinute);
    return new Prices(prices, more, source, date);
  }

  /** What a minute costs on a machine with these labels; empty when none is known. */
  public OptionalDouble perMinute(List<String> labels) {
    for (String label : labels) {
      Double price = own.get(label.toLowerCase(Locale.ROOT));
      if (price != null) {
        return OptionalDouble.of(price);
      }
    }
    if (labels.size() != 1) {
      // Several labels, or none, are those of one's own machines.
      return OptionalDouble.empty();
    }
    String label = labels.getFirst().toLowerCase(Locale.ROOT);
    for (Price price : prices) {
      if (fits(price.label(), label)) {
        return OptionalDouble.of(price.perMinute());
      }
    }
    return OptionalDouble.empty();
  }

  private static boolean fits(String pattern, String label) {
    int star = pattern.indexOf('*');
    if (star < 0) {
      return label.equals(pattern);
    }
    String end = pattern.substring(star + 1);
    return label.length() >= pattern.length() - 1
        && label.startsWith(pattern.substring(0, star))
        && label.endsWith(end);
  }

  /** Where they were published. */
  public String source() {
    return source;
  }

  /** The day from which they are valid. */
  public String date() {
    return date;
  }
}
