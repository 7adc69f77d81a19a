package dev.slipway.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TriggerMatchTest {
  private static TriggerMatch match(String on, EventContext event) {
    return TriggerMatch.of(
        Plans.workflow("ci.yml", "on: " + on + "\njobs:\n" + Plans.job("a", "")).on(), event);
  }

  @ParameterizedTest(name = "{0}, {1}")
  @DisplayName("A push triggers by branch and tag")
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          push                                       => refs/heads/main     => true
          push                                       => refs/tags/v1        => true
          pull_request                               => refs/heads/main     => false
          [pull_request, push]                       => refs/heads/main     => true
          {push: {branches: [main]}}                 => refs/heads/main     => true
          {push: {branches: [main]}}                 => refs/heads/mainly   => false
          {push: {branches: [main]}}                 => refs/tags/main      => false
          {push: {branches: ['release/*']}}          => refs/heads/release/1 => true
          {push: {branches: ['release/*']}}          => refs/heads/release/1/a => false
          {push: {branches: ['release/**']}}         => refs/heads/release/1/a => true
          {push: {branches: ['**', '!wip/**']}}      => refs/heads/wip/x    => false
          {push: {branches: ['**', '!wip/**', 'wip/ok']}} => refs/heads/wip/ok => true
          {push: {branches-ignore: [main]}}          => refs/heads/main     => false
          {push: {branches-ignore: [main]}}          => refs/heads/other    => true
          {push: {branches-ignore: [main]}}          => refs/tags/v1        => false
          {push: {tags: ['v*']}}                     => refs/tags/v1        => true
          {push: {tags: ['v*']}}                     => refs/tags/x         => false
          {push: {tags: ['v*']}}                     => refs/heads/v1       => false
          {push: {tags-ignore: ['v*']}}              => refs/tags/x         => true
          {push: {tags-ignore: ['v*']}}              => refs/heads/v1       => false
          {push: {branches: [main], tags: ['v*']}}   => refs/heads/main     => true
          {push: {branches: [main], tags: ['v*']}}   => refs/tags/v1        => true
          {push: {paths: ['none']}}                  => refs/tags/v1        => true
          {workflow_call: }                          => refs/heads/main     => false
          workflow_dispatch                          => refs/heads/main     => false
          """)
  void push(String on, String ref, boolean triggered) {
    assertThat(match(on, Plans.push(ref)).triggered()).isEqualTo(triggered);
  }

  @ParameterizedTest(name = "{0}, {1}")
  @DisplayName("A push triggers by the files it changes")
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          {push: {paths: ['src/**']}}                => src/a.c,docs/x      => true
          {push: {paths: ['src/**']}}                => docs/x              => false
          {push: {paths: ['**', '!docs/**']}}        => docs/x              => false
          {push: {paths: ['**', '!docs/**']}}        => docs/x,a            => true
          {push: {paths-ignore: ['docs/**']}}        => docs/x              => false
          {push: {paths-ignore: ['docs/**']}}        => docs/x,a            => true
          {push: {paths-ignore: ['docs/**', '*.md']}} => docs/x,README.md   => false
          {push: {branches: [main], paths: [a]}}     => a                   => true
          {push: {branches: [other], paths: [a]}}    => a                   => false
          {push: {branches: [main], paths: [a]}}     => b                   => false
          """)
  void paths(String on, String files, boolean triggered) {
    EventContext event = Plans.event("push", "refs/heads/main", "{}", files.split(","));
    assertThat(match(on, event).triggered()).isEqualTo(triggered);
  }

  @Test
  @DisplayName("Only the first 300 changed files count, and unknown ones let everything pass")
  void manyFiles() {
    String[] files = new String[301];
    java.util.Arrays.fill(files, "docs/x");
    files[300] = "src/a";
    String on = "{push: {paths: ['src/**']}}";
    assertThat(match(on, Plans.event("push", "refs/heads/main", "{}", files)).triggered())
        .isFalse();
    files[299] = "src/a";
    assertThat(match(on, Plans.event("push", "refs/heads/main", "{}", files)).triggered()).isTrue();
    EventContext known = Plans.push("refs/heads/main");
    EventContext unknown =
        new EventContext(
            known.name(),
            known.ref(),
            known.sha(),
            "",
            "",
            "",
            "",
            known.payload(),
            "",
            "",
            Optional::empty);
    assertThat(match(on, unknown).triggered()).isTrue();
  }

  @ParameterizedTest(name = "{0} {1}")
  @DisplayName("Pull requests trigger by base branch and activity")
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          pull_request                            => {}                          => true
          pull_request                            => {"action": "opened"}        => true
          pull_request                            => {"action": "synchronize"}   => true
          pull_request                            => {"action": "labeled"}       => false
          {pull_request: {types: [labeled]}}      => {"action": "labeled"}       => true
          {pull_request: {types: [labeled]}}      => {"action": "opened"}        => false
          {pull_request: {branches: [main]}}      => {}                          => true
          {pull_request: {branches: [topic]}}     => {}                          => false
          {pull_request: {branches-ignore: [main]}} => {}                        => false
          {pull_request: {paths: [a]}}            => {}                          => true
          {pull_request: {paths: [b]}}            => {}                          => false
          """)
  void pullRequests(String on, String payload, boolean triggered) {
    EventContext event = Plans.event("pull_request", "refs/pull/1/merge", payload, "a");
    assertThat(match(on, event).triggered()).isEqualTo(triggered);
  }

  @ParameterizedTest
  @CsvSource({
    "fix [skip ci], false",
    "[CI SKIP] x, false",
    "x [no ci], false",
    "[skip actions], false",
    "[actions skip], false",
    "skip ci, true",
    "x\\n\\nskip-checks: true, false",
    "x\\n\\n\\nSkip-Checks:true\\n, false",
    "x\\r\\n\\r\\nskip-checks: true, false",
    "x\\n\\nSigned-off-by: A <a@b>\\nskip-checks: true, false",
    "x\\n\\nskip-checks: true was taken out, true",
    "x\\n\\nskip-checks: true\\nSigned-off-by: A <a@b>, true",
    "skip-checks: true, true",
    "x\\n\\nskip-checks: false, true",
  })
  @DisplayName("A commit message can skip a push")
  void skips(String message, boolean triggered) {
    EventContext event =
        Plans.event(
            "push", "refs/heads/main", "{\"head_commit\": {\"message\": \"" + message + "\"}}");
    assertThat(match("push", event).triggered()).isEqualTo(triggered);
  }

  @Test
  @DisplayName("The last commit of a pull request can skip it, but nothing else")
  void skippedPullRequest() {
    for (String name : List.of("pull_request", "pull_request_target", "push", "issues")) {
      EventContext plain = Plans.event(name, "refs/heads/main", "{}");
      EventContext event =
          new EventContext(
              name,
              plain.ref(),
              plain.sha(),
              "",
              "topic",
              "main",
              "work [skip ci]",
              plain.payload(),
              "",
              "",
              Optional::empty);
      assertThat(match("[" + name + "]", event).triggered())
          .as(name)
          .isEqualTo(!name.equals("pull_request") && !name.equals("push"));
    }
  }

  @Test
  @DisplayName("A branch that is deleted triggers nothing")
  void deleted() {
    assertThat(
            match("push", Plans.event("push", "refs/heads/x", "{\"deleted\": true}")).triggered())
        .isFalse();
    String gone = "{\"after\": \"" + "0".repeat(40) + "\"}";
    assertThat(match("push", Plans.event("push", "refs/heads/x", gone)).triggered()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "{}, true",
    "{\"schedule\": \"0 5 * * *\"}, true",
    "{\"schedule\": \"0 6 * * *\"}, false"
  })
  @DisplayName("A cron line that is due starts the workflows that have it")
  void schedules(String payload, boolean triggered) {
    String on = "{schedule: [{cron: '0 4 * * *'}, {cron: '0 5 * * *'}]}";
    EventContext event = Plans.event("schedule", "refs/heads/main", payload);
    assertThat(match(on, event).triggered()).isEqualTo(triggered);
  }

  @Test
  @DisplayName("The reason names what decided")
  void reasons() {
    EventContext event = Plans.event("push", "refs/heads/topic", "{}", "docs/x");
    assertThat(match("{push: {branches: [main]}}", event).reason())
        .isEqualTo("branch 'topic' does not pass branches [main]");
    assertThat(match("{push: {paths: ['src/**']}}", event).reason())
        .isEqualTo("the 1 changed file does not pass paths [src/**]");
    assertThat(
            match(
                    "{push: {paths: ['src/**']}}",
                    Plans.event("push", "refs/heads/topic", "{}", "a", "b"))
                .reason())
        .isEqualTo("none of the 2 changed files passes paths [src/**]");
    assertThat(
            match("{push: {paths: ['src/**']}}", Plans.event("push", "refs/heads/topic", "{}"))
                .reason())
        .isEqualTo("no file is changed that could pass paths [src/**]");
    assertThat(match("{push: {paths: ['docs/**']}}", event).reason())
        .isEqualTo("push to 'topic' changed 'docs/x'");
    assertThat(match("[pull_request, workflow_dispatch]", event).reason())
        .isEqualTo("runs on pull_request, workflow_dispatch, not on push");
    assertThat(List.of(match("push", event).reason())).containsExactly("push to 'topic'");
  }
}
