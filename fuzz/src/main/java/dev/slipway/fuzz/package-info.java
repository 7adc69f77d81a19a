/**
 * Files that nobody would write: mutated ones, bombs, and those that a fuzzer makes up. Whatever is
 * in a file, {@code lint} and {@code prove} answer.
 */
@NullMarked
package dev.slipway.fuzz;

import org.jspecify.annotations.NullMarked;
