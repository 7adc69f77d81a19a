package dev.slipway.cli;

import dev.slipway.cache.BesideClassPath;
import dev.slipway.lint.EditorService;
import dev.slipway.lint.Profile;
import dev.slipway.lint.Selection;
import java.io.IOException;
import java.util.ServiceLoader;
import java.util.Set;

/** {@code slipway lsp}. */
final class LspCommand implements Command {
  @Override
  public Usage usage() {
    return Usage.of("lsp", "Serve editors: findings, fixes, completion and more as you type")
        .details(
            """
            Speaks the Language Server Protocol over standard input and output; an editor starts it. It shows what `slipway lint` finds, \
            with the same fixes and ignores, explains keys, expressions and actions under the cursor, completes them, and finds where \
            jobs, steps, local actions and workflows are defined. docs/editors.md has settings for editors.

            Exit code: 0 the editor ended it as the protocol asks, 1 the editor went away without that, 2 the command was not \
            understood, 3 Slipway or the machine failed.\
            """)
        .option(
            Option.value("profile", "PROFILE", "How much to look for")
                .choices("default", "strict", "pedantic", "audit"))
        .example("slipway lsp", "What an editor starts")
        .example("slipway lsp --profile strict", "The same, with more findings");
  }

  @Override
  public int run(Arguments arguments, Surroundings surroundings)
      throws IOException, InterruptedException {
    Profile profile = Profile.DEFAULT;
    for (Profile one : Profile.values()) {
      profile = one.text().equals(arguments.value("profile")) ? one : profile;
    }
    EditorService service =
        ServiceLoader.load(EditorService.class, BesideClassPath.loader("lsp"))
            .findFirst()
            .orElseThrow(() -> CommandException.broken("this build has no language server", null));
    return service.serve(
        surroundings.in(),
        surroundings.out().stream(),
        new Selection(profile, Set.of(), Set.of()),
        ActionDataUpdate.data(surroundings));
  }
}
