package dev.slipway.check;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A gate while a language's class says what it is. */
final class Draft {
  private final Detection detection;
  private final String folder;
  private final String name;
  private Kind kind = Kind.REQUIRED;
  private Tier tier = Tier.LITE;
  private Origin origin = Origin.CONFIGURED;
  private String tool;
  private String script = "";
  private final List<String> why = new ArrayList<>();
  private String install = "";
  private @Nullable String missing;
  private @Nullable String program;
  private String version = "";
  private Inputs inputs;
  private final List<String> outside = new ArrayList<>();
  private Report report = Report.LINES;
  private boolean network;
  private final List<String> after = new ArrayList<>();

  Draft(Detection detection, String folder, String name) {
    this.detection = detection;
    this.folder = folder;
    this.name = name;
    this.tool = name;
    this.inputs = Inputs.all(folder);
  }

  /** The id of a gate with this name in this folder. */
  static String id(String folder, String name) {
    return folder.isEmpty() ? name : folder + ":" + name;
  }

  Draft kind(Kind value) {
    kind = value;
    return this;
  }

  Draft tier(Tier value) {
    tier = value;
    return this;
  }

  /** It is Slipway's idea: where its tool is not there, nothing is missing. */
  Draft proposed() {
    origin = Origin.PROPOSED;
    return this;
  }

  /** The same unless there is a file that names the tool. */
  Draft proposedUnless(@Nullable String settings) {
    return settings == null ? proposed() : because(settings);
  }

  Draft tool(String value) {
    tool = value;
    return this;
  }

  Draft because(String reason) {
    why.add(reason);
    return this;
  }

  Draft runs(String value) {
    script = value;
    return this;
  }

  Draft install(String value) {
    install = value;
    return this;
  }

  /** What keeps it from running. */
  Draft missing(String value) {
    missing = value;
    return this;
  }

  /**
   * The program that it runs, by which a change of version is noticed; without one the gate cannot
   * run.
   */
  Draft program(@Nullable String path) {
    program = path;
    if (path == null && missing == null) {
      missing = tool + " is not installed";
    }
    return this;
  }

  Draft version(String command) {
    version = command;
    return this;
  }

  /** The files that it reads: endings below its folder, and names anywhere. */
  Draft reads(List<String> endings, List<String> names) {
    inputs = Inputs.of(folder, endings, names);
    return this;
  }

  Draft reads(Inputs value) {
    inputs = value;
    return this;
  }

  /** A file or folder that is not the project's own and that its result depends on. */
  Draft dependsOn(String path) {
    outside.add(path);
    return this;
  }

  Draft report(Report value) {
    report = value;
    return this;
  }

  Draft network() {
    network = true;
    return this;
  }

  /** Another gate of the same folder that writes where this one writes. */
  Draft after(String other) {
    if (!other.isEmpty()) {
      after.add(id(folder, other));
    }
    return this;
  }

  void add() {
    detection.add(this);
  }

  Gate gate() {
    return new Gate(
        id(folder, name),
        kind,
        tier,
        origin,
        tool,
        script,
        folder,
        why,
        install,
        missing,
        program,
        version,
        inputs,
        outside,
        report,
        network,
        after,
        List.of(),
        report.namesTests() ? Gate.DEFAULT_RETRIES : 0);
  }
}
