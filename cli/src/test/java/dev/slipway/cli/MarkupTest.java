package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Summaries in Markdown and colours of terminals as HTML. */
final class MarkupTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "# A *b*|<h1>A <em>b</em></h1>",
        "###### a ##|<h6>a</h6>",
        "#a|<p>#a</p>",
        "a **b** _c_ ~~d~~ ***e***|<p>a <strong>b</strong> <em>c</em> <del>d</del>"
            + " <strong><em>e</em></strong></p>",
        "snake_case_name 2*3*4|<p>snake_case_name 2<em>3</em>4</p>",
        "a * b * c|<p>a * b * c</p>",
        "- a~- b|<ul>~<li>a</li>~<li>b</li>~</ul>",
        "1. a~2. b|<ol>~<li>a</li>~<li>b</li>~</ol>",
        "- a~  - b|<ul>~<li><p>a</p>~<ul>~<li>b</li>~</ul>~</li>~</ul>",
        "- [x] a~- [ ] b|<ul>~<li>☑ a</li>~<li>☐ b</li>~</ul>",
        "> a|<blockquote>~<p>a</p>~</blockquote>",
        "---|<hr>",
        "[a](https://x.y/?a=1&b=2)|<p><a rel=\"noreferrer\""
            + " href=\"https://x.y/?a=1&amp;b=2\">a</a></p>",
        "![a](https://x.y/z.png)|<p><a rel=\"noreferrer\" href=\"https://x.y/z.png\">a</a></p>",
        "[a](javascript:x)|<p>a</p>",
        "[a](JAVASCRIPT:x)|<p>a</p>",
        "[a](//x.y)|<p>a</p>",
        "see https://x.y/z.|<p>see <a rel=\"noreferrer\""
            + " href=\"https://x.y/z\">https://x.y/z</a>.</p>",
        "<b>a</b> & c|<p>&lt;b&gt;a&lt;/b&gt; &amp; c</p>",
        "\\*a\\*|<p>*a*</p>",
        "a~b~~c|<p>a~b</p>~<p>c</p>",
      })
  void markdown(String text, String html) {
    boolean keep = text.contains("~~d~~");
    String given = keep ? text : text.replace("~", "\n");
    assertThat(Markdown.html(given).strip()).isEqualTo(keep ? html : html.replace("~", "\n"));
  }

  @Test
  void markdown_code() {
    assertThat(Markdown.html("a `<b> *c*` d\n\n```java\nif (a < b) {\n\n}\n```\nafter"))
        .isEqualTo(
            """
            <p>a <code>&lt;b&gt; *c*</code> d</p>
            <pre><code>if (a &lt; b) {

            }
            </code></pre>
            <p>after</p>
            """);
  }

  @Test
  void markdown_table() {
    assertThat(Markdown.html("| a | b |\n|:--|--:|\n| `x|y` | 1\\|2 |\n| only |\n"))
        .isEqualTo(
            """
            <div class="wide"><table><thead><tr><th>a</th><th class="right">b</th></tr>
            </thead><tbody>
            <tr><td><code>x|y</code></td><td class="right">1|2</td></tr>
            <tr><td>only</td><td class="right"></td></tr>
            </tbody></table></div>
            """);
  }

  @Test
  void markdown_ofAnything_isBalancedAndSafe() {
    String alphabet = "ab \n\n#*_~`-+>|[]()!:<>&\"'\\1.x/ htps";
    for (long seed = 0; seed < 3_000; seed++) {
      RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
      StringBuilder text = new StringBuilder();
      int length = random.nextInt(200);
      for (int i = 0; i < length; i++) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      String html = Markdown.html(text.toString());
      assertThat(
              html.replaceAll(
                  "</?(h[1-6]|p|ul|ol|li|blockquote|pre|code|em|strong|del|table|thead|tbody|tr)>|<(br|hr)>|<(td|th)("
                      + " class=\"(right|center)\")?>|</(td|th|a|div)>|<div class=\"wide\">|<a"
                      + " rel=\"noreferrer\" href=\"(https?://|mailto:|#)[^\"<>]*\">",
                  ""))
          .as("seed %d", seed)
          .doesNotContain("<", ">");
      for (String tag :
          new String[] {
            "p", "ul", "ol", "li", "blockquote", "pre", "code", "em", "strong", "del", "a", "td"
          }) {
        int opened = html.split("<" + tag + "[ >]", -1).length;
        assertThat(html.split("</" + tag + ">", -1)).as("%s of seed %d", tag, seed).hasSize(opened);
      }
    }
  }

  @Test
  void markdown_thatIsDeeplyNested_ends() {
    assertThat(Markdown.html(">".repeat(20_000) + "a")).contains("a");
    assertThat(Markdown.html("*".repeat(20_000) + "a")).contains("a");
    assertThat(Markdown.html("[".repeat(5_000) + "a" + "](#)".repeat(5_000))).contains("a");
    StringBuilder list = new StringBuilder();
    for (int i = 0; i < 500; i++) {
      list.append(" ".repeat(i * 2)).append("- a\n");
    }
    assertThat(Markdown.html(list.toString())).contains("a");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "^[31mred^[0m plain|<span class=\"f-red\">red</span> plain",
        "^[1;32mgood|<span class=\"bold f-green\">good</span>",
        "^[91mhi|<span class=\"f-red hi\">hi</span>",
        "^[31m^[44ma^[49mb|<span class=\"f-red\"></span><span class=\"f-red b-blue\">a</span><span"
            + " class=\"f-red\">b</span>",
        "^[38;5;196mx|<span style=\"color:rgb(255,0,0);\">x</span>",
        "^[48;2;1;2;3mx|<span style=\"background:rgb(1,2,3);\">x</span>",
        "^[2Ja^[3;4Hb|ab",
        "^]8;;https://x.y^\\link|link",
        "a^[|a",
        "a^[31|a",
        "^[99999999999mx|x",
      })
  void colours(String line, String html) {
    String expected = html.replace("bold f-green", "f-green bold");
    assertThat(Html.log(line.replace('^', '\u001b'))).isEqualTo(expected);
  }
}
