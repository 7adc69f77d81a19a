package dev.slipway.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.lint.Edits;
import dev.slipway.lint.Finding;
import dev.slipway.lint.Fix;
import dev.slipway.lint.Lint;
import dev.slipway.lint.Profile;
import dev.slipway.lint.Selection;
import dev.slipway.plan.JobSelection;
import dev.slipway.plan.PlanException;
import dev.slipway.plan.WorkflowResolver;
import dev.slipway.plan.WorkflowSource;
import dev.slipway.plan.WorkflowTree;
import dev.slipway.prove.Prover;
import dev.slipway.workflow.Position;
import dev.slipway.workflow.Triggers;
import dev.slipway.workflow.Workflow;
import dev.slipway.workflow.WorkflowReader;
import java.util.List;
import java.util.Set;

/** What every file gets, whatever is in it: findings that fit it, and a proof if it is valid. */
final class Answers {
  private static final WorkflowSource NO_CALLS =
      (uses, origin) -> {
        throw new PlanException("no " + uses);
      };

  private Answers() {}

  /** An analyser that looks for everything. */
  static Lint lint() {
    return Lint.of(new Selection(Profile.AUDIT, Set.of(), Set.of()));
  }

  /** Looks through a file and checks that the findings fit it. */
  static List<Finding> findings(String path, String text) {
    List<Finding> findings = lint().file(path, text);
    String content = text.startsWith("\uFEFF") ? text.substring(1) : text;
    int[] widths = widths(content);
    Position before = Position.START;
    for (Finding finding : findings) {
      Position from = finding.range().from();
      Position to = finding.range().to();
      String place = finding.rule().id() + " at " + finding.range();
      assertThat(order(before, from)).as("%s, sorted", place).isNotPositive();
      assertThat(order(from, to)).as("%s, begins before it ends", place).isNotPositive();
      inside(place, from, widths);
      inside(place, to, widths);
      assertThat(finding.message()).as(place).isNotBlank();
      before = from;
      fits(finding, content);
    }
    return findings;
  }

  private static void fits(Finding finding, String content) {
    Fix fix = finding.fix();
    if (fix != null) {
      assertThat(Edits.apply(content, fix.edits())).as(fix.title()).isNotNull();
    }
  }

  private static int order(Position one, Position other) {
    return one.line() == other.line() ? one.column() - other.column() : one.line() - other.line();
  }

  private static void inside(String what, Position place, int[] widths) {
    assertThat(place.line()).as(what).isBetween(1, widths.length);
    assertThat(place.column()).as(what).isBetween(1, widths[place.line() - 1] + 1);
  }

  /** How many characters each line has, its end included. */
  private static int[] widths(String text) {
    return text.splitWithDelimiters("\r\n|[\n\r]", -1).length == 0
        ? new int[] {0}
        : count(text.splitWithDelimiters("\r\n|[\n\r]", -1));
  }

  private static int[] count(String[] parts) {
    int[] widths = new int[(parts.length + 1) / 2];
    for (int i = 0; i < parts.length; i++) {
      widths[i / 2] += parts[i].codePointCount(0, parts[i].length());
    }
    return widths;
  }

  /** Reads a text as a workflow and, when it is one, goes through its failures. */
  static void proof(String text) {
    Workflow workflow = WorkflowReader.read("ci.yml", text).value();
    if (workflow == null) {
      return;
    }
    WorkflowTree tree = WorkflowResolver.resolve(workflow, NO_CALLS, JobSelection.ALL).value();
    List<Triggers.Trigger> triggers = workflow.on().triggers();
    if (tree != null && !triggers.isEmpty()) {
      String event = triggers.getFirst().event();
      assertThat(Prover.prove(new Prover.Question(tree, event, null, false, reference -> null)))
          .isNotNull();
    }
  }
}
