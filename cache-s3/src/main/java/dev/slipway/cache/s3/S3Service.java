package dev.slipway.cache.s3;

import dev.slipway.cache.BlobService;
import dev.slipway.cache.Blobs;
import dev.slipway.cache.S3Location;
import java.io.IOException;

/** Connects to buckets. */
public final class S3Service implements BlobService {
  @Override
  public Blobs connect(S3Location location, String folder) throws IOException {
    return S3Blobs.connect(location, folder);
  }
}
