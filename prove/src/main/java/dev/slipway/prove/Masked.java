package dev.slipway.prove;

import java.util.List;

/**
 * Steps that fail while the end is green.
 *
 * @param steps one, or the two that fail together
 * @param path why the end is green all the same, from the step on
 * @param when the values of what is not known before a run, as far as they had to be supposed
 * @param certain false where the end hangs on a script that was not understood and is supposed to
 *     succeed
 */
public record Masked(List<ProvenStep> steps, List<Link> path, List<String> when, boolean certain) {
  public Masked {
    steps = List.copyOf(steps);
    path = List.copyOf(path);
    when = List.copyOf(when);
  }
}
