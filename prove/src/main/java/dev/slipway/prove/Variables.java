package dev.slipway.prove;

import dev.slipway.plan.WorkflowTree;
import dev.slipway.workflow.ActionManifest;
import dev.slipway.workflow.InputDefinition;
import dev.slipway.workflow.Job;
import dev.slipway.workflow.Node;
import dev.slipway.workflow.Step;
import dev.slipway.workflow.Triggers;
import dev.slipway.workflow.expression.ArrayValue;
import dev.slipway.workflow.expression.Expression;
import dev.slipway.workflow.expression.ExpressionException;
import dev.slipway.workflow.expression.Json;
import dev.slipway.workflow.expression.Shape;
import dev.slipway.workflow.expression.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds what the decisions of a run hang on and only the run will know, with the values that make a
 * difference: those that it is compared with. What a job puts out is followed back to what its
 * steps put out, an input of a called workflow to what the caller gives, a variable of the
 * environment to where it is set.
 */
final class Variables {
  private static final int DEEPEST = 12;

  /** Actions that use each other several times over would never end. */
  private static final int MOST_COMPOSITES = 10_000;

  /** The first names below {@code github.event} that only some events have. */
  private static final Map<String, Set<String>> PAYLOADS =
      Map.ofEntries(
          Map.entry(
              "pull_request",
              Set.of(
                  "pull_request",
                  "pull_request_target",
                  "pull_request_review",
                  "pull_request_review_comment")),
          Map.entry("issue", Set.of("issues", "issue_comment")),
          Map.entry(
              "comment",
              Set.of(
                  "issue_comment",
                  "pull_request_review_comment",
                  "commit_comment",
                  "discussion_comment")),
          Map.entry("release", Set.of("release")),
          Map.entry("workflow_run", Set.of("workflow_run")),
          Map.entry("head_commit", Set.of("push")),
          Map.entry("commits", Set.of("push")),
          Map.entry("schedule", Set.of("schedule")),
          Map.entry("inputs", Set.of("workflow_dispatch")),
          Map.entry("client_payload", Set.of("repository_dispatch")),
          Map.entry("merge_group", Set.of("merge_group")),
          Map.entry("review", Set.of("pull_request_review")));

  private final Map<String, Variable> found = new LinkedHashMap<>();
  private final Map<String, Value> known = new LinkedHashMap<>();
  private int composites;
  private final String event;
  private final boolean ofPullRequest;
  private final boolean noTags;
  private final Map<String, Set<Variable>> ofJobs = new HashMap<>();
  private final Map<String, Set<Variable>> ofConditions = new HashMap<>();
  private final Set<String> byMatrix = new HashSet<>();
  private Set<Variable> touched = new LinkedHashSet<>();

  /** A workflow, and who calls it. */
  private record Site(WorkflowTree tree, @Nullable Site caller, @Nullable Job callingJob) {}

  /** Where an expression stands. */
  private record Owner(Site site, @Nullable Job job, @Nullable Step step) {
    String name() {
      return job == null ? "" : owner(site.tree(), job);
    }
  }

  private Variables(WorkflowTree root, String event) {
    this.event = event;
    this.ofPullRequest = event.startsWith("pull_request");
    Triggers.Trigger trigger = root.workflow().on().trigger(event);
    this.noTags =
        event.equals("push")
            && trigger != null
            && trigger.branches() != null
            && trigger.tags() == null;
    known.put("github.event_name", Value.of(event));
    if (event.equals("pull_request")) {
      known.put("github.ref", Value.of("refs/pull/1/merge"));
      known.put("github.ref_name", Value.of("1/merge"));
      known.put("github.ref_type", Value.of("branch"));
    }
    if (trigger != null) {
      trigger.inputs().forEach(input -> input(input));
    }
  }

  /** What a run of a workflow hangs on. */
  static Variables of(WorkflowTree root, String event, ActionManifests actions) {
    Variables variables = new Variables(root, event);
    variables.workflow(new Site(root, null, null), actions, 0);
    return variables;
  }

  /** The name by which the outputs of a job's steps are kept apart from those of others. */
  static String owner(WorkflowTree tree, Job job) {
    return tree.workflow().file() + "/" + job.id();
  }

  List<Variable> all() {
    return List.copyOf(found.values());
  }

