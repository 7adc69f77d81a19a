package dev.slipway.cache.s3;

import dev.slipway.cache.Blobs;
import dev.slipway.cache.S3Location;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Blobs as objects of an S3 bucket. */
final class S3Blobs implements Blobs {
  /** What S3 takes in one request, and what a name may have at most. */
  private static final long MAX_OBJECT = 5L << 30;

  private static final int MAX_NAME = 1024;
  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final Duration ANSWER = Duration.ofSeconds(20);

  private final S3Client client;
  private final String bucket;
  private final String root;

  private S3Blobs(S3Client client, String bucket, String root) {
    this.client = client;
    this.bucket = bucket;
    this.root = root;
  }

  /** The blobs of a repository there. */
  static S3Blobs connect(S3Location location, String repository) throws IOException {
    S3ClientBuilder builder =
        S3Client.builder()
            .region(Region.of(location.region()))
            .forcePathStyle(location.pathStyle())
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .httpClient(
                UrlConnectionHttpClient.builder()
                    .connectionTimeout(CONNECT)
                    .socketTimeout(ANSWER)
                    .build())
            .overrideConfiguration(
                configuration -> configuration.retryStrategy(retry -> retry.maxAttempts(2)));
    String endpoint = location.endpoint();
    try {
      if (endpoint != null) {
        builder.endpointOverride(URI.create(endpoint));
      }
      String prefix = location.prefix();
      return new S3Blobs(
          builder.build(),
          location.bucket(),
          (prefix.isEmpty() ? "" : prefix + "/") + repository + "/");
    } catch (SdkException | IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public List<Found> list(String prefix) throws IOException {
    List<Found> found = new ArrayList<>();
    try {
      String next = null;
      do {
        ListObjectsV2Request request =
            ListObjectsV2Request.builder()
                .bucket(bucket)
                .prefix(root + prefix)
                .continuationToken(next)
                .build();
        ListObjectsV2Response response = client.listObjectsV2(request);
        for (S3Object object : response.contents()) {
          Instant written = object.lastModified();
          found.add(
              new Found(
                  object.key().substring(root.length()),
                  written == null ? Instant.EPOCH : written));
        }
        next =
            Boolean.TRUE.equals(response.isTruncated()) ? response.nextContinuationToken() : null;
      } while (next != null);
    } catch (SdkException e) {
      throw new IOException(e.getMessage(), e);
    }
    return found;
  }

  @Override
  public void get(String name, Path file) throws IOException {
    try {
      client.getObject(request -> request.bucket(bucket).key(root + name), file);
    } catch (NoSuchKeyException e) {
      NoSuchFileException gone = new NoSuchFileException(name);
      gone.initCause(e);
      throw gone;
    } catch (SdkException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public void put(String name, Path file) throws IOException {
    if (root.length() + name.length() > MAX_NAME || Files.size(file) > MAX_OBJECT) {
      return;
    }
    try {
      client.putObject(request -> request.bucket(bucket).key(root + name), file);
    } catch (SdkException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public void remove(String name) throws IOException {
    try {
      client.deleteObject(request -> request.bucket(bucket).key(root + name));
    } catch (SdkException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
