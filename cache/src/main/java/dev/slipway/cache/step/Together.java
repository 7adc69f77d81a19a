package dev.slipway.cache.step;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What several steps have to find as it is for all of them to be spared, in one list without what
 * they have in common: a project where nothing has changed is known by one look over that list. It
 * is only a short cut; where anything of it is different, each step is looked for by itself.
 *
 * <p>Two files: one of lines, the variables that the steps depend on and the digests of their keys,
 * and beside it a {@link WatchList}, which names the digest of those lines: one without the other
 * counts as nothing.
 */
final class Together {
  private static final String TITLE = "slipway together 1";
  private static final String VARIABLE = "variable ";
  private static final String STEP = "step ";
  private static final String UNSET = "-";

  private final Map<String, String> variables = new TreeMap<>();
  private final Set<String> steps = new LinkedHashSet<>();
  private final List<byte[]> paths = new ArrayList<>();
  private final List<long[]> records = new ArrayList<>();
  private final Map<PathKey, List<long[]>> known = new HashMap<>();

  /**
   * Adds a step as it was when it was last found to be the same.
   *
   * @return false when it has to be looked at more closely, or is not as it left everything
   */
  boolean add(String step, Trace head, WatchList list) {
    for (int place = 0; place < list.count(); place++) {
      long rule = list.rule(place);
      if ((rule & WatchList.RULE) == WatchList.LOOK || Lookup.Hit.missing(rule)) {
        return false;
      }
    }
    head.variables()
        .forEach((name, digest) -> variables.put(name, digest == null ? UNSET : digest.hex()));
    steps.add(step);
    for (int place = 0; place < list.count(); place++) {
      byte[] path = list.path(place);
      long[] record = list.record(place);
      List<long[]> same = known.computeIfAbsent(new PathKey(path), p -> new ArrayList<>(1));
      boolean there = false;
      for (long[] one : same) {
        there |= java.util.Arrays.equals(one, record);
      }
      if (!there) {
        same.add(record);
        paths.add(path);
        records.add(record);
      }
    }
    return true;
  }

  /** Writes it down; not being able to is no failure. */
  void write(Path file, Roots roots) {
    StringBuilder text = new StringBuilder(TITLE).append('\n');
    variables.forEach((name, digest) ->
        text.append(VARIABLE).append(name).append(' ').append(digest).append('\n'));
    steps.forEach(step -> text.append(STEP).append(step).append('\n'));
    int count = paths.size();
    long[] statuses = new long[count * Status.LONGS];
    long[] rules = new long[count];
    for (int i = 0; i < count; i++) {
      System.arraycopy(records.get(i), 0, statuses, i * Status.LONGS, Status.LONGS);
      rules[i] = records.get(i)[Status.LONGS];
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    WatchList.write(list(file), hash(bytes, roots), paths, statuses, rules);
    try {
      WholeFile.write(file, bytes);
    } catch (IOException onlyAShortCut) {
      return;
    }
  }

  private static Path list(Path file) {
    return file.resolveSibling(file.getFileName() + ".list");
  }

  private static long hash(byte[] text, Roots roots) {
    byte[] digest = Digest.of(text).bytes();
    long hash = Check.hash(roots);
    for (int i = 0; i < Long.BYTES; i++) {
      hash = hash * 1_000_003 + digest[i];
    }
    return hash;
  }

  /**
   * The steps of a list of which nothing has changed; none when anything has.
   *
   * @param environment of the steps
   */
  static Set<String> unchanged(
      Path file, Roots roots, Map<String, String> environment, Keyed secretKey) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException none) {
      return Set.of();
    }
    String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\n");
    if (!lines[0].equals(TITLE)) {
      return Set.of();
    }
    Set<String> steps = new LinkedHashSet<>();
    for (int i = 1; i < lines.length; i++) {
      String line = lines[i];
      if (line.startsWith(STEP)) {
        steps.add(line.substring(STEP.length()));
      } else if (!same(line, roots, environment, secretKey)) {
        return Set.of();
      }
    }
    WatchList list = WatchList.open(list(file), hash(bytes, roots));
    return list != null && StepCache.all(StepCache.unchanged(list, View.here(), null))
        ? steps
        : Set.of();
  }

  /** Whether a variable has the value that a line names. */
  private static boolean same(
      String line, Roots roots, Map<String, String> environment, Keyed secretKey) {
    int end = line.lastIndexOf(' ');
    if (!line.startsWith(VARIABLE) || end < VARIABLE.length()) {
      return false;
    }
    @Nullable String value = environment.get(line.substring(VARIABLE.length(), end));
    String now = value == null ? UNSET : secretKey.digest(roots.named(value)).hex();
    return Objects.equals(line.substring(end + 1), now);
  }

  /** Of all these steps, each as its last trace has it; null when that is not to be had now. */
  static @Nullable Together of(
      Collection<StepKey> keys, StepCache cache, Roots roots, Map<String, String> environment) {
    Together together = new Together();
    for (StepKey key : keys) {
      List<Path> traces = cache.traces(key);
      Trace head = traces.isEmpty() ? null : cache.head(traces.getFirst(), roots, environment);
      WatchList list =
          head == null
              ? null
              : WatchList.open(StepCache.watchFile(traces.getFirst()), Check.hash(roots));
      if (head == null || list == null || !together.add(key.digest(), head, list)) {
        return null;
      }
    }
    return together;
  }
}
