package dev.slipway.lint;

import dev.slipway.shell.ShellWord;
import dev.slipway.workflow.YamlNode;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rules about work that is done more often, longer or on dearer machines than it has to be. */
final class WasteRules {
  /** Programs that say the same of a text on every system. */
  private static final Set<String> NEUTRAL =
      Set.of(
          "eslint",
          "prettier",
          "stylelint",
          "flake8",
          "ruff",
          "black",
          "isort",
          "pylint",
          "yamllint",
          "markdownlint",
          "markdownlint-cli2",
          "shellcheck",
          "actionlint",
          "hadolint",
          "rubocop",
          "codespell",
          "gofmt",
          "typos");

  private WasteRules() {}

  static List<Rule> all() {
    return List.of(PLATFORMS, SLEEP, DEAR, FAIL_FAST, RETENTION, MISSING, OFTEN, FILTER);
  }

  private static Rule rule(String id, Profile profile, String title) {
    return Rule.of(id, Topic.SPEED, Severity.INFO, profile, title);
  }

  private static String job(String on, String more, String steps) {
    return "on: "
        + on
        + "\njobs:\n  test:\n    runs-on: ubuntu-latest\n"
        + more
        + "    steps:\n"
        + steps;
  }

  private static final Rule PLATFORMS =
      rule(
              "all-platforms-on-pull-request",
              Profile.STRICT,
              "An image built for several platforms in every pull request")
          .why(
              """
              A platform that is not the machine's own is emulated, which takes many times as long. For a pull request one is
              enough to see whether the image can be built.
              """)
          .example(
              job(
                  "pull_request",
                  "",
                  "      - uses: docker/build-push-action@v6\n"
                      + "        with:\n"
                      + "          platforms: linux/amd64,linux/arm64\n"
                      + "          cache-from: type=gha\n"),
              job(
                  "pull_request",
                  "",
                  "      - uses: docker/build-push-action@v6\n"
                      + "        with:\n"
                      + "          platforms: ${{ github.event_name == 'pull_request' &&"
                      + " 'linux/amd64' || 'linux/amd64,linux/arm64' }}\n"
                      + "          cache-from: type=gha\n"))
          .check(WasteRules::platforms);

  private static void platforms(LintFile file, Found found) {
    if (!file.on("pull_request")) {
      return;
    }
    for (StepNode step : file.steps()) {
      YamlNode.Scalar platforms = step.with("platforms");
      JobNode job = step.job();
      if (platforms != null
          && job != null
          && step.uses("docker/build-push-action")
          && platforms.text().contains(",")
          && !platforms.text().contains("${{")
          && step.scalar("if") == null
          && job.scalar("if") == null) {
        found.at(
            platforms,
            "Every pull request builds this image for all platforms",
            "build for one platform unless the event is a push");
      }
    }
  }

  private static final Rule SLEEP =
      rule("fixed-sleep", Profile.STRICT, "A fixed time to wait for something that was started")
          .why(
              """
              The time is too long on every good day and too short on a bad one. A loop that asks whether the thing is there
              goes on at once, and fails with a reason.
              """)
          .example(
              job(
                  "push",
                  "",
                  "      - run: |\n"
                      + "          docker run -d -p 5432:5432 postgres:18\n"
                      + "          sleep 20\n"
                      + "          make test\n"),
              job(
                  "push",
                  "",
                  "      - run: |\n"
                      + "          docker run -d -p 5432:5432 postgres:18\n"
                      + "          timeout 60 sh -c 'until nc -z localhost 5432; do sleep 1;"
                      + " done'\n"
                      + "          make test\n"))
          .check(WasteRules::sleep);

  private static void sleep(LintFile file, Found found) {
    for (StepNode step : file.steps()) {
      StepScript script = step.script(file);
      if (script == null || !script.text().contains("sleep ")) {
        continue;
      }
      boolean started = false;
      for (ShellCommand command : script.commands()) {
        List<ShellWord> words = command.call().words();
        boolean fixed =
            words.size() == 2
                && words.getFirst().value().equals("sleep")
                && seconds(words.get(1).value()) >= 5;
        if (fixed
            && started
            && !command.call().repeated()
            && command.call().function().isEmpty()
            && command.before().equals(";")
            && !command.tested()) {
          found.at(
              script.run(),
              command.start(),
              command.end(),
              "This always waits " + words.get(1).value() + ", ready or not",
              "ask in a loop with a time limit whether it is ready",
              null);
        }
        started |= starts(command);
      }
    }
  }

  private static int seconds(String text) {
    int value = 0;
    int i = 0;
    while (i < text.length() && i < 6 && Character.isDigit(text.charAt(i))) {
      value = value * 10 + (text.charAt(i) - '0');
      i++;
    }
    String unit = text.substring(i);
    return unit.isEmpty() || unit.equals("s") ? value : unit.equals("m") ? value * 60 : 0;
  }

