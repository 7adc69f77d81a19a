package dev.slipway.lint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Facts about actions are found again as they were written. */
final class ActionDataTest {
  private static final String MANIFEST =
      "name: x\ninputs:\n  token:\n    required: true\n  path:\n    deprecationMessage: no\n"
          + "outputs:\n  ref: {}\nruns:\n  using: node24\n  main: x.js\n";

  @Test
  void version_isFoundByEachOfItsTags() {
    ActionData.Writer writer = new ActionData.Writer();
    writer.add("Me/It", "v1", MANIFEST);
    writer.add("Me/It", "v1.0", MANIFEST);
    writer.add("Me/It/sub", "v1", MANIFEST.replace("node24", "composite"));
    writer.commit("Me/It", "v1", "0123456789012345678901234567890123456789");
    writer.commit("Me/It", "v1.0", "0123456789012345678901234567890123456789");
    ActionData data = ActionData.of(writer.actions(), writer.commits());

    ActionFacts facts = java.util.Objects.requireNonNull(data.facts("me/it", "v1.0"));
    assertThat(facts.using()).isEqualTo("node24");
    assertThat(facts.inputs())
        .containsExactly(
            new ActionFacts.Input("token", true, false),
            new ActionFacts.Input("path", false, true));
    assertThat(facts.outputs()).containsExactly("ref");
    assertThat(data.facts("me/it", "v")).isNull();
    assertThat(data.facts("me/it/sub", "v1")).extracting(ActionFacts::using).isEqualTo("composite");
    assertThat(data.tag("me/it", "0123456789012345678901234567890123456789")).isEqualTo("v1.0");
  }

  @Test
  void builtInData_isKnownUnderNewer() {
    ActionData.Writer writer = new ActionData.Writer();
    writer.add("me/it", "v1", MANIFEST);
    ActionData data = ActionData.of(writer.actions(), "");

    assertThat(data.facts("actions/checkout", "v4"))
        .extracting(ActionFacts::using)
        .isEqualTo("node20");
    assertThat(data.tag("actions/checkout", "11bd71901bbe5b1630ceea73d27597364c9af683"))
        .isEqualTo("v4.2.2");
  }

  @Test
  void writer_replacesARepository() {
    ActionData.Writer writer = new ActionData.Writer();
    writer.read("me/it|node20|a|b|v1\nme/other|node20|||v1\n", "me/it|v1:0123456789\n");
    writer.remove("me/it");
    writer.add("me/it", "v2", MANIFEST);
    assertThat(writer.actions())
        .isEqualTo("me/it|node24|token! path~|ref|v2\nme/other|node20|||v1\n");
    assertThat(writer.commits()).isEmpty();
  }
}
