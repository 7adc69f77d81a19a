package dev.slipway.runtime;

import dev.slipway.cache.BlobRejectedException;
import dev.slipway.cache.CacheEntry;
import dev.slipway.cache.CacheUpload;
import dev.slipway.workflow.expression.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The first cache service, which older clients speak. */
final class LegacyCacheService {
  static final String PATH = "/_apis/artifactcache/";

  private static final String CACHES = "caches";

  private final JobCaches caches;
  private final BlobService blobs;

  LegacyCacheService(JobCaches caches, BlobService blobs) {
    this.caches = caches;
    this.blobs = blobs;
  }

  Response handle(Request request, OpenJob job) throws IOException {
    String resource = request.method() + " " + request.path().substring(PATH.length());
    if (resource.equals("GET cache")) {
      return find(request, job);
    }
    if (resource.equals("GET " + CACHES)) {
      return list(request, job);
    }
    if (resource.equals("POST " + CACHES)) {
      return reserve(new Message(request.json()), job);
    }
    if (resource.startsWith("PATCH " + CACHES + "/")) {
      return receive(request, caches.upload(job, number(request)).upload());
    }
    if (resource.startsWith("POST " + CACHES + "/")) {
      JobCaches.Begun upload = caches.upload(job, number(request));
      return commit(new Message(request.json()), upload);
    }
    throw RefusedException.of(404, "bad_route", "there is nothing here");
  }

  private Response find(Request request, OpenJob job) throws IOException {
    List<String> keys = List.of(request.parameter("keys").split(","));
    Optional<CacheEntry> found = caches.find(job, request.parameter("version"), keys);
    if (found.isEmpty()) {
      return Response.empty(204);
    }
    CacheEntry entry = found.get();
    String path = blobs.offer(caches.of(job).file(entry), entry.digest().sha256(), job);
    Map<String, Value> members = described(entry);
    members.put("archiveLocation", Value.of(blobs.url(path, request)));
    return Response.json(Value.object(members));
  }

  /** What the job could restore, and why not; clients ask for it to explain a miss. */
  private Response list(Request request, OpenJob job) throws IOException {
    List<Value> found = new ArrayList<>();
    if (job.identity().cacheMode().reads()) {
      String key = request.parameter("key");
      for (CacheEntry entry : caches.of(job).list()) {
        if (entry.key().startsWith(key) && job.identity().cacheScopes().contains(entry.scope())) {
          found.add(Value.object(described(entry)));
        }
      }
    }
    return Response.json(
        Value.object(
            Map.of(
                "totalCount",
                Value.of((double) found.size()),
                "artifactCaches",
                Value.array(found))));
  }

  private Response reserve(Message request, OpenJob job) throws IOException {
    String denial = JobCaches.denial(job);
    if (denial != null) {
      throw RefusedException.denied(denial);
    }
    JobCaches.Begun upload =
        caches.begin(
            job, request.text("version"), request.text("key"), request.number("cacheSize"));
    return Response.json(201, Value.object(Map.of("cacheId", Value.of((double) upload.number()))));
  }

  private static Response receive(Request request, CacheUpload upload) throws IOException {
    String range = request.header("Content-Range");
    int dash = range.indexOf('-');
    if (!range.startsWith("bytes ") || dash < 0) {
      throw RefusedException.malformed("Content-Range is missing or not in bytes");
    }
    try {
      long start = Long.parseUnsignedLong(range, "bytes ".length(), dash, 10);
      upload.blob().range(start, request.body());
      return Response.empty(204);
    } catch (NumberFormatException e) {
      throw RefusedException.malformed("Content-Range does not begin with a number");
    } catch (BlobRejectedException e) {
      throw refusal(e);
    }
  }

  private Response commit(Message request, JobCaches.Begun upload) throws IOException {
    long size = request.number("size");
    try {
      upload.upload().blob().commitRanges(size);
    } catch (BlobRejectedException e) {
      throw refusal(e);
    }
    caches.finish(upload, size);
    return Response.empty(204);
  }

  private static RefusedException refusal(BlobRejectedException e) {
    String message = String.valueOf(e.getMessage());
    return e.reason() == BlobRejectedException.Reason.TOO_LARGE
        ? RefusedException.of(413, "resource_exhausted", message)
        : RefusedException.invalid(message);
  }

  private static long number(Request request) {
    String path = request.path();
    String id = path.substring(path.lastIndexOf('/') + 1);
    try {
      return Long.parseLong(id);
    } catch (NumberFormatException e) {
      throw RefusedException.notFound("no such upload of a cache");
    }
  }

  private static Map<String, Value> described(CacheEntry entry) {
    Map<String, Value> members = new LinkedHashMap<>();
    members.put("cacheKey", Value.of(entry.key()));
    members.put("cacheVersion", Value.of(entry.version()));
    members.put("scope", Value.of(entry.scope()));
    members.put("creationTime", Value.of(entry.createdAt().toString()));
    return members;
  }
}
