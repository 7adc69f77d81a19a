package dev.slipway.runtime;

import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;

/** A job that runs now, and so has access. */
final class OpenJob {
  private final JobIdentity identity;
  private final String id;
  private final AtomicInteger artifacts = new AtomicInteger();

  OpenJob(JobIdentity identity, byte[] random) {
    this.identity = identity;
    this.id = HexFormat.of().formatHex(random);
  }

  JobIdentity identity() {
    return identity;
  }

  /** Unlike any other job's, and not to be guessed. */
  String id() {
    return id;
  }

  /** What the clients call the run. */
  String runId() {
    return identity.run();
  }

  /** How many artifacts it has begun, with this one. */
  int countArtifact() {
    return artifacts.incrementAndGet();
  }
}
