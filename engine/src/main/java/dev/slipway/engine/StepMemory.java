package dev.slipway.engine;

import dev.slipway.cache.step.Lookup;
import dev.slipway.cache.step.Remote;
import dev.slipway.cache.step.Roots;
import dev.slipway.cache.step.StepCache;
import dev.slipway.cache.step.StepKey;
import dev.slipway.cache.step.StepLog;
import dev.slipway.cache.step.Upkeep;
import dev.slipway.trace.Ending;
import dev.slipway.workflow.CacheRules;
import dev.slipway.workflow.expression.Value;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Spares scripts of steps what they did before, and has those that run watched. Whatever goes wrong
 * with that, the step just runs. Thread-safe.
 */
final class StepMemory {
  /** What a step writes for the runner, by its name in the {@code github} context. */
  private static final String[] FILES = {"env", "path", "output", "state", "step_summary"};

  private static final long PUSH_MS = 1000;
  private static final long LIMIT = 10_000_000_000L;

  private static final byte[] ADD_MASK = "::add-mask::".getBytes(StandardCharsets.US_ASCII);

  private final Path folder;
  private final @Nullable Remote shared;
  private final StepCache cache;
  private final StepCaching mode;
  private final CacheRules rules;
  private final Consumer<String> warnings;

  /**
   * A memory in a folder.
   *
   * @param rules what the project says of single steps
   * @param shared with other machines; closed with this; null for nothing
   * @param warnings is told of steps that gave other results although nothing had changed
   */
  StepMemory(
      Path folder,
      StepCaching mode,
      CacheRules rules,
      @Nullable Remote shared,
      Consumer<String> warnings) {
    this.rules = rules;
    this.warnings = warnings;
    this.folder = folder;
    this.shared = shared;
    this.cache = shared == null ? StepCache.in(folder) : StepCache.in(folder, shared);
    this.mode = mode;
  }

  /** Shares what is new, and once a day removes what was not used for longest. */
  void settle() {
    if (shared != null) {
      cache.push(PUSH_MS);
      shared.close();
    }
    Upkeep upkeep = Upkeep.of(folder);
    if (mode == StepCaching.ON && upkeep.due()) {
      try {
        upkeep.collect(LIMIT);
      } catch (IOException anotherDay) {
        return;
      }
    }
  }

  /** Runs a step's script, unless it was run before and nothing that it depends on has changed. */
  ProcessResult run(StepRun run, Vantage vantage) {
    Vantage.Script script = vantage.script();
    String name = name(run);
    CacheRules.StepRule rule = rules.of(name);
    if (rule != null && rule.declares() && !vantage.here()) {
      // What is declared is looked for on this machine, where it may be called otherwise.
      rule =
          new CacheRules.StepRule(rule.step(), rule.never(), rule.network(), List.of(), List.of());
    }
    if (notSpared(run, script, rule) != null) {
      return vantage.run(run.log);
    }
    String obstacle = vantage.obstacle();
    if (obstacle != null) {
      cache.ran(StepKey.known(name, ""), List.of(obstacle), List.of(obstacle));
      return vantage.run(run.log);
    }
    Roots roots = vantage.roots();
    List<String> command = new ArrayList<>();
    command.add(script.executable());
    for (String argument : script.arguments()) {
      command.add(argument.replace(script.file().toString(), "{script}"));
    }
    StepKey key =
        cache.key(
            name,
            script.text(),
            repository(run, command),
            script.folder(),
            script.environment(),
            run.job.masker.secrets(),
            roots,
            vantage.parts());
    Lookup lookup = cache.find(key, vantage.view(), roots, script.environment());
    Lookup.Hit compared = lookup instanceof Lookup.Hit hit && verifies() ? hit : null;
    if (compared == null && lookup instanceof Lookup.Hit hit && replay(run, hit)) {
      cache.spared(key, hit);
      run.cached = true;
      return new ProcessResult(ProcessResult.End.EXITED, hit.exitCode());
    }
    List<String> reasons =
        lookup instanceof Lookup.Miss miss
            ? miss.reasons()
            : List.of(
                compared == null
                    ? "what it made is no longer stored whole"
                    : "it was chosen to be compared with what is known of it");
    if (mode == StepCaching.READ) {
      cache.ran(key, reasons, List.of("nothing is learnt with --cache=read"));
      return vantage.run(run.log);
    }
    return watched(run, vantage, key, roots, reasons, rule, compared);
  }

  /** The command, with the repository: others have steps of the same script. */
  private static List<String> repository(StepRun run, List<String> command) {
    List<String> all = new ArrayList<>(command);
    all.add("in " + run.job.githubText("repository"));
    return all;
  }

  private boolean verifies() {
    return mode == StepCaching.ON
        && rules.verify() > 0
        && ThreadLocalRandom.current().nextInt(100) < rules.verify();
  }

  private static @Nullable String notSpared(
      StepRun run, Vantage.Script script, CacheRules.@Nullable StepRule rule) {
    if (rule != null && rule.never()) {
      return "slipway.yml says so";
    }
    if (rule != null && rule.declares()) {
      return null;
    }
    if (run.step.background()) {
      return "it runs in the background";
    }
    String never = StepCache.never(script.text());
    return never != null ? never : Trivial.reason(script.text());
  }

