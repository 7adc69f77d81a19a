package dev.slipway.lint;

import static dev.slipway.lint.Security.rule;
import static dev.slipway.lint.Security.workflow;

import dev.slipway.workflow.YamlNode;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rules about where actions come from and whether they stay what they are. */
final class ActionSourceRules {
  private static final List<String> BRANCHES =
      List.of("main", "master", "develop", "dev", "trunk", "latest", "head", "next", "edge");

  private ActionSourceRules() {}

  static List<Rule> all() {
    return List.of(
        BRANCH, UNPINNED, NAMELESS, MISMATCH, ARCHIVED, TYPO, OBFUSCATED, SELF_REPOSITORY);
  }

  private static final Rule BRANCH =
      rule(
              "action-from-branch",
              Severity.WARNING,
              Profile.DEFAULT,
              "An action taken from a branch that moves",
              "zizmor:unpinned-uses")
          .why(
              """
              A branch is whatever was pushed to it last: the workflow changes without a commit of yours, and whoever takes
              over the action's repository runs in your jobs.
              """)
          .example(
              workflow("push", "      - uses: some/action@main\n"),
              workflow("push", "      - uses: some/action@v2.1.0\n"))
          .check((file, found) -> pins(file, found, true));

  static final Rule UNPINNED =
      rule(
              "unpinned-action",
              Severity.WARNING,
              Profile.STRICT,
              "An action whose version can be moved to another commit",
              "zizmor:unpinned-uses")
          .why("A tag can be moved; a commit's hash cannot. Several supply chains were broken so.")
          .example(
              workflow("push", "      - uses: some/action@v2\n"),
              workflow(
                  "push",
                  "      - uses: some/action@8f4b7f84864484a7bf31766abe9204da3cbe65b3 # v2.1.0\n"))
          .check((file, found) -> pins(file, found, false));

  private static void pins(LintFile file, Found found, boolean branches) {
    for (YamlNode.Scalar use : Security.uses(file)) {
      String text = use.text();
      if (Security.local(text) || text.contains("${{")) {
        continue;
      }
      boolean image = text.startsWith("docker:");
      String ref = image ? "" : Security.ref(text);
      ActionPin pin = file.project().settings().pin(Security.slug(text), ref);
      if (pin == ActionPin.ANY || (pin == ActionPin.REF && !ref.isEmpty())) {
        continue;
      }
      if (image || ref.isEmpty()) {
        if (!branches && !image && text.indexOf('/') > 0) {
          found.at(use, "Nothing says which version this is", "name the commit's hash");
        }
        continue;
      }
      boolean branch =
          BRANCHES.contains(ref.toLowerCase(Locale.ROOT)) && !unreleased(Security.slug(text));
      if (Security.commit(ref) || branch != branches) {
        continue;
      }
      found.at(
          use,
          branches
              ? "'" + ref + "' is a branch: what this runs can change with every push to it"
              : "'" + ref + "' can be moved to another commit",
          branches
              ? "name a released version, best the hash of its commit"
              : "name the commit's hash and keep the version in a comment behind it");
    }
  }

  /** Whether a branch is what its authors tell people to name. */
  private static boolean unreleased(String slug) {
    return slug.equals("dtolnay/rust-toolchain") || slug.startsWith("google/oss-fuzz/");
  }

  private static final Rule NAMELESS =
      rule(
              "commit-without-version",
              Severity.STYLE,
              Profile.PEDANTIC,
              "The hash of a commit and no word on its version",
              "zizmor:ref-version-mismatch")
          .why("People cannot read hashes, and tools that update them look for the version behind.")
          .example(
              workflow(
                  "push", "      - uses: some/action@8f4b7f84864484a7bf31766abe9204da3cbe65b3\n"),
              workflow(
                  "push",
                  "      - uses: some/action@8f4b7f84864484a7bf31766abe9204da3cbe65b3 # v2.1.0\n"))
          .check((file, found) -> {
            for (YamlNode.Scalar use : Security.uses(file)) {
              if (Security.commit(Security.ref(use.text()))
                  && version(Security.comment(file, use)).isEmpty()) {
                found.at(
                    use,
                    "Nobody can see which version this commit is",
                    "add the version in a comment behind: # v1.2.3",
                    VersionComments.added(file, use));
              }
            }
          });

