package dev.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.slipway.plan.WorkflowTree;
import dev.slipway.workflow.Reading;
import dev.slipway.workflow.Workflow;
import dev.slipway.workflow.WorkflowReader;
import dev.slipway.workflow.expression.Value;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Drives {@link RunState#decide} through random workflows and faults, and checks after every
 * decision what must always hold. A failure names its seed.
 */
class RunSimulationTest {
  private static final int SEEDS_PER_BATCH = 2_500;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
  @DisplayName("Runs of random workflows under random faults keep every rule")
  void randomRuns_keepEveryRule(int batch) {
    for (int i = 0; i < SEEDS_PER_BATCH; i++) {
      long seed = (long) batch * SEEDS_PER_BATCH + i;
      World world = new World(seed);
      try {
        world.run();
      } catch (AssertionError | RuntimeException e) {
        fail(
            "seed " + seed + ": " + e + "\n" + world.text + "\n" + String.join("\n", world.history),
            e);
      }
    }
  }

  @Test
  @DisplayName("The same inputs decide the same, and deciding changes no state already made")
  void decide_isPure() {
    for (long seed = 0; seed < 200; seed++) {
      World world = new World(seed);
      world.run();
      RunState state = RunState.initial(world.definition);
      for (int i = 0; i < world.inputs.size(); i++) {
        RunState.Decision once = state.decide(world.inputs.get(i));
        RunState.Decision twice = state.decide(world.inputs.get(i));
        assertThat(shape(twice.effects()))
            .as("seed %d input %d", seed, i)
            .isEqualTo(shape(once.effects()));
        state = twice.next();
      }
      assertThat(state.conclusion()).isEqualTo(world.state.conclusion());
    }
  }

  private static List<String> shape(List<Effect> effects) {
    return effects.stream()
        .map(e -> e instanceof Effect.Start start ? "start " + start.spec().key() : e.toString())
        .toList();
  }

  private record SimulatedJob(
      String id,
      List<String> needs,
      String condition,
      int legs,
      boolean failFast,
      int maxParallel,
      boolean continueOnError,
      String group) {}

  /** Machines, users and clocks, all out of one random source. */
  private static final class World {
    final SplittableRandom random;
    final String text;
    final Map<String, SimulatedJob> jobs = new LinkedHashMap<>();
    final RunDefinition definition;
    final List<RunInput> inputs = new ArrayList<>();
    final List<String> history = new ArrayList<>();
    RunState state;
    private ConcurrencyGroups groups = ConcurrencyGroups.NONE;
    private final Deque<RunInput> grants = new ArrayDeque<>();
    private final Map<String, String> groupOf = new HashMap<>();
    private final Set<String> handedOut = new LinkedHashSet<>();
    private final Set<String> running = new LinkedHashSet<>();
    private final Set<String> stopped = new HashSet<>();
    private final Map<String, Conclusion> ended = new LinkedHashMap<>();
    private final Map<String, Boolean> decided = new HashMap<>();
    private final Set<String> failedFast = new HashSet<>();
    private boolean cancelled;
    private boolean finished;

    World(long seed) {
      random = new SplittableRandom(seed);
      text = workflow();
      Reading<Workflow> reading = WorkflowReader.read("ci.yml", text);
      assertThat(reading.problems()).as(text).isEmpty();
      Workflow workflow = java.util.Objects.requireNonNull(reading.value());
      definition =
          new RunDefinition(
              new WorkflowTree(workflow, Map.of(), "", null),
              Value.object(Map.of()),
              Value.object(Map.of()),
              Value.object(Map.of()),
              Map.of(),
              labels -> new RunDefinition.Choice.Fits("host"),
              Set.of(),
              Map.of(),
              false,
              Map.of());
      state = RunState.initial(definition);
    }

    private boolean chance(int percent) {
      return random.nextInt(100) < percent;
    }

    private String workflow() {
      StringBuilder yaml = new StringBuilder("on: push\njobs:\n");
      int count = 1 + random.nextInt(7);
      for (int i = 0; i < count; i++) {
        List<String> needs = new ArrayList<>();
        for (int before = 0; before < i; before++) {
          if (chance(35)) {
            needs.add("j" + before);
          }
        }
        int legs = chance(30) ? 1 + random.nextInt(4) : 0;
        SimulatedJob job =
            new SimulatedJob(
                "j" + i,
                needs,
                condition(needs),
                legs,
                chance(60),
                legs > 1 && chance(40) ? 1 + random.nextInt(legs) : Integer.MAX_VALUE,
                chance(15),
                chance(20) ? "g" + random.nextInt(2) : "");
        jobs.put(job.id(), job);
        yaml.append("  ").append(job.id()).append(":\n    runs-on: linux\n");
        if (!needs.isEmpty()) {
          yaml.append("    needs: [").append(String.join(", ", needs)).append("]\n");
        }
        if (!job.condition().isEmpty()) {
          yaml.append("    if: ").append(job.condition()).append('\n');
        }
        if (job.continueOnError()) {
          yaml.append("    continue-on-error: true\n");
        }
        if (!job.group().isEmpty()) {
          yaml.append("    concurrency:\n      group: ").append(job.group()).append('\n');
          if (chance(50)) {
            yaml.append("      cancel-in-progress: true\n");
          }
        }
        if (legs > 0) {
          yaml.append("    strategy:\n      fail-fast: ").append(job.failFast()).append('\n');
          if (job.maxParallel() != Integer.MAX_VALUE) {
            yaml.append("      max-parallel: ").append(job.maxParallel()).append('\n');
          }
          yaml.append("      matrix:\n        n: [");
          for (int leg = 0; leg < legs; leg++) {
            yaml.append(leg == 0 ? "" : ", ").append(leg);
          }
          yaml.append("]\n");
        }
        yaml.append("    steps:\n      - run: 'true'\n");
      }
      return yaml.toString();
    }

    private String condition(List<String> needs) {
      return switch (random.nextInt(needs.isEmpty() ? 8 : 10)) {
        case 0 -> "always()";
        case 1 -> "failure()";
        case 2 -> "cancelled()";
        case 3 -> "'!cancelled()'".replace("'", "").replace("!", "\"!").concat("\"");
        case 4 -> "success() || failure()";
        case 8 -> "needs." + needs.get(random.nextInt(needs.size())) + ".result == 'success'";
        case 9 ->
            "always() && needs." + needs.get(random.nextInt(needs.size())) + ".result != 'success'";
        default -> "";
      };
    }

    void run() {
      decide(new RunInput.Begin());
      int steps = 0;
      while (!finished) {
        if (++steps > 2_000) {
          throw new AssertionError("the run never ends");
        }
        next();
      }
      assertThat(running).as("running after the end").isEmpty();
      for (SimulatedJob job : jobs.values()) {
        assertThat(nodeResult(job)).as(job.id() + " has a result").isNotNull();
      }
      // Inputs after the end change nothing.
      RunState.Decision late = state.decide(new RunInput.Cancel());
      assertThat(late.effects()).isEmpty();
      assertThat(state.conclusion()).isEqualTo(expectedConclusion());
    }

    private Conclusion expectedConclusion() {
      boolean failure = false;
      boolean anyCancelled = cancelled;
      for (SimulatedJob job : jobs.values()) {
        failure |= realFailure(job);
        anyCancelled |= legResults(job).contains(Conclusion.CANCELLED);
      }
      if (anyCancelled && (cancelled || !failure)) {
        return Conclusion.CANCELLED;
      }
      return failure ? Conclusion.FAILURE : Conclusion.SUCCESS;
    }

    private void next() {
      if (!grants.isEmpty() && chance(70)) {
        decide(grants.poll());
        return;
      }
      List<String> waiting = new ArrayList<>(handedOut);
      List<String> busy = new ArrayList<>(running);
      int choice = random.nextInt(100);
      if (choice < 2 && !cancelled) {
        cancelled = true;
        decide(new RunInput.Cancel());
      } else if (choice < 4) {
        decide(new RunInput.JobStarted("nobody"));
      } else if (choice < 8 && !ended.isEmpty()) {
        // An old message once more.
        String key = new ArrayList<>(ended.keySet()).get(random.nextInt(ended.size()));
        decide(new RunInput.JobEnded(key, Conclusion.FAILURE, Map.of(), null));
      } else if (choice < 45 && !waiting.isEmpty()) {
        String key = waiting.get(random.nextInt(waiting.size()));
        handedOut.remove(key);
        running.add(key);
        decide(new RunInput.JobStarted(key));
      } else if (!busy.isEmpty()) {
        end(busy.get(random.nextInt(busy.size())));
      } else if (!waiting.isEmpty()) {
        // Its first message was lost: the end comes without a start.
        String key = waiting.get(random.nextInt(waiting.size()));
        handedOut.remove(key);
        end(key);
      } else if (!grants.isEmpty()) {
        decide(grants.poll());
      } else {
        throw new AssertionError("nothing is left to happen, and the run has not ended");
      }
    }

    private void end(String key) {
      running.remove(key);
      Conclusion how =
          stopped.contains(key) && chance(80)
              ? Conclusion.CANCELLED
              : chance(30) ? Conclusion.FAILURE : Conclusion.SUCCESS;
      if (chance(5)) {
        record(key, Conclusion.FAILURE);
        decide(new RunInput.JobLost(key));
      } else {
        record(key, how);
        decide(new RunInput.JobEnded(key, how, Map.of(), null));
      }
    }

    private void record(String key, Conclusion how) {
      assertThat(ended.put(key, how)).as(key + " ends once").isNull();
      SimulatedJob job = job(key);
      if (how == Conclusion.FAILURE && job.failFast() && !job.continueOnError() && job.legs() > 1) {
        failedFast.add(job.id());
      }
    }

    private SimulatedJob byId(String id) {
      return java.util.Objects.requireNonNull(jobs.get(id), id);
    }

    private SimulatedJob job(String key) {
      int blank = key.indexOf(' ');
      return byId(blank < 0 ? key : key.substring(0, blank));
    }

    private void decide(RunInput input) {
      inputs.add(input);
      history.add("> " + input);
      RunState.Decision decision = state.decide(input);
      state = decision.next();
      for (Effect effect : decision.effects()) {
        history.add("  " + (effect instanceof Effect.Start s ? "Start " + s.spec().key() : effect));
        assertThat(finished).as("an effect after the end: " + effect).isFalse();
        apply(effect);
      }
    }

    private void apply(Effect effect) {
      switch (effect) {
        case Effect.Queue queue -> decided(queue.key(), true);
        case Effect.Start start -> {
          String key = start.spec().key();
          SimulatedJob job = job(key);
          for (String need : job.needs()) {
            assertThat(nodeResult(byId(need))).as(key + " starts after " + need).isNotNull();
          }
          assertThat(ended).as("ended before its start").doesNotContainKey(key);
          assertThat(failedFast).as("started after another leg failed").doesNotContain(job.id());
          assertThat(cancelled && !mayRunCancelled(job))
              .as(key + " starts in a cancelled run")
              .isFalse();
          assertThat(handedOut.add(key)).as(key + " starts once").isTrue();
          long active =
              java.util.stream.Stream.concat(handedOut.stream(), running.stream())
                  .filter(other -> job(other).id().equals(job.id()))
                  .count();
          assertThat(active)
              .as("legs of " + job.id() + " at a time")
              .isLessThanOrEqualTo(job.maxParallel());
          if (!job.group().isEmpty()) {
            for (String other : handedOut) {
              assertThat(!other.equals(key) && job(other).group().equals(job.group()))
                  .as("one of a group")
                  .isFalse();
            }
            for (String other : running) {
              assertThat(job(other).group().equals(job.group())).as("one of a group").isFalse();
            }
          }
        }
        case Effect.Skip skip -> {
          decided(skip.key(), false);
          assertThat(ended.put(skip.key(), Conclusion.SKIPPED))
              .as(skip.key() + " ends once")
              .isNull();
        }
        case Effect.End end -> {
          decided(end.key(), true);
          assertThat(handedOut).as("a machine has it").doesNotContain(end.key());
          assertThat(running).as("a machine has it").doesNotContain(end.key());
          record(end.key(), end.conclusion());
        }
        case Effect.Stop stop -> {
          assertThat(handedOut.contains(stop.key()) || running.contains(stop.key()))
              .as("stops what runs")
              .isTrue();
          stopped.add(stop.key());
        }
        case Effect.Acquire acquire -> {
          groupOf.put(acquire.holder(), acquire.group());
          apply(
              groups.acquire(
                  acquire.holder(),
                  acquire.group(),
                  acquire.cancelInProgress(),
                  acquire.queueAll()));
        }
        case Effect.Release release -> apply(groups.release(release.holder(), release.group()));
        case Effect.Finish finish -> finished = true;
      }
    }

    private void apply(ConcurrencyGroups.Step step) {
      groups = step.next();
      step.revoked().forEach(holder -> grants.add(new RunInput.GroupRevoked(holder)));
      step.granted().forEach(holder -> grants.add(new RunInput.GroupGranted(holder)));
    }

    /** The node was decided: as a straightforward reading of the rules decides it? */
    private void decided(String key, boolean runs) {
      SimulatedJob job = job(key);
      if (decided.putIfAbsent(job.id(), runs) == null) {
        assertThat(runs).as("if of " + job.id()).isEqualTo(reference(job));
      }
    }

    private boolean mayRunCancelled(SimulatedJob job) {
      return job.condition().contains("always()") || job.condition().equals("cancelled()");
    }

    private boolean reference(SimulatedJob job) {
      boolean success = !cancelled && ancestors(job).stream().allMatch(this::fine);
      boolean failure = !cancelled && ancestors(job).stream().anyMatch(this::realFailure);
      String condition = job.condition().replace("\"", "");
      if (condition.startsWith("needs.")) {
        String need = condition.substring(6, condition.indexOf(".result"));
        return success && nodeResult(byId(need)) == Conclusion.SUCCESS;
      }
      if (condition.startsWith("always() && needs.")) {
        String need = condition.substring(18, condition.indexOf(".result"));
        return nodeResult(byId(need)) != Conclusion.SUCCESS;
      }
      return switch (condition) {
        case "" -> success;
        case "always()" -> true;
        case "failure()" -> failure;
        case "cancelled()" -> cancelled;
        case "!cancelled()" -> !cancelled;
        case "success() || failure()" -> success || failure;
        default -> throw new IllegalStateException(condition);
      };
    }

    private Set<SimulatedJob> ancestors(SimulatedJob job) {
      Set<SimulatedJob> all = new LinkedHashSet<>();
      for (String need : job.needs()) {
        SimulatedJob needed = byId(need);
        all.add(needed);
        all.addAll(ancestors(needed));
      }
      return all;
    }

    private boolean fine(SimulatedJob job) {
      Conclusion result = nodeResult(job);
      return result == Conclusion.SUCCESS || (result == Conclusion.FAILURE && !realFailure(job));
    }

    private boolean realFailure(SimulatedJob job) {
      return !job.continueOnError() && legResults(job).contains(Conclusion.FAILURE);
    }

    private List<Conclusion> legResults(SimulatedJob job) {
      List<Conclusion> results = new ArrayList<>();
      ended.forEach((key, how) -> {
        if (job(key).id().equals(job.id())) {
          results.add(how);
        }
      });
      return results;
    }

    private @Nullable Conclusion nodeResult(SimulatedJob job) {
      List<Conclusion> results = legResults(job);
      boolean skippedWhole = results.size() == 1 && ended.get(job.id()) == Conclusion.SKIPPED;
      if (!skippedWhole && results.size() < Math.max(1, job.legs())) {
        return null;
      }
      if (results.contains(Conclusion.FAILURE)) {
        return Conclusion.FAILURE;
      }
      if (results.contains(Conclusion.CANCELLED)) {
        return Conclusion.CANCELLED;
      }
      return results.stream().allMatch(r -> r == Conclusion.SKIPPED)
          ? Conclusion.SKIPPED
          : Conclusion.SUCCESS;
    }
  }
}
