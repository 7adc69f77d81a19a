package dev.slipway.prove;

import dev.slipway.engine.Conclusion;
import dev.slipway.engine.Simulation;
import dev.slipway.plan.WorkflowTree;
import dev.slipway.workflow.ActionManifest;
import dev.slipway.workflow.Job;
import dev.slipway.workflow.Node;
import dev.slipway.workflow.Step;
import dev.slipway.workflow.expression.ObjectValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Proves of a workflow which of its steps can fail without the end being red.
 *
 * <p>For each way to fill in what only a run will know, the run is gone through once with nothing
 * failing, then once for each step that it came to with that step failing, by the state machine of
 * real runs ({@link Simulation}). A step whose failure leaves the end green in one of these ways is
 * masked. Failures that end a job alike are gone through once. What is compared with texts is tried
 * with each of them, with another and with none; where the ways are too many, those are tried that
 * differ from the first in at most two values.
 */
public final class Prover {
  private static final int MOST_WORLDS = 128;

  /** Ways for a job that no failure can leave green: only to see that its steps run. */
  private static final int MOST_LOOKS = 32;

  private static final int DEEPEST = 10;
  private static final int MOST_PAIRS = 20_000;

  /** How much may be gone through: jobs of the workflow, for each job of each run. */
  private static final long MOST_WORK = 100_000_000;

  private final Question question;
  private final WorkflowTree tree;
  private final Variables variables;
  private final Map<String, Job> jobs = new HashMap<>();
  private final Map<String, Set<String>> allAbove = new HashMap<>();
  private @Nullable Base whole;

  /** Whether a list of steps forgives; one that is still being looked through counts as such. */
  private final IdentityHashMap<List<Step>, Boolean> forgiving = new IdentityHashMap<>();

  private final Scripts scripts = new Scripts();
  private final Map<String, ProvenStep> steps = new LinkedHashMap<>();
  private final Set<String> reached = new LinkedHashSet<>();
  private final Map<String, Masked> masked = new LinkedHashMap<>();
  private final Set<String> assumptions = new LinkedHashSet<>();
  private int redAnyway;
  private int tried;
  private boolean complete = true;
  private long work;
  private int pairs;

  /**
   * What is to be proven.
   *
   * @param event the event that the run is of
   * @param gate the id of the job whose result counts; null for that of the run
   * @param pairs whether two steps that fail together are tried too
   */
  public record Question(
      WorkflowTree tree,
      String event,
      @Nullable String gate,
      boolean pairs,
      ActionManifests actions) {}

  /** A run with nothing failing, to compare others with. */
  private record Base(
      World world,
      Simulation.Setting setting,
      Simulation.Result result,
      Map<String, Simulation.Started> started,
      Map<String, List<JobRehearsal.Visit>> visits) {}

  private Prover(Question question) {
    this.question = question;
    Simplified simplified = new Simplified();
    this.tree = simplified.tree(question.tree());
    assumptions.addAll(simplified.supposed());
    for (Job job : tree.workflow().jobs()) {
      jobs.put(job.id().toLowerCase(Locale.ROOT), job);
    }
    this.variables = Variables.of(tree, question.event(), question.actions());
  }

  /** Proves it. */
  public static Proof prove(Question question) {
    return new Prover(question).prove();
  }

  private Proof prove() {
    World first = Worlds.of(variables.all(), Set.of(), variables.known(), MOST_WORLDS).first();
    for (Job job : tree.workflow().jobs()) {
      if (work > MOST_WORK) {
        complete = false;
        break;
      }
      Worlds worlds = Worlds.of(variables.all(), deciding(job), variables.known(), MOST_WORLDS);
      complete &= worlds.complete();
      boolean strict = question.gate() == null && !forgives(job, tree, 0);
      int looks = 0;
      for (World world : worlds.all()) {
        tried++;
        boolean allReached = tryOut(job, world, first);
        looks++;
        if (work > MOST_WORK) {
          complete = false;
          break;
        }
        if (strict && (allReached || looks >= MOST_LOOKS)) {
          break;
        }
      }
    }
    if (question.pairs()) {
      tryPairs(first);
    }
    List<ProvenStep> unreached = new ArrayList<>();
    steps.forEach((key, step) -> {
      if (!reached.contains(key)) {
        unreached.add(step);
      }
    });
    assumptions.add("a step that does not fail succeeds, and nothing is cancelled or times out");
    if (!first.supposed().isEmpty()) {
      assumptions.add("unless something else is said: " + String.join(", ", first.supposed()));
    }
    return new Proof(
        tree.workflow().file(),
        tree.workflow().displayName(),
        question.event(),
        question.gate(),
        steps.size(),
        unreached,
        List.copyOf(masked.values()),
        tried,
        complete,
        redAnyway,
        List.copyOf(assumptions));
  }

