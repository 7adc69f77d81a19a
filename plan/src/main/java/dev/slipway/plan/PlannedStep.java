package dev.slipway.plan;

import org.jspecify.annotations.Nullable;

/**
 * A step of a job that is planned.
 *
 * @param number as in the workflow, from 1
 * @param uses the action; null for any other step
 * @param run the script as written; null for any other step
 */
public record PlannedStep(
    int number, String name, @Nullable String uses, @Nullable String run, Runs runs) {}
