package dev.slipway.cli;

import dev.slipway.engine.Conclusion;
import dev.slipway.engine.RunEvent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One run as one HTML page. Everything from the run is escaped, and the page's own policy forbids
 * any script but its own and any request.
 */
final class ReportPage {
  private static final int HEAD_LINES = 2_000;
  private static final int TAIL_LINES = 1_000;
  private static final int LINE = 4_000;
  private static final long ALL_CHARACTERS = 24_000_000;

  private final RunRecord.Entry run;
  private final RunPicture picture;
  private final Map<String, StepLog> logs = new HashMap<>();
  private long characters;

  /** A step's log, cut in the middle when it is long; entries are safe HTML. */
  private static final class StepLog {
    final List<String> head = new ArrayList<>();
    final Deque<String> tail = new ArrayDeque<>();
    long dropped;

    void add(String html) {
      if (head.size() < HEAD_LINES) {
        head.add(html);
        return;
      }
      tail.add(html);
      if (tail.size() > TAIL_LINES) {
        tail.remove();
        dropped++;
      }
    }
  }

  ReportPage(RunRecord.Entry run) {
    this.run = run;
    this.picture = new RunPicture(run.id());
  }

  void accept(RunEvent event) {
    if (event instanceof RunEvent.Log log) {
      String text = log.text();
      boolean cut = text.length() > LINE;
      add(
          log.job(),
          log.step(),
          (text.startsWith("##[error]") ? "<div class=\"error\">" : "<div>")
              + Html.log(cut ? text.substring(0, LINE) : text)
              + (cut ? "…" : "")
              + "</div>");
    } else if (event instanceof RunEvent.GroupStarted group) {
      add(
          group.job(),
          group.step(),
          "<div class=\"group\">▾ " + Html.escape(group.title()) + "</div>");
    } else {
      picture.accept(event);
      if (event instanceof RunEvent.StepStarted step) {
        logs.put(key(step.job(), picture.job(step.job()).steps.size() - 1), new StepLog());
      }
    }
  }

  private void add(String job, int step, String html) {
    List<RunPicture.StepPicture> steps = picture.job(job).steps;
    for (int i = steps.size() - 1; i >= 0; i--) {
      if (steps.get(i).number == step) {
        StepLog log = logs.computeIfAbsent(key(job, i), key -> new StepLog());
        if (characters > ALL_CHARACTERS) {
          log.dropped++;
        } else {
          characters += html.length();
          log.add(html);
        }
        return;
      }
    }
  }

  private static String key(String job, int index) {
    return job + '\n' + index;
  }

