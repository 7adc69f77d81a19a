package dev.slipway.prove;

/**
 * One reason on the way from a failure to a green end.
 *
 * @param text in one sentence
 */
public record Link(String text, Place place) {}
