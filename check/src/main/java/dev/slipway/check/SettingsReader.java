package dev.slipway.check;

import dev.slipway.workflow.Position;
import dev.slipway.workflow.Problem;
import dev.slipway.workflow.YamlDocument;
import dev.slipway.workflow.YamlNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the sections of {@code slipway.yml} that are about gates. */
final class SettingsReader {
  private static final List<String> OF_GATES =
      List.of(
          "enabled",
          "kind",
          "tier",
          "run",
          "directory",
          "inputs",
          "needs",
          "retries",
          "report",
          "network");
  private static final List<String> REPORTS = List.of("lines", "junit", "last-line");
  private static final int MOST_RETRIES = 10;

  private final String file;
  private final List<Problem> problems = new ArrayList<>();

  SettingsReader(String file) {
    this.file = file;
  }

  List<Problem> problems() {
    return problems;
  }

  CheckSettings read(String text) {
    String content = text.startsWith("\uFEFF") ? text.substring(1) : text;
    if (content.lines().allMatch(line -> line.isBlank() || line.stripLeading().startsWith("#"))) {
      return CheckSettings.NONE;
    }
    YamlDocument document = YamlDocument.read(content);
    problems.addAll(document.wrong(file));
    YamlNode root = document.root();
    YamlNode.Mapping sections = root == null ? null : root.mapping();
    if (sections == null) {
      if (problems.isEmpty()) {
        problems.add(
            Problem.error(
                file,
                Position.START,
                "The file has no sections",
                "begin with one, such as 'gates:'"));
      }
      return CheckSettings.NONE;
    }
    Map<String, CheckSettings.Change> gates = new LinkedHashMap<>();
    YamlNode.Mapping changes = mapping(sections, "gates");
    if (changes != null) {
      for (YamlNode.Member member : changes.members()) {
        gates.put(member.key().text(), change(member.key().text(), member.value()));
      }
    }
    YamlNode.Mapping flaky = mapping(sections, "flaky");
    YamlNode.Mapping slo = mapping(sections, "slo");
    known(flaky, "flaky", List.of("retries", "delay", "blocking"));
    known(slo, "slo", List.of("warm"));
    Integer retries = flaky == null ? null : number(flaky, "retries");
    Duration delay = flaky == null ? null : duration(flaky, "delay");
    Boolean blocking = flaky == null ? null : truth(flaky, "blocking");
    return new CheckSettings(
        gates,
        retries == null ? CheckSettings.NONE.retries() : retries,
        delay == null ? CheckSettings.NONE.retryDelay() : delay,
        blocking == null || blocking ? CheckSettings.Flaky.BLOCKING : CheckSettings.Flaky.NAMED,
        slo == null ? null : duration(slo, "warm"));
  }

  private CheckSettings.Change change(String id, YamlNode node) {
    YamlNode.Scalar scalar = node.scalar();
    if (scalar != null) {
      boolean off = scalar.text().equals("off") || scalar.text().equals("false");
      boolean on = scalar.text().equals("on") || scalar.text().equals("true");
      Kind kind = Kind.named(scalar.text());
      if (!off && !on && kind == null) {
        error(
            scalar.at(),
            "The gate '" + id + "' is neither settings nor 'off'",
            "write off, or {kind: advisory}");
      }
      return plain(off, kind);
    }
    YamlNode.Mapping settings = node.mapping();
    if (settings == null) {
      error(
          node.at(),
          "The gate '" + id + "' is neither settings nor 'off'",
          "write off, or {kind: advisory}");
      return plain(false, null);
    }
    known(settings, "gates." + id, OF_GATES);
    Kind kind = null;
    String kindText = text(settings, "kind");
    if (kindText != null) {
      kind = Kind.named(kindText);
      if (kind == null) {
        error(
            at(settings, "kind"),
            "There is no kind '" + kindText + "'",
            "required, optional, advisory or informational");
      }
    }
    Tier tier = null;
    String tierText = text(settings, "tier");
    if (tierText != null) {
      tier = Tier.named(tierText);
      if (tier == null) {
        error(
            at(settings, "tier"),
            "There is no tier '" + tierText + "'",
            "lite, pro, strict or promax");
      }
    }
    Report report = null;
    String reportText = text(settings, "report");
    if (reportText != null) {
      if (!REPORTS.contains(reportText)) {
        error(
            at(settings, "report"),
            "There is no report '" + reportText + "'",
            String.join(", ", REPORTS));
      }
      report =
          reportText.equals("junit")
              ? Report.JUNIT
              : reportText.equals("last-line") ? Report.LAST_LINE : Report.LINES;
    }
    Boolean enabled = truth(settings, "enabled");
    Boolean network = truth(settings, "network");
    List<String> needs = texts(settings, "needs");
    return new CheckSettings.Change(
        enabled == null || enabled ? CheckSettings.Wanted.ON : CheckSettings.Wanted.OFF,
        kind,
        tier,
        text(settings, "run"),
        directory(settings),
        texts(settings, "inputs"),
        needs == null ? List.of() : needs,
        number(settings, "retries"),
        report,
        network != null && network);
  }