  private static boolean starts(ShellCommand command) {
    String verb = command.argument(0);
    return switch (command.head()) {
      case "docker", "podman" ->
          (verb.equals("run")
                  && (command.words().contains("-d") || command.words().contains("--detach")))
              || verb.equals("start")
              || (verb.equals("compose") && command.words().contains("up"));
      case "docker-compose" -> command.words().contains("up");
      case "kubectl" -> verb.equals("apply") || verb.equals("create");
      case "systemctl", "service", "brew" -> command.words().contains("start");
      default -> command.after().equals("&") && !command.head().equals("sleep");
    };
  }

  private static final Rule DEAR =
      rule(
              "dear-machine-for-lint",
              Profile.STRICT,
              "A dear machine for checks that any machine can do")
          .why(
              """
              A minute on macOS costs ten times and one on Windows nearly twice what one on Linux does, and these machines start
              later. What the checks say is the same everywhere.
              """)
          .example(
              job("push", "", "      - run: npx eslint .\n")
                  .replace("ubuntu-latest", "macos-latest"),
              job("push", "", "      - run: npx eslint .\n"))
          .check(WasteRules::dear);

  private static void dear(LintFile file, Found found) {
    for (JobNode job : file.jobs()) {
      YamlNode.Scalar label = job.scalar("runs-on");
      if (label == null || !dear(label.text())) {
        continue;
      }
      boolean neutral = false;
      boolean other = false;
      for (StepNode step : job.steps()) {
        StepScript script = step.script(file);
        if (script == null) {
          String uses = step.text("uses");
          other |= !uses.startsWith("actions/checkout@") && !uses.startsWith("actions/setup-");
          continue;
        }
        for (ShellCommand command : ShellCommands.of(script.text())) {
          if (NEUTRAL.contains(command.head())) {
            neutral = true;
          } else {
            other |=
                !Set.of("npm", "pip", "pip3", "echo").contains(command.head())
                    || !Set.of("ci", "install", "").contains(command.argument(0));
          }
        }
      }
      if (neutral && !other) {
        found.at(
            label,
            "Job '" + job.id() + "' checks texts on a machine that costs more than Linux",
            "use ubuntu-latest");
      }
    }
  }

  private static boolean dear(String label) {
    return label.startsWith("macos") || label.startsWith("windows");
  }

  private static final Rule FAIL_FAST =
      rule(
              "dear-jobs-after-failure",
              Profile.PEDANTIC,
              "Jobs on dear machines that go on after one has failed")
          .why(
              """
              With `fail-fast: false` every job of the matrix runs to its end when one has failed. On macOS and Windows that is
              what costs most.
              """)
          .example(matrix("      fail-fast: false\n"), matrix(""))
          .check(WasteRules::failFast);

  private static String matrix(String more) {
    return job(
            "pull_request",
            "    strategy:\n"
                + more
                + "      matrix:\n"
                + "        os: [ubuntu-24.04, macos-15, windows-2025]\n"
                + "        v: [1, 2]\n",
            "      - run: make test\n")
        .replace("ubuntu-latest", "${{ matrix.os }}");
  }

  private static void failFast(LintFile file, Found found) {
    if (!file.on("pull_request")) {
      return;
    }
    for (JobNode job : file.jobs()) {
      YamlNode strategy = Trees.get(job.body(), "strategy");
      YamlNode.Scalar flag = Trees.scalar(strategy, "fail-fast");
      if (flag == null || !Trees.is(flag, false)) {
        continue;
      }
      int dear = 0;
      int legs = 1;
      for (YamlNode.Member row : Trees.members(Trees.get(strategy, "matrix"))) {
        int size = Trees.items(row.value()).size();
        if (!row.key().text().equals("include") && !row.key().text().equals("exclude")) {
          legs = Math.min(legs * Math.max(size, 1), 1000);
          for (YamlNode item : Trees.items(row.value())) {
            YamlNode.Scalar scalar = item.scalar();
            dear += scalar != null && dear(scalar.text()) ? 1 : 0;
          }
        }
      }
      if (dear > 0 && legs >= 4) {
        found.at(
            flag,
            "After a failure, jobs on macOS and Windows run on to their end",
            "remove it, or keep it for pushes to the main branch only");
      }
    }
  }

  private static final Rule RETENTION =
      rule("artifact-kept-long", Profile.PEDANTIC, "Files of pull requests kept for three months")
          .why("Without `retention-days` files are kept for 90 days, and private storage is paid.")
          .example(
              job("pull_request", "", upload("")),
              job("pull_request", "", upload("retention-days: 5")))
          .check((file, found) -> {
            if (!file.on("pull_request")) {
              return;
            }
            for (StepNode step : file.steps()) {
              YamlNode.Scalar uses = step.uses();
              if (uses != null
                  && step.uses("actions/upload-artifact")
                  && step.with("retention-days") == null) {
                found.at(
                    uses,
                    "What pull requests upload here is kept for as long as the repository allows",
                    "add 'retention-days: 7'",
                    input(file, step, "retention-days: 7", "Keep the files for a week"));
              }
            }
          });

