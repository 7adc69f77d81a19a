package dev.slipway.lint;

import static dev.slipway.lint.Security.rule;

import dev.slipway.workflow.YamlNode;
import java.util.List;
import java.util.Locale;

/** Rules about the configuration of pre-commit. */
final class PreCommitRules {
  private PreCommitRules() {}

  static List<Rule> all() {
    return List.of(URL, REVISION);
  }

  private static String hook(String repository, String revision) {
    return "repos:\n  - repo: "
        + repository
        + "\n    rev: "
        + revision
        + "\n    hooks:\n      - id: check\n";
  }

  private static final Rule URL =
      rule(
              "insecure-hook-address",
              Severity.ERROR,
              Profile.DEFAULT,
              "Hooks are fetched over a line that anybody on it can change",
              "zizmor:insecure-url-scheme")
          .why("`http:` and `git:` neither hide nor protect what is fetched, and hooks are run.")
          .example(
              hook("http://example.org/hooks.git", "v1.2.0"),
              hook("https://example.org/hooks.git", "v1.2.0"))
          .check((file, found) -> {
            for (YamlNode entry : Trees.items(Trees.get(file.root(), "repos"))) {
              YamlNode.Scalar repository = Trees.scalar(entry, "repo");
              String text = repository == null ? "" : repository.text().toLowerCase(Locale.ROOT);
              int scheme = text.startsWith("http://") ? 4 : text.startsWith("git://") ? 3 : 0;
              if (repository != null && scheme > 0) {
                int start =
                    repository.style() == YamlNode.Style.PLAIN
                        ? repository.start()
                        : repository.start() + 1;
                found.at(
                    repository,
                    "What is fetched from '" + repository.text() + "' is not protected on its way",
                    "use https",
                    new Fix(
                        "Use https",
                        Fix.Safety.UNSAFE,
                        List.of(new Edit(start, start + scheme, "https"))));
              }
            }
          })
          .in(FileKind.PRE_COMMIT);

  private static final Rule REVISION =
      rule(
              "moving-hook",
              Severity.WARNING,
              Profile.STRICT,
              "A hook is taken from a branch",
              "pre-commit:mutable-rev")
          .why(
              """
              pre-commit fetches a revision once and keeps it, so on a branch everybody has another version, and nobody
              updates.
              """)
          .example(
              hook("https://example.org/hooks.git", "main"),
              hook("https://example.org/hooks.git", "v1.2.0"))
          .check((file, found) -> {
            for (YamlNode entry : Trees.items(Trees.get(file.root(), "repos"))) {
              YamlNode.Scalar revision = Trees.scalar(entry, "rev");
              String text = revision == null ? "" : revision.text().toLowerCase(Locale.ROOT);
              boolean branch =
                  switch (text) {
                    case "main", "master", "head", "develop", "stable" -> true;
                    default -> false;
                  };
              if (revision != null && branch) {
                found.at(
                    revision, "'" + revision.text() + "' is a branch", "name a tag or a commit");
              }
            }
          })
          .in(FileKind.PRE_COMMIT);
}
