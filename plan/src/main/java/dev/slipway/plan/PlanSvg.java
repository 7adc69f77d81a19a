package dev.slipway.plan;

import java.util.List;
import java.util.Set;

/**
 * A plan as a picture: each triggered workflow's jobs in layers from left to right. One file that
 * needs nothing else, with colours for light and dark.
 */
public final class PlanSvg {
  private static final int MARGIN = 24;
  private static final int NODE_HEIGHT = 44;
  private static final int ROW = 60;
  private static final int BEND = 20;
  private static final int GAP = 56;
  private static final int HEADER = 46;
  private static final int MIN_WIDTH = 120;
  private static final int MAX_TITLE = 42;
  private static final double CHARACTER = 7.2;
  private static final int PADDING = 30;

  private static final String STYLE =
      """
      <style>
      svg{--text:#1f2328;--quiet:#59636e;--box:#ffffff;--line:#d1d9e0;--yes:#1a7f37;--depends:#9a6700;--no:#818b98;--back:#f6f8fa}
      @media(prefers-color-scheme:dark){svg{--text:#f0f6fc;--quiet:#9198a1;--box:#151b23;--line:#3d444d;--yes:#3fb950;--depends:#d29922;--no:#656c76;--back:#0d1117}}
      text{font:13px system-ui,-apple-system,"Segoe UI",sans-serif;fill:var(--text)}
      .h{font-weight:600;font-size:15px}.q{fill:var(--quiet);font-size:12px}
      .b{fill:var(--box);stroke:var(--line)}.e{fill:none;stroke:var(--line);stroke-width:1.5}
      .yes .s{fill:var(--yes)}.depends .s{fill:var(--depends)}.no .s{fill:var(--no)}
      .depends .b{stroke-dasharray:5 4;stroke:var(--depends)}.no .b{stroke-dasharray:2 3}.no text{fill:var(--no)}
      .c .b{stroke:var(--text);stroke-width:2}.back{fill:var(--back)}
      </style>
      """;

  private final StringBuilder out = new StringBuilder();
  private final Set<String> critical;
  private int width;
  private int top;

  private PlanSvg(List<String> critical) {
    this.critical = Set.copyOf(critical);
  }

  /** The picture. */
  public static String write(Plan plan) {
    PlanSvg svg = new PlanSvg(plan.criticalPath().jobs());
    svg.top = MARGIN;
    for (PlannedWorkflow workflow : plan.workflows()) {
      if (workflow.triggered()) {
        svg.workflow(workflow);
      }
    }
    if (svg.top == MARGIN) {
      svg.text(MARGIN, MARGIN + 14, "q", "Nothing is triggered by " + plan.event().name());
      svg.top += HEADER;
      svg.width = 420;
    }
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-label=\""
        + escape("What " + plan.event().name() + " runs")
        + "\" width=\""
        + svg.width
        + "\" height=\""
        + svg.top
        + "\" viewBox=\"0 0 "
        + svg.width
        + " "
        + svg.top
        + "\">\n"
        + STYLE
        + "<rect class=\"back\" width=\"100%\" height=\"100%\"/>\n"
        + svg.out
        + "</svg>\n";
  }

  private void workflow(PlannedWorkflow workflow) {
    text(MARGIN, top + 14, "h", workflow.name());
    text(MARGIN, top + 32, "q", workflow.reason());
    int labels = (int) Math.max(workflow.name().length() * 8.5, workflow.reason().length() * 6.6);
    width = Math.max(width, labels + 2 * MARGIN);
    PlanGraph graph = PlanGraph.of(workflow);
    int[] lefts = new int[graph.layers.size()];
    int[] widths = new int[graph.layers.size()];
    int height = 0;
    int left = MARGIN;
    for (int i = 0; i < lefts.length; i++) {
      for (PlanGraph.Node node : graph.layers.get(i)) {
        if (!node.bend()) {
          int needed = (int) (shorten(node.title()).length() * CHARACTER) + PADDING;
          widths[i] = Math.max(widths[i], Math.max(MIN_WIDTH, needed));
        }
      }
      lefts[i] = left;
      left += widths[i] + GAP;
      height = Math.max(height, height(graph.layers.get(i)));
    }
    width = Math.max(width, left - GAP + MARGIN);
    int start = top + HEADER;
    int[] middles = middles(graph, start, height);
    for (List<PlanGraph.Node> layer : graph.layers) {
      for (PlanGraph.Node node : layer) {
        int y = middles[node.number];
        for (PlanGraph.Node from : node.linesIn) {
          int x = lefts[from.layer] + widths[from.layer];
          edge(x, middles[from.number], lefts[node.layer], y);
        }
        if (node.bend()) {
          edge(lefts[node.layer], y, lefts[node.layer] + widths[node.layer], y);
        }
      }
    }
    for (PlanGraph.Node node : graph.nodes) {
      int y = middles[node.number] - NODE_HEIGHT / 2;
      node(node, lefts[node.layer], y, widths[node.layer]);
    }
    top = start + height + MARGIN;
  }

