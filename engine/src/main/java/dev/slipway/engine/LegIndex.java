package dev.slipway.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the legs of a run are, by key. A hash table whose chains grow at their heads only, so that
 * adding copies the heads and shares all else: a run that makes its jobs one after the other does
 * not copy all of them each time.
 *
 * <p>Immutable.
 */
final class LegIndex {
  private static final int CHAINS = 1024;

  static final LegIndex EMPTY = new LegIndex(new @Nullable Place[CHAINS]);

  private final @Nullable Place[] heads;

  private LegIndex(@Nullable Place[] heads) {
    this.heads = heads;
  }

  /** A leg's place: the job's node, and which of its legs. */
  record Place(String key, int node, int leg, @Nullable Place next) {}

  private static int chain(String key) {
    int hash = key.hashCode();
    return (hash ^ (hash >>> 16)) & (CHAINS - 1);
  }

  @Nullable Place find(String key) {
    Place place = heads[chain(key)];
    while (place != null && !place.key.equals(key)) {
      place = place.next;
    }
    return place;
  }

  /** This with the legs of a node. */
  LegIndex with(int node, List<Leg> legs) {
    @Nullable Place[] changed = heads.clone();
    for (int i = 0; i < legs.size(); i++) {
      String key = legs.get(i).key();
      int chain = chain(key);
      changed[chain] = new Place(key, node, i, changed[chain]);
    }
    return new LegIndex(changed);
  }
}
