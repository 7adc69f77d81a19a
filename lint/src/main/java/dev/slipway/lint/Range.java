package dev.slipway.lint;

import dev.slipway.workflow.Position;

/** A stretch of a file's text; {@code to} is the place behind its last character. */
public record Range(Position from, Position to) {}