  /** What does not vary, by path. */
  Map<String, Value> known() {
    return known;
  }

  private void input(InputDefinition input) {
    Variable variable = variable("", List.of("inputs", input.id()));
    Value given = null;
    if (input.defaultValue() != null && input.defaultValue().literal()) {
      given = input.defaultValue().evaluate(name -> null);
    }
    switch (input.type()) {
      case BOOLEAN -> {
        boolean first = given != null && given.truthy();
        variable.only(List.of(Value.of(first), Value.of(!first)));
      }
      case CHOICE -> {
        List<Value> options = new ArrayList<>();
        input.options().forEach(option -> options.add(Value.of(option)));
        variable.only(options.isEmpty() ? List.of(Value.EMPTY) : options);
      }
      case NUMBER -> variable.only(List.of(given == null ? Value.of(0.0) : given));
      case STRING, ENVIRONMENT -> {
        if (given != null && !given.toText().isEmpty()) {
          variable.compared(given);
        }
      }
    }
  }

  private Variable variable(String owner, List<String> path) {
    Variable variable =
        found.computeIfAbsent(Variable.key(owner, path), key -> new Variable(owner, path));
    touched.add(variable);
    return variable;
  }

  /** What the steps of a job of the run's own workflow hang on, those of workflows it calls too. */
  Set<Variable> ofJob(Job job) {
    return ofJobs.getOrDefault(job.id(), Set.of());
  }

  /** What hangs on whether the job runs. */
  Set<Variable> ofCondition(Job job) {
    return ofConditions.getOrDefault(job.id(), Set.of());
  }

  /** Whether the legs of a job's matrix may end otherwise than each other. */
  boolean byMatrix(String file, Job job) {
    return byMatrix.contains(file + "/" + job.id());
  }

  private void workflow(Site site, ActionManifests actions, int depth) {
    if (depth > DEEPEST) {
      return;
    }
    for (Job job : site.tree().workflow().jobs()) {
      Owner owner = new Owner(site, job, null);
      if (site.caller() == null) {
        touched = new LinkedHashSet<>();
      }
      decide(job.condition().expression(), owner);
      if (site.caller() == null) {
        ofConditions.put(job.id(), new LinkedHashSet<>(touched));
        ofJobs.put(job.id(), touched);
      }
      if (job.continueOnError() != null) {
        decide(job.continueOnError(), owner);
      }
      mention(job.outputs(), owner);
      mention(job.env(), owner);
      switch (job.body()) {
        case Job.Steps steps -> steps(steps.steps(), owner, actions, depth);
        case Job.Call call -> {
          mention(call.with(), owner);
          mention(call.secrets(), owner);
          WorkflowTree callee = site.tree().call(job.id());
          if (callee != null) {
            workflow(new Site(callee, site, job), actions, depth + 1);
          }
        }
      }
    }
    mention(site.tree().workflow().env(), new Owner(site, null, null));
  }

  private void steps(List<Step> steps, Owner job, ActionManifests actions, int depth) {
    for (Step step : steps) {
      Owner owner = new Owner(job.site(), job.job(), step);
      decide(step.condition().expression(), owner);
      if (step.continueOnError() != null) {
        decide(step.continueOnError(), owner);
      }
      mention(step.env(), owner);
      switch (step.body()) {
        case Step.Run run -> mention(run.script(), owner);
        case Step.Uses uses -> {
          mention(uses.with(), owner);
          ActionManifest manifest = actions.find(uses.action());
          if (manifest != null
              && manifest.runs() instanceof ActionManifest.Composite composite
              && depth < DEEPEST
              && ++composites <= MOST_COMPOSITES) {
            // Steps inside see other contexts; what they share is found by its name.
            steps(composite.steps(), job, actions, depth + 4);
          }
        }
        case Step.Parallel group -> steps(group.steps(), job, actions, depth);
        case Step.Wait wait -> {}
        case Step.WaitAll wait -> {}
        case Step.Cancel cancel -> {}
      }
    }
  }

  private void decide(Node node, Owner owner) {
    expressions(node).forEach(expression -> decide(expression, owner));
  }

  private void decide(Expression expression, Owner owner) {
    if (expression.contexts().contains("matrix")) {
      byMatrix.add(owner.name());
    }
    visit(expression.shape(), owner, true, 0);
  }

