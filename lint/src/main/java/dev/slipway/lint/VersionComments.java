package dev.slipway.lint;

import dev.slipway.workflow.YamlNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Fixes of the comments that say which version a commit is, where that is known. */
final class VersionComments {
  private VersionComments() {}

  /** Adds the version behind a reference that has no comment yet. */
  static @Nullable Fix added(LintFile file, YamlNode.Scalar use) {
    String tag = tag(file, use);
    int end = lineEnd(file.text(), use.end());
    boolean bare = file.text().substring(use.end(), end).isBlank();
    return tag == null || !bare || !ownLine(file, use)
        ? null
        : new Fix(
            "Say which version it is",
            Fix.Safety.SAFE,
            List.of(new Edit(use.end(), end, " # " + tag)));
  }

  /** Puts the version that it is in place of the one that is named. */
  static @Nullable Fix corrected(LintFile file, YamlNode.Scalar use, String named) {
    String tag = tag(file, use);
    int end = lineEnd(file.text(), use.end());
    int at = file.text().indexOf(named, use.end());
    return tag == null || tag.equals(named) || at < 0 || at + named.length() > end
        ? null
        : new Fix(
            "Name the version that it is",
            Fix.Safety.SAFE,
            List.of(new Edit(at, at + named.length(), tag)));
  }

  private static @Nullable String tag(LintFile file, YamlNode.Scalar use) {
    String slug = Security.repository(Security.slug(use.text()));
    return file.project().tag(slug, Security.ref(use.text()));
  }

  /**
   * Whether nothing but a list's dash and the key stands before it, so that a comment may follow.
   */
  private static boolean ownLine(LintFile file, YamlNode.Scalar use) {
    int line = file.text().lastIndexOf('\n', use.start() - 1) + 1;
    String before = file.text().substring(line, use.start());
    return before.indexOf('{') < 0 && before.indexOf('[') < 0;
  }

  private static int lineEnd(String text, int from) {
    int end = text.indexOf('\n', from);
    end = end < 0 ? text.length() : end;
    return end > from && text.charAt(end - 1) == '\r' ? end - 1 : end;
  }
}
