package dev.slipway.plan;

import dev.slipway.workflow.InputDefinition;
import dev.slipway.workflow.Job;
import dev.slipway.workflow.Node;
import dev.slipway.workflow.Permissions;
import dev.slipway.workflow.Position;
import dev.slipway.workflow.Problem;
import dev.slipway.workflow.Reading;
import dev.slipway.workflow.Triggers;
import dev.slipway.workflow.Workflow;
import dev.slipway.workflow.expression.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Resolves the workflows that a workflow's jobs call, and checks the calls (GitHub's workflow
 * parser, ReusableWorkflowsLoader): inputs, secrets, permissions that may only shrink, depth and
 * number.
 *
 * <p>A workflow that cannot be fetched costs only the jobs that call it: they cannot run, and fail
 * when they should. GitHub refuses the whole file when a workflow that it calls does not exist; but
 * one that is out of reach from this machine may well be within GitHub's, and the jobs beside it
 * are worth running all the same.
 */
public final class WorkflowResolver {
  private static final int MAX_DEPTH = 10;
  private static final int MAX_REFERENCES = 50;

  /** A few workflows that call each other several times over are more than any machine can hold. */
  private static final int MOST_CALLS = 10_000;

  private final WorkflowSource source;
  private final List<Problem> problems = new ArrayList<>();
  private final Map<String, WorkflowSource.Called> read = new HashMap<>();
  private final Map<String, String> unavailable = new HashMap<>();
  private boolean exceeded;
  private int calls;
  private boolean wrong;

  private WorkflowResolver(WorkflowSource source) {
    this.source = source;
  }

  /**
   * The workflow with all that the wanted jobs of it call; null in the reading when a call is
   * wrong.
   */
  public static Reading<WorkflowTree> resolve(
      Workflow root, WorkflowSource source, JobSelection selection) {
    WorkflowResolver resolver = new WorkflowResolver(source);
    WorkflowTree tree = resolver.tree(root, selection.jobs(root), "", root.file() + "@", 0, null);
    return new Reading<>(resolver.wrong ? null : tree, resolver.problems);
  }

  private WorkflowTree tree(
      Workflow workflow,
      List<Job> jobs,
      String origin,
      String chain,
      int depth,
      @Nullable Permissions allowed) {
    Map<String, WorkflowTree> calls = new HashMap<>();
    for (Job job : jobs) {
      if (job.body() instanceof Job.Call call) {
        Permissions own = job.permissions() != null ? job.permissions() : workflow.permissions();
        WorkflowTree callee =
            call(workflow, origin, chain, depth, job, call, own == null ? allowed : own);
        if (callee != null) {
          calls.put(job.id().toLowerCase(Locale.ROOT), callee);
        }
      }
    }
    return new WorkflowTree(workflow, calls, origin, allowed);
  }

  private void problem(String file, Position at, String message, @Nullable String hint) {
    wrong = true;
    problems.add(Problem.error(file, at, message, hint));
  }

  /** A called workflow, and each of its jobs, may ask for what the calling job allows, no more. */
  private void permissions(
      String file, Job job, Job.Call call, Workflow callee, Permissions allowed) {
    if (callee.permissions() != null) {
      permissions(file, job, call, "The workflow", callee.permissions(), allowed);
    }
    for (Job nested : callee.jobs()) {
      if (nested.permissions() != null) {
        String who = "The nested job '" + nested.id() + "'";
        permissions(file, job, call, who, nested.permissions(), allowed);
      }
    }
  }

  private void permissions(
      String file, Job job, Job.Call call, String who, Permissions asked, Permissions allowed) {
    List<String> requested = new ArrayList<>();
    List<String> granted = new ArrayList<>();
    asked
        .scopes()
        .forEach((scope, access) -> {
          if (access.compareTo(allowed.of(scope)) > 0) {
            requested.add(scope + ": " + text(access));
            granted.add(scope + ": " + text(allowed.of(scope)));
          }
        });
    if (!requested.isEmpty()) {
      problem(
          file,
          job.at(),
          "Error calling workflow '"
              + call.uses()
              + "'. "
              + who
              + " is requesting '"
              + String.join(", ", requested)
              + "', but is only allowed '"
              + String.join(", ", granted)
              + "'.",
          "grant it in the `permissions` of job `" + job.id() + "`");
    }
  }

  private static String text(Permissions.Access access) {
    return access.name().toLowerCase(Locale.ROOT);
  }

  private @Nullable WorkflowTree call(
      Workflow workflow,
      String origin,
      String chain,
      int depth,
      Job job,
      Job.Call call,
      @Nullable Permissions allowed) {
    String file = workflow.file();
    if (++calls > MOST_CALLS) {
      if (calls == MOST_CALLS + 1) {
        problem(
            file,
            call.at(),
            "Reusable workflows are called more than " + MOST_CALLS + " times",
            "call them less often");
      }
      return null;
    }
    if (depth >= MAX_DEPTH) {
      problem(
          file,
          call.at(),
          "Nested reusable workflow depth exceeded " + MAX_DEPTH + ".",
          "call the workflow from one that lies less deep");
      return null;
    }
    WorkflowSource.Called called = read(file, origin, call);
    if (called == null) {
      return null;
    }
    Workflow callee = called.reading().value();
    if (callee == null) {
      return null;
    }
    Triggers.Trigger trigger = callee.on().trigger("workflow_call");
    if (trigger == null) {
      problem(
          file,
          call.at(),
          "Workflow '"
              + call.uses()
              + "' is not reusable as it is missing a `on.workflow_call` trigger",
          "add `workflow_call:` under `on:` of " + callee.file());
      return null;
    }
    String step = callee.file() + "@" + called.origin();
    if ((" > " + chain + " > ").contains(" > " + step + " > ")) {
      problem(
          file,
          call.at(),
          "'"
              + call.uses()
              + "' calls itself: "
              + (chain + " > " + step).replace("@ >", " >").replaceFirst("@$", ""),
          null);
      return null;
    }
    inputs(file, call, trigger);
    secrets(file, call, trigger);
    if (allowed != null) {
      permissions(file, job, call, callee, allowed);
    }
    return tree(callee, callee.jobs(), called.origin(), chain + " > " + step, depth + 1, allowed);
  }

