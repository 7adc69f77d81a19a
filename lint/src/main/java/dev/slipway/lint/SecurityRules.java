package dev.slipway.lint;

import java.util.ArrayList;
import java.util.List;

/** All rules about what outsiders can make a workflow do, and what it lends to whom. */
final class SecurityRules {
  private SecurityRules() {}

  static List<Rule> all() {
    List<Rule> rules = new ArrayList<>();
    rules.addAll(InjectionRules.all());
    rules.addAll(FileInjectionRules.all());
    rules.addAll(CheckoutRules.all());
    rules.addAll(TriggerRules.all());
    rules.addAll(ConditionRules.all());
    rules.addAll(PermissionRules.all());
    rules.addAll(ActionSourceRules.all());
    rules.addAll(ImageRules.all());
    rules.addAll(SecretRules.all());
    rules.addAll(CredentialRules.all());
    rules.addAll(ArtifactRules.all());
    rules.addAll(CacheRules.all());
    rules.addAll(DownloadRules.all());
    rules.addAll(AgentRules.all());
    rules.addAll(HabitRules.all());
    rules.addAll(DependabotRules.all());
    rules.addAll(PreCommitRules.all());
    return rules;
  }
}
