package dev.slipway.runtime;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The services once they run: takes requests to those who answer them. */
final class Services implements AutoCloseable {
  private final Admission admission;
  private final ArtifactStore artifacts;
  private final BlobService blobs;
  private final ArtifactService artifactService;
  private final LoopbackServer server;

  private Services(RuntimeSettings settings) throws IOException {
    admission = new Admission(settings.clock());
    artifacts = ArtifactStore.in(settings.artifacts());
    blobs = new BlobService(artifacts, admission);
    artifactService =
        new ArtifactService(
            artifacts, blobs, admission, settings.clock(), settings.artifactLimit());
    server = LoopbackServer.start(this::handle);
    blobs.at(server.url());
  }

  static Services start(RuntimeSettings settings) throws IOException {
    return new Services(settings);
  }

  JobAccess open(JobIdentity identity) {
    OpenJob job = admission.open(identity);
    String token = admission.token(job, Admission.Use.SERVICES);
    String url = server.url() + "/";
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("ACTIONS_RUNTIME_URL", url);
    environment.put("ACTIONS_RUNTIME_TOKEN", token);
    environment.put("ACTIONS_RESULTS_URL", url);
    environment.put("ACTIONS_CACHE_URL", url);
    environment.put("ACTIONS_CACHE_SERVICE_V2", "True");
    if (identity.cacheMode() != CacheMode.WRITE) {
      environment.put("ACTIONS_CACHE_MODE", identity.cacheMode().text());
    }
    return new JobAccess(environment, Map.of(), List.of(token), () -> close(job));
  }

  private void close(OpenJob job) {
    admission.close(job);
    blobs.close(job);
    artifacts.abandon(job);
  }

  @Override
  public void close() {
    server.close();
  }

  private Response handle(Request request) throws IOException {
    String path = request.path();
    if (path.startsWith(BlobService.PATH)) {
      return blobs.handle(request);
    }
    if (path.startsWith(ArtifactService.PATH)) {
      OpenJob job = admission.job(request.bearer(), Admission.Use.SERVICES);
      return artifactService.call(
          path.substring(ArtifactService.PATH.length()), twirp(request), job);
    }
    throw RefusedException.of(404, "bad_route", "there is nothing here");
  }

  private static Message twirp(Request request) throws IOException {
    if (!request.method().equals("POST")) {
      throw RefusedException.of(405, "bad_route", "methods are called with POST");
    }
    return new Message(request.json());
  }
}
