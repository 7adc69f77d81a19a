package dev.slipway.lint;

import java.util.List;

/** Rules about the comments that ask to ignore others. */
final class HousekeepingRules {
  static final Rule UNUSED_IGNORE =
      Rule.of(
              "unused-ignore",
              Topic.HOUSEKEEPING,
              Severity.WARNING,
              Profile.DEFAULT,
              "An ignore comment that ignores nothing")
          .why(
              """
              A comment that no longer silences anything hides the day on which the problem comes back, and tells readers
              about a danger that is not there.
              """)
          .example(
              """
              on: push
              jobs:
                test:
                  runs-on: ubuntu-latest
                  steps:
                    - run: make test # slipway: ignore[masked-failure] flaky
              """,
              """
              on: push
              jobs:
                test:
                  runs-on: ubuntu-latest
                  steps:
                    - run: make test
              """);

  static final Rule IGNORE_WITHOUT_REASON =
      Rule.of(
              "ignore-without-reason",
              Topic.HOUSEKEEPING,
              Severity.STYLE,
              Profile.STRICT,
              "An ignore comment that gives no reason")
          .why(
              """
              Whoever meets the comment in a year must decide whether it still holds, and cannot without the reason.
              """)
          .example(
              """
              on: push
              jobs:
                test:
                  runs-on: ubuntu-latest
                  steps:
                    - run: make test || true # slipway: ignore[masked-failure]
              """,
              """
              on: push
              jobs:
                test:
                  runs-on: ubuntu-latest
                  steps:
                    - run: make test || true # slipway: ignore[masked-failure] the target is informative only
              """);

  private HousekeepingRules() {}

  static List<Rule> all() {
    return List.of(UNUSED_IGNORE, IGNORE_WITHOUT_REASON);
  }
}