  /** What decides over the end when something in a job fails. */
  private Set<Variable> deciding(Job job) {
    Set<Variable> deciding = new LinkedHashSet<>(variables.ofJob(job));
    above(job).forEach(need -> deciding.addAll(condition(need)));
    Job gate = question.gate() == null ? null : tree.workflow().job(question.gate());
    if (gate != null) {
      deciding.addAll(variables.ofJob(gate));
      above(gate).forEach(need -> deciding.addAll(condition(need)));
    }
    return deciding;
  }

  private @Nullable Job job(String id) {
    return jobs.get(id.toLowerCase(Locale.ROOT));
  }

  private Set<Variable> condition(String id) {
    Job job = job(id);
    return job == null ? Set.of() : variables.ofCondition(job);
  }

  /** Lets each step of a job fail; true when all of its steps have been reached by now. */
  private boolean tryOut(Job job, World world, World first) {
    Base base = world.supposed().equals(first.supposed()) ? whole(first) : null;
    if (base == null) {
      Set<String> only = new LinkedHashSet<>(Set.of(job.id()));
      if (question.gate() != null) {
        only.add(question.gate());
      }
      base = base(world, only);
      work += tree.workflow().jobs().size() * (base.result().jobs().size() + 20L);
    }
    boolean green = green(base.result());
    if (!green) {
      redAnyway++;
    }
    Map<String, Boolean> outcomes = new HashMap<>();
    Set<String> legs = new LinkedHashSet<>();
    boolean all = !base.visits().isEmpty();
    for (Map.Entry<String, List<JobRehearsal.Visit>> entry : base.visits().entrySet()) {
      if (!top(entry.getKey()).equalsIgnoreCase(job.id())) {
        continue;
      }
      Simulation.Started of = Objects.requireNonNull(base.started().get(entry.getKey()));
      note(of, entry.getValue());
      boolean alike =
          !legs.add(of.workflow().file() + "\n" + of.job().id())
              && !variables.byMatrix(of.workflow().file(), of.job());
      for (JobRehearsal.Visit visit : entry.getValue()) {
        all &= !visit.fallible() || reached.contains(identity(of, visit));
        if (green && !alike) {
          tryOut(base, of, visit, outcomes, first);
        }
      }
    }
    return all;
  }

  /** Whether a job, its steps, those of its actions or of a workflow that it calls forgive. */
  private boolean forgives(Job job, WorkflowTree of, int depth) {
    if (job.continueOnError() != null || depth > DEEPEST) {
      return true;
    }
    if (job.body() instanceof Job.Steps steps) {
      return forgives(steps.steps(), depth);
    }
    WorkflowTree callee = of.call(job.id());
    return callee != null
        && callee.workflow().jobs().stream().anyMatch(inner -> forgives(inner, callee, depth + 1));
  }

  private boolean forgives(List<Step> inner, int depth) {
    Boolean known = forgiving.putIfAbsent(inner, true);
    if (known != null) {
      return known;
    }
    boolean found = anyForgives(inner, depth);
    forgiving.put(inner, found);
    return found;
  }

  private boolean anyForgives(List<Step> inner, int depth) {
    for (Step step : inner) {
      if (step.continueOnError() != null || step.body() instanceof Step.Cancel || depth > DEEPEST) {
        return true;
      }
      if (step.body() instanceof Step.Parallel group && forgives(group.steps(), depth + 1)) {
        return true;
      }
      ActionManifest manifest =
          step.body() instanceof Step.Uses uses ? question.actions().find(uses.action()) : null;
      if (manifest != null
          && manifest.runs() instanceof ActionManifest.Composite composite
          && forgives(composite.steps(), depth + 1)) {
        return true;
      }
    }
    return false;
  }

  private void note(Simulation.Started job, List<JobRehearsal.Visit> visits) {
    for (JobRehearsal.Visit visit : visits) {
      if (visit.fallible()) {
        steps.putIfAbsent(identity(job, visit), step(job, visit));
        if (visit.ran()) {
          reached.add(identity(job, visit));
        }
      }
    }
  }

