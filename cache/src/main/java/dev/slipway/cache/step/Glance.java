package dev.slipway.cache.step;

import java.util.Map;

/**
 * Looks for several steps in a row and asks about each path once: what many of them read, such as
 * the C library, is taken to be as it was for the first. To be used at once and not kept. Belongs
 * to one thread.
 */
public final class Glance {
  private final StepCache cache;
  private final Statuses statuses;

  Glance(StepCache cache, Statuses statuses) {
    this.cache = cache;
    this.statuses = statuses;
  }

  /** What is known of a step. */
  public Lookup find(StepKey key, Roots roots, Map<String, String> environment) {
    return cache.find(key, View.here(), roots, environment, statuses);
  }

  /** To be told when files were changed since, as by putting back what a step made. */
  public void forget() {
    statuses.forget();
  }
}
