package dev.slipway.cache.step;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Names of files as bytes. Apart from {@link Posix}, since to load that one takes longer than to
 * spare a step.
 */
final class Names {
  private Names() {}

  /** A name as people see it. */
  static String text(byte[] name) {
    return new String(name, StandardCharsets.UTF_8);
  }

  static byte[] bytes(String name) {
    return name.getBytes(StandardCharsets.UTF_8);
  }

  /** The folder that a path lies in; null for the root. */
  static byte @Nullable [] parent(byte[] name) {
    int slash = name.length - 1;
    while (slash >= 0 && name[slash] != '/') {
      slash--;
    }
    if (slash < 0 || name.length == 1) {
      return null;
    }
    return slash == 0 ? new byte[] {'/'} : Arrays.copyOf(name, slash);
  }
}
