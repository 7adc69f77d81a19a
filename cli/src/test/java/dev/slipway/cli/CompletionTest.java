package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Required;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The completion scripts, loaded by the shells they are for. */
final class CompletionTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "'slipway ru', 'run runs'",
    "'slipway plan --for', '--format'",
    "'slipway plan --format m', 'mermaid'",
    "'slipway help ev', 'eval'",
    "'slipway completion z', 'zsh'",
    "'slipway -C /tmp run --act', '--actor --action-source --action-url'",
  })
  void bash_completes(String line, String expected) throws Exception {
    Required.program("bash");
    String script =
        CompletionScript.bash().replace("complete -o filenames -F _slipway slipway", "")
            + "COMP_WORDS=("
            + line
            + ")\n"
            + "COMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n"
            + "_slipway\n"
            + "printf '%s\\n' \"${COMPREPLY[@]}\"\n";
    assertThat(run("bash", script).lines()).containsExactlyInAnyOrder(expected.split(" ", -1));
  }

  @Test
  void zsh_acceptsTheScript() throws Exception {
    Required.program("zsh");
    assertThat(run("zsh", "compdef() { print defined $1; }\n" + CompletionScript.zsh()))
        .isEqualTo("defined _slipway\n");
  }

  @Test
  void fish_completes() throws Exception {
    Required.program("fish");
    String script =
        CompletionScript.fish()
            + "complete -C 'slipway plan --format m'\ncomplete -C 'slipway doc'\n";
    assertThat(run("fish", script)).contains("mermaid", "doctor");
  }

  private String run(String shell, String script) throws Exception {
    Path file = Files.writeString(directory.resolve("script"), script);
    ProcessBuilder builder = new ProcessBuilder(List.of(shell, file.toString()));
    builder.environment().put("HOME", directory.toString());
    Process process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
