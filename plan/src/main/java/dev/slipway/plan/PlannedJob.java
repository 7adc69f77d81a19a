package dev.slipway.plan;

import dev.slipway.workflow.expression.ObjectValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A job that is planned: one of a matrix, one of a called workflow.
 *
 * @param id its id in its workflow
 * @param key what it is called in every output; unique in the plan
 * @param name what people see
 * @param matrix its values of the matrix; null without one, or when they are not known yet
 * @param needs the jobs it needs by their keys, without the matrix
 * @param reason why it runs, or not, or what that depends on
 * @param runsOn labels; an expression as written where its value is not known yet
 * @param machine what takes it here; null when nothing does
 * @param estimateMs how long it will take; null when that is not known
 * @param minutes minutes that will be charged; null when not known
 * @param cost what they cost; null when not known
 * @param group what the jobs of one matrix have in common: the key without the matrix
 * @param after groups whose jobs end before it starts, those in called workflows too
 * @param exceptional whether it runs only when something fails or the run is cancelled
 */
public record PlannedJob(
    String id,
    String key,
    String name,
    @Nullable ObjectValue matrix,
    List<String> needs,
    Runs runs,
    String reason,
    List<String> runsOn,
    @Nullable String machine,
    List<PlannedStep> steps,
    @Nullable Long estimateMs,
    @Nullable Double minutes,
    @Nullable Double cost,
    String group,
    List<String> after,
    boolean exceptional) {}
