package dev.slipway.check;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing that guards a project.
 *
 * @param id {@code ruff}, or {@code api:ruff} in a folder of the project
 * @param origin whose idea it is
 * @param tool what it runs, as people call it
 * @param script for bash, in {@code directory}; it never changes files of the project
 * @param directory from the project's root; empty for the root
 * @param why what made it one of the project's gates
 * @param install how to get the tool
 * @param missing what keeps it from running, or null
 * @param program the program whose change makes the gate run again; a path, or null
 * @param versionCommand prints the tool's version; empty when there is none to ask
 * @param inputs the files that it reads
 * @param outside files that are not the project's own and that it depends on, such as what a
 *     package manager installed
 * @param report how its findings are read
 * @param network whether it asks the network, so that its result does not last
 * @param after gates that must have ended before, because they write to the same folder
 * @param needs gates that must have passed before
 * @param retries how often it is tried again when it fails and names tests
 */
public record Gate(
    String id,
    Kind kind,
    Tier tier,
    Origin origin,
    String tool,
    String script,
    String directory,
    List<String> why,
    String install,
    @Nullable String missing,
    @Nullable String program,
    String versionCommand,
    Inputs inputs,
    List<String> outside,
    Report report,
    boolean network,
    List<String> after,
    List<String> needs,
    int retries) {
  /** How often a gate that names its tests is tried again. */
  public static final int DEFAULT_RETRIES = 2;

  public Gate {
    why = List.copyOf(why);
    outside = List.copyOf(outside);
    after = List.copyOf(after);
    needs = List.copyOf(needs);
  }

  Gate withId(String other) {
    return new Gate(
        other,
        kind,
        tier,
        origin,
        tool,
        script,
        directory,
        why,
        install,
        missing,
        program,
        versionCommand,
        inputs,
        outside,
        report,
        network,
        after,
        needs,
        retries);
  }

  Gate withRetries(int times) {
    return new Gate(
        id,
        kind,
        tier,
        origin,
        tool,
        script,
        directory,
        why,
        install,
        missing,
        program,
        versionCommand,
        inputs,
        outside,
        report,
        network,
        after,
        needs,
        times);
  }
}
