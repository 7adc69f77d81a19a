package dev.slipway.lint;

import java.util.Set;

/**
 * Which rules are looked for: those of a profile, more by name, fewer by name. What GitHub refuses
 * is always reported.
 */
public record Selection(Profile profile, Set<String> only, Set<String> without) {
  /** The rules of the default profile. */
  public static final Selection DEFAULT = new Selection(Profile.DEFAULT, Set.of(), Set.of());

  public Selection {
    only = Set.copyOf(only);
    without = Set.copyOf(without);
  }

  /** Whether a rule is looked for; when any are named, just those are. */
  public boolean has(Rule rule) {
    if (without.contains(rule.id())) {
      return false;
    }
    return only.isEmpty() ? rule.profile().compareTo(profile) <= 0 : only.contains(rule.id());
  }
}
