package dev.slipway.engine;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** A log as builds write them, and the secrets that a run has. */
final class LogText {
  static final int MEGABYTES = 8;
  static final int CHUNK = 64 * 1024;

  private LogText() {}

  /** Eight megabytes of lines; a secret stands in one of a hundred. */
  static byte[] bytes() {
    byte[] text = new byte[MEGABYTES * 1_000_000];
    int at = 0;
    for (int i = 0; at < text.length; i++) {
      String what = i % 100 == 0 ? "with hunter2secret " : "";
      byte[] line =
          ("2026-01-01T00:00:00Z INFO worker-"
                  + i % 8
                  + " finished unit "
                  + i
                  + " of the batch in 12 ms "
                  + what
                  + "queue 34\n")
              .getBytes(StandardCharsets.UTF_8);
      int length = Math.min(line.length, text.length - at);
      System.arraycopy(line, 0, text, at, length);
      at += length;
    }
    return text;
  }

  /** A masker of five secrets. */
  static Masker masker() {
    Masker masker = new Masker();
    masker.addAll(
        List.of(
            "hunter2secret",
            "correcthorsebattery",
            "tr0ub4dor-and-3",
            "s3cr3t-t0k3n-value",
            "another/secret+value"));
    return masker;
  }
}
