/**
 * Expressions: lexer, parser, values with GitHub's coercions, evaluator. Compile once, evaluate
 * many.
 */
@NullMarked
package dev.slipway.workflow.expression;

import org.jspecify.annotations.NullMarked;
