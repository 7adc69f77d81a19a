package dev.slipway.workflow;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A file as a tree with places. */
final class YamlDocumentTest {
  @Test
  void index_ofACharacterInABlock_isThatInTheFile() {
    String text = "a:\n  b: |\n    one\n      two x\n";
    YamlDocument document = YamlDocument.read(text);
    YamlNode.Mapping root = (YamlNode.Mapping) requireNonNull(document.root());
    YamlNode.Mapping inner = (YamlNode.Mapping) requireNonNull(root.get("a"));
    YamlNode.Scalar scalar = (YamlNode.Scalar) requireNonNull(inner.get("b"));
    assertThat(scalar.style()).isEqualTo(YamlNode.Style.LITERAL);
    int index = document.index(scalar, scalar.text().indexOf("x"));
    assertThat(index).isEqualTo(text.indexOf("x"));
    assertThat(document.position(index)).isEqualTo(new Position(4, 11));
  }

  @Test
  void root_ofWhatIsNoYaml_isMissing() {
    assertThat(YamlDocument.read("a: [").root()).isNull();
    assertThat(YamlDocument.read("").root()).isNull();
  }
}
