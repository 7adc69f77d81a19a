package dev.slipway.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.workflow.expression.Vocabulary.Function;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@NullUnmarked
class SchemaTest {
  @Test
  void everyKey_saysWhatItIsFor() {
    for (Schema schema : List.of(Schema.workflow(), Schema.action())) {
      for (Schema.Definition definition : schema.definitions()) {
        if (!definition.name().equals("on") && !definition.name().startsWith("on.")) {
          assertThat(definition.keys().values())
              .as(definition.name())
              .allMatch(key -> !key.doc().isBlank());
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          job       | if               | github inputs needs vars
          job       | runs-on          | github inputs matrix needs strategy vars
          job       | env              | github inputs matrix needs secrets strategy vars
          workflow  | env              | github inputs secrets vars
          workflow  | run-name         | github inputs vars
          run-step  | run              | env github inputs job matrix needs runner secrets steps strategy vars
          run-step  | if               | env github inputs job matrix needs runner steps strategy vars
          """)
  void contexts_areThoseOfTheDocumentation(String definition, String key, String contexts) {
    assertThat(Schema.workflow().definition(definition).key(key).type().vocabulary().contexts())
        .containsExactlyInAnyOrder(contexts.split(" "));
  }

  @Test
  void statusFunctions_areForConditions() {
    assertThat(Schema.workflow().definition("job").key("if").type().vocabulary().functions())
        .containsExactlyInAnyOrder(
            Function.ALWAYS, Function.CANCELLED, Function.SUCCESS, Function.FAILURE);
    assertThat(Schema.workflow().definition("run-step").key("run").type().vocabulary().functions())
        .containsExactly(Function.HASH_FILES);
  }

  @Test
  void events_areAllKnownWithTheirDefaults() {
    assertThat(Events.all()).hasSize(37);
    assertThat(Events.event("pull_request").defaultTypes())
        .containsExactly("opened", "reopened", "synchronize");
    assertThat(Events.event("issues").defaultTypes()).isEqualTo(Events.event("issues").types());
    assertThat(Events.event("push").filters())
        .containsExactly(
            "branches", "branches-ignore", "tags", "tags-ignore", "paths", "paths-ignore");
    assertThat(Events.event("nothing")).isNull();
    assertThat(Schema.workflow().definition("on").keys()).hasSize(37);
    assertThat(Schema.workflow().definition("permission-scopes").keys()).hasSize(20);
  }
}
