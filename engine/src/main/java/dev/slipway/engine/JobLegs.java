package dev.slipway.engine;

/**
 * The legs of a job: one for each combination of its matrix, or the only one.
 *
 * @param active how many hold a place under {@code max-parallel}
 * @param nextHeld no leg before this one is {@link Leg.Phase#HELD}
 * @param ended how many have ended
 */
record JobLegs(Leg[] all, int maxParallel, boolean failFast, int active, int nextHeld, int ended) {
  static final JobLegs NONE = new JobLegs(new Leg[0], Integer.MAX_VALUE, true, 0, 0, 0);

  static JobLegs held(Leg[] all, int maxParallel, boolean failFast) {
    return new JobLegs(all, maxParallel, failFast, 0, 0, 0);
  }

  int size() {
    return all.length;
  }

  Leg get(int index) {
    return all[index];
  }

  JobLegs with(int index, Leg leg) {
    Leg[] changed = all.clone();
    changed[index] = leg;
    return new JobLegs(changed, maxParallel, failFast, active, nextHeld, ended);
  }

  /** Another leg takes a place; the held ones begin after it. */
  JobLegs took(int index) {
    return new JobLegs(all, maxParallel, failFast, active + 1, index + 1, ended);
  }

  JobLegs heldFrom(int index) {
    return new JobLegs(all, maxParallel, failFast, active, index, ended);
  }

  /** A leg has ended and gives back its {@code places} under {@code max-parallel}. */
  JobLegs legEnded(int index, int places) {
    JobLegs changed = with(index, all[index].with(Leg.Phase.ENDED));
    return new JobLegs(changed.all, maxParallel, failFast, active - places, nextHeld, ended + 1);
  }
}
