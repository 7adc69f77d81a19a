package dev.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MaskerTest {
  private static Masker of(String... secrets) {
    Masker masker = new Masker();
    masker.addAll(List.of(secrets));
    return masker;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "hunter2|password is hunter2|password is ***",
        "hunter2|hunter2hunter2|***",
        "hunter2|hunter hunter2 2|hunter *** 2",
        "abc|xabcabcx|x***x",
        "a&b<c>'d'|a&amp;b&lt;c&gt;&apos;d&apos;|***",
        "it's|it''s here|*** here",
        "a b/c|a%20b%2Fc|***",
        "x|no such letter: x|no such letter: ***",
        "`  padded `|[padded] [  padded ]|[***] [***]",
      })
  void mask_replacesTheValueAndItsEncodings(String secret, String text, String expected) {
    assertThat(of(secret).mask(text)).isEqualTo(expected);
  }

  @Test
  void mask_coversBase64AtEveryAlignmentAndWhateverFollows() {
    Masker masker = of("correct horse battery");
    for (String before : List.of("", "x", "xy", "xyz")) {
      String encoded =
          Base64.getEncoder()
              .encodeToString(
                  (before + "correct horse battery: staple").getBytes(StandardCharsets.UTF_8));
      String masked = masker.mask(encoded);
      assertThat(masked).contains("***");
      String left = masked.replace("***", "");
      assertThat(left.length()).as(masked).isLessThan(encoded.length() - 20);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "correct-hors, ''",
    "correct-horse, ''",
    "correct-horses, ''",
    "correct-horse, x",
    "correct-horse, xy",
    "correct-horses, x",
    "correct-horses, xy",
  })
  void mask_base64OfAValueThatEndsThere_leavesNothingOfIt(String secret, String before) {
    String encoded =
        Base64.getEncoder().encodeToString((before + secret).getBytes(StandardCharsets.UTF_8));
    assertThat(of(secret).mask(encoded)).endsWith("***");
  }

  @Test
  void mask_overlappingSecrets_becomeOneReplacement() {
    assertThat(of("abcdef", "defghi").mask("<abcdefghi>")).isEqualTo("<***>");
  }

  @Test
  void mask_everyLineOfASecret() {
    assertThat(of("first line\nsecond line").mask("got second line and first line"))
        .isEqualTo("got *** and ***");
  }

  @Test
  void mask_powershellHalvesOfAValueWithAnAmpersand() {
    assertThat(
            of("secretpart1&secretpart2&secretpart3")
                .mask("secretpart1&secretpart2& then secretpart3"))
        .isEqualTo("*** then ***");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\n"})
  void mask_blankSecrets_hideNothing(String blank) {
    assertThat(of(blank).mask("a b\nc")).isEqualTo("a b\nc");
  }

  @Test
  void copy_takesMoreSecretsWithoutChangingTheFirst() {
    Masker first = of("one-secret");
    Masker second = first.copy();
    second.add("two-secret");
    assertThat(first.mask("two-secret")).isEqualTo("two-secret");
    assertThat(second.mask("one-secret two-secret")).isEqualTo("*** ***");
  }

  @Test
  @DisplayName("Finds exactly what a naive search finds, whatever the secrets")
  void mask_agreesWithANaiveSearch() {
    for (long seed = 0; seed < 400; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Masker masker = new Masker();
      List<String> secrets =
          random
              .ints(1 + random.nextInt(4))
              .mapToObj(i -> word(random, 2 + random.nextInt(9)))
              .toList();
      masker.addAll(secrets);
      String text = word(random, 200);
      boolean[] hidden = new boolean[text.length()];
      for (String secret : secrets) {
        for (String form : Masker.encodings(secret)) {
          for (int at = form.length() < 2 ? -1 : text.indexOf(form);
              at >= 0;
              at = text.indexOf(form, at + 1)) {
            java.util.Arrays.fill(hidden, at, at + form.length(), true);
          }
        }
      }
      StringBuilder expected = new StringBuilder();
      for (int i = 0; i < text.length(); i++) {
        if (!hidden[i]) {
          expected.append(text.charAt(i));
        } else if (i == 0 || !hidden[i - 1]) {
          expected.append("***");
        }
      }
      assertThat(masker.mask(text))
          .as("seed %d, secrets %s", seed, secrets)
          .isEqualTo(expected.toString());
    }
  }

  private static String word(SplittableRandom random, int length) {
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < length; i++) {
      word.append((char) ('a' + random.nextInt(3)));
    }
    return word.toString();
  }

  @Test
  void mask_linesOfASecret_withoutTheBlanksAroundThem() {
    assertThat(of("{\n  \"key\": \"value\"\n}").mask("\"key\": \"value\" {")).isEqualTo("*** ***");
  }
}
