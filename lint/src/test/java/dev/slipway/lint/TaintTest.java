package dev.slipway.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What outsiders choose is followed from where they write it to where it is executed. */
final class TaintTest {
  private static final String TITLE = "${{ github.event.issue.title }}";

  /** A project of these files. */
  private record Files(Map<String, String> texts) implements ProjectFiles {
    @Override
    public boolean known() {
      return true;
    }

    @Override
    public @Nullable String text(String path) {
      return texts.get(path);
    }

    @Override
    public boolean exists(String path) {
      return texts.containsKey(path);
    }
  }

  private static List<String> found(String rule, String text, Map<String, String> others) {
    return Lint.of(new Selection(Profile.AUDIT, Set.of(rule), Set.of()))
        .in(new Files(others))
        .file(".github/workflows/ci.yml", text)
        .stream()
        .filter(f -> !f.refused())
        .map(f -> f.range().from().line() + ": " + f.message())
        .toList();
  }

  private static List<String> injections(String text) {
    return found("template-injection", text, Map.of());
  }

  private static String steps(String steps) {
    return "on: issues\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n" + steps;
  }

  /** A step that reads the title, a script, and a step that executes its output x. */
  private static String throughScript(String script) {
    return steps(
        "      - id: one\n        env:\n          T: "
            + TITLE
            + "\n        run: |\n"
            + script.indent(10)
            + "      - run: echo ${{ steps.one.outputs.x }}\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "echo \"x=$T\" >> $GITHUB_OUTPUT",
        "echo \"x=${T}\" >> \"$GITHUB_OUTPUT\"",
        "echo x=\"${T:-none}\" >>$GITHUB_OUTPUT",
        "echo \"x=$T\" | tee -a \"$GITHUB_OUTPUT\"",
        "echo \"::set-output name=x::$T\"",
        "Y=$T\necho \"x=$Y\" >> $GITHUB_OUTPUT",
        "Y=$(echo \"$T\" | head -1)\necho \"x=$Y\" >> $GITHUB_OUTPUT",
        "export Y=\"a $T\"\necho \"x=$Y\" >> $GITHUB_OUTPUT",
        "{\n  echo \"y=1\"\n  echo \"x=$T\"\n} >> \"$GITHUB_OUTPUT\"",
        "cat <<EOF >> $GITHUB_OUTPUT\nx=$T\nEOF",
        "{\n  echo 'x<<END'\n  echo \"$T\"\n  echo END\n} >> $GITHUB_OUTPUT",
        "echo \"x<<END\" >> $GITHUB_OUTPUT\n"
            + "echo \"$T\" >> $GITHUB_OUTPUT\n"
            + "echo END >> $GITHUB_OUTPUT",
        "echo \"x=$(gh pr view 1 --json title --jq .title)\" >> $GITHUB_OUTPUT",
      })
  void output_withWhatOutsidersWrote_isFollowed(String script) {
    assertThat(injections(throughScript(script))).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "echo \"y=$T\" >> $GITHUB_OUTPUT",
        "echo \"x=$U\" >> $GITHUB_OUTPUT",
        "echo \"x=${#T}\" >> $GITHUB_OUTPUT",
        "echo \"x=\\$T\" >> $GITHUB_OUTPUT",
        "echo \"$T\"\necho \"x=1\" >> $GITHUB_OUTPUT",
        "Y=$T\nY=fixed\necho \"x=$Y\" >> $GITHUB_OUTPUT",
        "Y=$(echo \"$T\" | tr -cd 'a-z')\necho \"x=$Y\" >> $GITHUB_OUTPUT",
        "Y=$(echo \"$T\" | sha256sum)\necho \"x=$Y\" >> $GITHUB_OUTPUT",
        "# echo \"x=$T\" >> $GITHUB_OUTPUT",
        "echo \"x=$(gh pr view 1 --json number --jq .number)\" >> $GITHUB_OUTPUT",
      })
  void output_withoutIt_isQuiet(String script) {
    assertThat(injections(throughScript(script))).isEmpty();
  }

  @Test
  void message_tellsTheWay() {
    assertThat(injections(throughScript("echo \"x=$T\" >> $GITHUB_OUTPUT")))
        .singleElement()
        .asString()
        .contains("'github.event.issue.title' (through env.T, steps.one.outputs.x)");
  }

  @Test
  void outputOfAJob_isFollowedThroughNeeds() {
    String text =
        """
        on: issues
        jobs:
          read:
            runs-on: ubuntu-latest
            outputs:
              title: ${{ steps.t.outputs.title }}
            steps:
              - id: t
                run: echo "title=${{ github.event.issue.title }}" >> "$GITHUB_OUTPUT"
          use:
            needs: read
            runs-on: ubuntu-latest
            steps:
              - run: echo "${{ needs.read.outputs.title }}"
              - run: echo "${{ needs.read.result }}"
        """;
    assertThat(injections(text)).hasSize(2).last().asString().startsWith("14:");
  }

  @Test
  void environmentFile_isFollowedToLaterStepsOnly() {
    String text =
        steps(
            "      - run: echo ${{ env.T }}\n"
                + "      - run: echo \"T=$S\" >> $GITHUB_ENV\n"
                + "        env:\n          S: "
                + TITLE
                + "\n      - run: echo ${{ env.T }}\n");
    assertThat(injections(text)).singleElement().asString().startsWith("10:");
  }

  @Test
  void variableOfTheStep_hidesThatOfTheJob() {
    String text =
        "on: issues\njobs:\n  a:\n    runs-on: x\n    env:\n      T: "
            + TITLE
            + "\n    steps:\n      - run: echo ${{ env.T }}\n        env:\n          T: fixed\n"
            + "      - run: echo ${{ env.T }}\n";
    assertThat(injections(text)).singleElement().asString().startsWith("11:");
  }

  @Test
  void matrix_madeOfIt_isFollowed() {
    String text =
        """
        on: issue_comment
        jobs:
          a:
            runs-on: ubuntu-latest
            strategy:
              matrix:
                word: ${{ fromJSON(github.event.comment.body) }}
                os: [ubuntu-latest]
            steps:
              - run: echo ${{ matrix.word }} ${{ matrix.os }}
        """;
    assertThat(injections(text)).singleElement().asString().contains("comment.body");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "github.event.pull_request.body",
        "github.event.pull_request.head.label",
        "github.event.pull_request.head.repo.description",
        "github.event.workflow_run.head_branch",
        "github.event.workflow_run.display_title",
        "github.event.workflow_run.pull_requests[0].head.ref",
        "github.event.workflow_run.head_commit.author.name",
        "github.event.check_suite.head_branch",
        "github.event.discussion.title",
        "github.event.review.body",
        "github.event.pages[0].page_name",
        "github.event.commits[0].committer.email",
        "github.event.changes.title.from",
        "toJSON(github.event)",
        "toJSON(github)",
        "toJSON(github.event.head_commit)",
        "join(github.event.commits.*.message)",
      })
  void context_ofOutsiders_isFound(String expression) {
    assertThat(injections(steps("      - run: echo '${{ " + expression + " }}'\n"))).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "github.event.issue.number",
        "github.event.issue.user.login",
        "github.event.issue.html_url",
        "github.event.issue.labels.*.name",
        "github.event.pull_request.base.ref",
        "github.event.pull_request.base.repo.full_name",
        "github.event.pull_request.head.repo.full_name",
        "github.event.pull_request.merged",
        "github.event.pull_request.created_at",
        "github.event.workflow_run.id",
        "github.event.workflow_run.head_sha",
        "github.event.workflow_run.conclusion",
        "github.event.commits[0].id",
        "github.event.release.tag_name",
        "github.event.action",
        "github.actor",
        "github.repository",
        "github.run_id",
        "steps.a.outcome",
        "hashFiles(github.head_ref)",
      })
  void context_ofOthers_isQuiet(String expression) {
    assertThat(injections(steps("      - run: echo '${{ " + expression + " }}'\n"))).isEmpty();
  }

  @Test
  @DisplayName("what GitHub knows of a push is no outsider's, as a whole")
  void wholeEvent_ofAPush_isQuiet() {
    assertThat(
            injections(
                steps("      - run: echo '${{ toJSON(github.event) }}'\n")
                    .replace("on: issues", "on: workflow_dispatch")))
        .isEmpty();
  }

  @Test
  void jsonInJavaScript_isALiteral() {
    String script = "      - uses: actions/github-script@v8\n        with:\n          script: |\n";
    String json = "            const t = ${{ toJSON(github.event.issue.title) }};\n";
    assertThat(injections(steps(script + json))).isEmpty();
    assertThat(injections(steps(script + json.replace("${{", "'${{").replace("}};", "}}';"))))
        .hasSize(1);
  }

  @Test
  void namesOfChangedFiles_areOutsiders() {
    String filter =
        "      - uses: dorny/paths-filter@v3\n        id: f\n        with:\n"
            + "          list-files: FORM\n          filters: 'a: x'\n"
            + "      - run: lint ${{ steps.f.outputs.a_files }} ${{ steps.f.outputs.a }}\n";
    assertThat(injections(steps(filter.replace("FORM", "csv")))).hasSize(1);
    assertThat(injections(steps(filter.replace("FORM", "shell")))).isEmpty();
  }

  @Test
  void localAction_thatExecutesItsInput_isFoundAtTheCaller() {
    String action =
        """
        name: a
        description: b
        inputs:
          title:
            description: t
          other:
            description: o
        runs:
          using: composite
          steps:
            - run: echo ${{ inputs.title }}
              shell: bash
        """;
    String caller =
        steps(
            "      - uses: ./act\n        with:\n          title: "
                + TITLE
                + "\n          other: "
                + TITLE
                + "\n");
    assertThat(found("template-injection", caller, Map.of("act/action.yml", action)))
        .singleElement()
        .asString()
        .startsWith("8:")
        .contains("act/action.yml:11");
  }

  @Test
  void localWorkflow_thatExecutesItsInput_isFoundAtTheCaller() {
    String called =
        """
        on:
          workflow_call:
            inputs:
              title:
                type: string
              count:
                type: number
        jobs:
          a:
            runs-on: ubuntu-latest
            steps:
              - run: echo ${{ inputs.title }} ${{ inputs.count }}
        """;
    String caller =
        "on: issues\njobs:\n  a:\n    uses: ./.github/workflows/b.yml\n    with:\n      title: "
            + TITLE
            + "\n";
    Map<String, String> files = Map.of(".github/workflows/b.yml", called);
    assertThat(found("template-injection", caller, files)).hasSize(1);
    assertThat(found("insider-injection", called, Map.of())).hasSize(1);
  }

  @Test
  void outputOfALocalAction_isFollowed() {
    String action =
        """
        name: a
        description: b
        inputs:
          text:
            description: t
        outputs:
          same:
            value: ${{ steps.s.outputs.y }}
        runs:
          using: composite
          steps:
            - id: s
              shell: bash
              env:
                IN: ${{ inputs.text }}
              run: echo "y=$IN" >> "$GITHUB_OUTPUT"
        """;
    String caller =
        steps(
            "      - uses: ./act\n        id: a\n        with:\n          text: TEXT\n"
                + "      - run: echo ${{ steps.a.outputs.same }}\n");
    Map<String, String> files = Map.of("act/action.yml", action);
    assertThat(found("template-injection", caller.replace("TEXT", TITLE), files)).hasSize(1);
    assertThat(found("template-injection", caller.replace("TEXT", "fixed"), files)).isEmpty();
  }

  @Test
  void filesThatCallEachOther_comeToAnEnd() {
    String action =
        "name: a\ndescription: b\noutputs:\n  x:\n    value: ${{ steps.s.outputs.x }}\n"
            + "runs:\n  using: composite\n  steps:\n    - id: s\n      uses: ./OTHER\n";
    assertThat(
            found(
                "template-injection",
                steps(
                    "      - uses: ./one\n        id: a\n"
                        + "      - run: echo ${{ steps.a.outputs.x }}\n"),
                Map.of(
                    "one/action.yml", action.replace("OTHER", "two"),
                    "two/action.yml", action.replace("OTHER", "one"))))
        .isEmpty();
  }

  @Test
  void jobsThatNeedEachOther_comeToAnEnd() {
    String job =
        "  %s:\n    runs-on: x\n    needs: %s\n    outputs:\n      o: ${{ needs.%s.outputs.o }}\n"
            + "    steps:\n      - run: echo ${{ needs.%s.outputs.o }}\n";
    String text =
        "on: push\njobs:\n" + job.formatted("a", "b", "b", "b") + job.formatted("b", "a", "a", "a");
    assertThat(injections(text)).isEmpty();
  }

  @Test
  void inputs_ofFixedTypes_areNobodys() {
    String text =
        """
        on:
          workflow_dispatch:
            inputs:
              flag: {type: boolean}
              pick: {type: choice, options: [a, b]}
              text: {type: string}
        jobs:
          a:
            runs-on: ubuntu-latest
            steps:
              - run: echo ${{ inputs.flag }} ${{ inputs.pick }} ${{ github.event.inputs.text }}
        """;
    assertThat(found("insider-injection", text, Map.of()))
        .singleElement()
        .asString()
        .contains("inputs.text");
  }

  @Test
  void branchName_thatTheTriggerFixes_isNobodys() {
    String text =
        "on:\n  push:\n    branches: [BRANCH]\njobs:\n  a:\n    runs-on: x\n    steps:\n"
            + "      - run: echo ${{ github.ref_name }}\n";
    assertThat(found("insider-injection", text.replace("BRANCH", "main"), Map.of())).isEmpty();
    assertThat(found("insider-injection", text.replace("BRANCH", "'release/**'"), Map.of()))
        .hasSize(1);
  }
}
