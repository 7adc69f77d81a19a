package dev.slipway.cli;

import dev.slipway.lint.Finding;
import dev.slipway.lint.Lint;
import dev.slipway.lint.Profile;
import dev.slipway.lint.Rule;
import dev.slipway.lint.Rules;
import dev.slipway.lint.Selection;
import dev.slipway.lint.Topic;
import dev.slipway.plan.WorkflowTree;
import dev.slipway.prove.Masked;
import dev.slipway.prove.Proof;
import dev.slipway.prove.ProvenStep;
import dev.slipway.workflow.Job;
import dev.slipway.workflow.Node;
import dev.slipway.workflow.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was proven of a workflow, and what its scripts swallow before a step can fail.
 *
 * @param masked what the user did not accept
 * @param accepted how many steps the user accepted
 * @param swallowed commands in scripts whose failure the step does not see
 */
record ProvenWorkflow(Proof proof, List<Masked> masked, int accepted, List<Swallowed> swallowed) {
  ProvenWorkflow {
    masked = List.copyOf(masked);
    swallowed = List.copyOf(swallowed);
  }

  /** A command whose failure does not reach its step. */
  record Swallowed(String job, Finding finding) {}

  static ProvenWorkflow of(Proof proof, WorkflowTree tree, Path root, List<String> accept)
      throws IOException {
    List<Masked> kept = new ArrayList<>();
    for (Masked mask : proof.masked()) {
      if (mask.steps().stream().noneMatch(step -> accepted(step, accept))) {
        kept.add(mask);
      }
    }
    List<Swallowed> swallowed = new ArrayList<>();
    collect(tree, root, swallowed, new LinkedHashSet<>());
    swallowed.removeIf(one -> accept.stream().anyMatch(a -> a.equals(one.job() + "/*")));
    return new ProvenWorkflow(proof, kept, proof.masked().size() - kept.size(), swallowed);
  }

  /** Whether every failure turns the end red. */
  boolean holds() {
    return masked.isEmpty() && swallowed.isEmpty();
  }

  private static boolean accepted(ProvenStep step, List<String> accept) {
    for (String pattern : accept) {
      int slash = pattern.lastIndexOf('/');
      String job = slash < 0 ? "*" : pattern.substring(0, slash);
      String name = pattern.substring(slash + 1);
      boolean ofJob =
          job.equals("*") || step.job().equals(job) || step.job().startsWith(job + " (");
      if (ofJob && (name.equals("*") || name.equals(step.number()) || name.equals(step.name()))) {
        return true;
      }
    }
    return false;
  }

  private static void collect(
      WorkflowTree tree, Path root, List<Swallowed> swallowed, Set<String> seen)
      throws IOException {
    String file = tree.workflow().file();
    String local = file.startsWith("./") || file.startsWith("$/") ? file.substring(2) : file;
    Path path = root.resolve(local).normalize();
    if (tree.origin().isEmpty() && seen.add(local) && Files.isRegularFile(path)) {
      List<Finding> findings = honesty().file(local, Files.readString(path));
      for (Finding finding : findings) {
        Job job = finding.ignored() == null ? job(tree, finding) : null;
        if (job != null) {
          swallowed.add(new Swallowed(job.id(), finding));
        }
      }
    }
    for (WorkflowTree called : tree.calls().values()) {
      collect(called, root, swallowed, seen);
    }
  }

  private static Lint honesty() {
    Set<String> rules = new LinkedHashSet<>();
    for (Rule rule : Rules.all()) {
      if (rule.topic() == Topic.HONESTY) {
        rules.add(rule.id());
      }
    }
    return Lint.of(new Selection(Profile.STRICT, rules, Set.of()));
  }

  /** The job in one of whose scripts something was found; null for what is elsewhere. */
  private static @Nullable Job job(WorkflowTree tree, Finding finding) {
    int line = finding.range().from().line();
    Job found = null;
    for (Job job : tree.workflow().jobs()) {
      if (job.at().line() <= line) {
        found = job;
      }
    }
    if (found == null || !(found.body() instanceof Job.Steps body)) {
      return null;
    }
    Step last = null;
    for (Step step : body.steps()) {
      if (step.at().line() <= line) {
        last = step;
      }
    }
    if (last == null || !(last.body() instanceof Step.Run run)) {
      return null;
    }
    Node script = run.script();
    int from = script.at().line();
    int lines = script instanceof Node.Scalar text ? (int) text.source().lines().count() : 1;
    boolean inside = line >= from && line <= from + lines;
    boolean key = finding.rule().id().toLowerCase(Locale.ROOT).startsWith("continue-on-error");
    return inside && !key ? found : null;
  }
}