  private static final Rule MISSING =
      Rule.of(
              "artifact-may-be-missing",
              Topic.HONESTY,
              Severity.INFO,
              Profile.PEDANTIC,
              "An upload that succeeds when there is nothing to upload")
          .why(
              """
              When no file matches `path`, upload-artifact only warns. The job is green, and whoever needs the file finds out
              much later.
              """)
          .example(job("push", "", upload("")), job("push", "", upload("if-no-files-found: error")))
          .check((file, found) -> {
            for (StepNode step : file.steps()) {
              YamlNode.Scalar uses = step.uses();
              if (uses != null
                  && step.uses("actions/upload-artifact")
                  && step.with("if-no-files-found") == null
                  && !step.text("if").contains("failure()")
                  && !step.text("if").contains("always()")) {
                found.at(
                    uses,
                    "This upload succeeds when there is nothing to upload",
                    "add 'if-no-files-found: error'",
                    input(
                        file,
                        step,
                        "if-no-files-found: error",
                        "Fail when there is nothing to upload"));
              }
            }
          });

  private static String upload(String more) {
    return "      - run: make all\n      - uses: actions/upload-artifact@v4\n        with:\n"
        + "          name: out\n          path: out/\n"
        + (more.isEmpty() ? "" : "          " + more + "\n");
  }

  private static @Nullable Fix input(LintFile file, StepNode step, String line, String title) {
    YamlNode.Mapping with = Trees.mapping(step.body(), "with");
    Edit edit = with == null ? null : BlockEdits.last(file, with, line);
    return edit == null ? null : new Fix(title, Fix.Safety.UNSAFE, List.of(edit));
  }

  private static final Rule OFTEN =
      rule("schedule-too-often", Profile.STRICT, "A schedule of more than once an hour")
          .why(
              """
              Every run pays at least a whole minute for each job, and schedules are the first to be put off when machines are
              scarce. An event or one run an hour is nearly always enough.
              """)
          .example(
              job("\n  schedule:\n    - cron: '*/10 * * * *'", "", "      - run: make sync\n"),
              job("\n  schedule:\n    - cron: '17 * * * *'", "", "      - run: make sync\n"))
          .check(WasteRules::often);

  private static void often(LintFile file, Found found) {
    for (YamlNode item : Trees.items(Trees.get(Trees.get(file.root(), "on"), "schedule"))) {
      YamlNode.Scalar cron = Trees.scalar(item, "cron");
      String[] fields = cron == null ? new String[0] : cron.text().strip().split("\\s+");
      if (cron != null
          && fields.length == 5
          && fields[1].equals("*")
          && (fields[0].equals("*") || fields[0].startsWith("*/") || fields[0].contains(","))) {
        found.at(
            cron,
            "This starts more than once an hour",
            "one run an hour is '17 * * * *'; better still, use an event");
      }
    }
  }

  private static final Rule FILTER =
      rule(
              "all-folders-in-every-run",
              Profile.PEDANTIC,
              "Jobs for several folders that all run whatever changed")
          .why(
              """
              Each job works in a folder of its own, and every change runs them all. A job that first asks what changed lets the
              others be skipped. `paths:` does the same for a whole workflow, but a required check that never starts keeps a
              pull request waiting for ever.
              """)
          .example(folders(""), folders("    paths: [web/**, api/**]\n"))
          .check(WasteRules::filter);

  private static String folders(String more) {
    return "on:\n  pull_request:\n    branches: [main]\n"
        + more
        + "jobs:\n  web:\n    runs-on: ubuntu-latest\n    defaults:\n      run:\n"
        + "        working-directory: web\n    steps:\n      - run: make test\n  api:\n"
        + "    runs-on: ubuntu-latest\n    defaults:\n      run:\n        working-directory: api\n"
        + "    steps:\n      - run: make test\n";
  }

  private static void filter(LintFile file, Found found) {
    YamlNode.Member on = Trees.member(file.root(), "on");
    YamlNode.Mapping pull = file.filters("pull_request");
    if (on == null
        || !file.on("pull_request")
        || (pull != null && (pull.get("paths") != null || pull.get("paths-ignore") != null))) {
      return;
    }
    Map<String, JobNode> folders = new HashMap<>();
    for (JobNode job : file.jobs()) {
      String folder =
          Trees.text(Trees.get(Trees.get(job.body(), "defaults"), "run"), "working-directory");
      if (!folder.isEmpty() && !folder.contains("$") && job.scalar("if") == null) {
        String top = folder.startsWith("./") ? folder.substring(2) : folder;
        folders.putIfAbsent(top.toLowerCase(Locale.ROOT), job);
      }
      if (!job.needs().isEmpty()) {
        // A job before it may already ask what changed.
        return;
      }
    }
    if (folders.size() >= 2) {
      found.at(
          on.key(),
          "Jobs for " + folders.size() + " folders all run, whatever changed",
          "let a first job find out what changed, and give the others an 'if:'");
    }
  }
}
