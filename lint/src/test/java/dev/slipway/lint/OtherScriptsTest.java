package dev.slipway.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Scripts in Python, PowerShell and JavaScript. */
final class OtherScriptsTest {
  private static final Set<String> RULES =
      Set.of(
          "script-syntax",
          "unchecked-subprocess",
          "unchecked-native-command",
          "powershell-curl",
          "missing-await");

  private static String found(String step, String script) {
    String text =
        "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n"
            + step
            + script.replace("¶", "\n            ")
            + "\n";
    List<String> ids =
        Lint.of(new Selection(Profile.AUDIT, RULES, Set.of())).file("ci.yml", text).stream()
            .map(f -> f.rule().id())
            .toList();
    return String.join(" ", ids);
  }

  private static String wanted(String expected) {
    return expected == null ? "" : expected;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "print((1) ~ script-syntax",
        "print('a) ~ script-syntax",
        "x = '''a ( [¶b''' # ( ~",
        "x = [¶  1,¶]¶print(f\"{x[0]}\", 'it\\'s (') ~",
        "print(${{ github.run_id }}, '${{ format('a') }}') ~",
        "import subprocess¶subprocess.run(['a']) ~ unchecked-subprocess",
        "import os¶os.system('a') ~ unchecked-subprocess",
        "import subprocess¶subprocess.run(['a'], check=True) ~",
        "import subprocess¶x = subprocess.run(['a']) ~",
        "import subprocess¶subprocess.run(['a']).check_returncode() ~",
        "import sys, subprocess¶sys.exit(subprocess.call(['a'])) ~",
        "import subprocess¶subprocess.run(['a'], **options) ~",
        "# subprocess.run(['a']) ~",
      })
  void python(String script, String expected) {
    assertThat(found("      - shell: python\n        run: |\n            ", script))
        .isEqualTo(wanted(expected));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "if ($a) { x ~ script-syntax",
        "$a = \"x$(Get-Item \"y\")\" ~",
        "$a = @'¶it's ( [¶'@¶x ~",
        "<# ( #> x # ( ~",
        "x `(  'a''b' \"c`\"d\" ~",
        "npm test¶npm run report ~ unchecked-native-command",
        "npm test ~",
        "npm test¶if ($LASTEXITCODE) { exit 1 }¶npm run report ~",
        "if ($a) {¶npm test¶}¶x ~",
        "Write-Host a¶x ~",
        "curl -sSf https://x ~",
      })
  void powershell(String script, String expected) {
    assertThat(found("      - shell: pwsh\n        run: |\n            ", script))
        .isEqualTo(wanted(expected));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "github.rest.issues.get({}) ~ missing-await",
        "const a = 1;¶github.rest.issues.get({})¶console.log(a) ~ missing-await",
        "await github.rest.issues.get({}) ~",
        "return github.rest.issues.get({}) ~",
        "const p = github.rest.issues.get({}) ~",
        "github.rest.issues.get({}).then(x => x) ~",
        "await Promise.all([¶github.rest.issues.get({})¶]) ~",
        "const f = () =>¶  github.rest.issues.get({}) ~",
        "// github.rest.issues.get({}) ~",
        "x({ ~ script-syntax",
        "x(/[(]/) ~",
        "x(`a ( ${y('`')}`) ~",
      })
  void githubScript(String script, String expected) {
    assertThat(
            found(
                "      - uses: actions/github-script@v8\n        with:\n          script: |\n"
                    + "            ",
                script))
        .isEqualTo(wanted(expected));
  }
}
