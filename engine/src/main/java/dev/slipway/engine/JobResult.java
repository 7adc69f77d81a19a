package dev.slipway.engine;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a job ended; {@code cause} where the conclusion alone does not say. */
record JobResult(Conclusion conclusion, Map<String, String> outputs, @Nullable String cause) {}