  private void tryOut(
      Base base,
      Simulation.Started job,
      JobRehearsal.Visit visit,
      Map<String, Boolean> outcomes,
      World first) {
    if (!visit.fallible() || !visit.ran() || masked.containsKey(identity(job, visit))) {
      return;
    }
    if (survives(base, job, visit, false, outcomes)) {
      mask(base, job, visit, false, first);
    } else if (survives(base, job, visit, true, outcomes)) {
      mask(base, job, visit, true, first);
    }
  }

  /** The run of all jobs in the first way, made once for all of them; null unless it is green. */
  private @Nullable Base whole(World first) {
    Base base = whole;
    if (base == null) {
      base = base(first, Set.of());
      whole = base;
    }
    return green(base.result()) ? base : null;
  }

  /** A run with nothing failing. */
  private Base base(World world, Set<String> only) {
    Map<String, Simulation.Started> started = new LinkedHashMap<>();
    Map<String, List<JobRehearsal.Visit>> visits = new LinkedHashMap<>();
    Simulation.Setting setting = setting(world, only);
    Simulation.Result result =
        Simulation.of(
            setting,
            job -> {
              JobRehearsal rehearsal = rehearsal(job, world, Set.of(), false);
              Simulation.End end = rehearsal.end();
              started.put(job.key(), job);
              visits.put(job.key(), rehearsal.visits());
              return end;
            });
    return new Base(world, setting, result, started, visits);
  }

  private JobRehearsal rehearsal(
      Simulation.Started job, World world, Set<String> failing, boolean silent) {
    return new JobRehearsal(job, world, question.actions(), scripts, failing, silent);
  }

  private Simulation.Setting setting(World world, Set<String> only) {
    Map<String, String> secrets = new LinkedHashMap<>();
    world.context("secrets").forEach((name, value) -> secrets.put(name, value.toText()));
    ObjectValue github = world.context("github");
    return new Simulation.Setting(
        tree, github, world.context("inputs"), world.context("vars"), secrets, only);
  }

  /** Whether the end is green though the step fails. */
  private boolean survives(
      Base base,
      Simulation.Started job,
      JobRehearsal.Visit visit,
      boolean silent,
      Map<String, Boolean> outcomes) {
    // A step of the job itself that nothing forgives makes the job fail, whatever comes after.
    boolean plain = visit.step().continueOnError() == null && !visit.number().contains(".");
    boolean counts = job.job().continueOnError() == null;
    if (question.gate() == null && plain && counts && !visit.step().background()) {
      return false;
    }
    if (work > MOST_WORK) {
      complete = false;
      return false;
    }
    work += 100L * base.visits().getOrDefault(job.key(), List.of()).size();
    Simulation.End end =
        plain && job.job().outputs() == null && !visit.step().background()
            ? new Simulation.End(Conclusion.FAILURE, Map.of(), null)
            : rehearsal(job, base.world(), Set.of(visit.number()), silent).end();
    if (end.equals(base.result().jobs().get(job.key()))) {
      return true;
    }
    if (question.gate() == null && counts && end.conclusion() == Conclusion.FAILURE) {
      return false;
    }
    String key = job.key() + "\n" + end.conclusion() + "\n" + end.outputs();
    Boolean known = outcomes.get(key);
    if (known == null) {
      known = green(run(base, Map.of(job.key(), Set.of(visit.number())), silent, null));
      outcomes.put(key, known);
    }
    return known;
  }

  private Simulation.Result run(
      Base base,
      Map<String, Set<String>> failing,
      boolean silent,
      @Nullable Map<String, List<JobRehearsal.Visit>> visits) {
    return Simulation.of(
        base.setting(),
        job -> {
          JobRehearsal rehearsal =
              rehearsal(job, base.world(), failing.getOrDefault(job.key(), Set.of()), silent);
          Simulation.End end = rehearsal.end();
          if (visits != null) {
            visits.put(job.key(), rehearsal.visits());
          }
          return end;
        });
  }

  private boolean green(Simulation.Result result) {
    if (question.gate() == null) {
      return result.conclusion() == Conclusion.SUCCESS;
    }
    boolean any = false;
    for (Map.Entry<String, Simulation.End> job : result.jobs().entrySet()) {
      if (ofJob(job.getKey(), question.gate())) {
        any = true;
        Conclusion how = job.getValue().conclusion();
        if (how != Conclusion.SUCCESS && how != Conclusion.SKIPPED) {
          return false;
        }
      }
    }
    return any;
  }

