package dev.slipway.cli;

import dev.slipway.engine.StepCaching;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a user asked {@code run}, {@code plan} or {@code rerun} for, read and checked.
 *
 * @param directory where to look for the project
 * @param event the event's name
 * @param eventFile its payload, or null
 * @param workflows files and directories given by {@code -W}; empty: the project's
 * @param jobs ids or keys of the jobs asked for; empty: all
 * @param matrix values asked for by key of a matrix; the values of one key are alternatives
 * @param machines a machine by label of {@code runs-on}
 * @param actionSources a local repository by {@code OWNER/REPO}
 * @param actor who triggers; null: Git's user
 * @param realCheckout whether {@code actions/checkout} runs as the real action
 * @param actionUrl the URL that {@code OWNER/REPO} of an action is appended to
 * @param parallel how many jobs run at a time; 0: as many as the machine has cores
 */
record RunOptions(
    Path directory,
    String event,
    @Nullable Path eventFile,
    List<Path> workflows,
    List<String> jobs,
    Map<String, List<String>> matrix,
    Map<String, String> inputs,
    Map<String, String> variables,
    Map<String, String> secrets,
    Map<String, String> environment,
    Map<String, String> machines,
    Map<String, Path> actionSources,
    @Nullable String actor,
    int parallel,
    boolean inPlace,
    boolean keep,
    boolean dryRun,
    boolean requireAll,
    boolean realCheckout,
    boolean debug,
    StepCaching cache,
    String actionUrl) {}
