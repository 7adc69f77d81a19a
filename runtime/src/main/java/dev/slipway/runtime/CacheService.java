package dev.slipway.runtime;

import dev.slipway.cache.CacheEntry;
import dev.slipway.cache.CacheUpload;
import dev.slipway.workflow.expression.Value;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code github.actions.results.api.v1.CacheService}. */
final class CacheService {
  static final String PATH = "/twirp/github.actions.results.api.v1.CacheService/";

  private static final Duration UPLOAD_TIME = Duration.ofHours(6);

  private final JobCaches caches;
  private final BlobService blobs;
  private final Admission admission;

  CacheService(JobCaches caches, BlobService blobs, Admission admission) {
    this.caches = caches;
    this.blobs = blobs;
    this.admission = admission;
  }

  Response call(String method, Request request, OpenJob job) throws IOException {
    return switch (method) {
      case "CreateCacheEntry" -> create(request, job);
      case "FinalizeCacheEntryUpload" -> finish(request.message(), job);
      case "GetCacheEntryDownloadURL" -> address(request, job);
      default -> throw RefusedException.of(404, "bad_route", "no such method");
    };
  }

  private Response create(Request asked, OpenJob job) throws IOException {
    Message request = asked.message();
    String denial = JobCaches.denial(job);
    if (denial != null) {
      return Response.json(Value.object(Map.of("ok", Value.FALSE, "message", Value.of(denial))));
    }
    CacheUpload upload =
        caches.begin(job, request.text("version"), request.text("key"), 0).upload();
    String path = blobs.upload(upload.blob(), job);
    return Response.json(
        Value.object(
            Map.of(
                "ok",
                Value.TRUE,
                "signed_upload_url",
                Value.of(blobs.url(admission.sign(job, "w", path, UPLOAD_TIME), asked)))));
  }

  private Response finish(Message request, OpenJob job) throws IOException {
    JobCaches.Begun upload = caches.upload(job, request.text("version"), request.text("key"));
    CacheEntry entry = caches.finish(upload, request.number("size_bytes"));
    return Response.json(
        Value.object(Map.of("ok", Value.TRUE, "entry_id", Value.of(Long.toString(entry.id())))));
  }

  private Response address(Request asked, OpenJob job) throws IOException {
    Message request = asked.message();
    List<String> keys = new ArrayList<>();
    keys.add(request.text("key"));
    keys.addAll(request.texts("restore_keys"));
    Optional<CacheEntry> found = caches.find(job, request.text("version"), keys);
    if (found.isEmpty()) {
      return Response.json(Value.object(Map.of("ok", Value.FALSE)));
    }
    CacheEntry entry = found.get();
    String path = blobs.offer(caches.of(job).file(entry), entry.digest().sha256(), job);
    return Response.json(
        Value.object(
            Map.of(
                "ok",
                Value.TRUE,
                "signed_download_url",
                Value.of(blobs.url(path, asked)),
                "matched_key",
                Value.of(entry.key()))));
  }
}
