package dev.slipway.runtime;

import dev.slipway.workflow.expression.Value;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code github.actions.results.api.v1.ArtifactService}. */
final class ArtifactService {
  static final String PATH = "/twirp/github.actions.results.api.v1.ArtifactService/";

  private static final int MAX_PER_JOB = 500;
  private static final Duration UPLOAD_TIME = Duration.ofHours(6);
  private static final Duration DOWNLOAD_TIME = Duration.ofHours(1);
  private static final String ARCHIVE = "application/zip";

  private final ArtifactStore store;
  private final BlobService blobs;
  private final Admission admission;
  private final InstantSource clock;
  private final long limit;

  ArtifactService(
      ArtifactStore store,
      BlobService blobs,
      Admission admission,
      InstantSource clock,
      long limit) {
    this.store = store;
    this.blobs = blobs;
    this.admission = admission;
    this.clock = clock;
    this.limit = limit;
  }

  Response call(String method, Message request, OpenJob job) throws IOException {
    if (!request.text("workflow_run_backend_id").equals(job.runId())) {
      throw RefusedException.denied("the token is for another run");
    }
    return switch (method) {
      case "CreateArtifact" -> create(request, job);
      case "FinalizeArtifact" -> finish(request, job);
      case "ListArtifacts" -> list(request, job);
      case "GetSignedArtifactURL" -> address(request, job);
      case "DeleteArtifact" -> delete(request, job);
      default -> throw RefusedException.of(404, "bad_route", "no such method");
    };
  }

  private Response create(Message request, OpenJob job) throws IOException {
    checkJob(request, job);
    if (job.countArtifact() > MAX_PER_JOB) {
      throw RefusedException.of(
          400, "resource_exhausted", "a job can have at most " + MAX_PER_JOB + " artifacts");
    }
    Instant now = clock.instant();
    ArtifactStore.Upload upload =
        store.begin(
            job,
            request.text("name"),
            mimeType(request.text("mime_type")),
            now,
            expiry(request.text("expires_at"), job, now),
            limit);
    String path = blobs.upload(upload.blob(), job);
    return Response.json(
        Value.object(
            Map.of(
                "ok",
                Value.TRUE,
                "signed_upload_url",
                Value.of(blobs.url(admission.sign(job, "w", path, UPLOAD_TIME))))));
  }

  private Response finish(Message request, OpenJob job) throws IOException {
    checkJob(request, job);
    String hash = request.text("hash");
    if (!hash.isEmpty() && !hash.startsWith("sha256:")) {
      throw RefusedException.invalid("the hash is no sha256");
    }
    Artifact artifact =
        store.finish(
            job,
            request.text("name"),
            request.number("size"),
            hash.isEmpty() ? null : hash.substring("sha256:".length()));
    return Response.json(ok(artifact));
  }

  private Response list(Message request, OpenJob job) throws IOException {
    String name = request.text("name_filter");
    String id = request.text("id_filter");
    List<Value> found = new ArrayList<>();
    for (Artifact artifact : visible(job)) {
      if ((name.isEmpty() || artifact.name().equals(name))
          && (id.isEmpty() || Long.toString(artifact.id()).equals(id))) {
        Map<String, Value> members = new LinkedHashMap<>();
        members.put("workflow_run_backend_id", Value.of(job.runId()));
        members.put("workflow_job_run_backend_id", Value.of(job.id()));
        members.put("database_id", Value.of(Long.toString(artifact.id())));
        members.put("name", Value.of(artifact.name()));
        members.put("size", Value.of(Long.toString(artifact.size())));
        members.put("created_at", Value.of(artifact.createdAt().toString()));
        members.put("digest", Value.of("sha256:" + artifact.sha256()));
        found.add(Value.object(members));
      }
    }
    return Response.json(Value.object(Map.of("artifacts", Value.array(found))));
  }

  private Response address(Message request, OpenJob job) throws IOException {
    Artifact artifact = named(request.text("name"), job);
    String path = BlobService.pathOf(artifact);
    return Response.json(
        Value.object(
            Map.of(
                "signed_url", Value.of(blobs.url(admission.sign(job, "r", path, DOWNLOAD_TIME))))));
  }

  private Response delete(Message request, OpenJob job) throws IOException {
    Artifact artifact = named(request.text("name"), job);
    if (artifact.run().equals(job.runId())) {
      store.remove(artifact.run(), artifact.name());
    } else {
      store.hide(job.runId(), artifact);
    }
    return Response.json(ok(artifact));
  }

  private Artifact named(String name, OpenJob job) throws IOException {
    for (Artifact artifact : visible(job)) {
      if (artifact.name().equals(name)) {
        return artifact;
      }
    }
    throw RefusedException.notFound("no artifact of this name");
  }

  private List<Artifact> visible(OpenJob job) throws IOException {
    List<Artifact> visible = new ArrayList<>();
    Instant now = clock.instant();
    for (Artifact artifact : store.list(job.runId(), job.identity().earlierRuns())) {
      if (artifact.expiresAt().isAfter(now)) {
        visible.add(artifact);
      }
    }
    return visible;
  }

  private static void checkJob(Message request, OpenJob job) {
    if (!request.text("workflow_job_run_backend_id").equals(job.id())) {
      throw RefusedException.denied("the token is for another job");
    }
  }

  private static Instant expiry(String asked, OpenJob job, Instant now) {
    Instant latest = now.plus(Duration.ofDays(job.identity().retentionDays()));
    if (asked.isEmpty()) {
      return latest;
    }
    try {
      Instant time = Instant.parse(asked);
      if (!time.isAfter(now)) {
        throw RefusedException.invalid("expires_at has passed");
      }
      return time.isBefore(latest) ? time : latest;
    } catch (DateTimeException e) {
      throw RefusedException.malformed("expires_at is not a time");
    }
  }

  /** What can stand in a header; older clients say nothing and send archives. */
  private static String mimeType(String asked) {
    if (asked.isEmpty()) {
      return ARCHIVE;
    }
    boolean good = asked.length() <= 127 && asked.indexOf('/') > 0;
    for (int i = 0; good && i < asked.length(); i++) {
      char c = asked.charAt(i);
      good =
          (c >= '0' && c <= '9')
              || (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || "/+-._".indexOf(c) >= 0;
    }
    if (!good) {
      throw RefusedException.invalid("mime_type is not the type of a medium");
    }
    return asked;
  }

  private static Value ok(Artifact artifact) {
    return Value.object(
        Map.of("ok", Value.TRUE, "artifact_id", Value.of(Long.toString(artifact.id()))));
  }
}
