package dev.slipway.plan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A workflow's jobs as a drawing sees them: one node for all jobs of a matrix, in layers from left
 * to right, ordered within a layer by where what they wait for lies (Sugiyama's barycentres).
 */
final class PlanGraph {
  private static final int SWEEPS = 4;
  private static final int MAX_BENDS = 2_000;

  /** Jobs that are drawn as one; without jobs, where a long line passes through a layer. */
  static final class Node {
    final int number;
    final List<PlannedJob> jobs = new ArrayList<>();
    final List<Node> before = new ArrayList<>();
    final List<Node> next = new ArrayList<>();

    /** Ends of lines in the layers beside it. */
    final List<Node> linesIn = new ArrayList<>();

    final List<Node> linesOut = new ArrayList<>();
    int layer;
    double rank;
    private int left;

    Node(int number) {
      this.number = number;
    }

    boolean bend() {
      return jobs.isEmpty();
    }

    PlannedJob first() {
      return jobs.getFirst();
    }

    String title() {
      if (jobs.size() == 1) {
        return first().name();
      }
      String name = first().name();
      int values = name.lastIndexOf(" (");
      return (values > 0 ? name.substring(0, values) : name) + " × " + jobs.size();
    }

    Runs runs() {
      Runs all = Runs.NO;
      for (PlannedJob job : jobs) {
        if (job.runs() == Runs.YES) {
          return Runs.YES;
        }
        all = job.runs() == Runs.DEPENDS ? Runs.DEPENDS : all;
      }
      return all;
    }

    @Nullable Long estimateMs() {
      Long longest = null;
      for (PlannedJob job : jobs) {
        Long own = job.estimateMs();
        longest = longest == null || (own != null && own > longest) ? own : longest;
      }
      return longest;
    }
  }

  final List<Node> nodes;
  final List<List<Node>> layers = new ArrayList<>();

  private PlanGraph(List<Node> nodes) {
    this.nodes = nodes;
  }

  static PlanGraph of(PlannedWorkflow workflow) {
    Map<String, Node> groups = new LinkedHashMap<>();
    for (PlannedJob job : workflow.jobs()) {
      Node node = groups.get(job.group());
      if (node == null) {
        node = new Node(groups.size());
        groups.put(job.group(), node);
      }
      node.jobs.add(job);
    }
    for (Node node : groups.values()) {
      for (String name : new LinkedHashSet<>(node.first().after())) {
        Node before = groups.get(name);
        if (before != null) {
          node.before.add(before);
          before.next.add(node);
        }
      }
      node.left = node.before.size();
    }
    PlanGraph graph = new PlanGraph(List.copyOf(groups.values()));
    graph.layer();
    graph.connect();
    graph.order();
    return graph;
  }

  private void layer() {
    ArrayDeque<Node> ready = new ArrayDeque<>();
    for (Node node : nodes) {
      if (node.left == 0) {
        ready.add(node);
      }
    }
    while (!ready.isEmpty()) {
      Node node = ready.remove();
      while (layers.size() <= node.layer) {
        layers.add(new ArrayList<>());
      }
      layers.get(node.layer).add(node);
      for (Node next : node.next) {
        next.layer = Math.max(next.layer, node.layer + 1);
        if (--next.left == 0) {
          ready.add(next);
        }
      }
    }
  }

  /** Leads lines over several layers through each of them, unless there are too many. */
  private void connect() {
    long bends = 0;
    for (Node node : nodes) {
      for (Node before : node.before) {
        bends += node.layer - before.layer - 1;
      }
    }
    int number = nodes.size();
    for (Node node : nodes) {
      for (Node before : node.before) {
        Node from = before;
        for (int layer = before.layer + 1; layer < node.layer && bends <= MAX_BENDS; layer++) {
          Node bend = new Node(number++);
          bend.layer = layer;
          layers.get(layer).add(bend);
          join(from, bend);
          from = bend;
        }
        join(from, node);
      }
    }
  }

  private static void join(Node from, Node to) {
    from.linesOut.add(to);
    to.linesIn.add(from);
  }

  private void order() {
    for (List<Node> layer : layers) {
      layer.sort(Comparator.comparingInt(node -> node.number));
      number(layer);
    }
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      boolean forward = sweep % 2 == 0;
      for (int i = 1; i < layers.size(); i++) {
        List<Node> layer = layers.get(forward ? i : layers.size() - 1 - i);
        for (Node node : layer) {
          List<Node> others = forward ? node.linesIn : node.linesOut;
          double sum = 0;
          for (Node other : others) {
            sum += other.rank;
          }
          node.rank = others.isEmpty() ? node.rank : sum / others.size();
        }
        layer.sort(
            Comparator.<Node>comparingDouble(node -> node.rank)
                .thenComparingInt(node -> node.number));
        number(layer);
      }
    }
  }

  private static void number(List<Node> layer) {
    for (int i = 0; i < layer.size(); i++) {
      layer.get(i).rank = i - (layer.size() - 1) / 2.0;
    }
  }
}
