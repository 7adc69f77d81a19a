package dev.slipway.plan;

import dev.slipway.workflow.Reading;
import dev.slipway.workflow.Workflow;

/** Reads the workflows that jobs call. */
public interface WorkflowSource {
  /**
   * What was read.
   *
   * @param origin where the file came from: empty for the project itself, else {@code
   *     owner/name@sha}
   */
  record Called(Reading<Workflow> reading, String origin) {}

  /**
   * Reads one.
   *
   * @param uses {@code ./.github/workflows/x.yml}, the same with {@code $/}, or {@code
   *     owner/repo/path@ref}
   * @param callerOrigin where the calling file came from
   * @throws PlanException when there is no such workflow
   * @throws UnavailableException when that cannot be told, because where it is cannot be reached
   */
  Called read(String uses, String callerOrigin);
}
