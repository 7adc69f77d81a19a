package dev.slipway.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@NullUnmarked
class GlobsTest {
  @ParameterizedTest(name = "{0} {1} {2}")
  @CsvSource(
      textBlock =
          """
          main, main, true
          main, main2, false
          main, Main, false
          feature/*, feature/a, true
          feature/*, feature/a/b, false
          feature/*, feature/, true
          feature/**, feature/a/b, true
          feature/**, features/a, false
          *, main, true
          *, a/b, false
          **, a/b, true
          *feature, my-feature, true
          v2*, v2.1, true
          v2*, v2/1, false
          v[12].[0-9]+.[0-9]+, v1.10.1, true
          v[12].[0-9]+.[0-9]+, v3.0.0, false
          v[12].[0-9]+.[0-9]+, v1..1, false
          *.jsx?, page.js, true
          *.jsx?, page.jsx, true
          *.jsx?, page.jsxx, false
          **.js, a/b/c.js, true
          **.js, c.js, true
          a+b, aaab, true
          a+b, b, false
          docs/*, docs/a.md, true
          docs/*, docs/a/b.md, false
          docs/**, docs/a/b.md, true
          docs/**/*.md, docs/a.md, true
          docs/**/*.md, docs/a/b/c.md, true
          docs/**/*.md, docs.md, false
          **/docs/**, docs/a, true
          **/docs/**, x/y/docs/a/b, true
          **/docs/**, xdocs/a, false
          **/README.md, README.md, true
          **/README.md, a/README.md, true
          **/README.md, aREADME.md, false
          **/*src/**, a/src/app.js, true
          **/*src/**, my-src/code.js, true
          **/*-post.md, my-post.md, true
          **/**/x, x, true
          **/**/x, a/x, true
          **/**/x, a/b/x, true
          **/**/x, ax, false
          a\\*b, a*b, true
          a\\*b, axb, false
          [äö]x, öx, true
          """)
  void pattern_matches(String pattern, String text, boolean expected) {
    assertThat(Globs.matches(List.of(pattern), text)).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @CsvSource({
    "releases/**|!releases/**-alpha, releases/10, true",
    "releases/**|!releases/**-alpha, releases/10-alpha, false",
    "!releases/**-alpha|releases/**, releases/10-alpha, true",
    "*.md|!README.md|README*, README.md, true",
    "!a, b, false",
    "!a|**, a, true",
  })
  void lastMatchingPattern_decides(String patterns, String text, boolean expected) {
    assertThat(Globs.matches(List.of(patterns.split("\\|", -1)), text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "[a", "[]", "[z-a]", "?a", "*+", "!", "", "a\\"})
  void invalidPattern_isRefused(String pattern) {
    assertThatThrownBy(() -> Glob.compile(pattern)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void manyStars_stayLinear() {
    String pattern = "**a*".repeat(200) + "b";
    assertThat(Globs.matches(List.of(pattern), "a".repeat(2_000))).isFalse();
    assertThat(Glob.compile("**/".repeat(50_000) + "x").matches("x")).isTrue();
  }
}
