package dev.slipway.lint;

import dev.slipway.workflow.YamlNode;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Which actions restore or save caches, and what switches that on or off. */
final class CachingActions {
  private CachingActions() {}

  /** Whether a step uses a cache, as far as its inputs tell. */
  static boolean caches(LintFile file, StepNode step) {
    YamlNode.Scalar uses = step.uses();
    if (uses == null) {
      return false;
    }
    String slug = Security.slug(uses.text());
    String ref = Security.ref(uses.text());
    String named = Security.commit(ref) ? word(Security.comment(file, uses)) : ref;
    int major = Security.major(named);
    return switch (Security.repository(slug)) {
      case "actions/cache" -> !on(step, "lookup-only");
      case "actions/setup-node" ->
          named(step, "cache")
              || ((major >= 5 || Security.commit(ref))
                  && !off(step, "package-manager-cache")
                  && namesPackageManager(file));
      case "actions/setup-python",
          "actions/setup-java",
          "actions/setup-dotnet",
          "shivammathur/setup-php",
          "oven-sh/setup-bun-cache" ->
          named(step, "cache");
      case "actions/setup-go" -> !off(step, "cache") && (major < 0 || major >= 4);
      case "ruby/setup-ruby" -> on(step, "bundler-cache");
      case "swatinem/rust-cache" -> !off(step, "save-if") || !on(step, "lookup-only");
      case "actions-rust-lang/setup-rust-toolchain",
          "mozilla-actions/sccache-action",
          "mlugg/setup-zig",
          "hendrikmuhs/ccache-action",
          "dcarbone/install-jq-action",
          "leafo/gh-actions-lua",
          "determinatesystems/magic-nix-cache-action",
          "jdx/mise-action" ->
          !off(step, "cache") && !off(step, "use-cache");
      case "astral-sh/setup-uv" ->
          !off(step, "enable-cache") && (on(step, "enable-cache") || major < 0 || major >= 5);
      case "gradle/actions" ->
          (slug.endsWith("/setup-gradle") || slug.equals("gradle/actions"))
              && !on(step, "cache-disabled");
      case "gradle/gradle-build-action" -> !on(step, "cache-disabled");
      case "denoland/setup-deno" -> on(step, "cache") || named(step, "cache-hash");
      case "oven-sh/setup-bun" -> !on(step, "no-cache");
      case "golangci/golangci-lint-action" -> !on(step, "skip-cache");
      case "pnpm/action-setup" -> on(step, "cache");
      case "docker/setup-buildx-action" -> named(step, "version") && !off(step, "cache-binary");
      case "docker/build-push-action", "docker/bake-action" -> named(step, "cache-from");
      case "coursier/cache-action", "bahmutov/npm-install", "andrewferrier/memorise-cache" -> true;
      default -> false;
    };
  }

  /** Switches the cache of a step off; null where that takes more than one plain input. */
  static @Nullable Fix off(LintFile file, StepNode step) {
    YamlNode.Scalar uses = step.uses();
    return uses == null
        ? null
        : switch (Security.repository(Security.slug(uses.text()))) {
          case "actions/setup-node" ->
              named(step, "cache")
                  ? without(file, step, "cache")
                  : with(file, step, "package-manager-cache", "false");
          case "actions/setup-python",
              "actions/setup-java",
              "actions/setup-dotnet",
              "pnpm/action-setup" ->
              without(file, step, "cache");
          case "ruby/setup-ruby" -> without(file, step, "bundler-cache");
          case "actions/setup-go" -> with(file, step, "cache", "false");
          case "astral-sh/setup-uv" -> with(file, step, "enable-cache", "false");
          case "golangci/golangci-lint-action" -> with(file, step, "skip-cache", "true");
          case "gradle/actions", "gradle/gradle-build-action" ->
              with(file, step, "cache-disabled", "true");
          case "oven-sh/setup-bun" -> with(file, step, "no-cache", "true");
          default -> null;
        };
  }

  private static @Nullable Fix without(LintFile file, StepNode step, String input) {
    YamlNode.Member with = Trees.member(step.body(), "with");
    YamlNode.Member member = with == null ? null : Trees.member(with.value(), input);
    return with == null || member == null
        ? null
        : Removal.of(file, with, member, "Switch the cache off", Fix.Safety.UNSAFE);
  }

  private static @Nullable Fix with(LintFile file, StepNode step, String input, String value) {
    YamlNode.Scalar given = step.with(input);
    YamlNode.Member uses = Trees.member(step.body(), "uses");
    if (uses == null) {
      return null;
    }
    Edit edit =
        given == null
            ? Insertion.below(file, step.body(), uses, "with", input, value)
            : given.style() == YamlNode.Style.PLAIN
                ? new Edit(given.start(), given.end(), value)
                : null;
    return edit == null ? null : new Fix("Switch the cache off", Fix.Safety.UNSAFE, List.of(edit));
  }

  /** Whether the project's manifest makes setup-node cache without being asked. */
  private static boolean namesPackageManager(LintFile file) {
    LintFile manifest = file.project().file("package.json");
    return manifest != null
        && (Trees.text(manifest.root(), "packageManager").startsWith("npm")
            || Trees.get(Trees.get(manifest.root(), "devEngines"), "packageManager") != null);
  }

  private static String word(String comment) {
    int end = comment.indexOf(' ');
    return end < 0 ? comment : comment.substring(0, end);
  }

  private static boolean on(StepNode step, String input) {
    YamlNode.Scalar value = step.with(input);
    return value != null && (Trees.is(value, true) || value.text().startsWith("${{"));
  }

  /** Whether an input is false, or an expression that is so for tags. */
  private static boolean off(StepNode step, String input) {
    YamlNode.Scalar value = step.with(input);
    if (value == null) {
      return false;
    }
    String text = value.text().toLowerCase(Locale.ROOT).replace(" ", "");
    return text.equals("false")
        || text.contains("!startswith(github.ref,'refs/tags/")
        || text.contains("github.ref_type!='tag'")
        || text.contains("github.event_name!='release'");
  }

  private static boolean named(StepNode step, String input) {
    YamlNode.Scalar value = step.with(input);
    return value != null && !value.text().isBlank() && !off(step, input);
  }
}
