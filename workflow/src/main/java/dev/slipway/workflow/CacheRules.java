package dev.slipway.workflow;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What {@code slipway.yml} says of sparing steps, under {@code cache}.
 *
 * @param s3 the bucket by which machines share results, {@code s3://BUCKET/PREFIX}; empty for none
 * @param endpoint the service's address when it is not Amazon's; may be empty
 * @param region may be empty
 * @param trust public keys whose owners are believed besides those who know the secret
 * @param verify of a hundred steps that could be spared, how many run all the same and are compared
 * @param steps what is said of single steps; the first that fits counts
 */
public record CacheRules(
    String s3,
    String endpoint,
    String region,
    List<String> trust,
    int verify,
    List<StepRule> steps) {
  /** Nothing said. */
  public static final CacheRules NONE = new CacheRules("", "", "", List.of(), 0, List.of());

  public CacheRules {
    trust = List.copyOf(trust);
    steps = List.copyOf(steps);
  }

  /**
   * What is said of one step.
   *
   * @param step a part of the step's name, which is {@code OWNER/REPO FILE JOB STEP}
   * @param never whether it always runs
   * @param network whether it may be spared although it used the network
   * @param inputs patterns of all files that it reads, instead of watching it; empty to watch it
   * @param outputs patterns of all files that it makes; only with inputs
   */
  public record StepRule(
      String step, boolean never, boolean network, List<String> inputs, List<String> outputs) {
    public StepRule {
      inputs = List.copyOf(inputs);
      outputs = List.copyOf(outputs);
    }

    /** Whether results depend on what is declared rather than on what is seen. */
    public boolean declares() {
      return !inputs.isEmpty();
    }
  }

  /** What is said of the step of this name; null for nothing. */
  public @Nullable StepRule of(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    for (StepRule rule : steps) {
      if (lower.contains(rule.step().toLowerCase(Locale.ROOT))) {
        return rule;
      }
    }
    return null;
  }
}
