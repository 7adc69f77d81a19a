package dev.slipway.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.slipway.shell.Dialect;
import dev.slipway.shell.ShellFinding;
import dev.slipway.shell.ShellOptions;
import dev.slipway.shell.ShellScript;
import dev.slipway.workflow.ActionManifestReader;
import dev.slipway.workflow.Problem;
import dev.slipway.workflow.Reading;
import dev.slipway.workflow.WorkflowReader;
import dev.slipway.workflow.expression.Expression;
import dev.slipway.workflow.expression.ExpressionException;
import dev.slipway.workflow.expression.Vocabulary;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;

/**
 * Any bytes at all are answered. A usual test run tries those of the corpus, beside this class's
 * resources; with {@code JAZZER_FUZZ=1} one of the tests looks for more.
 */
final class AnyBytesTest {
  private static final Vocabulary WORDS =
      Vocabulary.of(
          Set.of("github", "env", "matrix", "needs", "steps", "secrets", "inputs"),
          EnumSet.allOf(Vocabulary.Function.class));

  @FuzzTest(maxDuration = "2m")
  void lint(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    Answers.findings(bytes.length % 4 == 3 ? "action.yml" : ".github/workflows/ci.yml", text);
  }

  @FuzzTest(maxDuration = "2m")
  void workflow(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    answered(WorkflowReader.read("ci.yml", text));
    Answers.proof(text);
  }

  @FuzzTest(maxDuration = "2m")
  void manifest(byte[] bytes) {
    answered(ActionManifestReader.read("action.yml", new String(bytes, StandardCharsets.UTF_8)));
  }

  @FuzzTest(maxDuration = "2m")
  void expression(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    try {
      assertThat(Expression.compile(text, WORDS).source()).isNotNull();
    } catch (ExpressionException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  @FuzzTest(maxDuration = "2m")
  void shell(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    for (Dialect dialect : Dialect.values()) {
      for (ShellFinding one : ShellScript.analyse(text, dialect, ShellOptions.defaultStep())) {
        assertThat(one.start()).isBetween(0, one.end());
        assertThat(one.end()).isLessThanOrEqualTo(text.length());
      }
    }
  }

  private static void answered(Reading<?> reading) {
    assertThat(reading.ok())
        .isEqualTo(
            reading.problems().stream().noneMatch(p -> p.severity() == Problem.Severity.ERROR));
  }
}
