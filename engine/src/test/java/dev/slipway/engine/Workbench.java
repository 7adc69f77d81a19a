package dev.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.cache.step.StepCache;
import dev.slipway.cache.step.StepHistory;
import dev.slipway.plan.RunKeys;
import dev.slipway.workflow.CacheRules;
import dev.slipway.workflow.expression.Json;
import dev.slipway.workflow.expression.ObjectValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A Git repository in a folder of its own, with workflows to run in it. After each run the rules
 * that every record follows are checked.
 */
final class Workbench {
  private static final long MINUTE_NANOS = 60_000_000_000L;

  private static final Set<String> USER_FOLDERS =
      Set.of(
          "NVM_DIR",
          "NPM_CONFIG_PREFIX",
          "CARGO_HOME",
          "RUSTUP_HOME",
          "GOPATH",
          "GOMODCACHE",
          "GOCACHE",
          "GRADLE_USER_HOME",
          "XDG_CACHE_HOME",
          "XDG_CONFIG_HOME",
          "XDG_DATA_HOME");

  private final Path folder;
  private final Path root;
  private final Asked asked = new Asked();
  private final Map<String, String> userEnvironment = new HashMap<>(System.getenv());
  private ContainerEngine containers = ContainerEngine.NONE;
  private long minuteNanos = MINUTE_NANOS;

  /** What is asked for besides a push of the branch. */
  static final class Asked {
    String event = "push";
    @Nullable ObjectValue payload;
    final Set<String> jobs = new HashSet<>();
    final Map<String, Set<String>> matrix = new HashMap<>();
    final Map<String, String> inputs = new HashMap<>();
    final Map<String, String> vars = new HashMap<>();
    final Map<String, String> secrets = new HashMap<>();
    final Map<String, String> env = new HashMap<>();
    final Map<String, String> machines = new HashMap<>();
    final Map<String, Path> actionSources = new HashMap<>();
    final Map<String, RunRequest.JobOutcome> known = new HashMap<>();
    String actionUrlBase = "file:///there/is/nothing/here";
    int slots = 2;
    boolean inPlace;
    boolean requireAll;
    boolean debug;
    StepCaching cache = StepCaching.OFF;
    CacheRules cacheRules = CacheRules.NONE;
  }

  private Workbench(Path folder) {
    this.folder = folder;
    this.root = folder.resolve("repo");
    // A user who has moved nothing elsewhere.
    userEnvironment.keySet().removeAll(USER_FOLDERS);
  }

  /** An empty repository on the branch {@code main}. */
  static Workbench in(Path folder) throws IOException {
    Files.createDirectories(folder);
    Workbench bench = new Workbench(folder.toRealPath());
    repository(bench.root);
    return bench;
  }

  /** Makes a folder a repository. */
  static void repository(Path at) throws IOException {
    Files.createDirectories(at);
    git(at, "init", "-q", "-b", "main");
    git(at, "config", "user.name", "Tester");
    git(at, "config", "user.email", "tester@example.com");
    git(at, "config", "commit.gpgsign", "false");
  }

  static String git(Path at, String... arguments) throws IOException {
    Git.Result result = Git.run(at, List.of(arguments));
    assertThat(result.ok()).as("git %s: %s", List.of(arguments), result.errors()).isTrue();
    return result.text();
  }

  Path root() {
    return root;
  }

  Path folder() {
    return folder;
  }

  Path cache() {
    return folder.resolve("cache");
  }

  Workbench file(String name, String content) throws IOException {
    write(root.resolve(name), content);
    return this;
  }

  static void write(Path file, String content) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  /** Why steps were not spared, and why what came of them was not kept. */
  String why() {
    StringBuilder why = new StringBuilder();
    for (StepHistory one : StepCache.in(cache().resolve("steps")).histories()) {
      why.append(one.name()).append(": ").append(one.missed()).append(one.notKept()).append('\n');
    }
    return why.toString();
  }

  /** The home of the user that runs Slipway: empty but for what the test puts there. */
  Path userHome() {
    return folder.resolve("user");
  }

  private Surroundings surroundings() {
    return new Surroundings(
        cache(), cache().resolve("work"), userHome(), userEnvironment, minuteNanos);
  }

  /** Sets a variable in the environment that Slipway is started in. */
  Workbench userVariable(String name, String value) {
    userEnvironment.put(name, value);
    return this;
  }

  /** What runs the containers that jobs ask for. */
  Workbench containers(ContainerEngine engine) {
    containers = engine;
    return this;
  }

  /** A workflow file of this text. */
  Workbench workflow(String text) throws IOException {
    return file(".github/workflows/ci.yml", text);
  }