  private static CheckSettings.Change plain(boolean off, @Nullable Kind kind) {
    return new CheckSettings.Change(
        off ? CheckSettings.Wanted.OFF : CheckSettings.Wanted.ON,
        kind,
        null,
        null,
        null,
        null,
        List.of(),
        null,
        null,
        false);
  }

  private @Nullable String directory(YamlNode.Mapping settings) {
    String directory = text(settings, "directory");
    if (directory == null) {
      return null;
    }
    if (directory.startsWith("/")
        || directory.equals("..")
        || directory.startsWith("../")
        || directory.contains("/../")) {
      error(
          at(settings, "directory"),
          "The directory '" + directory + "' is not one of the project",
          null);
    }
    String plain = directory.startsWith("./") ? directory.substring(2) : directory;
    plain = plain.endsWith("/") ? plain.substring(0, plain.length() - 1) : plain;
    return plain.equals(".") ? "" : plain;
  }

  private YamlNode.@Nullable Mapping mapping(YamlNode.Mapping in, String name) {
    YamlNode node = in.get(name);
    if (node == null) {
      return null;
    }
    YamlNode.Mapping mapping = node.mapping();
    if (mapping == null) {
      error(node.at(), "'" + name + "' is no mapping", null);
    }
    return mapping;
  }

  private void known(YamlNode.@Nullable Mapping settings, String where, List<String> names) {
    if (settings == null) {
      return;
    }
    for (YamlNode.Member member : settings.members()) {
      if (!names.contains(member.key().text())) {
        error(
            member.key().at(),
            "Unexpected value '" + member.key().text() + "' in '" + where + "'",
            "one of " + String.join(", ", names));
      }
    }
  }

  private @Nullable String text(YamlNode.Mapping in, String name) {
    YamlNode node = in.get(name);
    if (node == null) {
      return null;
    }
    YamlNode.Scalar scalar = node.scalar();
    if (scalar == null) {
      error(node.at(), "'" + name + "' is no text", null);
      return null;
    }
    return scalar.text();
  }

  private @Nullable List<String> texts(YamlNode.Mapping in, String name) {
    YamlNode node = in.get(name);
    if (node == null) {
      return null;
    }
    YamlNode.Scalar one = node.scalar();
    if (one != null) {
      return List.of(one.text());
    }
    List<String> texts = new ArrayList<>();
    YamlNode.Sequence sequence = node.sequence();
    if (sequence == null) {
      error(node.at(), "'" + name + "' is no list", null);
      return texts;
    }
    for (YamlNode item : sequence.items()) {
      YamlNode.Scalar scalar = item.scalar();
      if (scalar == null) {
        error(item.at(), "'" + name + "' is no list of texts", null);
      } else {
        texts.add(scalar.text());
      }
    }
    return texts;
  }

  private @Nullable Integer number(YamlNode.Mapping in, String name) {
    String text = text(in, name);
    if (text == null) {
      return null;
    }
    boolean digits =
        !text.isEmpty() && text.length() < 4 && text.chars().allMatch(Character::isDigit);
    if (!digits || Integer.parseInt(text) > MOST_RETRIES) {
      error(at(in, name), "'" + name + "' is no number from 0 to " + MOST_RETRIES, null);
      return null;
    }
    return Integer.valueOf(text);
  }

  private @Nullable Boolean truth(YamlNode.Mapping in, String name) {
    String text = text(in, name);
    if (text == null) {
      return null;
    }
    if (!text.equals("true") && !text.equals("false")) {
      error(at(in, name), "'" + name + "' is neither true nor false", null);
    }
    return text.equals("true");
  }

  private @Nullable Duration duration(YamlNode.Mapping in, String name) {
    String text = text(in, name);
    if (text == null) {
      return null;
    }
    int digits = 0;
    while (digits < text.length() && Character.isDigit(text.charAt(digits))) {
      digits++;
    }
    if (digits > 0 && digits < 9) {
      long number = Long.parseLong(text.substring(0, digits));
      switch (text.substring(digits).strip()) {
        case "ms" -> {
          return Duration.ofMillis(number);
        }
        case "s" -> {
          return Duration.ofSeconds(number);
        }
        case "m" -> {
          return Duration.ofMinutes(number);
        }
        default -> {}
      }
    }
    error(at(in, name), "'" + text + "' is no duration", "write, say, 500ms, 5s or 2m");
    return null;
  }

  private static Position at(YamlNode.Mapping in, String name) {
    YamlNode node = in.get(name);
    return node == null ? in.at() : node.at();
  }

  private void error(Position at, String message, @Nullable String hint) {
    problems.add(Problem.error(file, at, message, hint));
  }
}
