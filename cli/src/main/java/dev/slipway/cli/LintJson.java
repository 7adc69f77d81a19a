package dev.slipway.cli;

import dev.slipway.lint.Edit;
import dev.slipway.lint.Finding;
import dev.slipway.lint.Fix;
import dev.slipway.lint.Rule;
import dev.slipway.lint.Rules;
import dev.slipway.lint.Severity;
import dev.slipway.lint.Topic;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code lint} found, for programs: Slipway's own JSON and SARIF 2.1.0. */
final class LintJson {
  /** From how many files on a second thread helps to write. */
  private static final int MANY = 64;

  private final IdentityHashMap<Rule, String> reasons = new IdentityHashMap<>();

  private LintJson() {}

  static void json(List<LintedFile> files, int count, @Nullable LintCost cost, Sink out) {
    Json json = new Json(out).object().member("schema", "slipway.lint/1").member("files", count);
    json.array("findings");
    int half = files.size() < MANY ? files.size() : middle(files);
    ByteArrayOutputStream rest = new ByteArrayOutputStream();
    Thread second =
        Thread.ofPlatform()
            .unstarted(() -> {
              Sink sink = new Sink(rest);
              Json more = Json.within(sink);
              new LintJson().findings(more, files.subList(half, files.size()));
              more.flush();
              sink.flush();
            });
    if (half < files.size()) {
      second.start();
    }
    new LintJson().findings(json, files.subList(0, half));
    if (half < files.size()) {
      json.flush();
      join(second);
      out.print(rest.toByteArray(), 0, rest.size());
    }
    json.end().object("summary");
    for (Severity severity : Severity.values()) {
      json.member(severity.text(), LintedFile.count(files, severity));
    }
    json.end();
    if (cost != null) {
      cost.json(json);
    }
    out.line(json.end().text());
  }

  /** The first of the files that leaves half of the findings, and at least one, before it. */
  private static int middle(List<LintedFile> files) {
    int all = 0;
    for (LintedFile file : files) {
      all += file.findings().size();
    }
    int before = 0;
    for (int i = 0; i < files.size(); i++) {
      if (before > all / 2) {
        return i;
      }
      before += files.get(i).findings().size();
    }
    return files.size();
  }

