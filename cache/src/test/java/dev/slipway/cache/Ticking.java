package dev.slipway.cache;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that moves when told. */
final class Ticking implements InstantSource {
  private Instant now = Instant.parse("2026-01-02T03:04:05Z");

  void pass(Duration time) {
    now = now.plus(time);
  }

  @Override
  public Instant instant() {
    return now;
  }
}
