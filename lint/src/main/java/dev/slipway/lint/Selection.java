package dev.slipway.lint;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which rules are looked for: those of a profile, more by name, fewer by name. What GitHub refuses
 * is always reported.
 *
 * @param levels rules that a project's settings switch off (empty), or on with a severity
 */
public record Selection(
    Profile profile,
    Set<String> only,
    Set<String> without,
    Map<String, Optional<Severity>> levels) {
  /** The rules of the default profile. */
  public static final Selection DEFAULT = new Selection(Profile.DEFAULT, Set.of(), Set.of());

  public Selection {
    only = Set.copyOf(only);
    without = Set.copyOf(without);
    levels = Map.copyOf(levels);
  }

  /** A selection that no settings change. */
  public Selection(Profile profile, Set<String> only, Set<String> without) {
    this(profile, only, without, Map.of());
  }

  /** The same, with these settings instead. */
  Selection with(Map<String, Optional<Severity>> other) {
    return other.isEmpty() && levels.isEmpty()
        ? this
        : new Selection(profile, only, without, other);
  }

  /** Whether a rule is looked for; when any are named, just those are. */
  public boolean has(Rule rule) {
    if (without.contains(rule.id())) {
      return false;
    }
    if (!only.isEmpty()) {
      return only.contains(rule.id());
    }
    Optional<Severity> level = levels.isEmpty() ? null : levels.get(rule.id());
    return level == null ? rule.profile().compareTo(profile) <= 0 : level.isPresent();
  }

  /** How bad a finding is by the settings; what GitHub refuses stays an error. */
  Finding rated(Finding finding) {
    Optional<Severity> level =
        levels.isEmpty() || finding.refused() ? null : levels.get(finding.rule().id());
    return level == null || level.isEmpty() ? finding : finding.rated(level.get());
  }
}
