package dev.slipway.lint;

import dev.slipway.shell.ShellWord;
import dev.slipway.workflow.YamlNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rules about what is fetched or built again in every run although it could be kept. */
final class CachingRules {
  private static final String HEAD =
      """
      on: pull_request
      jobs:
        test:
          runs-on: ubuntu-latest
          steps:
            - uses: actions/checkout@v6
      """;

  private static final String NODE =
      "      - uses: actions/setup-node@v6\n        with:\n          cache: npm\n";

  private CachingRules() {}

  static List<Rule> all() {
    return List.of(SETUP, LAYERS, INSTALL, REPEATED);
  }

  private static Rule rule(String id, Profile profile, String title) {
    return Rule.of(id, Topic.SPEED, Severity.INFO, profile, title);
  }

  private static final Rule SETUP =
      rule("setup-without-cache", Profile.STRICT, "Packages that are fetched anew in every run")
          .why(
              """
              The action that sets the language up also keeps what the package manager fetched, when it is told which one is
              used. Without that every run fetches everything from the registry.
              """)
          .example(
              HEAD
                  + "      - uses: actions/setup-python@v6\n"
                  + "        with:\n"
                  + "          python-version: '3.14'\n"
                  + "      - run: pip install -r requirements.txt\n",
              HEAD
                  + "      - uses: actions/setup-python@v6\n"
                  + "        with:\n"
                  + "          python-version: '3.14'\n"
                  + "          cache: pip\n"
                  + "      - run: pip install -r requirements.txt\n")
          .check(CachingRules::setup);

  private static final Rule LAYERS =
      rule(
              "image-without-cache",
              Profile.STRICT,
              "An image that is built from nothing in every run")
          .why(
              """
              A hosted machine begins without layers. With `cache-from` and `cache-to` those of the last run are used again,
              and only what changed is built.
              """)
          .example(
              HEAD
                  + "      - uses: docker/setup-buildx-action@v3\n"
                  + "      - uses: docker/build-push-action@v6\n"
                  + "        with:\n"
                  + "          context: .\n",
              HEAD
                  + "      - uses: docker/setup-buildx-action@v3\n"
                  + "      - uses: docker/build-push-action@v6\n"
                  + "        with:\n"
                  + "          context: .\n"
                  + "          cache-from: type=gha\n"
                  + "          cache-to: type=gha,mode=max\n")
          .check(CachingRules::layers);

  private static final Rule INSTALL =
      rule("npm-install-in-ci", Profile.STRICT, "`npm install` where `npm ci` is meant")
          .why(
              """
              `npm install` may change the lock file and so test other versions than were committed. `npm ci` takes exactly what
              the lock file says, and is faster because it does not resolve anything.
              """)
          .example(
              HEAD + NODE + "      - run: npm install\n", HEAD + NODE + "      - run: npm ci\n")
          .check(CachingRules::install);

  private static final Rule REPEATED =
      rule("image-built-twice", Profile.STRICT, "The same image built by several jobs")
          .why(
              """
              Each job builds on a machine of its own, so nothing of the first build helps the second. One job can build the
              image and hand it on, or push it.
              """)
          .example(
              build("one") + build("two").substring(build("two").indexOf("  two:")), build("one"))
          .check(CachingRules::repeated);

  private static String build(String job) {
    return "on: pull_request\njobs:\n  "
        + job
        + ":\n    runs-on: ubuntu-latest\n    steps:\n      - uses: docker/build-push-action@v6\n"
        + "        with:\n          context: .\n          cache-from: type=gha\n";
  }

  /** Whether a run of the workflow publishes something, which nothing from a cache may get into. */
  private static boolean releases(LintFile file) {
    YamlNode.Mapping push = file.filters("push");
    String path = file.path().toLowerCase(Locale.ROOT);
    return file.on("release")
        || (push != null && push.get("tags") != null)
        || path.contains("release")
        || path.contains("publish")
        || path.contains("deploy");
  }

  private static void setup(LintFile file, Found found) {
    if (releases(file)) {
      return;
    }
    JobNode job = null;
    boolean caches = false;
    // From a step after which nothing is fetched on, nothing is.
    Set<String> without = new HashSet<>();
    for (StepNode step : file.steps()) {
      if (found.full()) {
        return;
      }
      if (step.job() != job) {
        job = step.job();
        caches = caches(file, step);
        without.clear();
      }
      String language = language(step);
      if (caches
          || language.isEmpty()
          || step.with("cache") != null
          || without.contains(language)) {
        continue;
      }
      String cache = manager(file, step, language);
      if (cache.isEmpty()) {
        without.add(language);
        continue;
      }
      YamlNode.Scalar uses = step.uses();
      if (uses != null) {
        found.at(
            uses,
            "What " + cache + " fetches is not kept for the next run",
            "add 'cache: " + cache + "' to its inputs",
            input(file, step, "cache: " + cache, "Keep what " + cache + " fetches"));
      }
    }
  }

  /** What a step sets up without a cache of its own; empty when it is something else. */
  private static String language(StepNode step) {
    if (step.uses("actions/setup-node")) {
      return major(step) < 5 ? "node" : "";
    }
    return step.uses("actions/setup-python")
        ? "python"
        : step.uses("actions/setup-java") ? "java" : "";
  }

  /** The package manager whose packages later steps of the job fetch; empty when none does. */
  private static String manager(LintFile file, StepNode step, String language) {
    JobNode job = step.job();
    if (job == null) {
      return "";
    }
    for (int i = step.index() + 1; i < job.steps().size(); i++) {
      StepScript script = job.steps().get(i).script(file);
      if (script == null) {
        continue;
      }
      for (ShellCommand command : script.commands()) {
        String name =
            language.equals("node")
                ? ofNode(command)
                : language.equals("python") ? ofPython(command) : ofJava(command);
        if (!name.isEmpty()) {
          return name;
        }
      }
    }
    return "";
  }