  private static final Rule MISMATCH =
      rule(
              "version-comment-mismatch",
              Severity.WARNING,
              Profile.STRICT,
              "Two versions are named for one and the same commit",
              "zizmor:ref-version-mismatch")
          .why(
              """
              A commit has one version. Where comments name two, one was forgotten in an update or meant to mislead, and what
              runs is not what is read.
              """)
          .example(
              workflow(
                  "push",
                  "      - uses: some/action@8f4b7f84864484a7bf31766abe9204da3cbe65b3 # v2.1.0\n"
                      + "      - uses: some/action@8f4b7f84864484a7bf31766abe9204da3cbe65b3 #"
                      + " v2.2.0\n"),
              workflow(
                  "push",
                  "      - uses: some/action@8f4b7f84864484a7bf31766abe9204da3cbe65b3 # v2.1.0\n"
                      + "      - uses: some/action@8f4b7f84864484a7bf31766abe9204da3cbe65b3 #"
                      + " v2.1.0\n"))
          .check(ActionSourceRules::mismatch);

  private static void mismatch(LintFile file, Found found) {
    Map<String, String> versions = new HashMap<>();
    for (YamlNode.Scalar use : Security.uses(file)) {
      String ref = Security.ref(use.text());
      if (!Security.commit(ref)) {
        continue;
      }
      String version = version(Security.comment(file, use));
      String first = versions.putIfAbsent(ref, version);
      if (first != null && !agree(first, version)) {
        found.at(
            use,
            "This commit is called " + version + " here and " + first + " above",
            "find out which it is and correct the other",
            VersionComments.corrected(file, use, version));
      }
    }
  }

  /** Whether two versions may be the same: one may be shorter. */
  private static boolean agree(String first, String second) {
    String a = first.startsWith("v") ? first.substring(1) : first;
    String b = second.startsWith("v") ? second.substring(1) : second;
    return a.isEmpty()
        || b.isEmpty()
        || a.equals(b)
        || a.startsWith(b + ".")
        || b.startsWith(a + ".");
  }

  /** The version in a comment; empty when there is none. */
  private static String version(String comment) {
    for (String word : comment.split("[ ,;]+")) {
      String plain = word.startsWith("tag=") ? word.substring(4) : word;
      int at = plain.lastIndexOf('@');
      plain = at >= 0 ? plain.substring(at + 1) : plain;
      int digit = plain.startsWith("v") ? 1 : 0;
      if (plain.length() > digit && Character.isDigit(plain.charAt(digit))) {
        return plain;
      }
    }
    return "";
  }

  private static final Rule ARCHIVED =
      rule(
              "archived-action",
              Severity.WARNING,
              Profile.DEFAULT,
              "An action that nobody maintains any more",
              "zizmor:archived-uses")
          .why(
              """
              Its repository is archived: holes in it, and in what it depends on, stay open, and it stops working when its
              runtime is taken away.
              """)
          .example(
              workflow("push", "      - uses: actions-rs/toolchain@v1\n"),
              workflow("push", "      - uses: dtolnay/rust-toolchain@stable\n"))
          .check((file, found) -> {
            for (YamlNode.Scalar use : Security.uses(file)) {
              String repository = Security.repository(Security.slug(use.text()));
              if (!repository.isEmpty() && KnownActions.archived(repository)) {
                found.at(
                    use, "'" + repository + "' is archived", "look for one that is maintained");
              }
            }
          });

  private static final Rule TYPO =
      rule(
              "mistyped-action",
              Severity.WARNING,
              Profile.DEFAULT,
              "An action whose name is nearly that of a popular one",
              "zizmor:typosquat-uses")
          .why(
              """
              `action/checkout` is not `actions/checkout`: whoever owns the mistyped name runs in the job of everybody who
              mistypes it.
              """)
          .example(
              workflow("push", "      - uses: action/setup-node@v4\n"),
              workflow("push", "      - uses: actions/setup-node@v4\n"))
          .check((file, found) -> {
            for (YamlNode.Scalar use : Security.uses(file)) {
              String repository = Security.repository(Security.slug(use.text()));
              String meant = repository.isEmpty() ? null : KnownActions.nearly(repository);
              if (meant != null) {
                found.at(
                    Severity.WARNING,
                    Confidence.LOW,
                    use.start(),
                    use.end(),
                    "'" + repository + "' is nearly '" + meant + "'",
                    "see whether '" + meant + "' was meant",
                    List.of("zizmor:typosquat-uses"),
                    null);
              }
            }
          });

