package dev.slipway.cache;

import java.net.InetSocketAddress;

/** A cache server that runs until it is closed. */
public interface CacheServer extends AutoCloseable {
  /** Where it listens. */
  InetSocketAddress address();

  /** Takes no more requests, answers those it took, and ends. */
  @Override
  void close();
}
