package dev.slipway.cache;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * A place in an S3 bucket. Credentials come from where Amazon's own tools take them.
 *
 * @param prefix before all names, without slashes at its ends; may be empty
 * @param endpoint the service's address when it is not Amazon's, or null
 * @param pathStyle whether the bucket is part of the path rather than of the host's name
 */
public record S3Location(
    String bucket, String prefix, @Nullable String endpoint, String region, boolean pathStyle) {
  public S3Location {
    requireNonNull(bucket, "bucket is null");
    requireNonNull(prefix, "prefix is null");
    requireNonNull(region, "region is null");
    if (bucket.isEmpty()) {
      throw new IllegalArgumentException("bucket is empty");
    }
    if (endpoint != null && !endpoint.startsWith("https://") && !endpoint.startsWith("http://")) {
      throw new IllegalArgumentException("endpoint '" + endpoint + "' is no http address");
    }
  }

  /** Connects to a folder there; the client is only loaded now. */
  public Blobs connect(String folder) throws IOException {
    BlobService service =
        ServiceLoader.load(BlobService.class, BesideClassPath.loader("s3"))
            .findFirst()
            .orElseThrow(() -> new IOException("this build has no client for S3"));
    return service.connect(this, folder);
  }
}
