package dev.slipway.lint;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Where a text becomes a program: {@code run:}, and the inputs of actions that run what they get.
 */
final class ScriptSinks {
  private static final Map<String, Set<String>> INPUTS =
      Map.ofEntries(
          Map.entry("actions/github-script", Set.of("script")),
          Map.entry("azure/cli", Set.of("inlinescript")),
          Map.entry("azure/powershell", Set.of("inlinescript")),
          Map.entry("amadevus/pwsh-script", Set.of("script")),
          Map.entry("appleboy/ssh-action", Set.of("script")),
          Map.entry("fifsky/ssh-action", Set.of("command")),
          Map.entry("garygrossgarten/github-action-ssh", Set.of("command")),
          Map.entry("jannekem/run-python-script-action", Set.of("script")),
          Map.entry("nick-fields/retry", Set.of("command", "on_retry_command")),
          Map.entry("nick-invision/retry", Set.of("command", "on_retry_command")),
          Map.entry("wandalen/wretry.action", Set.of("command", "pre_retry_command")),
          Map.entry("cardinalby/js-eval-action", Set.of("expression")),
          Map.entry("addnab/docker-run-action", Set.of("run")),
          Map.entry("mikefarah/yq", Set.of("cmd")),
          Map.entry("devorbitus/yq-action-output", Set.of("cmd")),
          Map.entry("sergeysova/jq-action", Set.of("cmd")),
          Map.entry("uraimo/run-on-arch-action", Set.of("run", "install", "setup")),
          Map.entry("vmactions/freebsd-vm", Set.of("run", "prepare")),
          Map.entry("vmactions/openbsd-vm", Set.of("run", "prepare")),
          Map.entry("vmactions/netbsd-vm", Set.of("run", "prepare")),
          Map.entry("vmactions/solaris-vm", Set.of("run", "prepare")),
          Map.entry("coactions/setup-xvfb", Set.of("run")),
          Map.entry("gabrielbb/xvfb-action", Set.of("run")),
          Map.entry("reactivecircus/android-emulator-runner", Set.of("script")),
          Map.entry("cloudflare/wrangler-action", Set.of("command", "precommands", "postcommands")),
          Map.entry("borales/actions-yarn", Set.of("cmd")),
          Map.entry("mathiasvr/command-output", Set.of("run")),
          Map.entry("google-github-actions/ssh-compute", Set.of("command")),
          Map.entry("cypress-io/github-action", Set.of("command", "start", "build")),
          Map.entry("bahmutov/npm-install", Set.of("install-command")),
          Map.entry("actions-rs/cargo", Set.of("args")));

  private ScriptSinks() {}

  /** Whether an expression of a step stands where its value is executed. */
  static boolean is(StepNode step, ExpressionUse use) {
    String key = use.key();
    if (use.scalar() == step.run()) {
      return true;
    }
    if (use.path().size() < 2 || !use.path().get(use.path().size() - 2).equals("with")) {
      return false;
    }
    Set<String> inputs = INPUTS.get(Security.repository(Security.slug(step.text("uses"))));
    return inputs != null && inputs.contains(key.toLowerCase(Locale.ROOT));
  }
}
