/**
 * What is wrong with a script for sh or bash: comes in a text with the dialect and the options it
 * runs under, goes out a list of findings with exact places and, where that is safe, edits. Nothing
 * here runs a script, reads a file, or knows what a workflow is, except that <code>${{ … }}</code>
 * stands for a text nobody knows yet.
 */
@NullMarked
package dev.slipway.shell;

import org.jspecify.annotations.NullMarked;
