package dev.slipway.lint;

import dev.slipway.workflow.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Reads one file of settings, and tells what it does not understand. */
final class SettingsReader {
  private final LintFile file;
  private final Found found;
  private final Severity severity;

  /** Findings that are no mistake of Slipway's own file are as bad as {@code severity}. */
  SettingsReader(LintFile file, Found found, Severity severity) {
    this.file = file;
    this.found = found;
    this.severity = severity;
  }

  LintFile file() {
    return file;
  }

  void wrong(YamlNode.Scalar where, String message, String hint) {
    wrong(severity, where, message, hint);
  }

  void wrong(Severity how, YamlNode.Scalar where, String message, String hint) {
    int newline = file.text().indexOf('\n', where.start());
    int end = newline >= 0 && newline < where.end() ? newline : where.end();
    found.at(how, Confidence.HIGH, where.start(), end, message, hint, List.of(), null);
  }

  /** The members of a section's mapping; none, and a finding, when it is something else. */
  List<YamlNode.Member> members(YamlNode.Member section) {
    YamlNode.Scalar scalar = section.value().scalar();
    if (scalar != null && scalar.kind() == YamlNode.Kind.NULL) {
      return List.of();
    }
    if (section.value().mapping() == null) {
      wrong(
          section.key(),
          "'" + section.key().text() + "' is no mapping",
          "write lines such as 'name: value' below it");
    }
    return Trees.members(section.value());
  }

  /** The texts of a list; other items are findings. */
  List<YamlNode.Scalar> texts(YamlNode.Member section) {
    List<YamlNode.Scalar> texts = new ArrayList<>();
    YamlNode.Scalar alone = section.value().scalar();
    if (alone != null && alone.kind() == YamlNode.Kind.NULL) {
      return texts;
    }
    if (section.value().sequence() == null) {
      wrong(section.key(), "'" + section.key().text() + "' is no list", "write [one, two]");
      return texts;
    }
    for (YamlNode item : Trees.items(section.value())) {
      YamlNode.Scalar text = item.scalar();
      if (text == null || text.text().isBlank()) {
        wrong(
            text == null ? section.key() : text,
            "An item of '" + section.key().text() + "' is no text",
            "write names only");
      } else {
        texts.add(text);
      }
    }
    return texts;
  }

  /** The text of a member; empty, and a finding, when it is none. */
  String text(YamlNode.Member member) {
    YamlNode.Scalar text = member.value().scalar();
    if (text == null || text.text().isBlank()) {
      wrong(member.key(), "'" + member.key().text() + "' has no value", "give it one");
      return "";
    }
    return text.text();
  }

  YamlNode.Scalar place(YamlNode.Member member) {
    YamlNode.Scalar value = member.value().scalar();
    return value == null || value.end() <= value.start() ? member.key() : value;
  }

  void unknown(YamlNode.Scalar where, String name, List<String> names) {
    wrong(where, "Unexpected value '" + name + "'", NearName.hint(name, names));
  }

  @Nullable PathGlob glob(YamlNode.Scalar where) {
    PathGlob glob = PathGlob.of(where.text());
    if (glob == null) {
      wrong(
          where,
          "'" + where.text() + "' is no pattern for paths",
          "write one such as .github/workflows/release-*.yml");
    }
    return glob;
  }

  @Nullable Pattern pattern(YamlNode.Scalar where) {
    // Other tools read expressions of Go, which name groups another way.
    String text = where.text().replace("(?P<", "(?<");
    try {
      return Pattern.compile(text);
    } catch (PatternSyntaxException e) {
      wrong(
          where,
          "The regular expression cannot be read: " + e.getDescription(),
          "correct it; signs such as '(' and '[' need a backslash to mean themselves");
      return null;
    }
  }

  @Nullable ActionPattern action(YamlNode.Scalar where) {
    ActionPattern pattern = ActionPattern.of(where.text());
    if (pattern == null) {
      wrong(
          where,
          "'" + where.text() + "' is no pattern for actions",
          "write owner/name, owner/* or *");
    }
    return pattern;
  }

  int number(YamlNode.Member member, int otherwise) {
    String text = text(member);
    int number = 0;
    boolean digits = !text.isEmpty() && text.length() < 6;
    for (int i = 0; i < text.length() && digits; i++) {
      digits = text.charAt(i) >= '0' && text.charAt(i) <= '9';
      number = number * 10 + text.charAt(i) - '0';
    }
    if (!digits && !text.isEmpty()) {
      wrong(place(member), "'" + text + "' is no number of days", "write one such as 7");
    }
    return digits ? number : otherwise;
  }
}
