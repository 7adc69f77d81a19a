package dev.slipway.prove;

import dev.slipway.workflow.Position;

/**
 * A place in a file.
 *
 * @param file relative to the project's root
 */
public record Place(String file, Position at) {}
