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
}