  String html() {
    String script = resource("report.js");
    StringBuilder page = new StringBuilder();
    page.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    page.append(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src"
            + " 'unsafe-inline'; script-src 'sha256-");
    page.append(digest(script)).append("'; base-uri 'none'; form-action 'none'\">\n");
    page.append(
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
    page.append(Html.escape(run.workflow()))
        .append(" – ")
        .append(run.state())
        .append("</title>\n<style>\n");
    page.append(resource("report.css")).append("</style>\n</head>\n<body>\n");
    header(page);
    Set<String> critical = criticalPath();
    page.append("<h2>Graph</h2>\n<div class=\"card\">")
        .append(new JobGraph(picture, critical).svg())
        .append("</div>\n");
    waterfall(page, critical);
    annotations(page);
    summaries(page);
    page.append("<h2>Jobs</h2>\n");
    for (int i = 0; i < picture.jobs.size(); i++) {
      job(page, picture.jobs.get(i), i);
    }
    page.append("<footer>Slipway ")
        .append(Build.VERSION)
        .append(" · run ")
        .append(Html.escape(run.id()));
    page.append(" · keys: j k step, Enter open, f next failure, e all</footer>\n<script>");
    page.append(script).append("</script>\n</body>\n</html>\n");
    return page.toString();
  }

  private void header(StringBuilder page) {
    page.append("<h1><span class=\"")
        .append(run.state())
        .append("\">")
        .append(run.state())
        .append("</span> ");
    page.append(Html.escape(run.workflow())).append("</h1>\n<p class=\"facts\">");
    fact(page, "event", run.event());
    fact(page, "ref", run.ref());
    fact(page, "commit", run.sha());
    fact(page, "by", run.actor());
    fact(page, "file", run.file());
    fact(page, "started", Json.time(run.startedAt()));
    Long took = run.durationMs();
    fact(page, "took", took == null ? "" : Durations.text(took));
    page.append("</p>\n");
  }

  private static void fact(StringBuilder page, String name, String value) {
    if (!value.isEmpty()) {
      page.append("<span>")
          .append(name)
          .append(" <b>")
          .append(Html.escape(value))
          .append("</b></span> ");
    }
  }

  private void waterfall(StringBuilder page, Set<String> critical) {
    Instant start = run.startedAt();
    long whole = 1;
    for (RunPicture.JobPicture job : picture.jobs) {
      whole = Math.max(whole, end(job, start));
    }
    page.append("<h2>Time</h2>\n<div class=\"card fall\">\n");
    for (int i = 0; i < picture.jobs.size(); i++) {
      RunPicture.JobPicture job = picture.jobs.get(i);
      boolean marked = critical.contains(job.key);
      page.append("<a class=\"name")
          .append(marked ? " critical" : "")
          .append("\" href=\"#job-")
          .append(i)
          .append("\">");
      page.append(Html.escape(job.name)).append("</a><span class=\"track\">");
      if (job.startedAt != null) {
        long from = Math.max(0, between(start, job.startedAt));
        long width = Math.max(0, end(job, start) - from);
        page.append("<span class=\"bar ")
            .append(state(job))
            .append(marked ? " critical" : "")
            .append("\" style=\"left:");
        page.append(100.0 * from / whole)
            .append("%;width:")
            .append(100.0 * width / whole)
            .append("%\"></span>");
      }
      page.append("</span><span class=\"took\">");
      page.append(job.startedAt == null ? state(job) : Durations.text(job.durationMs))
          .append("</span>\n");
    }
    page.append("</div>\n");
    if (critical.size() > 1) {
      page.append("<p class=\"facts\">Critical path: ");
      String arrow = "";
      for (String key : critical) {
        page.append(arrow).append("<b>").append(Html.escape(picture.job(key).name)).append("</b>");
        arrow = " → ";
      }
      page.append("</p>\n");
    }
  }

  /** The chain of jobs that kept the run from ending sooner, first to last. */
  private Set<String> criticalPath() {
    RunPicture.JobPicture last = null;
    for (RunPicture.JobPicture job : picture.jobs) {
      last = later(last, job);
    }
    List<String> path = new ArrayList<>();
    while (last != null && !path.contains(last.key)) {
      path.addFirst(last.key);
      RunPicture.JobPicture before = null;
      for (String need : last.needs) {
        RunPicture.JobPicture job = picture.known(need);
        before = job == null ? before : later(before, job);
      }
      last = before;
    }
    return new LinkedHashSet<>(path);
  }

  private static RunPicture.@Nullable JobPicture later(
      RunPicture.@Nullable JobPicture one, RunPicture.JobPicture other) {
    Instant end = other.finishedAt;
    if (end == null || other.startedAt == null) {
      return one;
    }
    Instant known = one == null ? null : one.finishedAt;
    return known == null || end.isAfter(known) ? other : one;
  }

  private static long end(RunPicture.JobPicture job, Instant start) {
    Instant begun = job.startedAt;
    return begun == null ? 0 : between(start, begun) + job.durationMs;
  }

  private static long between(Instant from, Instant to) {
    return Duration.between(from, to).toMillis();
  }

  private static String state(RunPicture.JobPicture job) {
    Conclusion conclusion = job.conclusion;
    return conclusion == null ? (job.startedAt == null ? "queued" : "running") : conclusion.text();
  }

  private void annotations(StringBuilder page) {
    if (picture.annotations.isEmpty()) {
      return;
    }
    page.append("<h2>Annotations</h2>\n<div class=\"card\"><ul class=\"annotations\">\n");
    for (RunEvent.Annotation annotation : picture.annotations) {
      String level = annotation.level();
      String known = level.equals("error") || level.equals("warning") ? level : "notice";
      page.append("<li><span class=\"")
          .append(known)
          .append("\">")
          .append(known)
          .append("</span> ");
      String file = annotation.file();
      if (file != null) {
        Integer line = annotation.line();
        page.append("<code>")
            .append(Html.escape(file))
            .append(line == null ? "" : ":" + line)
            .append("</code> ");
      }
      String title = annotation.title();
      if (title != null) {
        page.append("<b>").append(Html.escape(title)).append("</b> ");
      }
      page.append(Html.escape(annotation.message())).append(" <span class=\"skipped\">");
      page.append(Html.escape(picture.job(annotation.job()).name)).append("</span></li>\n");
    }
    page.append("</ul></div>\n");
  }

  private void summaries(StringBuilder page) {
    if (picture.summaries.isEmpty()) {
      return;
    }
    page.append("<h2>Summaries</h2>\n");
    for (RunEvent.Summary summary : picture.summaries) {
      page.append("<div class=\"card summary\"><p class=\"facts\">")
          .append(Html.escape(picture.job(summary.job()).name))
          .append("</p>\n");
      page.append(Markdown.html(summary.markdown())).append("</div>\n");
    }
  }

  private void job(StringBuilder page, RunPicture.JobPicture job, int index) {
    boolean failed = job.conclusion == Conclusion.FAILURE;
    page.append("<details class=\"job\" id=\"job-")
        .append(index)
        .append('"')
        .append(failed ? " open" : "")
        .append("><summary>");
    page.append("<span class=\"")
        .append(state(job))
        .append("\">")
        .append(RunEnding.mark(job.conclusion, Colors.OFF))
        .append("</span> <b>");
    page.append(Html.escape(job.name)).append("</b>");
    String reason = job.skipReason;
    page.append(
        reason == null ? "" : " <span class=\"skipped\">" + Html.escape(reason) + "</span>");
    page.append("<span class=\"took\">").append(Html.escape(job.state()));
    page.append(job.startedAt == null ? "" : " · " + Durations.text(job.durationMs))
        .append("</span></summary>\n");
    for (int i = 0; i < job.steps.size(); i++) {
      step(page, job.steps.get(i), logs.get(key(job.key, i)));
    }
    page.append("</details>\n");
  }

  private static void step(StringBuilder page, RunPicture.StepPicture step, @Nullable StepLog log) {
    boolean failed = step.outcome == Conclusion.FAILURE;
    Conclusion conclusion = step.conclusion;
    page.append("<details class=\"step\"")
        .append(failed ? " open data-failed" : "")
        .append("><summary><span class=\"");
    page.append(conclusion == null ? "running" : conclusion.text())
        .append("\">")
        .append(RunEnding.mark(conclusion, Colors.OFF));
    page.append("</span> ").append(Html.escape(step.name));
    Integer exit = step.exitCode;
    page.append(
        exit == null || exit == 0 ? "" : " <span class=\"failure\">exit code " + exit + "</span>");
    page.append(step.cached ? " <span class=\"skipped\">cached</span>" : "");
    page.append("<span class=\"took\">")
        .append(Durations.text(step.durationMs))
        .append("</span></summary>\n");
    if (log != null && !(log.head.isEmpty() && log.dropped == 0)) {
      page.append("<div class=\"log\">");
      log.head.forEach(page::append);
      if (log.dropped > 0) {
        page.append("<div class=\"note\">… ")
            .append(log.dropped)
            .append(" lines are left out here; all of them: slipway logs</div>");
      }
      log.tail.forEach(page::append);
      page.append("</div>\n");
    }
    page.append("</details>\n");
  }

  private static String digest(String text) {
    try {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String resource(String name) {
    try (InputStream in = ReportPage.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("resource " + name + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