  private static void join(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void findings(Json json, List<LintedFile> files) {
    for (LintedFile file : files) {
      String path = Json.quoted(file.path());
      for (Finding finding : file.findings()) {
        finding(
            json, finding, finding.file().equals(file.path()) ? path : Json.quoted(finding.file()));
      }
    }
  }

  private void finding(Json json, Finding finding, String path) {
    String why = reasons.get(finding.rule());
    if (why == null) {
      why = Json.quoted(finding.rule().why().replace('\n', ' '));
      reasons.put(finding.rule(), why);
    }
    json.object()
        .member("rule", finding.rule().id())
        .member("severity", finding.severity().text())
        .member("confidence", finding.confidence().text())
        .name("file")
        .raw(path)
        .member("line", finding.range().from().line())
        .member("column", finding.range().from().column())
        .member("endLine", finding.range().to().line())
        .member("endColumn", finding.range().to().column())
        .member("message", finding.message())
        .name("why")
        .raw(why)
        .member("hint", finding.hint().isEmpty() ? null : finding.hint());
    texts(json, "covers", finding.covers());
    finding
        .mending()
        .ifPresent(fix ->
            json.object("fix")
                .member("title", fix.title())
                .member("safety", fix.safety().text())
                .end());
    if (finding.ignored() != null) {
      json.object("ignored").member("reason", finding.ignored()).end();
    }
    if (finding.refused()) {
      json.member("refused", true);
    }
    json.end();
  }

  private static void texts(Json json, String name, List<String> texts) {
    json.array(name);
    for (String text : texts) {
      json.value(text);
    }
    json.end();
  }

  static void sarif(List<LintedFile> files, Sink out) {
    Json json =
        new Json(out)
            .object()
            .member("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
            .member("version", "2.1.0");
    json.array("runs").object();
    json.object("tool").object("driver");
    json.member("name", "slipway").member("version", Build.VERSION);
    List<Rule> rules = rules(files);
    json.array("rules");
    Map<String, Integer> indexes = new HashMap<>();
    for (Rule rule : rules) {
      indexes.put(rule.id(), indexes.size());
      rule(json, rule);
    }
    json.end().end().end();
    json.member("columnKind", "unicodeCodePoints");
    json.array("results");
    Map<String, Integer> seen = new HashMap<>();
    for (LintedFile file : files) {
      for (Finding finding : file.findings()) {
        Integer index = indexes.get(finding.rule().id());
        result(json, file, finding, index == null ? 0 : index, seen);
      }
    }
    out.line(json.end().end().end().end().text());
  }

  /** All rules, and those that analysers of scripts brought along. */
  private static List<Rule> rules(List<LintedFile> files) {
    Map<String, Rule> more = new HashMap<>();
    List<Rule> rules = new ArrayList<>(Rules.all());
    for (LintedFile file : files) {
      for (Finding finding : file.findings()) {
        Rule rule = finding.rule();
        if (Rules.named(rule.id()) == null && more.put(rule.id(), rule) == null) {
          rules.add(rule);
        }
      }
    }
    return rules;
  }

  private static void rule(Json json, Rule rule) {
    json.object().member("id", rule.id());
    json.object("shortDescription").member("text", rule.title()).end();
    json.object("fullDescription").member("text", rule.why().replace('\n', ' ')).end();
    json.object("defaultConfiguration").member("level", level(rule.severity())).end();
    json.object("properties");
    json.array("tags").value(rule.topic().text()).end();
    texts(json, "covers", rule.covers());
    if (rule.topic() == Topic.SECURITY) {
      json.member("security-severity", score(rule.severity()));
    }
    json.end().end();
  }

  private static String score(Severity severity) {
    if (severity == Severity.ERROR) {
      return "8.0";
    }
    return severity == Severity.WARNING ? "5.5" : "3.0";
  }

  private static String level(Severity severity) {
    if (severity == Severity.ERROR) {
      return "error";
    }
    return severity == Severity.WARNING ? "warning" : "note";
  }

  private static void result(
      Json json, LintedFile file, Finding finding, int index, Map<String, Integer> seen) {
    String message =
        finding.hint().isEmpty() ? finding.message() : finding.message() + ": " + finding.hint();
    json.object()
        .member("ruleId", finding.rule().id())
        .member("ruleIndex", index)
        .member("level", level(finding.severity()));
    json.object("message").member("text", message).end();
    json.array("locations").object().object("physicalLocation");
    artifact(json, finding.file());
    json.object("region")
        .member("startLine", finding.range().from().line())
        .member("startColumn", finding.range().from().column())
        .member("endLine", finding.range().to().line())
        .member("endColumn", finding.range().to().column())
        .end();
    json.end().end().end();
    json.object("partialFingerprints")
        .member("slipwayFinding/v1", fingerprint(file, finding, seen))
        .end();
    json.object("properties").member("confidence", finding.confidence().text());
    texts(json, "covers", finding.covers());
    json.end();
    if (finding.ignored() != null) {
      json.array("suppressions").object().member("kind", "inSource");
      json.member("justification", finding.ignored()).end().end();
    }
    finding.mending().ifPresent(fix -> fix(json, file, finding, fix));
    json.end();
  }

  private static void artifact(Json json, String path) {
    json.object("artifactLocation");
    if (path.startsWith("/")) {
      json.member("uri", "file://" + uri(path));
    } else {
      json.member("uri", uri(path)).member("uriBaseId", "%SRCROOT%");
    }
    json.end();
  }

  /** A path as part of an address. */
  private static String uri(String path) {
    StringBuilder uri = new StringBuilder();
    for (byte one : path.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (one & 0xff);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "/-._~!$&'()*+,;=@".indexOf(c) >= 0;
      if (plain) {
        uri.append(c);
      } else {
        uri.append('%').append(HexFormat.of().withUpperCase().toHexDigits(one));
      }
    }
    return uri.toString();
  }

  private static void fix(Json json, LintedFile file, Finding finding, Fix fix) {
    json.array("fixes").object();
    json.object("description").member("text", fix.title()).end();
    json.array("artifactChanges").object();
    artifact(json, finding.file());
    json.array("replacements");
    for (Edit edit : fix.edits()) {
      int[] from = file.place(edit.start());
      int[] to = file.place(edit.end());
      json.object().object("deletedRegion");
      json.member("startLine", from[0]).member("startColumn", from[1]);
      json.member("endLine", to[0]).member("endColumn", to[1]).end();
      json.object("insertedContent").member("text", edit.replacement()).end().end();
    }
    json.end().end().end().end().end();
  }

  /** Survives lines that move: the rule, the file, the source line, and which of its kind it is. */
  private static String fingerprint(LintedFile file, Finding finding, Map<String, Integer> seen) {
    String key =
        finding.rule().id()
            + "\n"
            + finding.file()
            + "\n"
            + file.line(finding.range().from().line()).strip();
    int number = seen.merge(key, 1, Integer::sum);
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest((key + "\n" + number).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
