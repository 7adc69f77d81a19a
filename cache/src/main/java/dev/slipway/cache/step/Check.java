package dev.slipway.cache.step;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Whether all that a trace depends on is as it was. Belongs to one thread. */
final class Check {
  private static final int ENOUGH = 5;

  private final Trace trace;
  private final Roots roots;
  private final Looking looking;
  private final Status status = new Status();
  private final List<byte[]> paths;
  private final long[] statuses;
  private final long[] rules;
  private final List<String> differences = new ArrayList<>();
  private @Nullable Map<PathKey, Fact> byPath;

  /**
   * A check of a trace.
   *
   * @throws IOException when the trace speaks of a root that is not there
   */
  Check(Trace trace, Roots roots, Looking looking) throws IOException {
    this.trace = trace;
    this.roots = roots;
    this.looking = looking;
    this.paths = new ArrayList<>(trace.facts().size());
    for (Fact fact : trace.facts()) {
      byte[] path = roots.placed(fact.path());
      if (path == null) {
        throw new IOException("there is no place for " + Names.text(fact.path()) + " here");
      }
      paths.add(path);
    }
    this.statuses = new long[paths.size() * Status.LONGS];
    this.rules = new long[paths.size()];
  }

  /** What is different, at most a few; empty when the trace holds. */
  List<String> differences() {
    return differences;
  }

  /** Takes over what is known of a path. */
  void known(int place, WatchList watched) {
    watched.copy(place, statuses, rules);
  }

  /** Looks at a path; notes a difference when the trace does not hold with it. */
  void look(int place) {
    Fact fact = trace.facts().get(place);
    byte[] path = paths.get(place);
    looking.posix().status(path, status);
    try {
      Node before = fact.before();
      Node now =
          before != null && before.kind() == Node.Kind.IMAGE && looking.ofImage(path)
              ? Node.IMAGE
              : looking.node(path, status);
      if (!fact.allows(now)) {
        differ(fact, now);
        return;
      }
      Digest names = fact.names();
      if (names != null && now.kind() == Node.Kind.FOLDER && !lists(names, path)) {
        differences.add(shown(fact) + ": other names are in it");
        return;
      }
      remember(place, fact, now);
    } catch (IOException e) {
      differences.add(String.valueOf(e.getMessage()));
      return;
    }
  }

  boolean enough() {
    return differences.size() >= ENOUGH;
  }

  private String shown(Fact fact) {
    String text = Names.text(fact.path());
    return text.startsWith("{ws}/") ? text.substring("{ws}/".length()) : text;
  }

  private void differ(Fact fact, Node now) {
    Node expected = fact.before() == null ? fact.after() : fact.before();
    String was = expected == null ? "" : expected.text();
    String text;
    if (expected != null && expected.kind() == Node.Kind.IMAGE) {
      text = now.absent() ? "was removed from the container" : "is not the image's any more";
    } else if (expected != null && expected.absent()) {
      text = "is there now";
    } else if (now.absent()) {
      text = "is gone";
    } else if (expected != null
        && expected.kind() == Node.Kind.FILE
        && now.kind() == Node.Kind.FILE) {
      text =
          Objects.equals(expected.digest(), now.digest())
              ? "may be run now, or may not any more"
              : "has changed";
    } else {
      text = "was " + was + " and is " + now.text();
    }
    differences.add(shown(fact) + " " + text);
  }

  private boolean lists(Digest expected, byte[] path) throws IOException {
    Map<PathKey, Fact> facts = byPath;
    if (facts == null) {
      facts = new HashMap<>();
      for (int i = 0; i < paths.size(); i++) {
        if (trace.facts().get(i).unlisted()) {
          facts.put(new PathKey(paths.get(i)), trace.facts().get(i));
        }
      }
      byPath = facts;
    }
    List<byte[]> names = new ArrayList<>();
    for (byte[] name : looking.names(path)) {
      if (!facts.containsKey(new PathKey(Looking.child(path, name)))) {
        names.add(name);
      }
    }
    return Looking.digest(names).equals(expected);
  }

  /** Notes what will be enough to know next time. */
  private void remember(int place, Fact fact, Node now) {
    long rule;
    if (now.kind() == Node.Kind.IMAGE) {
      rule = WatchList.LOOK;
    } else if (now.absent()) {
      rule = WatchList.ABSENT;
    } else if (now.kind() == Node.Kind.FOLDER && fact.names() == null) {
      rule = WatchList.FOLDER;
    } else {
      rule = status.settled(Status.now()) ? WatchList.SAME : WatchList.LOOK;
    }
    Node after = fact.after();
    if (after != null) {
      rule |= WatchList.HAS_RESULT | (now.is(after) ? WatchList.IS_RESULT : 0);
    }
    rules[place] = rule;
    status.save(statuses, place * Status.LONGS);
  }

  /** Notes that a path is what the step left there, as it was just put there. */
  void restored(int place, Posix posix) {
    Fact fact = trace.facts().get(place);
    Node after = fact.after();
    if (after != null) {
      posix.status(paths.get(place), status);
      remember(place, fact, after);
    }
  }

  /** The rules, by place; those of paths that were not looked at are {@link WatchList#LOOK}. */
  long[] rules() {
    return rules;
  }

  /** Writes down what is known now. */
  void save(java.nio.file.Path file) {
    WatchList.write(file, hash(roots), paths, statuses, rules);
  }

  int count() {
    return paths.size();
  }

  byte[] path(int place) {
    return paths.get(place);
  }

  /** Tells sets of roots apart. */
  static long hash(Roots roots) {
    long hash = 7;
    for (Roots.Root root : roots.all()) {
      hash = hash * 1_000_003 + root.name().hashCode();
      hash = hash * 1_000_003 + root.text().hashCode();
      hash = hash * 1_000_003 + root.text().length();
    }
    return hash;
  }
}
