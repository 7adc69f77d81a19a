package dev.slipway.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fixes of rules about security give exactly the text they should. */
final class SecurityFixesTest {
  private static final String WORKFLOW = ".github/workflows/ci.yml";

  private static String mended(String rule, String path, String text) {
    Lint lint = Lint.of(new Selection(Profile.AUDIT, Set.of(rule), Set.of()));
    Mending mending = Mending.of(lint, path, text, Fix.Safety.UNSAFE);
    assertThat(mending.refused()).isEmpty();
    return mending.text();
  }

  private static String steps(String steps) {
    return "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n" + steps;
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n"})
  void persistedCredentials_areSwitchedOffWhereverThereIsAPlace(String newline) {
    String text =
        steps(
                "      - uses: actions/checkout@v4 # why\n"
                    + "      - name: a\n        uses: actions/checkout@v4\n        with: # these\n"
                    + "            path: x # here\n"
                    + "      - uses: actions/checkout@v4\n        with: {path: y}\n"
                    + "      - {uses: actions/checkout@v4}\n")
            .replace("\n", newline);
    assertThat(mended("persisted-credentials", WORKFLOW, text))
        .isEqualTo(
            steps(
                    "      - uses: actions/checkout@v4 # why\n        with:\n"
                        + "          persist-credentials: false\n"
                        + "      - name: a\n        uses: actions/checkout@v4\n"
                        + "        with: # these\n            persist-credentials: false\n"
                        + "            path: x # here\n"
                        + "      - uses: actions/checkout@v4\n"
                        + "        with: {persist-credentials: false, path: y}\n"
                        + "      - {uses: actions/checkout@v4, with: {persist-credentials:"
                        + " false}}\n")
                .replace("\n", newline));
  }

  @Test
  void lastLineWithoutAnEnd_isMendedToo() {
    assertThat(
            mended("persisted-credentials", WORKFLOW, steps("      - uses: actions/checkout@v4")))
        .isEqualTo(
            steps(
                "      - uses: actions/checkout@v4\n        with:\n"
                    + "          persist-credentials: false"));
  }

  @Test
  void inputs_thatAreAnAlias_areLeftAlone() {
    String text =
        steps(
            "      - uses: some/action@v1\n        with: &w\n          path: x\n"
                + "      - uses: actions/checkout@v4\n        with: *w\n");
    assertThat(mended("persisted-credentials", WORKFLOW, text)).isEqualTo(text);
  }

  @Test
  void insecureCommands_areTakenOut() {
    String env = "env:\n  A: 1 # one\n  ACTIONS_ALLOW_UNSECURE_COMMANDS: true\n";
    assertThat(mended("insecure-commands", WORKFLOW, env + steps("      - run: make\n")))
        .isEqualTo("env:\n  A: 1 # one\n" + steps("      - run: make\n"));
    String alone = "env:\n  ACTIONS_ALLOW_UNSECURE_COMMANDS: 'true'\n";
    assertThat(mended("insecure-commands", WORKFLOW, alone + steps("      - run: make\n")))
        .isEqualTo(steps("      - run: make\n"));
    String commented = "env:\n  ACTIONS_ALLOW_UNSECURE_COMMANDS: true # old tool\n";
    assertThat(mended("insecure-commands", WORKFLOW, commented + steps("      - run: make\n")))
        .startsWith(commented);
  }

  @Test
  void actor_becomesTheAuthor() {
    String text = steps("      - if: github.actor == 'dependabot[bot]' # bot\n        run: make\n");
    assertThat(
            mended(
                "spoofable-actor", WORKFLOW, text.replace("on: push", "on: pull_request_target")))
        .isEqualTo(
            text.replace("on: push", "on: pull_request_target")
                .replace("github.actor", "github.event.pull_request.user.login"));
  }

  @Test
  void contains_getsAList() {
    assertThat(
            mended(
                "unsound-contains",
                WORKFLOW,
                steps("      - if: contains('main dev', github.ref_name)\n        run: make\n")))
        .isEqualTo(
            steps(
                "      - if: contains(fromJSON('[\"main\", \"dev\"]'), github.ref_name)\n"
                    + "        run: make\n"));
  }

  @Test
  void reference_becomesPlain() {
    assertThat(mended("obscure-reference", WORKFLOW, steps("      - uses: a//b/./c/../d@v1 # x\n")))
        .isEqualTo(steps("      - uses: a/b/d@v1 # x\n"));
  }

  @Test
  void permissions_areNamed() {
    assertThat(
            mended(
                "write-all-permissions",
                WORKFLOW,
                "permissions: write-all # for now\n" + steps("      - run: make\n")))
        .isEqualTo("permissions:\n  contents: read # for now\n" + steps("      - run: make\n"));
  }

  @Test
  void cooldown_isAddedInTheFilesOwnIndentation() {
    String text =
        "version: 2\nupdates:\n    - package-ecosystem: npm # all\n      directory: /\n"
            + "    - package-ecosystem: pip\n      cooldown:\n          default-days: 2\n";
    assertThat(mended("dependabot-cooldown", ".github/dependabot.yml", text))
        .isEqualTo(
            "version: 2\nupdates:\n    - package-ecosystem: npm # all\n      cooldown:\n"
                + "        default-days: 7\n      directory: /\n"
                + "    - package-ecosystem: pip\n      cooldown:\n          default-days: 7\n");
  }

  @Test
  void configurations_areMended() {
    String updates =
        "updates:\n  - package-ecosystem: npm\n    insecure-external-code-execution: allow\n";
    assertThat(mended("dependabot-execution", ".github/dependabot.yml", updates))
        .isEqualTo(updates.replace("allow", "deny"));
    String hooks = "repos:\n  - repo: 'git://x.example/h.git'\n    rev: v1\n";
    assertThat(mended("insecure-hook-address", ".pre-commit-config.yaml", hooks))
        .isEqualTo(hooks.replace("git://", "https://"));
  }

  @Test
  void inheritedSecrets_becomeThoseThatTheWorkflowDeclares() {
    String called =
        "on:\n  workflow_call:\n    secrets:\n      TOKEN:\n        required: true\n      KEY: {}\n"
            + "jobs:\n  a:\n    runs-on: x\n    steps:\n      - run: make ${{ secrets.KEY }}\n";
    String caller =
        "on: push\njobs:\n  a:\n    uses: ./.github/workflows/b.yml\n    secrets: inherit # all\n";
    assertThat(inProject(called, caller))
        .isEqualTo(
            caller.replace(
                " inherit # all",
                "\n      TOKEN: ${{ secrets.TOKEN }}\n      KEY: ${{ secrets.KEY }} # all"));
    assertThat(inProject(called.replace("secrets.KEY", "secrets.HIDDEN"), caller))
        .isEqualTo(caller);
  }

  private static String inProject(String called, String caller) {
    Map<String, String> files = Map.of(".github/workflows/b.yml", called);
    ProjectFiles project =
        new ProjectFiles() {
          @Override
          public boolean known() {
            return true;
          }

          @Override
          public @Nullable String text(String path) {
            return files.get(path);
          }

          @Override
          public boolean exists(String path) {
            return files.containsKey(path);
          }
        };
    Lint lint =
        Lint.of(new Selection(Profile.AUDIT, Set.of("inherited-secrets-locally"), Set.of()))
            .in(project);
    return Mending.of(lint, WORKFLOW, caller, Fix.Safety.UNSAFE).text();
  }
}
