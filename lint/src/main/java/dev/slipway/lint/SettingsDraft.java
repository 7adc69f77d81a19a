package dev.slipway.lint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Settings while they are read. */
final class SettingsDraft {
  static final int COOLDOWN = 7;

  @Nullable Profile profile;
  String failOn = "";
  int cooldown = COOLDOWN;
  @Nullable Set<String> variables;
  final Map<String, Optional<Severity>> levels = new LinkedHashMap<>();
  final List<Place> places = new ArrayList<>();
  final List<SettingIgnore> ignores = new ArrayList<>();
  final List<PathGlob> labels = new ArrayList<>();
  final Map<ActionPattern, ActionPin> pins = new LinkedHashMap<>();
  final List<ActionPattern> allowed = new ArrayList<>();
  final List<ActionPattern> denied = new ArrayList<>();
  final Map<String, Double> rates = new LinkedHashMap<>();

  /** Levels of rules for some files. */
  record Place(SettingIgnore path, Map<String, Optional<Severity>> levels) {}

  /** Switches a rule on that settings ask for, unless they say more of it. */
  void wanted(Rule rule) {
    levels.putIfAbsent(rule.id(), Optional.of(rule.severity()));
  }

  void variable(String name) {
    if (variables == null) {
      variables = new LinkedHashSet<>();
    }
    variables.add(name.toLowerCase(java.util.Locale.ROOT));
  }
}