  private static final Rule OBFUSCATED =
      rule(
              "obscure-reference",
              Severity.WARNING,
              Profile.DEFAULT,
              "A reference written so that it is hard to read",
              "zizmor:obfuscation")
          .why(
              """
              `actions/checkout/./@v6` and the like mean the plain form and are overlooked by people and tools that search for
              it.
              """)
          .example(
              workflow("push", "      - uses: some//action/./@v2\n"),
              workflow("push", "      - uses: some/action@v2\n"))
          .check((file, found) -> {
            for (YamlNode.Scalar use : Security.uses(file)) {
              String plain = plain(use.text());
              if (plain != null) {
                found.at(
                    use,
                    "This is a roundabout way to write '" + plain + "'",
                    "write the plain form",
                    plainFix(use, plain));
              }
            }
            folded(file, found);
          });

  /** Expressions in which nothing but literals stands. */
  private static void folded(LintFile file, Found found) {
    for (ExpressionUse use : file.expressions()) {
      if (!use.key().equals("if")
          && use.expression().shape()
              instanceof dev.slipway.workflow.expression.Shape.Literal literal
          && literal.value().toText().indexOf("{{") < 0
          && !literal.value().toText().isEmpty()) {
        found.at(
            Severity.INFO,
            Confidence.HIGH,
            file.index(use.scalar(), use.start()),
            file.index(use.scalar(), use.end() - 1) + 1,
            "This expression is always '" + literal.value().toText() + "'",
            "write the text itself",
            List.of("zizmor:obfuscation"),
            null);
      }
    }
  }

  /** The plain form of a reference; null when it is plain. */
  private static @Nullable String plain(String uses) {
    int at = uses.lastIndexOf('@');
    String slug = at < 0 ? uses : uses.substring(0, at);
    boolean local = Security.local(uses);
    if (uses.startsWith("docker:") || uses.contains("${{") || slug.indexOf('/') < 0) {
      return null;
    }
    String rest = local ? slug.substring(2) : slug;
    boolean obscure =
        rest.contains("//")
            || rest.contains("/./")
            || rest.contains("/../")
            || rest.endsWith("/.")
            || (!local && rest.endsWith("/"));
    if (!obscure) {
      return null;
    }
    java.util.ArrayDeque<String> parts = new java.util.ArrayDeque<>();
    for (String part : rest.split("/")) {
      if (part.equals("..")) {
        parts.pollLast();
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.addLast(part);
      }
    }
    return (local ? slug.substring(0, 2) : "")
        + String.join("/", parts)
        + (at < 0 ? "" : uses.substring(at));
  }

  private static @Nullable Fix plainFix(YamlNode.Scalar use, String plain) {
    return use.style() == YamlNode.Style.PLAIN
        ? new Fix(
            "Write the plain form",
            Fix.Safety.SAFE,
            List.of(new Edit(use.start(), use.end(), plain)))
        : null;
  }

  private static final Rule SELF_REPOSITORY =
      rule(
              "workspace-action",
              Severity.STYLE,
              Profile.AUDIT,
              "An action of the repository is taken from the working folder",
              "zizmor:self-repository")
          .why(
              """
              `./x` is what lies in the working folder when the step runs, which a checkout of other code or an earlier step
              decides; `$/x` is the action of this repository at the workflow's own commit, and needs no checkout.
              """)
          .example(
              workflow("push", "      - uses: ./actions/setup\n"),
              workflow("push", "      - uses: $/actions/setup\n"))
          .check((file, found) -> {
            for (YamlNode.Scalar use : Security.uses(file)) {
              if (use.text().startsWith("./") && plain(use.text()) == null) {
                int start = use.style() == YamlNode.Style.PLAIN ? use.start() : use.start() + 1;
                found.at(
                    use,
                    "'" + use.text() + "' is whatever lies in the working folder",
                    "write '$/" + use.text().substring(2) + "'",
                    new Fix(
                        "Take it from the repository",
                        Fix.Safety.UNSAFE,
                        List.of(new Edit(start, start + 1, "$"))));
              }
            }
          });
}
