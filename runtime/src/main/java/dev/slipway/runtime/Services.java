package dev.slipway.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The services once they run: takes requests to those who answer them. */
final class Services implements AutoCloseable {
  private final Admission admission;
  private final ArtifactStore artifacts;
  private final BlobService blobs;
  private final ArtifactService artifactService;
  private final JobCaches caches;
  private final CacheService cacheService;
  private final LegacyCacheService legacyCacheService;
  private final IdTokenService idTokens;
  private final WebServer server;

  private Services(RuntimeSettings settings) throws IOException {
    admission = new Admission(settings.clock());
    artifacts = ArtifactStore.in(settings.artifacts());
    blobs = new BlobService(artifacts, admission);
    artifactService =
        new ArtifactService(
            artifacts, blobs, admission, settings.clock(), settings.artifactLimit());
    caches = new JobCaches(settings.caches());
    cacheService = new CacheService(caches, blobs, admission);
    legacyCacheService = new LegacyCacheService(caches, blobs);
    idTokens = new IdTokenService(settings.key(), admission, settings.clock());
    server = WebServer.loopback(this::handle);
    blobs.at(server.url());
    idTokens.at(server.url());
    Thread.ofVirtual().start(() -> expire(settings));
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
    List<String> secrets = new ArrayList<>();
    secrets.add(token);
    Map<String, String> idToken = idTokens.environment(job);
    environment.putAll(idToken);
    String request = idToken.get("ACTIONS_ID_TOKEN_REQUEST_TOKEN");
    if (request != null) {
      secrets.add(request);
    }
    return new JobAccess(environment, idToken, secrets, () -> close(job));
  }

  private void close(OpenJob job) {
    admission.close(job);
    blobs.close(job);
    artifacts.abandon(job);
    try {
      caches.close(job);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    server.close();
    admission.jobs().forEach(this::close);
    caches.close();
  }

  private void expire(RuntimeSettings settings) {
    try {
      artifacts.expire(settings.clock().instant());
    } catch (IOException e) {
      settings.caches().warnings().accept("expired artifacts cannot be removed: " + e.getMessage());
    }
  }

  private Response handle(Request request) throws IOException {
    String path = request.path();
    if (path.startsWith(BlobService.PATH)) {
      return blobs.handle(request);
    }
    if (path.startsWith(ArtifactService.PATH)) {
      OpenJob job = admission.job(request.bearer(), Admission.Use.SERVICES);
      return artifactService.call(
          path.substring(ArtifactService.PATH.length()), request.message(), job);
    }
    if (path.startsWith(CacheService.PATH)) {
      OpenJob job = admission.job(request.bearer(), Admission.Use.SERVICES);
      return cacheService.call(path.substring(CacheService.PATH.length()), request, job);
    }
    if (path.startsWith(LegacyCacheService.PATH)) {
      OpenJob job = admission.job(request.bearer(), Admission.Use.SERVICES);
      return legacyCacheService.handle(request, job);
    }
    if (path.equals(IdTokenService.PATH) || path.startsWith(IdTokenService.WELL_KNOWN)) {
      return idTokens.handle(request);
    }
    throw RefusedException.of(404, "bad_route", "there is nothing here");
  }
}
