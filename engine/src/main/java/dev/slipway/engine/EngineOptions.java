package dev.slipway.engine;

import dev.slipway.runtime.RuntimeServices;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What all jobs of a run have in common.
 *
 * @param root the project's root
 * @param token marks the processes of this run
 * @param eventJson the payload that triggered it
 * @param env variables given by the user for every step, also in the {@code env} context
 * @param debug whether debug messages are shown
 * @param realCheckout whether {@code actions/checkout} runs as the real action
 * @param services what actions call
 * @param earlierRuns the runs that this one repeats, newest first
 * @param memory spares steps what they did before; null when all are to run
 * @param minuteNanos how long a minute of a timeout takes
 */
record EngineOptions(
    Path root,
    String token,
    String eventJson,
    String runnerName,
    Map<String, String> env,
    boolean debug,
    boolean realCheckout,
    RuntimeServices services,
    List<String> earlierRuns,
    @Nullable StepMemory memory,
    long minuteNanos) {}
