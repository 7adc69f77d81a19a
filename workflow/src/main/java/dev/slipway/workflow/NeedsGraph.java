package dev.slipway.workflow;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which jobs need which: finds unknown needs and cycles. */
final class NeedsGraph {
  private final Problems problems;
  private final Position jobs;
  private final Map<String, Vertex> vertices = new LinkedHashMap<>();
  private final List<String> ids = new ArrayList<>();

  NeedsGraph(Problems problems, Position jobs) {
    this.problems = problems;
    this.jobs = jobs;
  }

  private static final class Vertex {
    private final String id;
    private final Map<String, Node.Scalar> needs = new LinkedHashMap<>();
    private final List<Vertex> dependants = new ArrayList<>();
    private int missing;

    private Vertex(String id) {
      this.id = id;
    }
  }

  void add(String id, @Nullable Node needs) {
    Vertex vertex = new Vertex(id);
    vertices.putIfAbsent(key(id), vertex);
    ids.add(id);
    if (needs instanceof Node.Scalar scalar) {
      vertex.needs.put(key(scalar.source()), scalar);
    } else if (needs instanceof Node.Sequence sequence) {
      for (Node item : sequence.items()) {
        if (item instanceof Node.Scalar scalar) {
          vertex.needs.putIfAbsent(key(scalar.source()), scalar);
        }
      }
    }
  }

  private static String key(String id) {
    return id.toLowerCase(Locale.ROOT);
  }

  void check() {
    Deque<Vertex> ready = new ArrayDeque<>();
    boolean unknown = false;
    boolean start = false;
    for (Vertex vertex : vertices.values()) {
      for (Map.Entry<String, Node.Scalar> need : vertex.needs.entrySet()) {
        Vertex needed = vertices.get(need.getKey());
        if (needed == null) {
          unknown = true;
          String name = need.getValue().source();
          problems.error(
              need.getValue().at(),
              "Job '" + vertex.id + "' depends on unknown job '" + name + "'.",
              problems.many() ? null : Spelling.hint(name, ids));
        } else {
          vertex.missing++;
          needed.dependants.add(vertex);
        }
      }
      if (vertex.missing == 0) {
        ready.add(vertex);
      }
      start |= vertex.needs.isEmpty();
    }
    if (!start) {
      problems.error(
          jobs,
          "The workflow must contain at least one job with no dependencies.",
          unknown ? null : "every job needs another one: " + cycle());
    }
    if (ready.isEmpty()) {
      return;
    }
    while (!ready.isEmpty()) {
      for (Vertex dependant : ready.remove().dependants) {
        if (--dependant.missing == 0) {
          ready.add(dependant);
        }
      }
    }
    reportCycles();
  }

  private void reportCycles() {
    String cycle = null;
    for (Vertex vertex : vertices.values()) {
      if (vertex.missing == 0) {
        continue;
      }
      for (Map.Entry<String, Node.Scalar> need : vertex.needs.entrySet()) {
        Vertex needed = vertices.get(need.getKey());
        if (needed != null && needed.missing > 0) {
          cycle = cycle == null ? cycle() : cycle;
          problems.error(
              need.getValue().at(),
              "Job '"
                  + vertex.id
                  + "' depends on job '"
                  + need.getValue().source()
                  + "' which creates a cycle in the dependency graph.",
              cycle);
        }
      }
    }
  }

  /** One cycle in words, found by following needs that can never be met. */
  private String cycle() {
    Map<Vertex, Integer> seen = new HashMap<>();
    List<String> path = new ArrayList<>();
    Vertex at = null;
    for (Vertex vertex : vertices.values()) {
      if (vertex.missing > 0) {
        at = vertex;
        break;
      }
    }
    while (at != null && !seen.containsKey(at)) {
      seen.put(at, path.size());
      path.add(at.id);
      at = unmet(at);
    }
    if (at == null) {
      return "";
    }
    List<String> cycle = new ArrayList<>(path.subList(seen.getOrDefault(at, 0), path.size()));
    cycle.add(at.id);
    return String.join(" → ", cycle);
  }

  private @Nullable Vertex unmet(Vertex vertex) {
    for (String need : vertex.needs.keySet()) {
      Vertex needed = vertices.get(need);
      if (needed != null && needed.missing > 0) {
        return needed;
      }
    }
    return null;
  }
}
