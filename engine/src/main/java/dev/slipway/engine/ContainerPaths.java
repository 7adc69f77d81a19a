package dev.slipway.engine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Folders of this machine as a container sees them (actions/runner, ContainerInfo). Immutable.
 *
 * <p>As on GitHub only paths that a process is given are turned: its variables, its script. {@code
 * github.workspace} in an expression is the path on the machine.
 */
final class ContainerPaths {
  /** A folder in both worlds. */
  private record Pair(String here, String there) {}

  private final List<Pair> inward = new ArrayList<>();
  private final List<Pair> outward = new ArrayList<>();

  /**
   * Those of these folders, from here to there.
   *
   * @param folders without a slash at the end
   */
  ContainerPaths(Map<Path, String> folders) {
    folders.forEach((here, there) -> inward.add(new Pair(here.toString(), there)));
    outward.addAll(inward);
    // What lies in another folder comes before it.
    inward.sort(Comparator.comparingInt((Pair pair) -> pair.here().length()).reversed());
    outward.sort(Comparator.comparingInt((Pair pair) -> pair.there().length()).reversed());
  }

  /** A path, or any other text, as processes in the container are to see it. */
  String inward(String text) {
    for (Pair pair : inward) {
      if (within(text, pair.here())) {
        return pair.there() + text.substring(pair.here().length());
      }
    }
    return text;
  }

  /** What a process in the container calls so, as it is called on this machine. */
  String outward(String text) {
    for (Pair pair : outward) {
      if (within(text, pair.there())) {
        return pair.here() + text.substring(pair.there().length());
      }
    }
    return text;
  }

  Map<String, String> inward(Map<String, String> variables) {
    Map<String, String> turned = new LinkedHashMap<>();
    variables.forEach((name, value) -> turned.put(name, inward(value)));
    return turned;
  }

  private static boolean within(String text, String folder) {
    return text.startsWith(folder)
        && (text.length() == folder.length() || text.charAt(folder.length()) == '/');
  }
}