  /** Whether a key is that of a job, or of one of its matrix. */
  private static boolean ofJob(String key, String id) {
    return key.equalsIgnoreCase(id)
        || key.regionMatches(true, 0, id + " (", 0, id.length() + 2)
        || key.regionMatches(true, 0, id + " #", 0, id.length() + 2)
        || key.regionMatches(true, 0, id + "/", 0, id.length() + 1);
  }

  private static String identity(Simulation.Started job, JobRehearsal.Visit visit) {
    return job.workflow().file() + "\n" + job.job().id() + "\n" + visit.number();
  }

  private static ProvenStep step(Simulation.Started job, JobRehearsal.Visit visit) {
    return new ProvenStep(
        job.key(), visit.number(), name(visit.step()), new Place(visit.file(), visit.step().at()));
  }

  private static String name(Step step) {
    if (step.name() instanceof Node.Scalar name && !name.source().isBlank()) {
      return name.source();
    }
    if (step.body() instanceof Step.Uses uses) {
      return uses.action().source();
    }
    if (step.body() instanceof Step.Run run && run.script() instanceof Node.Scalar script) {
      return "Run " + script.source().strip().lines().findFirst().orElse("");
    }
    return step.contextName();
  }

  // --- why ---

  private void mask(
      Base base, Simulation.Started job, JobRehearsal.Visit visit, boolean silent, World first) {
    Map<String, Set<String>> failing = Map.of(job.key(), Set.of(visit.number()));
    Explanation explanation = explain(base, failing, silent);
    masked.put(
        identity(job, visit),
        new Masked(
            List.of(step(job, visit)),
            explanation.path(),
            base.world().otherwise(first),
            explanation.certain()));
  }

  /** The reasons for a green end, and whether they are certain. */
  private record Explanation(List<Link> path, boolean certain) {}

  private Explanation explain(Base base, Map<String, Set<String>> failing, boolean silent) {
    Map<String, List<JobRehearsal.Visit>> visits = new LinkedHashMap<>();
    Simulation.Result result = run(base, failing, silent, visits);
    List<Link> path = new ArrayList<>();
    for (Map.Entry<String, Set<String>> entry : failing.entrySet()) {
      Simulation.Started job = Objects.requireNonNull(base.started().get(entry.getKey()));
      forgiven(visits.getOrDefault(entry.getKey(), List.of()), path);
      Simulation.End end = result.jobs().get(entry.getKey());
      if (end != null && end.conclusion() == Conclusion.FAILURE) {
        ofJob(job, path);
      }
    }
    return question.gate() == null
        ? new Explanation(path, true)
        : gate(question.gate(), failing.keySet(), result, visits, path);
  }

  private static void forgiven(List<JobRehearsal.Visit> visits, List<Link> path) {
    for (JobRehearsal.Visit visit : visits) {
      Node forgives = visit.step().continueOnError();
      if (visit.outcome() == Conclusion.FAILURE
          && visit.conclusion() == Conclusion.SUCCESS
          && forgives != null) {
        path.add(
            new Link(
                "continue-on-error lets the job go on as if step "
                    + visit.number()
                    + " had succeeded",
                new Place(visit.file(), forgives.at())));
      }
    }
  }

  private static void ofJob(Simulation.Started job, List<Link> path) {
    Node forgives = job.job().continueOnError();
    if (forgives != null) {
      path.add(
          new Link(
              "continue-on-error lets the run go on as if job '" + job.key() + "' had succeeded",
              new Place(job.workflow().file(), forgives.at())));
    }
  }

