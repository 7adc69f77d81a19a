package dev.slipway.cli;

import dev.slipway.engine.Conclusion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Draws a run's jobs and what they need as SVG: a column for each distance from the start. */
final class JobGraph {
  private static final int WIDTH = 190;
  private static final int HEIGHT = 30;
  private static final int COLUMN = 250;
  private static final int ROW = 42;

  private final RunPicture run;
  private final Set<String> critical;
  private final Map<String, Integer> columns = new HashMap<>();

  JobGraph(RunPicture run, Set<String> critical) {
    this.run = run;
    this.critical = critical;
  }

  String svg() {
    Map<String, int[]> places = new HashMap<>();
    List<Integer> used = new ArrayList<>();
    for (RunPicture.JobPicture job : run.jobs) {
      int column = column(job.key, 0);
      while (used.size() <= column) {
        used.add(0);
      }
      int row = used.get(column);
      used.set(column, row + 1);
      places.put(job.key, new int[] {10 + column * COLUMN, 10 + row * ROW});
    }
    int rows = used.stream().max(Integer::compare).orElse(0);
    int width = 20 + Math.max(0, used.size() - 1) * COLUMN + WIDTH;
    int height = 20 + Math.max(1, rows) * ROW - (ROW - HEIGHT);
    StringBuilder svg = new StringBuilder();
    svg.append("<svg role=\"img\" aria-label=\"Jobs and what they need\" width=\"").append(width);
    svg.append("\" height=\"")
        .append(height)
        .append("\" viewBox=\"0 0 ")
        .append(width)
        .append(' ')
        .append(height)
        .append("\">\n");
    for (RunPicture.JobPicture job : run.jobs) {
      for (String need : job.needs) {
        edge(
            svg,
            places.get(need),
            places.get(job.key),
            critical.contains(need) && critical.contains(job.key));
      }
    }
    for (RunPicture.JobPicture job : run.jobs) {
      node(svg, job, places.get(job.key));
    }
    return svg.append("</svg>").toString();
  }

  private int column(String key, int depth) {
    Integer known = columns.get(key);
    if (known != null) {
      return known;
    }
    int column = 0;
    RunPicture.JobPicture job = run.known(key);
    if (job != null && depth <= run.jobs.size()) {
      for (String need : job.needs) {
        column = Math.max(column, column(need, depth + 1) + 1);
      }
    }
    columns.put(key, column);
    return column;
  }

  private static void edge(
      StringBuilder svg, int @Nullable [] from, int @Nullable [] to, boolean critical) {
    if (from == null || to == null) {
      return;
    }
    int x1 = from[0] + WIDTH;
    int y1 = from[1] + HEIGHT / 2;
    int y2 = to[1] + HEIGHT / 2;
    int middle = (x1 + to[0]) / 2;
    svg.append("<path")
        .append(critical ? " class=\"critical\"" : "")
        .append(" d=\"M")
        .append(x1)
        .append(' ')
        .append(y1);
    svg.append(" C")
        .append(middle)
        .append(' ')
        .append(y1)
        .append(' ')
        .append(middle)
        .append(' ')
        .append(y2);
    svg.append(' ').append(to[0]).append(' ').append(y2).append("\"/>\n");
  }

  private void node(StringBuilder svg, RunPicture.JobPicture job, int @Nullable [] at) {
    if (at == null) {
      return;
    }
    Conclusion conclusion = job.conclusion;
    svg.append("<g")
        .append(critical.contains(job.key) ? " class=\"critical\"" : "")
        .append("><title>")
        .append(Html.escape(job.name))
        .append("</title>");
    svg.append("<rect x=\"")
        .append(at[0])
        .append("\" y=\"")
        .append(at[1])
        .append("\" width=\"")
        .append(WIDTH)
        .append("\" height=\"")
        .append(HEIGHT)
        .append("\" rx=\"6\"/>");
    svg.append("<circle class=\"")
        .append(conclusion == null ? "queued" : conclusion.text())
        .append("\" cx=\"")
        .append(at[0] + 15)
        .append("\" cy=\"")
        .append(at[1] + HEIGHT / 2)
        .append("\" r=\"5\"/>");
    svg.append("<text x=\"")
        .append(at[0] + 28)
        .append("\" y=\"")
        .append(at[1] + 20)
        .append("\">")
        .append(Html.escape(Text.fit(job.name, 21)))
        .append("</text></g>\n");
  }
}
