package dev.slipway.engine;

import dev.slipway.plan.WorkflowTree;
import dev.slipway.workflow.Job;
import dev.slipway.workflow.Workflow;
import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Value;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A run in which nothing is carried out: the state machine of real runs decides, and whoever asks
 * says how each job ends. Jobs end in the order in which they start; concurrency groups are free.
 */
public final class Simulation {
  private static final RunDefinition.Machines ANY = labels -> new RunDefinition.Choice.Fits("any");

  private final Jobs jobs;
  private final Map<String, End> ends = new LinkedHashMap<>();
  private final Deque<RunInput> inputs = new ArrayDeque<>();
  private final Deque<JobSpec> started = new ArrayDeque<>();
  private final Set<String> stopped = new HashSet<>();
  private Conclusion conclusion = Conclusion.FAILURE;

  private Simulation(Jobs jobs) {
    this.jobs = jobs;
  }

  /**
   * What a run begins with.
   *
   * @param github the {@code github} context
   * @param inputs the {@code inputs} context of the run's own workflow
   * @param onlyJobs ids of the jobs that matter, with all that they need; empty for all
   */
  public record Setting(
      WorkflowTree tree,
      ObjectValue github,
      Value inputs,
      Value vars,
      Map<String, String> secrets,
      Set<String> onlyJobs) {
    public Setting {
      secrets = Map.copyOf(secrets);
      onlyJobs = Set.copyOf(onlyJobs);
    }
  }

  /**
   * A job that starts, with the contexts that it sees.
   *
   * @param key unique in the run
   * @param called whether it is of a workflow that another calls
   */
  public record Started(
      String key,
      boolean called,
      Workflow workflow,
      Job job,
      Value inputs,
      Value needs,
      Value strategy,
      Value matrix,
      Map<String, String> secrets) {}

  /**
   * How a job ended.
   *
   * @param reason why it was skipped or could not run; null where nothing is to be said
   */
  public record End(Conclusion conclusion, Map<String, String> outputs, @Nullable String reason) {
    public End {
      outputs = Map.copyOf(outputs);
    }
  }

  /** Says how jobs end. */
  @FunctionalInterface
  public interface Jobs {
    /** How this one does. */
    End end(Started job);
  }

  /**
   * What came of it.
   *
   * @param jobs how each job ended, by its key; a job with a matrix that was skipped as a whole by
   *     its id
   */
  public record Result(Conclusion conclusion, Map<String, End> jobs) {}

  /** Goes through a run from its beginning to its end. */
  public static Result of(Setting setting, Jobs jobs) {
    return new Simulation(jobs).run(setting);
  }

  private Result run(Setting setting) {
    RunDefinition definition =
        new RunDefinition(
            setting.tree(),
            setting.github(),
            setting.inputs(),
            setting.vars(),
            setting.secrets(),
            ANY,
            setting.onlyJobs(),
            Map.of(),
            false,
            Map.of());
    RunState state = RunState.initial(definition);
    inputs.add(new RunInput.Begin());
    while (true) {
      RunInput input = inputs.poll();
      if (input == null) {
        input = next();
      }
      if (input == null) {
        break;
      }
      RunState.Decision decision = state.decide(input);
      state = decision.next();
      decision.effects().forEach(this::carryOut);
    }
    return new Result(conclusion, ends);
  }

  /** What the job says that started first among those under way; null when none is. */
  private @Nullable RunInput next() {
    JobSpec spec = started.poll();
    if (spec == null) {
      return null;
    }
    End end =
        stopped.contains(spec.key())
            ? new End(Conclusion.CANCELLED, Map.of(), null)
            : jobs.end(
                new Started(
                    spec.key(),
                    spec.key().indexOf('/') >= 0,
                    spec.workflow(),
                    spec.job(),
                    spec.inputs(),
                    spec.needs(),
                    spec.strategy(),
                    spec.matrix(),
                    new HashMap<>(spec.secrets())));
    ends.put(spec.key(), end);
    return new RunInput.JobEnded(spec.key(), end.conclusion(), end.outputs(), null);
  }

  private void carryOut(Effect effect) {
    switch (effect) {
      case Effect.Queue queue -> {}
      case Effect.Start start -> {
        inputs.add(new RunInput.JobStarted(start.spec().key()));
        started.add(start.spec());
      }
      case Effect.Skip skip ->
          ends.put(skip.key(), new End(Conclusion.SKIPPED, Map.of(), skip.reason()));
      case Effect.End end ->
          ends.put(end.key(), new End(end.conclusion(), end.outputs(), end.cause()));
      case Effect.Stop stop -> stopped.add(stop.key());
      case Effect.Acquire acquire -> inputs.add(new RunInput.GroupGranted(acquire.holder()));
      case Effect.Release release -> {}
      case Effect.Finish finish -> conclusion = finish.conclusion();
    }
  }
}
