/**
 * Finds what guards a project (its gates: formatters, linters, types, tests, audits), and makes of
 * them a workflow for the engine.
 *
 * <p>In: the files of a project, the tools that are there, the project file. Out: {@link
 * dev.slipway.check.Gate gates}, each with what it runs and why; a {@link
 * dev.slipway.check.GateWorkflow workflow} of those that have to run; a {@link
 * dev.slipway.check.GateResult result} for each. Never here: a second engine, how results are
 * printed, knowledge of a language outside of its one class.
 *
 * <p>Where to begin: {@link dev.slipway.check.Catalogue} asks {@code PythonGates}, {@code
 * NodeGates} and the like what they see in a {@link dev.slipway.check.SourceTree}; {@link
 * dev.slipway.check.GateMemory} says which of the gates need not run again; {@link
 * dev.slipway.check.Report} reads what tools print.
 */
@NullMarked
package dev.slipway.check;

import org.jspecify.annotations.NullMarked;
