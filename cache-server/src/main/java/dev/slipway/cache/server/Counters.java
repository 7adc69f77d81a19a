package dev.slipway.cache.server;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** What was asked for and what became of it, by protocol, as Prometheus reads it. */
final class Counters {
  private static final String PREFIX = "slipway_cache_";

  private final Map<String, Map<String, LongAdder>> families = new ConcurrentSkipListMap<>();

  Counters(Iterable<String> protocols) {
    for (String protocol : protocols) {
      for (String family :
          new String[] {
            "hits", "misses", "stored", "kept", "failures", "bytes_sent", "bytes_stored"
          }) {
        add(family, protocol, 0);
      }
    }
  }

  /**
   * @param bytes how many are sent; less than 0 when nothing was found
   */
  void searched(String protocol, long bytes) {
    add(bytes < 0 ? "misses" : "hits", protocol, 1);
    add("bytes_sent", protocol, Math.max(0, bytes));
  }

  void stored(String protocol, long bytes) {
    add("stored", protocol, 1);
    add("bytes_stored", protocol, bytes);
  }

  /** Something came that was there already. */
  void kept(String protocol) {
    add("kept", protocol, 1);
  }

  /** The store did not do its part. */
  void failed(String protocol) {
    add("failures", protocol, 1);
  }

  /** All of it, with how much there is now. */
  String text(int entries, long bytes) {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<String, Map<String, LongAdder>> family : families.entrySet()) {
      String name = PREFIX + family.getKey() + "_total";
      text.append("# TYPE ").append(name).append(" counter\n");
      for (Map.Entry<String, LongAdder> each : new TreeMap<>(family.getValue()).entrySet()) {
        text.append(name)
            .append("{protocol=\"")
            .append(each.getKey())
            .append("\"} ")
            .append(each.getValue().sum())
            .append('\n');
      }
    }
    gauge(text, "entries", entries);
    gauge(text, "bytes", bytes);
    return text.toString();
  }

  private static void gauge(StringBuilder text, String name, long value) {
    text.append("# TYPE ").append(PREFIX).append(name).append(" gauge\n");
    text.append(PREFIX).append(name).append(' ').append(value).append('\n');
  }

  private void add(String family, String protocol, long number) {
    families
        .computeIfAbsent(family, _ -> new ConcurrentSkipListMap<>())
        .computeIfAbsent(protocol, _ -> new LongAdder())
        .add(number);
  }
}