  private static int height(List<PlanGraph.Node> layer) {
    int height = 0;
    for (PlanGraph.Node node : layer) {
      height += node.bend() ? BEND : ROW;
    }
    return height;
  }

  /** How far down the middle of each node lies, by its number. */
  private static int[] middles(PlanGraph graph, int start, int height) {
    int count = 0;
    for (List<PlanGraph.Node> layer : graph.layers) {
      count += layer.size();
    }
    int[] middles = new int[Math.max(count, graph.nodes.size())];
    for (List<PlanGraph.Node> layer : graph.layers) {
      int y = start + (height - height(layer)) / 2;
      for (PlanGraph.Node node : layer) {
        int own = node.bend() ? BEND : ROW;
        middles[node.number] = y + own / 2;
        y += own;
      }
    }
    return middles;
  }

  private void edge(int x1, int y1, int x2, int y2) {
    int bend = Math.min(GAP / 2, (x2 - x1) / 2);
    out.append("<path class=\"e\" d=\"M").append(x1).append(' ').append(y1);
    if (y1 == y2) {
      out.append('H').append(x2);
    } else {
      out.append('C')
          .append(x1 + bend)
          .append(' ')
          .append(y1)
          .append(' ')
          .append(x2 - bend)
          .append(' ')
          .append(y2)
          .append(' ')
          .append(x2)
          .append(' ')
          .append(y2);
    }
    out.append("\"/>\n");
  }

  private void node(PlanGraph.Node node, int x, int y, int nodeWidth) {
    out.append("<g class=\"").append(node.runs().text());
    if (onCriticalPath(node)) {
      out.append(" c");
    }
    out.append("\"><title>")
        .append(escape(node.title() + ": " + node.first().reason()))
        .append("</title><rect class=\"b\" x=\"")
        .append(x)
        .append("\" y=\"")
        .append(y)
        .append("\" width=\"")
        .append(nodeWidth)
        .append("\" height=\"")
        .append(NODE_HEIGHT)
        .append("\" rx=\"6\"/><circle class=\"s\" cx=\"")
        .append(x + 14)
        .append("\" cy=\"")
        .append(y + NODE_HEIGHT / 2)
        .append("\" r=\"4\"/>");
    Long estimate = node.estimateMs();
    text(x + 26, y + (estimate == null ? 26 : 19), "", shorten(node.title()));
    if (estimate != null) {
      text(x + 26, y + 35, "q", "about " + Durations.text(estimate));
    }
    out.append("</g>\n");
  }

  private boolean onCriticalPath(PlanGraph.Node node) {
    if (critical.size() < 2) {
      return false;
    }
    for (PlannedJob job : node.jobs) {
      if (critical.contains(job.key())) {
        return true;
      }
    }
    return false;
  }

  private void text(int x, int y, String style, String text) {
    out.append("<text x=\"").append(x).append("\" y=\"").append(y).append('"');
    if (!style.isEmpty()) {
      out.append(" class=\"").append(style).append('"');
    }
    out.append('>').append(escape(text)).append("</text>");
  }

  private static String shorten(String title) {
    return title.length() > MAX_TITLE ? title.substring(0, MAX_TITLE - 1) + "…" : title;
  }

  private static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> escaped.append("&amp;");
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '"' -> escaped.append("&quot;");
        default -> escaped.append(c < 0x20 ? ' ' : c);
      }
    }
    return escaped.toString();
  }
}
