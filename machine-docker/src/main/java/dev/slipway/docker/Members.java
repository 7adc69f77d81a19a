package dev.slipway.docker;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A JSON object while it is put together. */
final class Members {
  private final Map<String, Object> values = new LinkedHashMap<>();

  Map<String, Object> values() {
    return values;
  }

  Members put(String name, Object value) {
    values.put(name, value);
    return this;
  }

  /** Adds to the list of this name. */
  Members add(String name, Object value) {
    list(name).add(value);
    return this;
  }

  /** The object of this name, made when there is none. */
  Members members(String name) {
    if (values.get(name) instanceof Members known) {
      return known;
    }
    Members fresh = new Members();
    values.put(name, fresh);
    return fresh;
  }

  /** The list of this name, made when there is none. */
  List<Object> list(String name) {
    if (values.get(name) instanceof Items known) {
      return known.items;
    }
    Items fresh = new Items(new ArrayList<>());
    values.put(name, fresh);
    return fresh.items;
  }

  /** A list that can be told from any other. */
  record Items(List<Object> items) {}
}
