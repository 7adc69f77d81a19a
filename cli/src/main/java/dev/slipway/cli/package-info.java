/**
 * The command line: commands, their arguments, and views over a run's events; the one place where
 * the parts of Slipway are wired together.
 *
 * <p>In: arguments, the environment, a terminal. Out: text, JSON, an exit code. Never here: rules
 * about workflows, plans or runs.
 */
@NullMarked
package dev.slipway.cli;

import org.jspecify.annotations.NullMarked;
