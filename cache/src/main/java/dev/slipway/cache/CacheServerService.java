package dev.slipway.cache;

import java.io.IOException;

/** Serves caches to the tools of many machines; found as a service, because few need it. */
public interface CacheServerService {
  /**
   * Serves from now on.
   *
   * @throws IOException when the address or the folder cannot be used
   */
  CacheServer start(CacheServerSettings settings) throws IOException;
}
