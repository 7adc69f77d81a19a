package dev.slipway.cache.server;

import dev.slipway.cache.CacheServer;
import dev.slipway.cache.CacheServerService;
import dev.slipway.cache.CacheServerSettings;
import java.io.IOException;

/** Starts cache servers. */
public final class ServerService implements CacheServerService {
  @Override
  public CacheServer start(CacheServerSettings settings) throws IOException {
    return Server.start(settings);
  }
}
