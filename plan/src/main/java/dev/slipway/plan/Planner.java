package dev.slipway.plan;

import dev.slipway.workflow.Problem;
import dev.slipway.workflow.Reading;
import dev.slipway.workflow.Workflow;
import dev.slipway.workflow.expression.ObjectValue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes plans: which workflows an event triggers, which of their jobs and steps run, why, on what,
 * for how long and at what cost. Conditions are decided as far as what is known before the run
 * allows.
 */
public final class Planner {
  private Planner() {}

  /** A workflow file as it was read. */
  public record WorkflowFile(String file, Reading<Workflow> reading) {}

  /**
   * Makes the plan for an event.
   *
   * @param files the project's workflows
   * @param source where called workflows come from
   * @throws PlanException when the selection names a job that no workflow has, or values of
   *     matrices that leave no job
   */
  public static Plan plan(
      EventContext event,
      List<WorkflowFile> files,
      WorkflowSource source,
      Forecasts forecasts,
      JobSelection selection) {
    selection.check(files.stream().map(WorkflowFile::reading).toList());
    SelectedJobs selected = new SelectedJobs(selection);
    PlanKeys keys = new PlanKeys();
    List<PlannedWorkflow> workflows = new ArrayList<>(files.size());
    for (WorkflowFile file : files) {
      workflows.add(plan(event, file, source, forecasts, selected, keys));
    }
    selected.check();
    Integer changed = event.changedFiles().paths().map(List::size).orElse(null);
    return new Plan(event, changed, workflows, CriticalPaths.longest(workflows));
  }

  private static PlannedWorkflow plan(
      EventContext event,
      WorkflowFile file,
      WorkflowSource source,
      Forecasts forecasts,
      SelectedJobs selected,
      PlanKeys keys) {
    List<Problem> problems = new ArrayList<>(file.reading().problems());
    Workflow workflow = file.reading().value();
    if (workflow == null) {
      return new PlannedWorkflow(
          file.file(), file.file(), false, "the file is not valid", problems, List.of());
    }
    String name = workflow.displayName();
    TriggerMatch match = TriggerMatch.of(workflow.on(), event);
    if (!match.triggered()) {
      return new PlannedWorkflow(file.file(), name, false, match.reason(), problems, List.of());
    }
    RunKeys runKeys = keys.next(workflow);
    if (!selected.selection().concerns(workflow)) {
      return new PlannedWorkflow(
          file.file(), name, false, JobSelection.UNCONCERNED, problems, List.of());
    }
    Reading<WorkflowTree> resolved =
        WorkflowResolver.resolve(workflow, source, selected.selection());
    problems.addAll(resolved.problems());
    Reading<ObjectValue> inputs = Inputs.dispatched(workflow, event);
    problems.addAll(inputs.problems());
    @Nullable WorkflowTree tree = resolved.value();
    @Nullable ObjectValue values = inputs.value();
    if (tree == null || values == null) {
      return new PlannedWorkflow(file.file(), name, true, match.reason(), problems, List.of());
    }
    List<PlannedJob> jobs =
        new JobPlanner(
                file.file(),
                GitHubContext.of(event, workflow),
                forecasts,
                selected,
                runKeys,
                problems)
            .plan(tree, values);
    return new PlannedWorkflow(file.file(), name, true, match.reason(), problems, jobs);
  }
}
