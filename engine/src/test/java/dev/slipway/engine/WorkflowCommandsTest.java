package dev.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;

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
            ::PAUSE-7F3A::
            ::error::seen
            """);
    assertThat(ran.log(1)).containsExactly("::error::not seen");
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
                  continue-on-error: true
                - run: echo "$A ${PATH%%:*}" | sed "s|$RUNNER_TEMP|temp|"
                """)
            .run();
    assertThat(ran.outcomes()).containsExactly("failure/success", "success");
    assertThat(ran.log(2)).containsExactly("1=2 temp/bin");
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
  }

  @Test
  void echo_showsCommands() throws Exception {
    Workbench.Ran ran =
        printing(
            """
            ::set-env name=A::hidden
            ::echo::on
            ::stop-commands::token
            ::token::
            ::echo::off
            """);
    assertThat(ran.log(1)).contains("::stop-commands::token").doesNotContain("::echo::on");
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
