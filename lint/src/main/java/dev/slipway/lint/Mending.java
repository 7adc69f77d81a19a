package dev.slipway.lint;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Mends a file by the fixes of its findings. All that do not touch one another are applied in one
 * go, and the file is looked through once: the findings must be gone, nothing worse may have come,
 * every comment must be there still, and no value that the fixes did not touch may have changed.
 * Else halves are tried, down to the fixes that are to blame, which are left out. Rounds follow
 * until nothing is left to mend.
 *
 * @param text the file after the fixes
 * @param applied the findings that are mended, in the order of mending
 * @param refused the findings whose fix was left out
 */
public record Mending(String text, List<Finding> applied, List<Finding> refused) {
  private static final int MOST_ROUNDS = 500;
  private static final int MOST_LOOKS = 400;

  public Mending {
    applied = List.copyOf(applied);
    refused = List.copyOf(refused);
  }

  /** Mends what can be: by safe fixes only, or by all. */
  public static Mending of(Lint lint, String path, String text, Fix.Safety safety) {
    String mark = text.startsWith("\uFEFF") ? "\uFEFF" : "";
    Rounds rounds = new Rounds(lint, path, text.substring(mark.length()), safety);
    int round = 0;
    while (round < MOST_ROUNDS && rounds.next()) {
      round++;
    }
    return new Mending(mark + rounds.text, rounds.applied, List.copyOf(rounds.refused.values()));
  }

  /** A finding whose fix may be applied, and the fix. */
  private record Candidate(Finding finding, Fix fix, int start, int end) {}

  private static final class Rounds {
    private final Lint lint;
    private final String path;
    private final Fix.Safety safety;
    private final List<Finding> applied = new ArrayList<>();
    private final Map<String, Finding> refused = new HashMap<>();
    private String text;
    private List<Finding> findings;
    private int looks;

    Rounds(Lint lint, String path, String text, Fix.Safety safety) {
      this.lint = lint;
      this.path = path;
      this.text = text;
      this.safety = safety;
      this.findings = lint.file(path, text);
    }

    /** Whether anything was mended, or kept from being tried again. */
    boolean next() {
      List<Candidate> batch = batch();
      if (batch.isEmpty()) {
        return false;
      }
      List<Candidate> good = new ArrayList<>();
      add(batch, good);
      if (!good.isEmpty()) {
        Look look = look(good);
        text = look.text;
        findings = look.findings;
        for (Candidate one : good) {
          applied.add(one.finding());
        }
        // What failed beside something else may now succeed, and has moved.
        refused.clear();
      }
      return looks < MOST_LOOKS;
    }

    /** The fixes that can be tried together: none touches another. */
    private List<Candidate> batch() {
      List<Candidate> all = new ArrayList<>();
      for (Finding finding : findings) {
        Fix fix = finding.fix();
        if (fix != null
            && !fix.edits().isEmpty()
            && finding.ignored() == null
            && (safety == Fix.Safety.UNSAFE || fix.safety() == Fix.Safety.SAFE)
            && !refused.containsKey(key(finding))) {
          int start = Integer.MAX_VALUE;
          int end = 0;
          for (Edit edit : fix.edits()) {
            start = Math.min(start, edit.start());
            end = Math.max(end, edit.end());
          }
          all.add(new Candidate(finding, fix, start, end));
        }
      }
      all.sort(Comparator.comparingInt(Candidate::end));
      List<Candidate> batch = new ArrayList<>();
      int before = -1;
      for (Candidate one : all) {
        if (one.start() > before) {
          batch.add(one);
          before = one.end();
        }
      }
      return batch;
    }

    private void add(List<Candidate> part, List<Candidate> good) {
      List<Candidate> together = new ArrayList<>(good);
      together.addAll(part);
      if (look(together).holds) {
        good.addAll(part);
      } else if (part.size() == 1) {
        Finding finding = part.getFirst().finding();
        refused.put(key(finding), finding);
      } else if (looks < MOST_LOOKS) {
        int middle = part.size() / 2;
        add(part.subList(0, middle), good);
        add(part.subList(middle, part.size()), good);
      }
    }

    private @Nullable Look last;

    private Look look(List<Candidate> fixes) {
      List<Edit> edits = new ArrayList<>();
      for (Candidate one : fixes) {
        edits.addAll(one.fix().edits());
      }
      String after = Edits.apply(text, edits);
      Look known = last;
      if (known != null && known.text.equals(after)) {
        return known;
      }
      looks++;
      List<Finding> left = lint.file(path, after);
      boolean holds = mended(fixes, left) && Sameness.onlyMeant(text, after, edits);
      Look look = new Look(after, left, holds);
      last = look;
      return look;
    }

    private boolean mended(List<Candidate> fixes, List<Finding> after) {
      Map<String, Integer> counts = new HashMap<>();
      for (Finding finding : after) {
        counts.merge(finding.rule().id(), 1, Integer::sum);
      }
      Map<String, Integer> before = new HashMap<>();
      for (Finding finding : findings) {
        before.merge(finding.rule().id(), 1, Integer::sum);
      }
      Map<String, Integer> fixed = new HashMap<>();
      for (Candidate one : fixes) {
        fixed.merge(one.finding().rule().id(), 1, Integer::sum);
      }
      boolean capped = false;
      for (Map.Entry<String, Integer> rule : fixed.entrySet()) {
        int was = before.getOrDefault(rule.getKey(), 0);
        int is = counts.getOrDefault(rule.getKey(), 0);
        // Where a file has more than anybody will read, those behind move up.
        boolean many = was >= Found.MOST;
        capped |= many;
        boolean fewer = many ? is <= was : is <= was - rule.getValue();
        if (!fewer) {
          return false;
        }
      }
      return errors(after) <= errors(findings) && !(capped && still(fixes, after));
    }

    /** Whether the first of what was mended is there still. */
    private boolean still(List<Candidate> fixes, List<Finding> after) {
      Finding first = fixes.getFirst().finding();
      for (Finding finding : after) {
        if (key(finding).equals(key(first))) {
          return true;
        }
      }
      return false;
    }
  }

  /** The file after some fixes. */
  private static final class Look {
    private final String text;
    private final List<Finding> findings;
    private final boolean holds;

    Look(String text, List<Finding> findings, boolean holds) {
      this.text = text;
      this.findings = findings;
      this.holds = holds;
    }
  }

  private static String key(Finding finding) {
    return finding.rule().id() + " " + finding.range().from() + " " + finding.message();
  }

  private static int errors(List<Finding> findings) {
    int count = 0;
    for (Finding finding : findings) {
      count += finding.severity() == Severity.ERROR ? 1 : 0;
    }
    return count;
  }
}
