package dev.slipway.workflow;

import dev.slipway.workflow.expression.Expression;
import org.jspecify.annotations.Nullable;

/**
 * An {@code if}: the expression that decides, with {@code success() && (…)} already put around one
 * that calls no status function.
 *
 * @param source as written, without {@code ${{ }}}; null when the key was not given
 */
public record Condition(Position at, @Nullable String source, Expression expression) {}
