package dev.slipway.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Who holds which concurrency group: at most one, with one more waiting, or any number with {@code queue: max}. A newer one
 * in a single queue ends the one that waits, and with {@code cancel-in-progress} the one that runs.
 *
 * <p>A pure state machine: each step gives the next state and whom to tell.
 */
record ConcurrencyGroups(Map<String, Group> groups) {
  static final ConcurrencyGroups NONE = new ConcurrencyGroups(Map.of());

  ConcurrencyGroups {
    groups = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(groups));
  }

  /** A group: its holder, and who waits, first come first. */
  record Group(String holder, List<String> waiting) {
    Group {
      waiting = List.copyOf(waiting);
    }
  }

  /** The next state, who may go on, and who must give way. */
  record Step(ConcurrencyGroups next, List<String> granted, List<String> revoked) {
    Step {
      granted = List.copyOf(granted);
      revoked = List.copyOf(revoked);
    }
  }

  private static String key(String group) {
    return group.toLowerCase(Locale.ROOT);
  }

  Step acquire(String holder, String group, boolean cancelInProgress, boolean queueAll) {
    Group known = groups.get(key(group));
    if (known == null) {
      return new Step(with(group, new Group(holder, List.of())), List.of(holder), List.of());
    }
    if (known.holder().equals(holder) || known.waiting().contains(holder)) {
      return new Step(this, List.of(), List.of());
    }
    List<String> revoked = new ArrayList<>();
    List<String> waiting = new ArrayList<>();
    if (queueAll) {
      waiting.addAll(known.waiting());
    } else {
      revoked.addAll(known.waiting());
    }
    waiting.add(holder);
    if (cancelInProgress) {
      revoked.add(known.holder());
    }
    // Who gives way keeps the group until it has ended: two never run at once.
    return new Step(with(group, new Group(known.holder(), waiting)), List.of(), revoked);
  }

  Step release(String holder, String group) {
    Group known = groups.get(key(group));
    if (known == null) {
      return new Step(this, List.of(), List.of());
    }
    List<String> waiting = new ArrayList<>(known.waiting());
    if (!known.holder().equals(holder)) {
      waiting.remove(holder);
      return new Step(with(group, new Group(known.holder(), waiting)), List.of(), List.of());
    }
    if (waiting.isEmpty()) {
      Map<String, Group> rest = new LinkedHashMap<>(groups);
      rest.remove(key(group));
      return new Step(new ConcurrencyGroups(rest), List.of(), List.of());
    }
    String next = waiting.removeFirst();
    return new Step(with(group, new Group(next, waiting)), List.of(next), List.of());
  }

  private ConcurrencyGroups with(String group, Group changed) {
    Map<String, Group> all = new LinkedHashMap<>(groups);
    all.put(key(group), changed);
    return new ConcurrencyGroups(all);
  }
}
