package dev.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
  private static final Set<String> NAMES =
      Set.of("error", "warning", "set-output", "debug", "group", "name", "x");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "::error::boom|error|{}|boom",
        "  ::Warning file=a.c,line=3::careful|warning|{file=a.c, line=3}|careful",
        "::set-output name=x::1=2|set-output|{name=x}|1=2",
        "::error title=a=b::c|error|{title=a=b}|c",
        "::error title=a%2Cb%3Ac::100%25|error|{title=a,b:c}|100%",
        "::debug::line%0Anext%0D|debug|{}|line\\nnext\\r",
        "::debug::%250A|debug|{}|%0A",
        "text ##[group]title|group|{}|title",
        "##[error file=x;line=2;]bad%5D%3B|error|{file=x, line=2}|bad];",
        "::name with::::data|name|{}|::data",
        "::other::a ##[error]b|error|{}|b",
        "::error file=a,line=1,FILE=b::last one|error|{file=b, line=1}|last one",
        "::error file=a, line=1::a name with a blank|error|{file=a,  line=1}|a name with a blank",
        "::error title==x,==file==b=c::equals|error|{title=x, file=b=c}|equals",
        "##[error file=a;file=b]last one|error|{file=b}|last one",
      })
  void parse_command(String line, String name, String properties, String data) {
    CommandLine command =
        java.util.Objects.requireNonNull(CommandLine.parse(line.replace("\\n", "\n"), NAMES));
    assertThat(command.name()).isEqualTo(name);
    assertThat(command.properties().toString()).isEqualTo(properties);
    assertThat(command.data()).isEqualTo(data.replace("\\n", "\n").replace("\\r", "\r"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "plain",
        ":: ::x",
        "a ::error::x",
        "::error",
        "##[",
        "##[]x",
        ":::",
        "::other::x"
      })
  void parse_plainText_isNoCommand(String line) {
    assertThat(CommandLine.parse(line, NAMES)).isNull();
  }

  @Test
  void parse_emptyProperties_areDropped() {
    assertThat(CommandLine.parse("::error file=,line=1,=x,y,z==::m", NAMES))
        .isEqualTo(new CommandLine("error", Map.of("line", "1"), "m"));
  }
}
