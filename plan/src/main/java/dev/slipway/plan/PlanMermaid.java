package dev.slipway.plan;

/** A plan as a Mermaid flowchart; jobs of one matrix are one box. */
public final class PlanMermaid {
  private PlanMermaid() {}

  /** The diagram's source, lines ended by line feeds. */
  public static String write(Plan plan) {
    StringBuilder text = new StringBuilder("flowchart LR\n");
    int number = 0;
    for (PlannedWorkflow workflow : plan.workflows()) {
      if (!workflow.triggered()) {
        continue;
      }
      String id = "w" + number++;
      text.append("  subgraph ")
          .append(id)
          .append("[\"")
          .append(escape(workflow.name()))
          .append("\"]\n    direction LR\n");
      PlanGraph graph = PlanGraph.of(workflow);
      for (PlanGraph.Node node : graph.nodes) {
        text.append("    ")
            .append(id)
            .append('j')
            .append(node.number)
            .append("[\"")
            .append(escape(node.title()));
        if (node.estimateMs() != null) {
          text.append("<br/>").append(Durations.text(node.estimateMs()));
        }
        text.append("\"]:::").append(node.runs().text()).append('\n');
      }
      for (PlanGraph.Node node : graph.nodes) {
        for (PlanGraph.Node before : node.before) {
          text.append("    ")
              .append(id)
              .append('j')
              .append(before.number)
              .append(node.runs() == Runs.YES ? " --> " : " -.-> ")
              .append(id)
              .append('j')
              .append(node.number)
              .append('\n');
        }
      }
      text.append("  end\n");
    }
    return text.append("  classDef yes stroke:#2da44e,stroke-width:2px\n")
        .append("  classDef depends stroke:#bf8700,stroke-width:2px,stroke-dasharray:5 4\n")
        .append("  classDef no stroke:#8c959f,color:#8c959f,stroke-dasharray:2 3\n")
        .toString();
  }

  private static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> escaped.append("#quot;");
        case '#' -> escaped.append("#35;");
        case '<' -> escaped.append("#lt;");
        case '>' -> escaped.append("#gt;");
        case '&' -> escaped.append("#amp;");
        case '`' -> escaped.append("#96;");
        case '\n', '\r' -> escaped.append(' ');
        default -> escaped.append(c);
      }
    }
    return escaped.toString();
  }
}