  /** A workflow of one job {@code a} with these steps. */
  Workbench steps(String steps) throws IOException {
    return workflow(
        "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n" + steps.indent(6));
  }

  Workbench commit() throws IOException {
    git(root, "add", "-A");
    git(root, "commit", "-q", "--allow-empty", "-m", "Change");
    return this;
  }

  Workbench asking(Consumer<Asked> change) {
    change.accept(asked);
    return this;
  }

  /** A minute of a timeout takes this many milliseconds. */
  Workbench minuteMillis(long millis) {
    minuteNanos = millis * 1_000_000;
    return this;
  }

  /** An action's repository at {@code owner/name}, to be filled and committed by the test. */
  Path actionSource(String slug) throws IOException {
    Path source = folder.resolve("sources").resolve(slug);
    repository(source);
    asked.actionSources.put(slug, source);
    return source;
  }

  static void commit(Path source) throws IOException {
    git(source, "add", "-A");
    git(source, "commit", "-q", "--allow-empty", "-m", "Change");
  }

  LocalEngine engine() {
    RunRequest request =
        new RunRequest(
            asked.event,
            asked.payload,
            List.of(),
            asked.jobs,
            asked.matrix,
            asked.inputs,
            asked.vars,
            asked.secrets,
            asked.env,
            asked.machines,
            asked.actionSources,
            asked.actionUrlBase,
            "tester",
            asked.slots,
            asked.inPlace,
            false,
            asked.requireAll,
            false,
            asked.debug,
            asked.cache,
            asked.cacheRules,
            asked.known,
            List.of(),
            RunKeys.PLAIN);
    return LocalEngine.create(Project.open(root), request, containers, surroundings());
  }

  Ran run() throws IOException, InterruptedException {
    return run(engine(), event -> {});
  }

  /** Runs; {@code each} sees every event but log lines as it is recorded. */
  Ran run(LocalEngine engine, Consumer<RunEvent> each) throws IOException, InterruptedException {
    assertThat(engine.problems()).as("problems").isEmpty();
    List<RunEvent> seen = Collections.synchronizedList(new ArrayList<>());
    RunListener listener =
        new RunListener() {
          @Override
          public void event(RunEvent event) {
            seen.add(event);
            each.accept(event);
          }

          @Override
          public void log(
              String run,
              String job,
              int step,
              RunEvent.Stream stream,
              byte[] line,
              int offset,
              int length) {}
        };
    List<LocalEngine.Ended> ended = engine.run(listener);
    Map<String, List<RunEvent>> events = new HashMap<>();
    RunStore store = RunStore.open(root);
    for (LocalEngine.Ended one : ended) {
      List<RunEvent> stored = new ArrayList<>();
      store.read(one.run(), stored::add);
      events.put(one.run(), stored);
      checkRecord(stored, one.conclusion());
      assertThat(stored.stream().filter(e -> !(e instanceof RunEvent.Log)).toList())
          .as("what is stored is what was shown")
          .containsExactlyElementsOf(seen.stream().filter(e -> e.run().equals(one.run())).toList());
      store.lines(one.run(), line -> assertThat(Json.parse(line)).isInstanceOf(ObjectValue.class));
    }
    assertThat(processes()).as("processes left").isEmpty();
    return new Ran(ended, events);
  }

  /** The processes that steps of this repository's runs started and that live still. */
  List<Long> processes() {
    return ProcessHandle.allProcesses()
        .map(ProcessHandle::pid)
        .filter(pid -> {
          try {
            byte[] environ = Files.readAllBytes(Path.of("/proc", Long.toString(pid), "environ"));
            return new String(environ, StandardCharsets.ISO_8859_1).contains("HOME=" + cache());
          } catch (IOException gone) {
            return false;
          }
        })
        .toList();
  }

  /** A named pipe, for steps and tests to wait for each other. */
  Path fifo(String name) throws IOException, InterruptedException {
    Path fifo = folder.resolve(name);
    assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
    return fifo;
  }

