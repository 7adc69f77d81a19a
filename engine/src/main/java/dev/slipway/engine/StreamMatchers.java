package dev.slipway.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A job's problem matchers as one stream of one step sees them: how far each has matched, newer
 * ones first (actions/runner, OutputManager). Belongs to the thread that runs the step.
 */
final class StreamMatchers {
  private final JobOutput job;
  private List<ProblemMatcher.Search> searches = new ArrayList<>();
  private JobOutput.Matchers known;

  StreamMatchers(JobOutput job) {
    this.job = job;
    known = job.matchers();
    for (ProblemMatcher matcher : known.all()) {
      searches.add(matcher.begin());
    }
  }

  /**
   * Looks at a line.
   *
   * @param take whether what was found is a problem; others look at the line until it is
   * @param tooSlow receives the owner of a matcher that is not to look at this stream any more
   */
  void look(String line, Predicate<ProblemMatcher.Problem> take, Consumer<String> tooSlow) {
    follow();
    for (int i = 0; i < searches.size(); i++) {
      ProblemMatcher.Search search = searches.get(i);
      ProblemMatcher.Problem found;
      try {
        found = search.match(line);
      } catch (ProblemMatcher.TooSlowException e) {
        searches.remove(i--);
        tooSlow.accept(search.matcher().owner());
        continue;
      }
      if (found != null) {
        resetAllBut(search);
        if (take.test(found)) {
          return;
        }
      }
    }
  }

  private void resetAllBut(ProblemMatcher.Search one) {
    for (ProblemMatcher.Search search : searches) {
      if (!search.equals(one)) {
        search.reset();
      }
    }
  }

  /** Takes over what was added to the job's matchers and removed from them. */
  private void follow() {
    JobOutput.Matchers now = job.matchers();
    if (now.version() == known.version()) {
      return;
    }
    List<ProblemMatcher.Search> following = new ArrayList<>();
    for (ProblemMatcher.Search search : searches) {
      if (now.all().contains(search.matcher())) {
        following.add(search);
      }
    }
    for (ProblemMatcher matcher : now.all()) {
      if (!known.all().contains(matcher)) {
        following.addFirst(matcher.begin());
      }
    }
    searches = following;
    known = now;
  }
}
