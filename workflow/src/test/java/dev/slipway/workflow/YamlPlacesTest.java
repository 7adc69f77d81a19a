package dev.slipway.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Places in texts with characters outside the basic plane. */
final class YamlPlacesTest {
  @Test
  void placesAfterSupplementaryCharacters_areThoseOfTheText() {
    String text =
        "\"\uD83D\uDE80\": {x: a}\ny: [\uD83D\uDE80 b, c]\nz: |\n  \uD83D\uDE80\nend: d\n";
    YamlNode root = Objects.requireNonNull(YamlDocument.read(text).root());
    YamlNode.Mapping mapping = Objects.requireNonNull(root.mapping());
    YamlNode.Scalar last = Objects.requireNonNull(mapping.get("end")).scalar();
    assertThat(Objects.requireNonNull(last).start()).isEqualTo(text.indexOf(" d\n") + 1);
    for (YamlNode.Member member : mapping.members()) {
      YamlNode.Scalar key = member.key();
      assertThat(text.substring(key.start(), key.end())).contains(key.text());
    }
  }

  @Test
  void places_doNotDependOnWhatWasAskedBefore() {
    String text =
        """
        literal: |
          one  two

            three 🚀 four
        folded: >-
          one two
          three

          four
        double: "a\\tb \\u0041 c\\"d"
        single: 'it''s  one'
        plain: one two   three
        """;
    YamlDocument shared = YamlDocument.read(text);
    java.util.random.RandomGenerator random =
        java.util.random.RandomGeneratorFactory.of("L64X128MixRandom").create(7);
    for (int i = 0; i < 3_000; i++) {
      YamlDocument fresh = YamlDocument.read(text);
      int member = random.nextInt(5);
      int offset = random.nextInt(-1, value(fresh, member).text().length() + 2);
      assertThat(shared.index(value(shared, member), offset))
          .as("member " + member + ", offset " + offset + ", question " + i)
          .isEqualTo(fresh.index(value(fresh, member), offset));
    }
  }

  private static YamlNode.Scalar value(YamlDocument document, int member) {
    YamlNode root = java.util.Objects.requireNonNull(document.root());
    YamlNode.Mapping mapping = java.util.Objects.requireNonNull(root.mapping());
    return java.util.Objects.requireNonNull(mapping.members().get(member).value().scalar());
  }
}