  private static void checkRecord(List<RunEvent> events, Conclusion conclusion) {
    Set<String> openJobs = new HashSet<>();
    Set<String> openSteps = new HashSet<>();
    Set<String> openGroups = new HashSet<>();
    long seq = 0;
    for (RunEvent event : events) {
      assertThat(event.seq()).isEqualTo(++seq);
      if (event instanceof RunEvent.JobStarted e) {
        assertThat(openJobs.add(e.job())).as("%s starts once", e.job()).isTrue();
      } else if (event instanceof RunEvent.JobFinished e) {
        openJobs.remove(e.job());
      } else if (event instanceof RunEvent.StepStarted e) {
        assertThat(openJobs).contains(e.job());
        assertThat(openSteps.add(e.job() + e.step() + e.phase())).as("%s", e).isTrue();
      } else if (event instanceof RunEvent.StepFinished e) {
        assertThat(openSteps.remove(e.job() + e.step() + e.phase())).as("%s", e).isTrue();
      } else if (event instanceof RunEvent.GroupStarted e) {
        assertThat(openGroups.add(e.job() + e.step())).as("%s", e).isTrue();
      } else if (event instanceof RunEvent.GroupFinished e) {
        assertThat(openGroups.remove(e.job() + e.step())).as("%s", e).isTrue();
      }
    }
    assertThat(openJobs).isEmpty();
    assertThat(openSteps).isEmpty();
    assertThat(openGroups).isEmpty();
    assertThat(events.getLast())
        .isInstanceOfSatisfying(
            RunEvent.RunFinished.class, end -> assertThat(end.conclusion()).isEqualTo(conclusion));
  }

  /** What came of a run, by what its record says. */
  record Ran(List<LocalEngine.Ended> ended, Map<String, List<RunEvent>> byRun) {
    /** The first workflow's events. */
    List<RunEvent> events() {
      return byRun.getOrDefault(ended.getFirst().run(), List.of());
    }

    Conclusion conclusion() {
      return ended.getFirst().conclusion();
    }

    <T extends RunEvent> List<T> all(Class<T> type) {
      return events().stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** The lines of a job, whatever stream. */
    List<String> log(String job) {
      return all(RunEvent.Log.class).stream()
          .filter(line -> line.job().equals(job))
          .map(RunEvent.Log::text)
          .toList();
    }

    /** The lines of the job {@code a}. */
    List<String> log() {
      return log("a");
    }

    /** The lines of a step of the job {@code a}. */
    List<String> log(int step) {
      return all(RunEvent.Log.class).stream()
          .filter(line -> line.job().equals("a") && line.step() == step)
          .map(RunEvent.Log::text)
          .toList();
    }

    /** {@code outcome/conclusion} of the steps of a job in order of their end. */
    List<String> outcomes(String job) {
      return all(RunEvent.StepFinished.class).stream()
          .filter(step -> step.job().equals(job))
          .map(step ->
              step.outcome() == step.conclusion()
                  ? step.outcome().text()
                  : step.outcome().text() + "/" + step.conclusion().text())
          .toList();
    }

    List<String> outcomes() {
      return outcomes("a");
    }

    /** How a step of the job {@code a} ended. */
    RunEvent.StepFinished step(int number) {
      return all(RunEvent.StepFinished.class).stream()
          .filter(step ->
              step.job().equals("a")
                  && step.step() == number
                  && step.phase() == RunEvent.Phase.MAIN)
          .findFirst()
          .orElseThrow();
    }

    /** How a job ended: a conclusion, with its cause. */
    String job(String key) {
      for (RunEvent event : events()) {
        if (event instanceof RunEvent.JobFinished e && e.job().equals(key)) {
          return e.conclusion().text() + (e.cause() == null ? "" : ": " + e.cause());
        }
        if (event instanceof RunEvent.JobSkipped e && e.job().equals(key)) {
          return "skipped: " + e.reason();
        }
      }
      return "none";
    }

    Map<String, String> outputs(String key) {
      return all(RunEvent.JobFinished.class).stream()
          .filter(job -> job.job().equals(key))
          .findFirst()
          .orElseThrow()
          .outputs();
    }

    /** {@code level message file:line-endLine:column-endColumn title}, what is absent left out. */
    List<String> annotations() {
      return all(RunEvent.Annotation.class).stream()
          .map(a -> {
            StringBuilder text = new StringBuilder(a.level()).append(' ').append(a.message());
            if (a.file() != null) {
              text.append(' ').append(a.file());
            }
            if (a.line() != null || a.column() != null) {
              text.append(" L").append(a.line());
              text.append(a.endLine() == null ? "" : "-" + a.endLine());
              text.append(a.column() == null ? "" : " C" + a.column());
              text.append(a.endColumn() == null ? "" : "-" + a.endColumn());
            }
            return text.append(a.title() == null ? "" : " (" + a.title() + ")")
                .append(a.code() == null ? "" : " [" + a.code() + "]")
                .toString();
          })
          .toList();
    }

    List<String> summaries() {
      return all(RunEvent.Summary.class).stream().map(RunEvent.Summary::markdown).toList();
    }

    /** All that is stored, as text. */
    String text() {
      StringBuilder text = new StringBuilder();
      byRun.values().forEach(events -> events.forEach(event -> text.append(event).append('\n')));
      return text.toString();
    }
  }

  /** Reads a file that a step wrote. */
  static String read(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }
}
