package dev.slipway.lint;

import java.util.List;

/**
 * What a workflow costs in a month.
 *
 * @param file path of the workflow
 * @param name as people know it
 * @param triggers how often each event starts it
 * @param jobs its jobs, those of a matrix as one
 * @param savings what mending its findings would save
 * @param assumptions what was supposed because it is not in the file
 */
public record CostEstimate(
    String file,
    String name,
    List<TriggerRuns> triggers,
    List<JobCost> jobs,
    List<Saving> savings,
    List<String> assumptions) {
  public CostEstimate {
    triggers = List.copyOf(triggers);
    jobs = List.copyOf(jobs);
    savings = List.copyOf(savings);
    assumptions = List.copyOf(assumptions);
  }

  /** How often an event starts a workflow in a month, and whether that is computed or supposed. */
  public record TriggerRuns(String event, double runs, boolean supposed) {}

  /**
   * A job.
   *
   * @param legs how many machines a run takes
   * @param minutes that one run of it is charged, all machines together
   * @param cost of one run in US dollars; negative where no price is known
   * @param measured whether the minutes come from runs that were recorded
   */
  public record JobCost(
      String id, String machine, int legs, long minutes, double cost, boolean measured) {
    /** Whether the price of its machines is known. */
    public boolean priced() {
      return cost >= 0;
    }
  }

  /**
   * What mending a finding would save in a month.
   *
   * @param formula how that was computed
   */
  public record Saving(
      String rule, int line, String job, double minutes, double cost, String formula) {}

  /** How often it runs in a month. */
  public double runs() {
    double runs = 0;
    for (TriggerRuns trigger : triggers) {
      runs += trigger.runs();
    }
    return runs;
  }

  /** Minutes charged in a month. */
  public double minutes() {
    double minutes = 0;
    for (JobCost job : jobs) {
      minutes += job.minutes() * runs();
    }
    return minutes;
  }

  /** US dollars in a month, as far as prices are known. */
  public double cost() {
    double cost = 0;
    for (JobCost job : jobs) {
      cost += job.priced() ? job.cost() * runs() : 0;
    }
    return cost;
  }
}
