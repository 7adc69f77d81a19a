package dev.slipway.lint;

import dev.slipway.workflow.YamlNode;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Settings that ask to ignore findings, and where they say so. */
final class SettingIgnore {
  private final String file;
  private final Range range;
  private final PathGlob path;
  private final @Nullable Pattern message;
  private final String cover;
  private final int line;

  private SettingIgnore(
      LintFile file,
      YamlNode.Scalar where,
      PathGlob path,
      @Nullable Pattern message,
      String cover,
      int line) {
    this.file = file.path();
    this.range =
        new Range(file.document().position(where.start()), file.document().position(where.end()));
    this.path = path;
    this.message = message;
    this.cover = cover;
    this.line = line;
  }

  /** What a pattern finds in messages, or what has a name that is all of the pattern. */
  static SettingIgnore messages(
      LintFile file, YamlNode.Scalar where, PathGlob path, Pattern message) {
    return new SettingIgnore(file, where, path, message, "", 0);
  }

  /** What another tool calls so, in a file, on a line unless that is 0. */
  static SettingIgnore audit(
      LintFile file, YamlNode.Scalar where, PathGlob path, String cover, int line) {
    return new SettingIgnore(file, where, path, null, cover, line);
  }

  /** A path that settings name, whatever is to happen there. */
  static SettingIgnore place(LintFile file, YamlNode.Scalar where, PathGlob path) {
    return new SettingIgnore(file, where, path, null, "", 0);
  }

  boolean about(String workflow) {
    return path.matches(workflow);
  }

  /** Whether it only says which files are meant. */
  boolean place() {
    return message == null && cover.isEmpty();
  }

  /** What another tool calls that which is ignored; empty when the message decides. */
  String cover() {
    return cover;
  }

  String file() {
    return file;
  }

  Range range() {
    return range;
  }

  /** Whether a finding in a file that it is about is to be ignored. */
  boolean takes(Finding finding, Spans spans) {
    Pattern pattern = message;
    if (pattern == null) {
      return !cover.isEmpty()
          && finding.covers().contains(cover)
          && (line == 0 || spans.covers(finding, line, line));
    }
    if (pattern.matcher(finding.message()).find()
        || pattern.matcher(finding.rule().id()).matches()) {
      return true;
    }
    for (String name : finding.covers()) {
      String kind = name.substring(name.indexOf(':') + 1);
      if (pattern.matcher(name).matches() || pattern.matcher(kind).matches()) {
        return true;
      }
      // What actionlint says of a script begins with ShellCheck's code and severity.
      if (name.startsWith("shellcheck:")
          && pattern
              .matcher(
                  "shellcheck reported issue in this script: "
                      + kind
                      + ":"
                      + finding.severity().text().toLowerCase(Locale.ROOT)
                      + ":1:1: "
                      + finding.message())
              .find()) {
        return true;
      }
    }
    return false;
  }
}