  private Explanation gate(
      String id,
      Set<String> failed,
      Simulation.Result result,
      Map<String, List<JobRehearsal.Visit>> visits,
      List<Link> path) {
    Job gate = Objects.requireNonNull(tree.workflow().job(id), "the gate is no job");
    String file = tree.workflow().file();
    Set<String> above = above(gate);
    for (String key : failed) {
      String job = top(key);
      if (!job.equalsIgnoreCase(id) && above.stream().noneMatch(job::equalsIgnoreCase)) {
        path.add(
            new Link(
                "the gate '" + id + "' does not need '" + job + "'", new Place(file, gate.at())));
      }
    }
    boolean certain = true;
    for (Map.Entry<String, Simulation.End> end : result.jobs().entrySet()) {
      if (!ofJob(end.getKey(), id)) {
        continue;
      }
      if (end.getValue().conclusion() == Conclusion.SKIPPED) {
        String reason = end.getValue().reason();
        path.add(
            new Link(
                "the gate '"
                    + id
                    + "' is skipped"
                    + (reason == null ? "" : " (" + reason + ")")
                    + ", and a skipped check counts as passed",
                new Place(file, gate.condition().at())));
      } else {
        path.add(
            new Link(
                "the gate '" + end.getKey() + "' runs and none of its steps fails",
                new Place(file, gate.at())));
      }
      for (JobRehearsal.Visit visit : visits.getOrDefault(end.getKey(), List.of())) {
        if (visit.ran() && !visit.understood()) {
          certain = false;
          path.add(
              new Link(
                  "what step "
                      + visit.number()
                      + " of the gate says cannot be told from its script; it is supposed to"
                      + " succeed",
                  new Place(file, visit.step().at())));
        }
      }
    }
    return new Explanation(path, certain);
  }

  private static String top(String key) {
    String job = key.contains("/") ? key.substring(0, key.indexOf('/')) : key;
    int matrix = job.indexOf(" (");
    int number = job.indexOf(" #");
    int end = matrix >= 0 ? matrix : number;
    return end >= 0 ? job.substring(0, end) : job;
  }

  /** The ids of all jobs that a job waits for. */
  private Set<String> above(Job job) {
    Set<String> known = allAbove.get(job.id());
    if (known != null) {
      return known;
    }
    Set<String> above = new LinkedHashSet<>();
    allAbove.put(job.id(), above);
    List<Job> left = new ArrayList<>(List.of(job));
    while (!left.isEmpty()) {
      for (String need : left.removeLast().needs()) {
        Job needed = job(need);
        if (needed != null && above.add(needed.id())) {
          Set<String> further = allAbove.get(needed.id());
          if (further == null) {
            left.add(needed);
          } else {
            above.addAll(further);
          }
        }
      }
    }
    return above;
  }

  // --- two at once ---

  /** In the first way only, and over all jobs. */
  private void tryPairs(World first) {
    assumptions.add("two steps fail together in the first way only to fill in what is not known");
    Base base = base(first, Set.of());
    if (!green(base.result())) {
      return;
    }
    List<Map.Entry<String, JobRehearsal.Visit>> all = new ArrayList<>();
    base.visits()
        .forEach((key, visits) -> {
          for (JobRehearsal.Visit visit : visits) {
            Simulation.Started job = Objects.requireNonNull(base.started().get(key));
            if (visit.fallible() && visit.ran() && !masked.containsKey(identity(job, visit))) {
              all.add(Map.entry(key, visit));
            }
          }
        });
    for (int i = 0; i < all.size(); i++) {
      for (int j = i + 1; j < all.size(); j++) {
        if (++pairs > MOST_PAIRS) {
          assumptions.add("only the first " + MOST_PAIRS + " pairs of steps were tried");
          return;
        }
        pair(base, all.get(i), all.get(j), first);
      }
    }
  }

  private void pair(
      Base base,
      Map.Entry<String, JobRehearsal.Visit> one,
      Map.Entry<String, JobRehearsal.Visit> other,
      World first) {
    Simulation.Started ofOne = Objects.requireNonNull(base.started().get(one.getKey()));
    Simulation.Started ofOther = Objects.requireNonNull(base.started().get(other.getKey()));
    String key = identity(ofOne, one.getValue()) + "\n" + identity(ofOther, other.getValue());
    if (masked.containsKey(key)) {
      return;
    }
    Map<String, Set<String>> failing = new LinkedHashMap<>();
    failing.computeIfAbsent(one.getKey(), k -> new LinkedHashSet<>()).add(one.getValue().number());
    failing
        .computeIfAbsent(other.getKey(), k -> new LinkedHashSet<>())
        .add(other.getValue().number());
    if (green(run(base, failing, false, null))) {
      Explanation explanation = explain(base, failing, false);
      masked.put(
          key,
          new Masked(
              List.of(step(ofOne, one.getValue()), step(ofOther, other.getValue())),
              explanation.path(),
              base.world().otherwise(first),
              explanation.certain()));
    }
  }
}
