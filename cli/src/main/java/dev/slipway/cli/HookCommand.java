package dev.slipway.cli;

import dev.slipway.check.GitHooks;
import dev.slipway.check.Tier;
import dev.slipway.engine.GitRepository;
import dev.slipway.engine.Project;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;

/** {@code slipway hook}. */
final class HookCommand implements Command {
  private static final String NONE = "none";

  @Override
  public Usage usage() {
    return Usage.of("hook", "Check before each commit and each push")
        .details(
            """
            Installs Git hooks that run `slipway check`: tier `lite` before a commit, `pro` before a push. They check the tree \
            as it is and touch neither the index nor a stash. A hook that is there already is kept and started first; \
            `uninstall` puts it back. `core.hooksPath` and linked work trees are honoured.

            Without ACTION, says what is installed.\
            """)
        .optionalOperand("ACTION", "What to do", "install", "uninstall", "status")
        .option(
            Option.value("pre-commit", "TIER", "What to check before a commit; lite when left out")
                .choices("lite", "pro", "strict", "promax", NONE))
        .option(
            Option.value("pre-push", "TIER", "What to check before a push; pro when left out")
                .choices("lite", "pro", "strict", "promax", NONE))
        .example("slipway hook install", "lite before commits, pro before pushes")
        .example(
            "slipway hook install --pre-commit none --pre-push strict",
            "Only before pushes, but all of it")
        .example("slipway hook uninstall", "As it was before");
  }

  @Override
  public int run(Arguments arguments, Surroundings surroundings)
      throws IOException, InterruptedException {
    Project project = LocalRun.project(surroundings.directory());
    Path folder = folder(project.git());
    GitHooks hooks = new GitHooks(folder);
    String action = Objects.requireNonNullElse(arguments.operand(0), "status");
    if (action.equals("install")) {
      refuseShared(project.git(), folder);
      install(hooks, arguments);
    } else if (action.equals("uninstall")) {
      for (GitHooks.Hook hook : GitHooks.Hook.values()) {
        hooks.uninstall(hook);
      }
    }
    surroundings
        .out()
        .print(
            arguments.has("json")
                ? json(hooks, folder)
                : text(hooks, folder, surroundings.colors()));
    return Exit.SUCCESS;
  }

  private static void install(GitHooks hooks, Arguments arguments) throws IOException {
    String slipway = Objects.requireNonNullElse(System.getProperty("slipway.launcher"), "slipway");
    for (GitHooks.Hook hook : GitHooks.Hook.values()) {
      String usual = hook == GitHooks.Hook.PRE_COMMIT ? "lite" : "pro";
      Tier tier = Tier.named(arguments.value(hook.text(), usual));
      if (tier == null) {
        hooks.uninstall(hook);
      } else {
        hooks.install(hook, tier, slipway);
      }
    }
  }

  /** Where Git looks for hooks; only Git knows all places where that may be said. */
  private static Path folder(GitRepository git) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("git", "rev-parse", "--git-path", "hooks")
            .directory(git.workTree().toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String path =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).stripTrailing();
    if (process.waitFor() != 0 || path.isEmpty()) {
      return git.commonDir().resolve("hooks");
    }
    return git.workTree().resolve(path).normalize();
  }

  /** Hooks that other repositories have too are not this one's to change. */
  private static void refuseShared(GitRepository git, Path folder) {
    if (!folder.startsWith(git.workTree()) && !folder.startsWith(git.commonDir())) {
      throw CommandException.usage(
          "core.hooksPath leads to '" + folder + "', which other repositories share",
          "start it from your hooks there, or give this repository its own:"
              + " git config core.hooksPath .git/hooks");
    }
  }

  private static String text(GitHooks hooks, Path folder, Colors colors) throws IOException {
    StringBuilder text = new StringBuilder();
    for (GitHooks.Hook hook : GitHooks.Hook.values()) {
      GitHooks.State state = hooks.state(hook);
      Tier tier = state.tier();
      text.append(Text.padded(hook.text(), 10)).append("  ");
      text.append(tier == null ? "not installed" : colors.green("checks tier " + tier.text()));
      if (state.other()) {
        text.append(tier == null ? "; there is another hook" : ", after the hook that was there");
      }
      text.append('\n');
    }
    return text.append(colors.dim("in " + folder)).append('\n').toString();
  }

  private static String json(GitHooks hooks, Path folder) throws IOException {
    Json json =
        new Json()
            .object()
            .member("schema", "slipway.hooks/1")
            .member("folder", folder.toString())
            .array("hooks");
    for (GitHooks.Hook hook : GitHooks.Hook.values()) {
      GitHooks.State state = hooks.state(hook);
      Tier tier = state.tier();
      json.object()
          .member("hook", hook.text())
          .member("installed", tier != null)
          .member("tier", tier == null ? null : tier.text())
          .member("other", state.other())
          .end();
    }
    return json.end().end().text() + "\n";
  }
}
