package dev.slipway.cache;

import java.io.IOException;

/** Connects to blobs on other machines; found as a service, because its client is large. */
public interface BlobService {
  /**
   * The blobs of a folder at this place.
   *
   * @param folder below the place's prefix
   */
  Blobs connect(S3Location location, String folder) throws IOException;
}
