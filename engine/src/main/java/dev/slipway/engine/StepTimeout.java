package dev.slipway.engine;

/**
 * When a step has had its time.
 *
 * @param minutes it was given
 * @param deadlineNanos on the clock of {@link System#nanoTime()}; {@link Long#MAX_VALUE} for never
 */
record StepTimeout(long minutes, long deadlineNanos) {
  static final StepTimeout NONE = new StepTimeout(0, Long.MAX_VALUE);

  /** So many whole minutes from now; never when that is none. */
  static StepTimeout of(double minutes, long minuteNanos) {
    double whole = Math.floor(minutes);
    if (whole <= 0) {
      return NONE;
    }
    return new StepTimeout((long) whole, System.nanoTime() + (long) (whole * minuteNanos));
  }
}
