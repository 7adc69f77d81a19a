package dev.slipway.plan;

import dev.slipway.workflow.Problem;
import java.util.List;

/**
 * A workflow file, triggered or not.
 *
 * @param name what people see
 * @param reason why it is triggered or not
 * @param problems what is wrong with it and what it calls
 * @param jobs in the order of the file; empty when it is not triggered or cannot be planned
 */
public record PlannedWorkflow(
    String file,
    String name,
    boolean triggered,
    String reason,
    List<Problem> problems,
    List<PlannedJob> jobs) {
  public PlannedWorkflow {
    problems = List.copyOf(problems);
    jobs = List.copyOf(jobs);
  }
}
