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
 */
public final class WorkflowResolver {
  private static final int MAX_DEPTH = 10;
  private static final int MAX_REFERENCES = 50;

  private final WorkflowSource source;
  private final List<Problem> problems = new ArrayList<>();
  private int references;

  private WorkflowResolver(WorkflowSource source) {
    this.source = source;
  }

  /** The workflow with all it calls; null in the reading when a call is wrong. */
  public static Reading<WorkflowTree> resolve(Workflow root, WorkflowSource source) {
    WorkflowResolver resolver = new WorkflowResolver(source);
    WorkflowTree tree = resolver.tree(root, "", root.file(), 0, null);
    boolean failed =
        resolver.problems.stream().anyMatch(p -> p.severity() == Problem.Severity.ERROR);
    return new Reading<>(failed ? null : tree, resolver.problems);
  }

  private WorkflowTree tree(
      Workflow workflow, String origin, String chain, int depth, @Nullable Permissions allowed) {
    Map<String, WorkflowTree> calls = new HashMap<>();
    for (Job job : workflow.jobs()) {
      Permissions own = job.permissions() != null ? job.permissions() : workflow.permissions();
      if (allowed != null && own != null) {
        shrink(workflow.file(), job, own, allowed);
      }
      if (job.body() instanceof Job.Call call) {
        WorkflowTree callee =
            call(workflow, origin, chain, depth, call, own == null ? allowed : own);
        if (callee != null) {
          calls.put(job.id().toLowerCase(Locale.ROOT), callee);
        }
      }
    }
    return new WorkflowTree(workflow, calls, origin);
  }

  private void problem(String file, Position at, String message, @Nullable String hint) {
    problems.add(Problem.error(file, at, message, hint));
  }

  private void shrink(String file, Job job, Permissions own, Permissions allowed) {
    own.scopes()
        .forEach((scope, access) -> {
          if (access.compareTo(allowed.of(scope)) > 0) {
            problem(
                file,
                own.at(),
                "The job '"
                    + job.id()
                    + "' is requesting '"
                    + scope
                    + ": "
                    + access.name().toLowerCase(Locale.ROOT)
                    + "', but is only allowed '"
                    + scope
                    + ": "
                    + allowed.of(scope).name().toLowerCase(Locale.ROOT)
                    + "'",
                "grant it in the calling job's `permissions`");
          }
        });
  }

  private @Nullable WorkflowTree call(
      Workflow workflow,
      String origin,
      String chain,
      int depth,
      Job.Call call,
      @Nullable Permissions allowed) {
    String file = workflow.file();
    if (depth >= MAX_DEPTH) {
      problem(
          file,
          call.at(),
          "Nested reusable workflow depth exceeded: the maximum is " + MAX_DEPTH,
          null);
      return null;
    }
    if (++references > MAX_REFERENCES) {
      if (references == MAX_REFERENCES + 1) {
        problem(
            file,
            call.at(),
            "More than " + MAX_REFERENCES + " reusable workflows are referenced",
            null);
      }
      return null;
    }
    WorkflowSource.Called called;
    try {
      called = source.read(call.uses(), origin);
    } catch (PlanException e) {
      problem(file, call.at(), String.valueOf(e.getMessage()), null);
      return null;
    }
    for (Problem inner : called.reading().problems()) {
      problems.add(
          new Problem(
              inner.file(),
              inner.at(),
              inner.severity(),
              inner.message(),
              "called by " + file + ":" + call.at().line(),
              inner.refused()));
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
          "'" + call.uses() + "' calls itself: " + chain + " > " + callee.file(),
          null);
      return null;
    }
    inputs(file, call, trigger);
    secrets(file, call, trigger);
    return tree(callee, called.origin(), chain + " > " + step, depth + 1, allowed);
  }

  private void inputs(String file, Job.Call call, Triggers.Trigger trigger) {
    List<String> given = new ArrayList<>();
    if (call.with() != null) {
      for (Node.Member member : call.with().members()) {
        String name = member.key().source();
        given.add(name.toLowerCase(Locale.ROOT));
        boolean known =
            trigger.inputs().stream().anyMatch(input -> input.id().equalsIgnoreCase(name));
        if (!known) {
          problem(
              file,
              member.key().at(),
              "Invalid input, '" + name + "' is not defined in the referenced workflow.",
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