  private void mention(@Nullable Node node, Owner owner) {
    if (node != null) {
      expressions(node).forEach(expression -> visit(expression.shape(), owner, false, 0));
    }
  }

  private static List<Expression> expressions(Node node) {
    List<Expression> found = new ArrayList<>();
    switch (node) {
      case Node.Scalar scalar -> found.addAll(scalar.template().expressions());
      case Node.Sequence sequence ->
          sequence.items().forEach(item -> found.addAll(expressions(item)));
      case Node.Mapping mapping ->
          mapping
              .members()
              .forEach(member -> {
                found.addAll(member.key().template().expressions());
                found.addAll(expressions(member.value()));
              });
    }
    return found;
  }

  private void visit(Shape shape, Owner owner, boolean decides, int depth) {
    switch (shape) {
      case Shape.Literal literal -> {}
      case Shape.Path path -> {
        declare(path, owner, List.of(), decides, depth);
        path.inner().forEach(inner -> visit(inner, owner, decides, depth));
      }
      case Shape.Call call -> {
        List<Value> literals = literals(call.arguments());
        boolean compares = Set.of("contains", "startswith", "endswith").contains(call.function());
        for (Shape argument : call.arguments()) {
          if (argument instanceof Shape.Path path && compares) {
            declare(path, owner, literals, true, depth);
          } else if (argument instanceof Shape.Path path && call.function().equals("fromjson")) {
            json(path, owner);
          } else {
            visit(argument, owner, decides, depth);
          }
        }
      }
      case Shape.Operation operation -> {
        boolean compares =
            !operation.operator().equals("&&")
                && !operation.operator().equals("||")
                && !operation.operator().equals("!");
        List<Value> literals = compares ? literals(operation.operands()) : List.of();
        for (Shape operand : operation.operands()) {
          if (operand instanceof Shape.Path path && !literals.isEmpty()) {
            declare(path, owner, literals, true, depth);
          } else {
            visit(operand, owner, decides, depth);
          }
        }
      }
    }
  }

  /** Literals among operands, and the items of lists written as JSON. */
  private static List<Value> literals(List<Shape> shapes) {
    List<Value> literals = new ArrayList<>();
    for (Shape shape : shapes) {
      if (shape instanceof Shape.Literal literal) {
        literals.add(literal.value());
      } else if (shape instanceof Shape.Call call
          && call.function().equals("fromjson")
          && call.arguments().getFirst() instanceof Shape.Literal text) {
        try {
          if (Json.parse(text.value().toText()) instanceof ArrayValue array) {
            literals.addAll(array.items());
          }
        } catch (ExpressionException e) {
          // Then the run fails there, as the simulation will find.
          continue;
        }
      }
    }
    return literals;
  }

  private void json(Shape.Path path, Owner owner) {
    Variable variable = place(path.names(), owner);
    if (variable != null) {
      variable.json();
    }
  }

  private void declare(
      Shape.Path path, Owner owner, List<Value> literals, boolean decides, int depth) {
    List<String> names = path.names();
    if (depth > DEEPEST || names.size() < 2) {
      return;
    }
    switch (names.getFirst()) {
      case "needs" -> needs(names, owner, literals, decides, depth);
      case "env" -> {
        if (!environment(names.get(1), owner, literals, decides, depth)) {
          note(variable("", names), literals, decides);
        }
      }
      case "inputs" -> {
        if (owner.site().caller() != null) {
          given(names.get(1), owner.site(), literals, decides, depth);
        } else {
          place(names, owner, literals, decides);
        }
      }
      default -> place(names, owner, literals, decides);
    }
  }

  private void place(List<String> names, Owner owner, List<Value> literals, boolean decides) {
    Variable variable = place(names, owner);
    if (variable != null) {
      note(variable, literals, decides);
    }
  }

  private void note(Variable variable, List<Value> literals, boolean decides) {
    for (Value literal : literals) {
      boolean tag =
          variable.name().equals("github.ref_type")
              ? literal.toText().equals("tag")
              : literal.toText().startsWith("refs/tags");
      if (!noTags || !tag) {
        variable.compared(literal);
      }
    }
    if (decides) {
      variable.decides();
    }
  }

