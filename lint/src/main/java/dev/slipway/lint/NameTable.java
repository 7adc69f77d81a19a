package dev.slipway.lint;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Lists of names that come with Slipway, a name a line. */
final class NameTable {
  private NameTable() {}

  static Set<String> read(String resource) {
    try (InputStream in = NameTable.class.getResourceAsStream(resource)) {
      String text = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return new LinkedHashSet<>(List.of(text.strip().split("\n", -1)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
