package dev.slipway.cache.server;

import dev.slipway.runtime.Response;
import java.io.IOException;

/** What a tool says to a cache, and wants to hear. */
interface Protocol {
  /** Answers a call for a path that is the protocol's. */
  Response answer(Call call) throws IOException;
}
