package dev.slipway.prove;

/**
 * A step that can fail.
 *
 * @param job the key of its job, as in every other output
 * @param number as people count it; of a step inside a composite action {@code 3.1}
 * @param name what people see
 */
public record ProvenStep(String job, String number, String name, Place place) {}
