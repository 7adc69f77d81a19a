package dev.slipway.runtime;

import java.time.Instant;

/**
 * A file that a run keeps under a name.
 *
 * @param id counts up with time, across all runs of a store
 * @param run the run that made it
 * @param job the job of that run that made it
 * @param size in bytes, as stored
 * @param sha256 of what is stored, in lower-case hexadecimal
 * @param mimeType {@code application/zip} when it is an archive of the files that were uploaded
 */
public record Artifact(
    long id,
    String run,
    String job,
    String name,
    long size,
    String sha256,
    String mimeType,
    Instant createdAt,
    Instant expiresAt) {
  private static final String ZIP = "application/zip";

  /** Whether it is an archive of what was uploaded, rather than the one file itself. */
  public boolean archive() {
    return mimeType.equals(ZIP);
  }

  /** What a download of it is called. */
  String fileName() {
    return archive() && !name.endsWith(".zip") ? name + ".zip" : name;
  }
}
