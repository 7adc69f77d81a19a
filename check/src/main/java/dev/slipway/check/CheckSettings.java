package dev.slipway.check;

import dev.slipway.workflow.Problem;
import dev.slipway.workflow.Reading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code slipway.yml} says about gates: its sections {@code gates}, {@code flaky} and {@code
 * slo}.
 *
 * @param gates by the gate's id
 * @param retries how often a gate is tried again that names its failed tests
 * @param retryDelay how long to wait before that
 * @param flaky what a test means that fails and then passes
 * @param warm how long a check may take of which every gate is remembered; null: as long as it
 *     likes
 */
public record CheckSettings(
    Map<String, Change> gates,
    int retries,
    Duration retryDelay,
    Flaky flaky,
    @Nullable Duration warm) {
  /** The id of the gate that {@code slo.warm} makes. */
  public static final String SLO = "slo-warm";

  /** A project without a file. */
  public static final CheckSettings NONE =
      new CheckSettings(
          Map.of(), Gate.DEFAULT_RETRIES, Duration.ofSeconds(5), Flaky.BLOCKING, null);

  /** What a flaky test means. */
  public enum Flaky {
    /** It fails its gate, as any failed test. */
    BLOCKING,
    /** It is named, and its gate passes. */
    NAMED
  }

  /** Whether a gate is wanted at all. */
  public enum Wanted {
    ON,
    OFF
  }

  /**
   * What the file says about one gate; null is what it does not say.
   *
   * @param run what it runs; for a gate of the project's own
   */
  public record Change(
      Wanted wanted,
      @Nullable Kind kind,
      @Nullable Tier tier,
      @Nullable String run,
      @Nullable String directory,
      @Nullable List<String> inputs,
      List<String> needs,
      @Nullable Integer retries,
      @Nullable Report report,
      boolean network) {}

  /** Reads the file; other sections are left alone. */
  public static Reading<CheckSettings> read(String file, String text) {
    SettingsReader reader = new SettingsReader(file);
    CheckSettings settings = reader.read(text);
    List<Problem> problems = reader.problems();
    return new Reading<>(problems.isEmpty() ? settings : null, problems);
  }

  /** The gates of a project as the file wants them. */
  public List<Gate> applied(List<Gate> detected) {
    List<Gate> all = new ArrayList<>();
    Map<String, Change> own = new LinkedHashMap<>(gates);
    for (Gate gate : detected) {
      Change change = own.remove(gate.id());
      Gate retried =
          gate.retries() > 0 && gate.retries() != retries ? gate.withRetries(retries) : gate;
      if (change == null) {
        all.add(retried);
      } else if (change.wanted() == Wanted.ON) {
        all.add(changed(retried, change));
      }
    }
    for (Map.Entry<String, Change> one : own.entrySet()) {
      if (one.getValue().run() != null && one.getValue().wanted() == Wanted.ON) {
        all.add(own(one.getKey(), one.getValue()));
      }
    }
    return all;
  }

  /** Ids in the file that are no gate of the project and define none. */
  public List<String> unknown(List<Gate> detected) {
    List<String> unknown = new ArrayList<>();
    for (Map.Entry<String, Change> one : gates.entrySet()) {
      boolean known = one.getValue().run() != null || one.getValue().wanted() == Wanted.OFF;
      for (Gate gate : detected) {
        known |= gate.id().equals(one.getKey());
      }
      if (!known) {
        unknown.add(one.getKey());
      }
    }
    return unknown;
  }

  private Gate changed(Gate gate, Change change) {
    String run = change.run();
    List<String> why = new ArrayList<>(gate.why());
    why.add("changed by gates." + gate.id() + " in slipway.yml");
    Kind kind = change.kind();
    Tier tier = change.tier();
    String directory = change.directory();
    List<String> inputs = change.inputs();
    Report report = change.report();
    Integer times = change.retries();
    String where = directory == null ? gate.directory() : directory;
    return new Gate(
        gate.id(),
        kind == null ? gate.kind() : kind,
        tier == null ? gate.tier() : tier,
        Origin.CONFIGURED,
        gate.tool(),
        run == null ? gate.script() : run,
        where,
        why,
        gate.install(),
        run == null ? gate.missing() : null,
        gate.program(),
        run == null ? gate.versionCommand() : "",
        inputs == null ? gate.inputs() : Inputs.matching("", inputs),
        gate.outside(),
        report == null ? gate.report() : report,
        gate.network() || change.network(),
        gate.after(),
        change.needs().isEmpty() ? gate.needs() : change.needs(),
        times == null ? gate.retries() : times);
  }

  private Gate own(String id, Change change) {
    Kind kind = change.kind();
    Tier tier = change.tier();
    String run = change.run();
    String directory = change.directory();
    List<String> inputs = change.inputs();
    Report report = change.report();
    Integer times = change.retries();
    Report read = report == null ? Report.LINES : report;
    return new Gate(
        id,
        kind == null ? Kind.REQUIRED : kind,
        tier == null ? Tier.PRO : tier,
        Origin.CONFIGURED,
        id,
        run == null ? "" : run,
        directory == null ? "" : directory,
        List.of("gates." + id + " in slipway.yml"),
        "",
        null,
        null,
        "",
        inputs == null
            ? Inputs.all(directory == null ? "" : directory)
            : Inputs.matching("", inputs),
        List.of(),
        read,
        change.network(),
        List.of(),
        change.needs(),
        times == null ? (read.namesTests() ? retries : 0) : times);
  }
}
