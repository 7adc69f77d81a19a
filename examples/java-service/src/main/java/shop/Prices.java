package shop;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;

/** What things cost, with tax. */
public final class Prices {
  private static final Map<String, BigDecimal> NET =
      Map.of("anchor", new BigDecimal("120.00"), "rope", new BigDecimal("8.50"));

  private final BigDecimal tax;

  public Prices(BigDecimal tax) {
    if (tax.signum() < 0) {
      throw new IllegalArgumentException("tax is negative: " + tax);
    }
    this.tax = tax;
  }

  /** The gross price of so many of an article. */
  public BigDecimal of(String article, int count) {
    BigDecimal net = NET.get(article);
    if (net == null) {
      throw new IllegalArgumentException("no such article: " + article);
    }
    if (count < 1) {
      throw new IllegalArgumentException("count is below 1: " + count);
    }
    return net.multiply(BigDecimal.valueOf(count))
        .multiply(BigDecimal.ONE.add(tax))
        .setScale(2, RoundingMode.HALF_UP);
  }
}
