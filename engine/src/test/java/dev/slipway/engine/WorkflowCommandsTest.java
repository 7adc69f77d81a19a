package dev.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Required;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkflowCommandsTest {
  @TempDir Path folder;

  /** Runs one step that prints these lines, which bash does not touch. */
  private Workbench.Ran printing(String lines) throws Exception {
    return Workbench.in(folder)
        .steps(
            "- shell: bash\n  run: |\n    cat <<'END OF LINES'\n"
                + lines.indent(4)
                + "    END OF LINES\n- run: echo next\n")
        .run();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ::error::plain                                            | error plain
          ::warning file=a.c,line=3::w                              | warning w a.c L3
          ::notice title=T%3A x,file=a.c,line=1,endLine=4::n        | notice n a.c L1-4 (T: x)
          ::error file=a.c,line=1,col=2,endColumn=5::e              | error e a.c L1 C2-5
          ::error file=a.c,line=1,endLine=1,col=2,endColumn=5::e    | error e a.c L1-1 C2-5
          ::error file=a.c,endLine=4::only an end                   | error only an end a.c L4-4
          ::error file=a.c,line=1,endColumn=4::only an end          | error only an end a.c L1 C4-4
          ::error file=a.c,col=4::no line                           | error no line a.c
          ::error file=a.c,line=1,endLine=2,col=4::lines differ     | error lines differ a.c L1-2
          ::error file=a.c,line=1,endLine=01,col=4::spelled otherwise | error spelled otherwise a.c L1-1
          ::error file=a.c,line=5,endLine=2,col=3::twice wrong      | error twice wrong a.c
          ::error file=a.c,line=5,endLine=2::backwards              | error backwards a.c
          ::error file=a.c,line=5,col=9,endColumn=2::backwards      | error backwards a.c L5
          ::error file=a.c,line=x::no number                        | error no number a.c
          ::error file=a=b.c,line=1::equals                         | error equals a=b.c L1
          ::ERROR::upper case                                       | error upper case
          ::error ::no properties                                   | error no properties
          `   ::error::leading blanks`                              | error leading blanks
          ##[error]old form                                         | error old form
          ##[warning file=a.c;line=2]old properties                 | warning old properties a.c L2
          some text ##[error]mid-line                               | error mid-line
          ::error::a%0Ab%25c%0D                                     | error a\\nb%c\\r
          """)
  void annotations(String line, String expected) throws Exception {
    Workbench.Ran ran = printing(line);
    assertThat(ran.annotations())
        .containsExactly(expected.replace("\\n", "\n").replace("\\r", "\r"));
    assertThat(ran.outcomes()).containsExactly("success", "success");
  }

  @Test
  void linesThatAreNoCommands_arePrintedAsTheyAre() throws Exception {
    String lines =
        """
        text ::error::mid-line
        ::unknown::value
        ::error without an end
        ##[nothing]x
        :: ::x
        ::::
          indented\ttab
        """;
    Workbench.Ran ran = printing(lines);
    assertThat(ran.log(1)).containsExactlyElementsOf(lines.lines().toList());
    assertThat(ran.annotations()).isEmpty();
  }

  @Test
  void annotationPath_isRelativeToTheRepository() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .file("src/a.c", "int x;\n")
            .steps(
                """
                - uses: actions/checkout@v4
                - run: |
                    echo "::error file=$GITHUB_WORKSPACE/src/a.c,line=1::absolute"
                    echo "::error file=src/a.c::relative"
                    echo "::error file=/etc/passwd::elsewhere"
                """)
            .commit()
            .run();
    assertThat(ran.annotations())
        .containsExactly(
            "error absolute src/a.c L1", "error relative src/a.c", "error elsewhere /etc/passwd");
  }

  @Test
  void annotations_beyondTenOfALevel_areOnlyPrinted() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .steps(
                """
                - run: for i in 1 2 3 4 5 6 7 8 9 10 11; do echo "::error::e$i"; done; echo ::notice::n
                - run: echo ::error::next step
                """)
            .run();
    assertThat(ran.annotations()).hasSize(12).contains("error e10", "notice n", "error next step");
    assertThat(ran.log()).containsExactly("##[error]e11");
  }

  @Test
  void longMessage_isCut() throws Exception {
    Workbench.Ran ran = Workbench.in(folder).steps("- run: printf '::error::%05000d\\n' 0\n").run();
    assertThat(ran.all(RunEvent.Annotation.class).getFirst().message()).hasSize(4096);
  }

  @Test
  void groups_openAndClose() throws Exception {
    Workbench.Ran ran =
        printing(
            """
            ::group::first
            inside
            ::group::second
            ::endgroup::
            ::endgroup::
            ##[group]never ended
            """);
    assertThat(ran.all(RunEvent.GroupStarted.class))
        .extracting(RunEvent.GroupStarted::title)
        .containsExactly("first", "second", "never ended");
    assertThat(ran.all(RunEvent.GroupFinished.class)).hasSize(3);
    assertThat(ran.log(1)).containsExactly("inside");
  }

  @Test
  void stopCommands_untilTheToken() throws Exception {
    Workbench.Ran ran =
        printing(
            """
            ::stop-commands::pause-7f3a
            ::error::not seen
            ::error::##[pause-7f3a]not the end
            ::PAUSE-7F3A::
            ::error::seen
            """);
    assertThat(ran.log(1))
        .containsExactly(
            "::stop-commands::***",
            "::error::not seen",
            "::error::##[***]not the end",
            "::PAUSE-7F3A::");
    assertThat(ran.annotations()).containsExactly("error seen");
  }

  @ParameterizedTest
  @CsvSource({
    "::stop-commands::",
    "::stop-commands::add-mask",
    "::stop-commands::pause-logging",
    "::set-output::no name",
    "::save-state::no name",
    "::set-env name=A::1",
    "::add-path::/x",
    "::add-matcher::none.json",
    "::echo::maybe",
  })
  void commandThatCannotBeCarriedOut_failsTheStep(String command) throws Exception {
    Workbench.Ran ran = printing(command);
    assertThat(ran.outcomes()).containsExactly("failure", "skipped");
    assertThat(ran.log(1).getFirst())
        .isEqualTo("##[error]Unable to process command '" + command + "' successfully.");
    assertThat(ran.log(1).get(1)).startsWith("##[error]");
  }

  @Test
  void unsecureCommands_workWhenAllowed() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .steps(
                """
                - run: |
                    echo '::set-env name=A::1=2'
                    echo "::add-path::$RUNNER_TEMP/bin"
                    echo '::set-env name=NODE_OPTIONS::x'
                  env:
                    ACTIONS_ALLOW_UNSECURE_COMMANDS: true
                - run: echo "$A ${PATH%%:*} $NODE_OPTIONS" | sed "s|$RUNNER_TEMP|temp|"
                """)
            .run();
    assertThat(ran.outcomes()).containsExactly("success", "success");
    assertThat(ran.log(1))
        .containsExactly(
            "##[error]Can't update NODE_OPTIONS environment variable using ::set-env:: command.");
    assertThat(ran.log(2)).containsExactly("1=2 temp/bin ");
  }

  @Test
  void deprecatedCommands_workWithOneWarning() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .steps(
                """
                - id: one
                  run: |
                    echo '::set-output name=a::1'
                    echo '##[set-output name=b;]2'
                    echo '::save-state name=c::3'
                - run: echo ${{ steps.one.outputs.a }}${{ steps.one.outputs.b }}
                """)
            .run();
    assertThat(ran.log(2)).containsExactly("12");
    assertThat(ran.log(1))
        .hasSize(2)
        .allMatch(line -> line.startsWith("##[warning]The `s"))
        .allMatch(line -> line.contains("is deprecated"));
  }

  @Test
  void debug_isShownWhenAskedFor() throws Exception {
    assertThat(printing("::debug::hidden").log(1)).isEmpty();
    Workbench.Ran ran =
        Workbench.in(folder.resolve("more"))
            .asking(asked -> asked.secrets.put("ACTIONS_STEP_DEBUG", "true"))
            .steps("- run: echo ::debug::shown; echo $RUNNER_DEBUG\n")
            .run();
    assertThat(ran.log()).containsExactly("##[debug]shown", "1");
    Workbench.Ran byVariable =
        Workbench.in(folder.resolve("variable"))
            .asking(asked -> asked.vars.put("ACTIONS_STEP_DEBUG", "True"))
            .steps("- run: echo ::debug::two%0Alines\n")
            .run();
    assertThat(byVariable.log()).containsExactly("##[debug]two", "##[debug]lines");
  }

  @Test
  void echo_showsCommands() throws Exception {
    Workbench.Ran ran =
        printing(
            """
            ::set-output name=a::hidden
            ::echo::on
            ::set-output name=b::shown
            ::group::a title
            ::add-mask::verborgen
            verborgen
            ::notice::never shown
            ::debug::never shown
            ::echo::off
            ::set-output name=c::hidden
            """);
    assertThat(ran.log(1))
        .filteredOn(line -> !line.contains("deprecated"))
        .containsExactly(
            "::set-output name=b::shown",
            "::group::a title",
            "::add-mask::***",
            "***",
            "::echo::off");
    assertThat(ran.annotations()).containsExactly("notice never shown");
  }

  @Test
  void echo_isOnWhenDebugIs() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .asking(asked -> asked.debug = true)
            .steps("- run: |\n    echo ::group::a; echo ::endgroup::\n")
            .run();
    assertThat(ran.log()).containsExactly("::group::a", "::endgroup::");
  }

  @Test
  void commandThatFails_isNamedAsItWasPrinted() throws Exception {
    Workbench.Ran ran = printing("   ::set-output::blanks kept");
    assertThat(ran.log(1).getFirst())
        .isEqualTo(
            "##[error]Unable to process command '   ::set-output::blanks kept' successfully.");
  }

  @Test
  void annotationWithoutMessage_isNone() throws Exception {
    Workbench.Ran ran = printing("::error file=a.c::\n::warning::  \n::notice::n");
    assertThat(ran.annotations()).containsExactly("notice n");
    assertThat(ran.outcomes()).containsExactly("success", "success");
  }

  @Test
  void markersOfTheRunner_areTakenApart() throws Exception {
    Workbench.Ran ran = printing("##[start-action id=a]\nx ##[end-action id=a] ##[end-action]");
    assertThat(ran.log(1))
        .containsExactly("##[\\start-action id=a]", "x ##[\\end-action id=a] ##[\\end-action]");
  }

  @Test
  void addMatcher_withoutAFile_isAWarning() throws Exception {
    Workbench.Ran ran = printing("::add-matcher::");
    assertThat(ran.log(1)).containsExactly("##[warning]File path must be specified.");
    assertThat(ran.outcomes()).containsExactly("success", "success");
  }

  @Test
  void annotations_areCountedForEachPhaseOfAnAction() throws Exception {
    Required.program("node");
    String ten =
        "for (let i = 0; i < 10; i++) console.log('::error::' + process.argv[1].at(-4));\n";
    Workbench.Ran ran =
        Workbench.in(folder)
            .file("act/action.yml", "name: n\nruns:\n  using: node24\n  main: m.js\n  post: p.js\n")
            .file("act/m.js", ten)
            .file("act/p.js", ten)
            .steps("- uses: actions/checkout@v4\n- uses: ./act\n")
            .commit()
            .run();
    assertThat(ran.annotations()).hasSize(20).contains("error m", "error p");
  }

  @Test
  void bothStreams_areRead() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .steps(
                "- run: |\n    echo ::warning::out\n    echo ::error::err >&2\n    echo text >&2\n")
            .run();
    assertThat(ran.annotations()).containsExactlyInAnyOrder("warning out", "error err");
    assertThat(ran.all(RunEvent.Log.class))
        .singleElement()
        .extracting(RunEvent.Log::stream)
        .isEqualTo(RunEvent.Stream.STDERR);
  }
}