  /** Each file is read once, and counts once, however often it is called. */
  private WorkflowSource.@Nullable Called read(String file, String origin, Job.Call call) {
    String key = origin + " " + call.uses();
    WorkflowSource.Called known = read.get(key);
    if (known != null) {
      return known;
    }
    String reason = unavailable.get(key);
    if (reason != null) {
      unavailable(file, call, reason);
      return null;
    }
    if (read.size() + unavailable.size() >= MAX_REFERENCES) {
      if (!exceeded) {
        exceeded = true;
        problem(
            file,
            call.at(),
            "More than " + MAX_REFERENCES + " reusable workflows are referenced",
            "call fewer different workflows");
      }
      return null;
    }
    WorkflowSource.Called called;
    try {
      called = source.read(call.uses(), origin);
    } catch (PlanException e) {
      problem(file, call.at(), String.valueOf(e.getMessage()), null);
      return null;
    } catch (UnavailableException e) {
      reason = String.valueOf(e.getMessage());
      unavailable.put(key, reason);
      unavailable(file, call, reason);
      return null;
    }
    read.put(key, called);
    for (Problem inner : called.reading().problems()) {
      wrong |= inner.severity() == Problem.Severity.ERROR;
      problems.add(
          new Problem(
              inner.file(),
              inner.at(),
              inner.severity(),
              inner.message(),
              "called by " + file + ":" + call.at().line(),
              inner.refused()));
    }
    return called;
  }

  private void unavailable(String file, Job.Call call, String reason) {
    problems.add(new Problem(file, call.at(), Problem.Severity.ERROR, reason, null, false));
  }

  private void inputs(String file, Job.Call call, Triggers.Trigger trigger) {
    List<String> given = new ArrayList<>();
    if (call.with() != null) {
      for (Node.Member member : call.with().members()) {
        String name = member.key().source();
        given.add(name.toLowerCase(Locale.ROOT));
        boolean known =
            trigger.inputs().stream().anyMatch(input -> input.id().equalsIgnoreCase(name));
        if (known) {
          type(file, member.value(), input(trigger, name));
        } else {
          problem(
              file,
              member.key().at(),
              "Invalid input, " + name + " is not defined in the referenced workflow.",
              names("defined are", trigger.inputs().stream().map(InputDefinition::id).toList()));
        }
      }
    }
    for (InputDefinition input : trigger.inputs()) {
      if (input.required() && !given.contains(input.id().toLowerCase(Locale.ROOT))) {
        problem(
            file,
            call.at(),
            "Input " + input.id() + " is required, but not provided while calling.",
            "add it under `with:`");
      }
    }
  }

  private static InputDefinition input(Triggers.Trigger trigger, String name) {
    for (InputDefinition input : trigger.inputs()) {
      if (input.id().equalsIgnoreCase(name)) {
        return input;
      }
    }
    throw new IllegalArgumentException("no input '" + name + "'");
  }

  /** A value that is written out must be of the input's type; others show it when they run. */
  private void type(String file, Node value, InputDefinition input) {
    if (!value.literal()) {
      return;
    }
    if (!(value instanceof Node.Scalar scalar)) {
      problem(file, value.at(), "Input " + input.id() + " must be a " + word(input) + ".", null);
      return;
    }
    Value.Kind kind = scalar.evaluate(name -> null).kind();
    boolean right =
        switch (input.type()) {
          case BOOLEAN -> kind == Value.Kind.BOOLEAN;
          case NUMBER -> kind == Value.Kind.NUMBER;
          default -> true;
        };
    if (!right) {
      problem(
          file,
          value.at(),
          "Unexpected value '" + scalar.source() + "'",
          "input `" + input.id() + "` is a " + word(input));
    }
  }

  private static String word(InputDefinition input) {
    return input.type().name().toLowerCase(Locale.ROOT);
  }

  private void secrets(String file, Job.Call call, Triggers.Trigger trigger) {
    if (call.inheritSecrets()) {
      return;
    }
    List<String> given = new ArrayList<>();
    if (call.secrets() != null) {
      for (Node.Member member : call.secrets().members()) {
        String name = member.key().source();
        given.add(name.toLowerCase(Locale.ROOT));
        boolean known =
            trigger.secrets().stream().anyMatch(secret -> secret.id().equalsIgnoreCase(name));
        if (!known && !name.equalsIgnoreCase("GITHUB_TOKEN")) {
          problem(
              file,
              member.key().at(),
              "Invalid secret, " + name + " is not defined in the referenced workflow.",
              names(
                  "defined are",
                  trigger.secrets().stream().map(Triggers.SecretDefinition::id).toList()));
        }
      }
    }
    for (Triggers.SecretDefinition secret : trigger.secrets()) {
      if (secret.required() && !given.contains(secret.id().toLowerCase(Locale.ROOT))) {
        problem(
            file,
            call.at(),
            "Secret " + secret.id() + " is required, but not provided while calling.",
            "add it under `secrets:`, or `secrets: inherit`");
      }
    }
  }

  private static @Nullable String names(String before, List<String> names) {
    return names.isEmpty() ? null : before + " " + String.join(", ", names);
  }
}