  private static int major(StepNode step) {
    String uses = step.text("uses");
    int at = uses.indexOf("@v");
    int value = 0;
    for (int i = at + 2; at > 0 && i < uses.length() && Character.isDigit(uses.charAt(i)); i++) {
      value = Math.min(value, 1000) * 10 + (uses.charAt(i) - '0');
    }
    // A commit says nothing, so the newest is assumed.
    return value == 0 ? Integer.MAX_VALUE : value;
  }

  private static String ofNode(ShellCommand command) {
    String verb = command.argument(0);
    boolean all = verb.equals("ci") || (verb.equals("install") && command.argument(1).isEmpty());
    return switch (command.head()) {
      case "npm" -> all ? "npm" : "";
      case "pnpm" -> all ? "pnpm" : "";
      case "yarn" -> (verb.isEmpty() && command.words().size() == 1) || all ? "yarn" : "";
      default -> "";
    };
  }

  private static String ofPython(ShellCommand command) {
    boolean pip = command.head().equals("pip") || command.head().equals("pip3");
    return pip && command.argument(0).equals("install") && command.words().contains("-r")
        ? "pip"
        : "";
  }

  private static String ofJava(ShellCommand command) {
    return switch (command.head()) {
      case "mvn", "mvnw" -> "maven";
      case "gradle", "gradlew" -> "gradle";
      default -> "";
    };
  }

  private static boolean caches(LintFile file, StepNode step) {
    JobNode job = step.job();
    for (StepNode other : job == null ? file.steps() : job.steps()) {
      String uses = other.text("uses").toLowerCase(Locale.ROOT);
      if (uses.contains("cache") || uses.contains("setup-gradle") || uses.startsWith("./")) {
        return true;
      }
    }
    return job != null && job.text("runs-on").contains("self-hosted");
  }

  /** Adds an input to a step; null where its layout does not allow for it. */
  private static @Nullable Fix input(LintFile file, StepNode step, String lines, String title) {
    YamlNode.Mapping with = Trees.mapping(step.body(), "with");
    Edit edit = with == null ? null : BlockEdits.last(file, with, lines);
    return edit == null ? null : new Fix(title, Fix.Safety.UNSAFE, List.of(edit));
  }

  private static void layers(LintFile file, Found found) {
    if (releases(file) || !(file.on("push") || file.on("pull_request"))) {
      return;
    }
    for (StepNode step : file.steps()) {
      YamlNode.Scalar uses = step.uses();
      if (uses == null
          || !step.uses("docker/build-push-action")
          || step.with("cache-from") != null
          || step.with("no-cache") != null
          || Trees.get(Trees.get(step.body(), "with"), "cache-from") != null) {
        continue;
      }
      found.at(
          uses,
          "Every run builds all layers of this image",
          "add 'cache-from: type=gha' and 'cache-to: type=gha,mode=max' to its inputs",
          input(
              file,
              step,
              "cache-from: type=gha\ncache-to: type=gha,mode=max",
              "Keep the layers in the cache of the repository"));
    }
  }

  private static void install(LintFile file, Found found) {
    for (StepNode step : file.steps()) {
      StepScript script = step.script(file);
      // Who mends packages wants the lock file to change.
      if (script == null
          || !script.text().contains("npm i")
          || script.text().contains("npm audit")
          || script.text().contains("npm update")) {
        continue;
      }
      String folder = step.text("working-directory");
      String lock = (folder.isEmpty() ? "" : folder + "/") + "package-lock.json";
      boolean known = file.project().known() && !folder.contains("$");
      boolean locked = known ? file.project().exists(lock) : locked(file);
      if (!locked) {
        continue;
      }
      for (ShellCommand command : script.commands()) {
        List<ShellWord> words = command.call().words();
        if (words.size() == 2
            && words.getFirst().value().equals("npm")
            && Set.of("install", "i").contains(words.get(1).value())) {
          Edit edit =
              ScriptEdits.place(file, script.run(), words.get(1).start(), words.get(1).end(), "ci");
          found.at(
              script.run(),
              command.start(),
              command.end(),
              "'npm install' may take other versions than the lock file has",
              "use 'npm ci'",
              edit == null ? null : new Fix("Use npm ci", Fix.Safety.UNSAFE, List.of(edit)));
        }
      }
    }
  }

  /** Whether the file itself tells that there is a lock file. */
  private static boolean locked(LintFile file) {
    String text = file.text();
    return text.contains("package-lock")
        || text.contains("npm ci")
        || text.contains("cache: npm")
        || text.contains("cache: 'npm'");
  }

  private static void repeated(LintFile file, Found found) {
    Map<String, JobNode> built = new HashMap<>();
    for (StepNode step : file.steps()) {
      YamlNode.Scalar uses = step.uses();
      JobNode job = step.job();
      if (uses == null || job == null || !step.uses("docker/build-push-action")) {
        continue;
      }
      StringBuilder key = new StringBuilder();
      boolean known = job.body().get("strategy") == null;
      for (String input :
          List.of("context", "file", "target", "platforms", "build-args", "build-contexts")) {
        YamlNode.Scalar value = step.with(input);
        known &= value == null || !value.text().contains("${{");
        key.append(value == null ? "" : value.text()).append('\n');
      }
      JobNode first = known ? built.putIfAbsent(key.toString(), job) : null;
      if (first != null && first != job && job.scalar("if") == null && first.scalar("if") == null) {
        found.at(
            uses,
            "Job '" + first.id() + "' builds the same image",
            "build it once and hand it on, or share the layers by cache-from");
      }
    }
  }
}
