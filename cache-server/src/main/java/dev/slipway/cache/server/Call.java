package dev.slipway.cache.server;

import dev.slipway.cache.CacheToken;
import dev.slipway.runtime.Request;

/**
 * A request of somebody who may use the server.
 *
 * @param path what follows the protocol's own beginning of the path
 */
record Call(Request request, String path, CacheToken token) {
  boolean is(String method) {
    return request.method().equals(method);
  }

  /** Whether the content is asked for, or only whether it is there. */
  boolean reads() {
    return is("GET") || is("HEAD");
  }
}
