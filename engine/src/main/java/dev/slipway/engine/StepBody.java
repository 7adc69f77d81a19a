package dev.slipway.engine;

/** What a step does, once its condition holds. Of one step, or without state. */
interface StepBody {
  /**
   * Settles what is announced with the step.
   *
   * @throws Shell.InvalidShellException when there is no such shell
   */
  default void prepare(StepRun run) {}

  /**
   * Does it.
   *
   * @throws ActionException for the user
   */
  Conclusion run(StepRun run);
}
