package dev.slipway.lint;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All rules. */
public final class Rules {
  private static final List<Rule> ALL = list();

  private Rules() {}

  /** All of them, by topic. */
  public static List<Rule> all() {
    return ALL;
  }

  /** The rule of this name, or null. */
  public static @Nullable Rule named(String id) {
    for (Rule rule : ALL) {
      if (rule.id().equals(id)) {
        return rule;
      }
    }
    return null;
  }

  private static List<Rule> list() {
    List<Rule> rules = new ArrayList<>();
    rules.addAll(ReaderRules.all());
    rules.addAll(CorrectnessRules.all());
    rules.addAll(TypeRules.all());
    rules.addAll(OutputRules.all());
    rules.addAll(ActionRules.all());
    rules.addAll(CallRules.all());
    rules.addAll(MachineRules.all());
    rules.addAll(StepRules.all());
    rules.addAll(ManifestRules.all());
    rules.addAll(ShellRules.all());
    rules.addAll(OtherScriptRules.all());
    rules.addAll(PythonRules.all());
    rules.addAll(MaskingRules.all());
    rules.addAll(HonestyRules.all());
    rules.addAll(GateRules.all());
    rules.addAll(SkippedJobRules.all());
    rules.addAll(SecurityRules.all());
    rules.addAll(SpeedRules.all());
    rules.addAll(CachingRules.all());
    rules.addAll(WasteRules.all());
    rules.addAll(SetupRules.all());
    rules.addAll(SettingRules.all());
    rules.addAll(HousekeepingRules.all());
    return List.copyOf(rules);
  }
}