  /** The variable that a path names; null for what the simulation itself tells. */
  private @Nullable Variable place(List<String> names, Owner owner) {
    String joined = String.join(".", names).toLowerCase(Locale.ROOT);
    if (known.containsKey(joined)) {
      return null;
    }
    switch (names.getFirst()) {
      case "github":
        if (names.size() > 2 && names.get(1).equalsIgnoreCase("event")) {
          Set<String> events = PAYLOADS.get(names.get(2).toLowerCase(Locale.ROOT));
          if (events != null && !events.contains(event)) {
            return null;
          }
        }
        boolean head = joined.equals("github.head_ref") || joined.equals("github.base_ref");
        return head && !ofPullRequest ? null : variable("", names);
      case "vars", "secrets":
        return variable("", names.subList(0, 2));
      case "runner":
        return joined.equals("runner.os") ? null : variable("", names);
      case "inputs":
        Variable input = found.get(Variable.key("", names));
        if (input != null) {
          touched.add(input);
        }
        return input;
      case "steps":
        boolean outputs = names.size() == 4 && names.get(2).equalsIgnoreCase("outputs");
        return outputs && owner.job() != null ? variable(owner.name(), names) : null;
      default:
        return null;
    }
  }

  /** Follows an output of a needed job to where it comes from. */
  private void needs(
      List<String> names, Owner owner, List<Value> literals, boolean decides, int depth) {
    if (names.size() != 4 || !names.get(2).equalsIgnoreCase("outputs")) {
      return;
    }
    Job job = owner.site().tree().workflow().job(names.get(1));
    if (job == null) {
      return;
    }
    if (job.body() instanceof Job.Call) {
      WorkflowTree callee = owner.site().tree().call(job.id());
      Triggers.Trigger trigger =
          callee == null ? null : callee.workflow().on().trigger("workflow_call");
      if (callee == null || trigger == null) {
        return;
      }
      Site site = new Site(callee, owner.site(), job);
      for (Triggers.OutputDefinition output : trigger.outputs()) {
        if (output.id().equalsIgnoreCase(names.get(3))) {
          for (Expression expression : expressions(output.value())) {
            for (List<String> reference : expression.references()) {
              boolean ofJob = reference.size() == 4 && reference.getFirst().equals("jobs");
              if (ofJob) {
                List<String> need = new ArrayList<>(reference);
                need.set(0, "needs");
                needs(need, new Owner(site, null, null), literals, decides, depth + 1);
              }
            }
          }
        }
      }
      return;
    }
    Node value = job.outputs() == null ? null : job.outputs().get(names.get(3));
    follow(value, new Owner(owner.site(), job, null), literals, decides, depth);
  }

  private void follow(
      @Nullable Node value, Owner owner, List<Value> literals, boolean decides, int depth) {
    if (value == null) {
      return;
    }
    for (Expression expression : expressions(value)) {
      if (expression.shape() instanceof Shape.Path path) {
        declare(path, owner, literals, decides, depth + 1);
      } else {
        for (List<String> reference : expression.references()) {
          declare(new Shape.Path(reference, List.of()), owner, literals, decides, depth + 1);
        }
        visit(expression.shape(), owner, decides, depth + 1);
      }
    }
  }

  /** Follows a variable of the environment; false when no file sets it. */
  private boolean environment(
      String name, Owner owner, List<Value> literals, boolean decides, int depth) {
    List<Node.Mapping> places = new ArrayList<>();
    if (owner.step() != null && owner.step().env() != null) {
      places.add(owner.step().env());
    }
    if (owner.job() != null && owner.job().env() != null) {
      places.add(owner.job().env());
    }
    Node.Mapping outermost = owner.site().tree().workflow().env();
    if (outermost != null) {
      places.add(outermost);
    }
    for (Node.Mapping place : places) {
      Node value = place.get(name);
      if (value != null) {
        follow(value, owner, literals, decides, depth + 1);
        return true;
      }
    }
    return false;
  }

  /** Follows an input of a called workflow to the caller. */
  private void given(String name, Site site, List<Value> literals, boolean decides, int depth) {
    Site caller = site.caller();
    Job job = site.callingJob();
    if (caller != null && job != null && job.body() instanceof Job.Call call) {
      Node value = call.with() == null ? null : call.with().get(name);
      follow(value, new Owner(caller, job, null), literals, decides, depth + 1);
    }
  }
}
