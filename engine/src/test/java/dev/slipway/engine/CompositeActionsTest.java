package dev.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Required;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompositeActionsTest {
  private static final String GREET =
      """
      name: Greet
      inputs:
        who: {default: 'nobody of ${{ github.ref_name }}'}
        Greeting:
          required: true
        old: {deprecationMessage: gone soon}
      outputs:
        text: {value: '${{ steps.say.outputs.text }}'}
      runs:
        using: composite
        steps:
          - id: say
            shell: bash
            run: echo "text=${{ inputs.greeting }} ${{ inputs.who }}" >> $GITHUB_OUTPUT
      """;

  @TempDir Path folder;

  @Test
  void folderWithoutGit_asASource_standsForEveryRef() throws Exception {
    Workbench bench = Workbench.in(folder);
    Path tools = folder.resolve("plain");
    Workbench.write(tools.resolve("greet/action.yml"), GREET);
    Workbench.Ran ran =
        bench
            .asking(asked -> asked.actionSources.put("own/tools", tools))
            .steps(
                """
                - id: tag
                  uses: own/tools/greet@v7
                  with: {greeting: Hello, who: tag}
                - id: commit
                  uses: own/tools/greet@0123456789012345678901234567890123456789
                  with: {greeting: Hello, who: commit}
                - run: echo "${{ steps.tag.outputs.text }}, ${{ steps.commit.outputs.text }}"
                """)
            .run();
    assertThat(ran.log(3)).containsExactly("Hello tag, Hello commit");
  }

  @Test
  void localAction_takesInputsAndGivesOutputs() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .file("greet/action.yml", GREET)
            .steps(
                """
                - uses: actions/checkout@v4
                - id: one
                  uses: ./greet
                  with: {greeting: Hello, WHO: all}
                - id: two
                  uses: ./greet
                  with:
                    greeting: ${{ 1 == 1 }}
                    old: x
                    strange: y
                - run: |
                    echo "${{ steps.one.outputs.text }}"
                    echo "${{ steps.two.outputs.text }}"
                    echo "[${{ steps.say.outputs.text }}] ${INPUT_WHO-unset}"
                """)
            .commit()
            .run();
    assertThat(ran.log(4)).containsExactly("Hello all", "true nobody of main", "[] unset");
    assertThat(ran.log(3))
        .hasSize(2)
        .anyMatch(line -> line.contains("'old' has been deprecated with message: gone soon"))
        .anyMatch(line -> line.contains("Unexpected input(s) 'strange'"));
    assertThat(ran.step(2).outputs()).containsEntry("text", "Hello all");
  }

  @Test
  void localAction_withoutCheckout_failsItsStepWithAHint() throws Exception {
    Workbench.Ran ran = Workbench.in(folder).steps("- uses: ./greet\n- run: echo x\n").run();
    assertThat(ran.outcomes()).containsExactly("failure", "skipped");
    assertThat(ran.log(1)).singleElement().asString().contains("'./greet'", "actions/checkout");
  }

  private Workbench withSource(Workbench bench) throws IOException {
    Path source = bench.actionSource("own/tools");
    Workbench.write(source.resolve("greet/action.yml"), GREET);
    Workbench.write(
        source.resolve("action.yml"),
        """
        name: Outer
        inputs: {word: {default: w}}
        outputs:
          said: {value: "${{ steps.inner.outputs.text }}!"}
        runs:
          using: composite
          steps:
            - id: inner
              uses: own/tools/greet@v1
              with: {greeting: "${{ inputs.word }}"}
            - run: echo "$(basename "$GITHUB_ACTION_PATH" | wc -c) $GITHUB_ACTION_REPOSITORY@$GITHUB_ACTION_REF"
              shell: bash
            - uses: $/greet
              with: {greeting: self}
        """);
    Workbench.commit(source);
    Workbench.git(source, "tag", "-a", "-m", "one", "v1");
    Workbench.write(
        source.resolve("greet/action.yml"), GREET.replace("using: composite", "using: bogus"));
    Workbench.commit(source);
    Workbench.git(source, "branch", "releases/v1", "v1");
    return bench;
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1", "releases/v1", "SHA"})
  void actionFromASource_byTagBranchOrSha(String ref) throws Exception {
    Workbench bench = withSource(Workbench.in(folder));
    String sha = Workbench.git(folder.resolve("sources/own/tools"), "rev-parse", "v1^{commit}");
    String used = ref.equals("SHA") ? sha : ref;
    Workbench.Ran ran =
        bench
            .steps(
                "- id: one\n  uses: own/tools@"
                    + used
                    + "\n  with: {word: hi}\n- run: echo '${{ steps.one.outputs.said }}'\n")
            .run();
    assertThat(ran.log()).containsExactly("41 own/tools@" + used, "hi nobody of main!");
  }

  @Test
  void brokenAction_failsOnlyTheStepThatUsesIt() throws Exception {
    Workbench.Ran ran =
        withSource(Workbench.in(folder))
            .steps(
                """
                - uses: own/tools/greet@main
                  continue-on-error: true
                - uses: own/tools/none@v1
                  continue-on-error: true
                - uses: own/tools@v9
                  continue-on-error: true
                - uses: own/absent@v1
                  continue-on-error: true
                - uses: own/absent@v1
                  if: false
                - run: echo end
                """)
            .run();
    assertThat(ran.outcomes())
        .containsExactly(
            "failure/success",
            "failure/success",
            "failure/success",
            "failure/success",
            "skipped",
            "success");
    assertThat(ran.log(1).getFirst()).startsWith("##[error]The action's manifest is not right:");
    assertThat(ran.log(2)).singleElement().asString().contains("Can't find 'action.yml'");
    assertThat(ran.log(3)).singleElement().asString().contains("no branch, tag or commit 'v9'");
    assertThat(ran.log(4)).singleElement().asString().contains("--action-source own/absent=PATH");
  }

  @Test
  void failureInside_skipsTheRestButAlwaysSteps_andOutputsAreGivenStill() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .file(
                "act/action.yml",
                """
                name: Act
                outputs:
                  late: {value: '${{ steps.late.outputs.x }}'}
                  failed: {value: '${{ steps.bad.outcome }}'}
                runs:
                  using: composite
                  steps:
                    - run: echo "first ${{ github.action_status }}"
                      shell: bash
                    - id: bad
                      run: exit 7
                      shell: bash
                    - run: echo never
                      shell: bash
                    - id: late
                      if: always()
                      run: |
                        echo "late ${{ github.action_status }} ${{ job.status }}"
                        echo x=late >> $GITHUB_OUTPUT
                      shell: bash
                    - if: failure()
                      run: exit 1
                      shell: bash
                      continue-on-error: true
                """)
            .steps(
                """
                - uses: actions/checkout@v4
                - id: act
                  uses: ./act
                  continue-on-error: true
                - run: echo "${{ steps.act.outcome }} ${{ steps.act.outputs.late }} ${{ steps.act.outputs.failed }}"
                - run: exit 1
                  continue-on-error: false
                - uses: ./act
                  if: always()
                """)
            .commit()
            .run();
    assertThat(ran.log(2))
        .containsExactly(
            "first success",
            "##[error]Process completed with exit code 7.",
            "late failure success",
            "##[error]Process completed with exit code 1.");
    assertThat(ran.log(3)).containsExactly("failure late failure");
    assertThat(ran.log(5)).startsWith("first success");
  }

  @Test
  void environment_flowsInByStepAndOutByFile() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .file(
                "act/action.yml",
                """
                name: Act
                runs:
                  using: composite
                  steps:
                    - run: |
                        echo "$A $B ${{ env.A }}"
                        echo A=file >> $GITHUB_ENV
                        echo C=file >> $GITHUB_ENV
                        echo $RUNNER_TEMP/tool >> $GITHUB_PATH
                      shell: bash
                    - run: echo "$A $C ${{ env.A }} $LOCAL"
                      shell: bash
                      env: {LOCAL: "${{ env.C }}-local"}
                    - run: echo "$A $C [${LOCAL-unset}] ${PATH%%:*}" | sed "s|$RUNNER_TEMP|temp|"
                      shell: bash
                """)
            .workflow(
                """
                on: push
                env: {B: workflow}
                defaults:
                  run: {shell: "bash -c 'exit 9' {0}", working-directory: /}
                jobs:
                  a:
                    runs-on: ubuntu-latest
                    steps:
                      - uses: actions/checkout@v4
                      - uses: ./act
                        env: {A: step}
                      - run: echo "$A $C [${LOCAL-unset}]"
                        shell: bash
                """)
            .commit()
            .run();
    assertThat(ran.log(2))
        .containsExactly(
            "step workflow step", "step file step file-local", "step file [unset] temp/tool");
    assertThat(ran.log(3)).containsExactly("file file [unset]");
  }

  @Test
  void secrets_areNotSeenInside() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .asking(asked -> asked.secrets.put("KEY", "very-secret"))
            .file(
                "act/action.yml",
                """
                name: Act
                runs:
                  using: composite
                  steps:
                    - run: echo '${{ secrets.KEY }}'
                      shell: bash
                """)
            .steps("- uses: actions/checkout@v4\n- uses: ./act\n")
            .commit()
            .run();
    assertThat(ran.outcomes()).containsExactly("success", "failure");
    assertThat(ran.log(2).toString()).contains("Unrecognized named-value: 'secrets'");
  }

  @Test
  void nesting_endsAtNine() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .file(
                "act/action.yml",
                """
                name: Act
                runs:
                  using: composite
                  steps:
                    - run: echo deeper
                      shell: bash
                    - uses: ./act
                """)
            .steps("- uses: actions/checkout@v4\n- uses: ./act\n")
            .commit()
            .run();
    assertThat(ran.log(2)).filteredOn("deeper"::equals).hasSize(9);
    assertThat(ran.log(2)).last().asString().contains("nested more than 9 deep");
    assertThat(ran.conclusion()).isEqualTo(Conclusion.FAILURE);
  }

  @Test
  void containerActions_endInOneClearError() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .file("docker/action.yml", "name: D\nruns:\n  using: docker\n  image: Dockerfile\n")
            .file("plain/Dockerfile", "FROM scratch\n")
            .steps(
                """
                - uses: actions/checkout@v4
                - uses: ./docker
                  continue-on-error: true
                - uses: ./plain
                  continue-on-error: true
                - uses: docker://alpine:3.20
                """)
            .commit()
            .run();
    for (int step = 2; step <= 4; step++) {
      assertThat(ran.log(step))
          .singleElement()
          .asString()
          .startsWith("##[error]The container action '")
          .endsWith("cannot run here: there is no container engine on this machine");
    }
    assertThat(ran.conclusion()).isEqualTo(Conclusion.FAILURE);
  }

  @Test
  void actionsFromAUrl_areKeptByCommit_andFoundWithoutIt() throws Exception {
    Workbench bench = withSource(Workbench.in(folder));
    Path sources = bench.folder().resolve("sources");
    String sha = Workbench.git(sources.resolve("own/tools"), "rev-parse", "v1^{commit}");
    bench
        .asking(asked -> {
          asked.actionSources.clear();
          asked.actionUrlBase = "file://" + sources;
        })
        .steps(
            """
            - uses: own/tools/greet@v1
              with: {greeting: tag}
            - uses: own/tools/greet@releases/v1
              with: {greeting: branch}
            - uses: own/tools/greet@%s
              with: {greeting: commit}
            """
                .formatted(sha));
    assertThat(bench.run().outcomes()).containsExactly("success", "success", "success");
    Files.move(sources, bench.folder().resolve("gone"));
    assertThat(bench.run().outcomes()).containsExactly("success", "success", "success");
    Workbench.Ran ran = bench.steps("- uses: own/tools/greet@v2\n").run();
    assertThat(ran.log()).singleElement().asString().contains("git ls-remote", "--action-source");
  }

  @Test
  void inputsOfAnInnerAction_seeThePathOfTheOuter() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .file("inner/action.yml", GREET)
            .file(
                "outer/action.yml",
                """
                name: Outer
                outputs: {text: {value: '${{ steps.i.outputs.text }}'}}
                runs:
                  using: composite
                  steps:
                    - id: i
                      uses: ./inner
                      with: {greeting: '${{ github.action_path }}', who: x}
                """)
            .steps(
                """
                - uses: actions/checkout@v4
                - id: o
                  uses: ./outer
                - run: echo '${{ steps.o.outputs.text }}' | sed "s|$PWD/||"
                """)
            .commit()
            .run();
    assertThat(ran.log(3)).containsExactly("outer x");
  }

  @Test
  void conditionThatCannotBeEvaluated_endsTheAction() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .file(
                "act/action.yml",
                """
                name: Act
                runs:
                  using: composite
                  steps:
                    - run: echo never
                      if: fromJSON('{')
                      continue-on-error: true
                      shell: bash
                    - run: echo never
                      if: always()
                      shell: bash
                """)
            .steps("- uses: actions/checkout@v4\n- uses: ./act\n")
            .commit()
            .run();
    assertThat(ran.outcomes()).containsExactly("success", "failure");
    assertThat(ran.log(2)).singleElement().asString().startsWith("##[error]");
  }

  @Test
  void githubContext_namesTheStepOfTheJob_andThePathOfTheComposite() throws Exception {
    Required.program("node");
    Workbench bench = Workbench.in(folder);
    Path source = bench.actionSource("own/js");
    Workbench.write(
        source.resolve("action.yml"), "name: JS\nruns: {using: node24, main: m.js, post: m.js}\n");
    Workbench.write(
        source.resolve("m.js"),
        """
        const e = process.env;
        const path = e.GITHUB_ACTION_PATH?.replace(/.*\\//, '');
        console.log(`${e.GITHUB_ACTION} ${path} ${e.GITHUB_ACTION_REPOSITORY}@${e.GITHUB_ACTION_REF}`);
        """);
    Workbench.commit(source);
    Workbench.Ran ran =
        bench
            .file(
                "act/action.yml",
                """
                name: Act
                runs:
                  using: composite
                  steps:
                    - run: echo "$GITHUB_ACTION ${{ github.action }} ${GITHUB_ACTION_PATH##*/}"
                      id: inner
                      shell: bash
                    - uses: own/js@main
                """)
            .steps(
                """
                - uses: actions/checkout@v4
                - uses: own/js@main
                - id: outer
                  uses: ./act
                - run: echo "[${{ github.action_status }}${{ github.action_path }}] $GITHUB_ACTION"
                """)
            .commit()
            .run();
    assertThat(ran.log())
        .filteredOn(line -> !line.startsWith("Served"))
        .containsExactly(
            "__own_js undefined own/js@main",
            "outer outer act",
            "outer act own/js@main",
            "[] __run",
            "outer act own/js@main",
            "__own_js undefined own/js@main");
  }

  @Test
  void inputs_areAllThere_spelledAsTheyAreGiven() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .file(
                "act/action.yml",
                """
                name: Act
                inputs: {Given: {}, Default: {default: 1}, None: {}}
                runs:
                  using: composite
                  steps:
                    - run: echo "$ALL" | tr -d ' \\n'
                      env: {ALL: '${{ toJSON(inputs) }}'}
                      shell: bash
                """)
            .steps(
                """
                - uses: actions/checkout@v4
                - uses: ./act
                  with: {GIVEN: x, other: y, third: z}
                """)
            .commit()
            .run();
    assertThat(ran.log(2))
        .containsExactly(
            "##[warning]Unexpected input(s) 'other', 'third', valid inputs are ['Given', 'Default',"
                + " 'None']",
            "{\"GIVEN\":\"x\",\"other\":\"y\",\"third\":\"z\",\"Default\":\"1\",\"None\":\"\"}");
  }

  @Test
  void stepEnv_thatAnExpressionGives_holdsInside() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .file(
                "act/action.yml",
                """
                name: Act
                runs:
                  using: composite
                  steps:
                    - run: echo A=file >> $GITHUB_ENV
                      shell: bash
                    - run: echo $A
                      shell: bash
                """)
            .steps(
                """
                - uses: actions/checkout@v4
                - uses: ./act
                  env:
                    ${{ insert }}: ${{ fromJSON('{"A":"step"}') }}
                """)
            .commit()
            .run();
    assertThat(ran.log(2)).containsExactly("step");
  }
}
