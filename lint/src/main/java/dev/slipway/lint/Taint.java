package dev.slipway.lint;

import dev.slipway.workflow.YamlNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Follows what outsiders choose, titles, branch names, comments, through a file: from contexts
 * through variables, outputs of steps and jobs, the matrix and local actions to where it is used.
 *
 * <p>Each output and variable is worked out once, when somebody asks. A way longer than {@link
 * #DEEPEST} stations is given up.
 */
final class Taint {
  private static final int DEEPEST = 12;
  private static final int MOST_CALLS = 4;
  private static final int MOST_WRITTEN = 100;

  private final LintFile file;
  private final Map<String, Slot> slots = new HashMap<>();
  private final Map<String, @Nullable Callee> callees = new HashMap<>();
  private final IdentityHashMap<StepNode, ScriptFlow> flows = new IdentityHashMap<>();
  private final IdentityHashMap<YamlNode, Map<String, List<ExpressionUse>>> declarations =
      new IdentityHashMap<>();
  private final Map<String, Map<String, Write>> written = new HashMap<>();
  private @Nullable IdentityHashMap<YamlNode, List<ExpressionUse>> byScalar;
  private final int calls;
  private int depth;

  /** What a variable or an output turned out to be; null while that is being worked out. */
  private static final class Slot {
    private @Nullable Origin origin;
  }

  /** What an earlier step put into the environment, and which one it was. */
  private record Write(int step, Origin origin) {}

  Taint(LintFile file) {
    this(file, 0);
  }

  /** Of a file that is called, over so many calls. */
  Taint(LintFile file, int calls) {
    this.file = file;
    this.calls = calls;
  }

  /** Where the worst that flows into an expression comes from; null when nobody chooses it. */
  @Nullable Origin of(ExpressionUse use) {
    Origin worst = null;
    for (List<String> path : use.flows()) {
      worst = worse(worst, of(path, use));
    }
    return worst;
  }

  /** Where the value at the end of a way comes from that is written in an expression. */
  @Nullable Origin of(List<String> path, ExpressionUse use) {
    if (depth > DEEPEST || path.isEmpty()) {
      return null;
    }
    depth++;
    try {
      return switch (path.getFirst()) {
        case "github" -> github(path, use);
        case "env" -> path.size() == 2 ? environment(use, path.get(1)) : null;
        case "inputs" -> path.size() >= 2 ? input(path) : null;
        case "steps" -> step(path, use.job());
        case "needs" -> need(path);
        case "matrix" -> path.size() >= 2 ? matrix(path, use.job()) : null;
        case "vars" -> Origin.of(Chooser.INSIDER, false, path);
        default -> null;
      };
    } finally {
      depth--;
    }
  }

  private @Nullable Origin github(List<String> path, ExpressionUse use) {
    if (path.size() == 4 && ExpressionUse.begins(path, "github", "event", "inputs")) {
      return input(List.of("inputs", path.get(3)));
    }
    Chooser chooser = Contexts.chooser(file, path);
    if (chooser == Chooser.ANYBODY) {
      String conditions = Security.conditions(use.job(), use.step());
      boolean trusted = !conditions.contains("||") && Security.trustedOnly(conditions);
      chooser = trusted ? Chooser.INSIDER : chooser;
    }
    return chooser == Chooser.NOBODY ? null : Origin.of(chooser, Contexts.lines(path), path);
  }

  /** Inputs are texts of whoever starts or calls the file, unless their type leaves no choice. */
  private @Nullable Origin input(List<String> path) {
    boolean text = false;
    boolean declared = false;
    YamlNode on = Trees.get(file.root(), "on");
    for (String event : List.of("workflow_dispatch", "workflow_call")) {
      YamlNode input = Trees.get(Trees.get(Trees.get(on, event), "inputs"), path.get(1));
      if (input != null) {
        declared = true;
        String type = Trees.text(input, "type");
        text |= type.isEmpty() || type.equals("string");
      }
    }
    return declared && !text ? null : Origin.of(Chooser.INSIDER, true, path.subList(0, 2));
  }

  private @Nullable Origin environment(ExpressionUse use, String name) {
    Origin origin = variable(use.job(), use.step(), name, use);
    return origin == null ? null : origin.through("env." + name);
  }

  /** What a variable holds; asked for by an expression, whose own variable does not count. */
  private @Nullable Origin variable(
      @Nullable JobNode job, @Nullable StepNode step, String name, @Nullable ExpressionUse asking) {
    List<ExpressionUse> own = step == null ? null : declared(step.body(), name);
    if (own != null) {
      return worst(own, asking);
    }
    Write write = step == null ? null : written(step.job()).get(name);
    if (write != null && step != null && write.step() < step.index()) {
      return write.origin().through(ScriptFlow.Target.ENVIRONMENT.variable());
    }
    List<ExpressionUse> above = job == null ? null : declared(job.body(), name);
    above = above == null ? declared(file.root(), name) : above;
    return above == null ? null : worst(above, asking);
  }

  private @Nullable Origin worst(List<ExpressionUse> uses, @Nullable ExpressionUse asking) {
    Origin worst = null;
    for (ExpressionUse use : uses) {
      if (use != asking) {
        worst = worse(worst, of(use));
      }
    }
    return worst;
  }

  /** The expressions in a variable that is declared there; null when none of the name is. */
  private @Nullable List<ExpressionUse> declared(@Nullable YamlNode owner, String name) {
    if (owner == null) {
      return null;
    }
    Map<String, List<ExpressionUse>> byName = declarations.get(owner);
    if (byName == null) {
      byName = new HashMap<>();
      for (YamlNode.Member member : Trees.members(Trees.get(owner, "env"))) {
        byName.put(member.key().text(), new ArrayList<>());
      }
      for (ExpressionUse use : file.variables(owner)) {
        byName.computeIfAbsent(use.key(), n -> new ArrayList<>()).add(use);
      }
      declarations.put(owner, byName);
    }
    return byName.get(name);
  }

  /** Where what a variable of a step's shell holds comes from, when the script begins. */
  private @Nullable Origin shellVariable(StepNode step, String name) {
    Origin origin = variable(step.job(), step, name, null);
    if (origin == null && name.equals("GITHUB_HEAD_REF")) {
      return Origin.of(Chooser.ANYBODY, false, List.of("github", "head_ref"));
    }
    return origin == null ? null : origin.through("env." + name);
  }

  /** What a step's script does; null when it has none. */
  @Nullable ScriptFlow flow(StepNode step) {
    YamlNode.Scalar run = step.run();
    if (run == null) {
      return null;
    }
    ScriptFlow known = flows.get(step);
    if (known == null) {
      known = follow(step, run);
      flows.put(step, known);
    }
    return known;
  }

  private ScriptFlow follow(StepNode step, YamlNode.Scalar run) {
    return ScriptFlow.of(
        run.text(), name -> shellVariable(step, name), offset -> expression(run, offset));
  }

  private @Nullable Origin expression(YamlNode.Scalar scalar, int offset) {
    List<ExpressionUse> uses = in(scalar);
    int low = 0;
    int high = uses.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int start = uses.get(middle).start();
      if (start == offset) {
        return of(uses.get(middle));
      }
      if (start < offset) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return null;
  }

  /** The expressions of a scalar. */
  List<ExpressionUse> in(YamlNode.Scalar scalar) {
    if (byScalar == null) {
      byScalar = new IdentityHashMap<>();
      for (ExpressionUse use : file.expressions()) {
        byScalar.computeIfAbsent(use.scalar(), s -> new ArrayList<>()).add(use);
      }
    }
    List<ExpressionUse> uses = byScalar.get(scalar);
    return uses == null ? List.of() : uses;
  }

  private Map<String, Write> written(@Nullable JobNode job) {
    String key = job == null ? "" : job.id();
    Map<String, Write> known = written.get(key);
    if (known != null) {
      return known;
    }
    Map<String, Write> writes = new HashMap<>();
    written.put(key, writes);
    for (StepNode step : job == null ? file.steps() : job.steps()) {
      YamlNode.Scalar run = step.run();
      if (run == null || !run.text().contains("GITHUB_ENV")) {
        continue;
      }
      ScriptFlow flow = follow(step, run);
      for (ScriptFlow.Write write : flow.writes()) {
        Origin origin = write.origin();
        boolean environment = write.target() == ScriptFlow.Target.ENVIRONMENT;
        if (environment && origin != null && writes.size() < MOST_WRITTEN) {
          writes.putIfAbsent(write.name(), new Write(step.index(), origin));
        }
      }
    }
    return writes;
  }

  private @Nullable Origin step(List<String> path, @Nullable JobNode job) {
    if (path.size() < 4 || !path.get(2).equalsIgnoreCase("outputs")) {
      return null;
    }
    StepNode step = file.step(job, path.get(1));
    if (step == null) {
      return null;
    }
    String key = "step\n" + (job == null ? "" : job.id()) + "\n" + path.get(1) + "\n" + path.get(3);
    Origin origin = slot(key, () -> output(step, path.get(3)));
    return origin == null ? null : origin.through(ExpressionUse.written(path));
  }

  private interface Question {
    @Nullable Origin ask();
  }

  private @Nullable Origin slot(String key, Question question) {
    Slot known = slots.get(key.toLowerCase(Locale.ROOT));
    if (known != null) {
      return known.origin;
    }
    Slot slot = new Slot();
    slots.put(key.toLowerCase(Locale.ROOT), slot);
    slot.origin = question.ask();
    return slot.origin;
  }

  private @Nullable Origin output(StepNode step, String name) {
    YamlNode.Scalar run = step.run();
    if (run == null) {
      return ofAction(step, name);
    }
    ScriptFlow flow = flow(step);
    Origin worst = null;
    for (ScriptFlow.Write write : flow == null ? List.<ScriptFlow.Write>of() : flow.writes()) {
      if (write.target() == ScriptFlow.Target.OUTPUT && write.name().equalsIgnoreCase(name)) {
        worst = worse(worst, write.origin());
      }
    }
    return worst;
  }

  private @Nullable Origin ofAction(StepNode step, String name) {
    String uses = step.text("uses");
    if (Security.local(uses)) {
      Callee callee = callee(uses);
      return callee == null ? null : callee.output(name, input -> with(step.body(), input));
    }
    return UntrustedOutputs.of(step, name);
  }

  private @Nullable Origin need(List<String> path) {
    if (path.size() < 4 || !path.get(2).equalsIgnoreCase("outputs")) {
      return null;
    }
    String output = path.get(3);
    Origin origin =
        slot(
            "need\n" + path.get(1) + "\n" + output,
            () -> {
              JobNode job = file.job(path.get(1));
              return job == null ? null : output(job, output);
            });
    return origin == null ? null : origin.through(ExpressionUse.written(path));
  }

  private @Nullable Origin output(JobNode job, String name) {
    if (job.call()) {
      Callee callee = callee(job.text("uses"));
      return callee == null ? null : callee.output(name, input -> with(job.body(), input));
    }
    YamlNode.Scalar value = Trees.scalar(Trees.get(job.body(), "outputs"), name);
    return value == null ? null : of(value);
  }

  /** Where the worst that flows into a scalar comes from. */
  @Nullable Origin of(YamlNode.Scalar scalar) {
    Origin worst = null;
    for (ExpressionUse use : in(scalar)) {
      worst = worse(worst, of(use));
    }
    return worst;
  }

  private @Nullable Origin with(YamlNode caller, String input) {
    YamlNode.Scalar value = Trees.scalar(Trees.get(caller, "with"), input);
    return value == null ? null : of(value);
  }

  private @Nullable Origin matrix(List<String> path, @Nullable JobNode job) {
    if (job == null) {
      return null;
    }
    String name = path.get(1);
    Origin origin =
        slot(
            "matrix\n" + job.id() + "\n" + name,
            () -> {
              YamlNode matrix = Trees.get(Trees.get(job.body(), "strategy"), "matrix");
              YamlNode.Scalar whole = Trees.scalar(matrix);
              if (whole != null) {
                return of(whole);
              }
              Origin worst = values(Trees.get(matrix, name), null);
              for (YamlNode item : Trees.items(Trees.get(matrix, "include"))) {
                YamlNode.Scalar computed = item.scalar();
                worst =
                    computed != null
                        ? worse(worst, of(computed))
                        : values(Trees.get(item, name), worst);
              }
              return worst;
            });
    return origin == null ? null : origin.through("matrix." + name);
  }

  private @Nullable Origin values(@Nullable YamlNode node, @Nullable Origin so) {
    Origin worst = so;
    for (YamlNode item : Trees.items(node)) {
      YamlNode.Scalar scalar = item.scalar();
      if (scalar != null) {
        worst = worse(worst, of(scalar));
      }
      for (YamlNode.Member member : Trees.members(item)) {
        YamlNode.Scalar value = member.value().scalar();
        if (value != null) {
          worst = worse(worst, of(value));
        }
      }
    }
    return worst;
  }

  /** The local action or workflow that is called; null when it is none or cannot be read. */
  @Nullable Callee callee(String uses) {
    if (!Security.local(uses) || calls >= MOST_CALLS) {
      return null;
    }
    if (!callees.containsKey(uses)) {
      // In case it calls itself.
      callees.put(uses, null);
      callees.put(uses, Callee.read(file, uses, calls + 1));
    }
    return callees.get(uses);
  }

  static @Nullable Origin worse(@Nullable Origin first, @Nullable Origin second) {
    if (first == null || second == null) {
      return first == null ? second : first;
    }
    return worseOf(first, second);
  }

  private static Origin worseOf(@Nullable Origin first, Origin second) {
    if (first == null || second.chooser().worseThan(first.chooser())) {
      return second;
    }
    boolean longer = second.chooser() == first.chooser() && second.lines() && !first.lines();
    return longer ? second : first;
  }
}