  private static String name(StepRun run) {
    String id = run.step.id();
    String file = run.job.spec.workflow().file();
    // A workflow that Slipway made for itself lies elsewhere each time.
    boolean own = file.startsWith(".slipway/");
    return run.job.githubText("repository")
        + " "
        + (own ? run.job.spec.workflow().displayName() : file)
        + " "
        + (own ? run.job.spec.name() : run.job.spec.key())
        + " "
        + (id == null ? run.name() : id);
  }

  private boolean replay(StepRun run, Lookup.Hit hit) {
    boolean restored =
        hit.restore((error, bytes, length) ->
            run.log.bytes(error ? RunEvent.Stream.STDERR : RunEvent.Stream.STDOUT, bytes, length));
    if (!restored) {
      return false;
    }
    for (Map.Entry<String, byte[]> file : hit.files().entrySet()) {
      Value path = run.github.get(file.getKey());
      if (path != null) {
        try {
          Files.write(Path.of(path.toText()), file.getValue());
        } catch (IOException e) {
          return false;
        }
      }
    }
    return true;
  }

  private ProcessResult watched(
      StepRun run,
      Vantage vantage,
      StepKey key,
      Roots roots,
      List<String> reasons,
      CacheRules.@Nullable StepRule rule,
      Lookup.@Nullable Hit compared) {
    Vantage.Script script = vantage.script();
    StepCache.Recording recording =
        cache.record(key, vantage.view(), roots, script.environment(), own(run, vantage));
    try (recording) {
      StepLog log = new StepLog();
      Both output = new Both(run.log, log);
      long began = System.nanoTime();
      if (rule != null && rule.declares()) {
        recording.declare(script.folder(), rule.inputs(), rule.outputs());
        ProcessResult result = vantage.run(output);
        recording.declareMade(script.folder(), rule.outputs());
        Ending ending = new Ending(List.of(), false, List.of(), 0);
        return finished(run, key, reasons, recording, ending, result, log, began, compared);
      }
      Vantage.Seen seen = vantage.watched(output, recording.observer());
      Ending ending = seen.ending();
      if (ending == null) {
        cache.ran(key, reasons, List.of(seen.obstacle()));
        return seen.result();
      }
      if (rule != null && rule.network()) {
        ending = ending.withoutNetwork();
      }
      return finished(run, key, reasons, recording, ending, seen.result(), log, began, compared);
    }
  }

  private ProcessResult finished(
      StepRun run,
      StepKey key,
      List<String> reasons,
      StepCache.Recording recording,
      Ending ending,
      ProcessResult result,
      StepLog log,
      long began,
      Lookup.@Nullable Hit compared) {
    long millis = (System.nanoTime() - began) / 1_000_000;
    if (result.end() != ProcessResult.End.EXITED || result.exitCode() != 0) {
      cache.ran(key, reasons, List.of("it failed"));
      return result;
    }
    recording.compareWith(compared);
    cache.ran(
        key,
        reasons,
        recording.finish(
            ending,
            result.exitCode(),
            millis,
            log,
            written(run),
            bytes -> holdsSecret(run, bytes)));
    if (!recording.otherThanKnown().isEmpty()) {
      warnings.accept(
          "the step '"
              + key.name()
              + "' gave other results although nothing it was seen to read had changed ("
              + recording.otherThanKnown()
              + "); it is no longer spared");
    }
    return result;
  }

  private static boolean holdsSecret(StepRun run, byte[] bytes) {
    return run.job.masker.occursIn(bytes) || StepLog.contains(bytes, ADD_MASK);
  }

  /** The files that Slipway makes for the step: they have other names each time. */
  private static Set<Path> own(StepRun run, Vantage vantage) {
    Set<Path> own = new LinkedHashSet<>();
    own.add(vantage.script().file());
    for (String name : FILES) {
      addFile(run, name, vantage, own);
    }
    addFile(run, "artifacts", vantage, own);
    addFile(run, "artifacts_list", vantage, own);
    return own;
  }

  private static void addFile(StepRun run, String name, Vantage vantage, Set<Path> own) {
    Value path = run.github.get(name);
    if (path != null && !path.toText().isEmpty()) {
      own.add(vantage.inside(Path.of(path.toText())));
    }
  }

  private static Map<String, byte[]> written(StepRun run) {
    Map<String, byte[]> written = new LinkedHashMap<>();
    for (String name : FILES) {
      Value path = run.github.get(name);
      if (path != null) {
        try {
          byte[] bytes = Files.readAllBytes(Path.of(path.toText()));
          if (bytes.length > 0) {
            written.put(name, bytes);
          }
        } catch (IOException removedByTheStep) {
          continue;
        }
      }
    }
    return written;
  }

  /** Hands on what a process prints, and keeps it. */
  private record Both(ProcessOutput to, StepLog log) implements ProcessOutput {
    @Override
    public void bytes(RunEvent.Stream stream, byte[] bytes, int length) {
      log.add(stream == RunEvent.Stream.STDERR, bytes, length);
      to.bytes(stream, bytes, length);
    }

    @Override
    public void idle() {
      to.idle();
    }
  }
}
