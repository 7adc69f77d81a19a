package dev.slipway.docker;

import dev.slipway.engine.ContainerException;
import dev.slipway.engine.ContainerSpec;
import dev.slipway.engine.StopSignal;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Gets images from registries. */
final class Images {
  private static final int TRIES = 3;
  private static final long FIRST_PAUSE_MILLIS = 1000;

  private final DockerApi api;
  private final DockerConfig config;

  Images(DockerApi api, DockerConfig config) {
    this.api = api;
    this.config = config;
  }

  boolean present(String image) {
    try {
      api.get("/images/" + DockerApi.escape(image).replace("%2F", "/") + "/json");
      return true;
    } catch (DockerException e) {
      if (e.notFound()) {
        return false;
      }
      throw e;
    }
  }

  /** Gets an image as the policy says: usually only when it is not there. */
  void need(
      String image,
      String platform,
      ContainerRequest.Pull policy,
      Optional<ContainerSpec.Credentials> credentials,
      Consumer<String> log,
      StopSignal stop) {
    if (policy != ContainerRequest.Pull.ALWAYS && present(image)) {
      return;
    }
    if (policy == ContainerRequest.Pull.NEVER) {
      throw new ContainerException("the image " + image + " is not here, and --pull=never");
    }
    pull(image, platform, credentials, log, stop);
  }

  private void pull(
      String image,
      String platform,
      Optional<ContainerSpec.Credentials> credentials,
      Consumer<String> log,
      StopSignal stop) {
    String registry = DockerConfig.registry(image);
    Map<String, String> headers = new LinkedHashMap<>();
    Map<String, String> known =
        credentials.isPresent()
            ? DockerConfig.of(credentials.get(), registry)
            : config.credentials(registry);
    if (known != null) {
      headers.put("X-Registry-Auth", DockerConfig.header(known));
    }
    String query = "/images/create?" + reference(image);
    if (!platform.isEmpty()) {
      query += "&platform=" + DockerApi.escape(platform);
    }
    log.accept("Pulling " + image);
    long pause = FIRST_PAUSE_MILLIS;
    for (int attempt = 1; ; attempt++) {
      try {
        String[] digest = {""};
        api.until(stop).stream(
            query,
            headers,
            part -> {
              String error = part.get("error").text();
              if (!error.isEmpty()) {
                throw new DockerException(0, error);
              }
              String status = part.get("status").text();
              if (status.startsWith("Digest: ")) {
                digest[0] = status.substring(8);
              }
            });
        log.accept("Pulled " + image + (digest[0].isEmpty() ? "" : " (" + digest[0] + ")"));
        return;
      } catch (DockerException e) {
        if (attempt == TRIES || isFinal(e)) {
          throw new ContainerException(
              "cannot pull " + image + ": " + e.getMessage() + hint(e, known != null, registry), e);
        }
        log.accept(
            "Pull of "
                + image
                + " failed ("
                + e.getMessage()
                + "), trying again in "
                + pause
                + " ms");
        if (pause(stop, pause)) {
          throw DockerApi.stopped();
        }
        pause *= 3;
      }
    }
  }

  /** Whether a registry would say the same again. */
  private static boolean isFinal(DockerException e) {
    String message = e.getMessage().toLowerCase(Locale.ROOT);
    return e.status() == 404
        || e.status() == 400
        || e.status() == 401
        || e.status() == 403
        || message.contains("unauthorized")
        || message.contains("authentication required")
        || message.contains("denied")
        || message.contains("manifest unknown")
        || message.contains("no basic auth credentials")
        || message.contains("not found");
  }

  private static String hint(DockerException e, boolean authenticated, String registry) {
    String message = e.getMessage().toLowerCase(Locale.ROOT);
    boolean refused =
        message.contains("denied")
            || message.contains("unauthorized")
            || message.contains("authentication")
            || message.contains("no basic auth credentials");
    if (!refused) {
      return "";
    }
    String name = registry.equals(DockerConfig.DOCKER_HUB) ? "Docker Hub" : registry;
    return authenticated
        ? "; check the credentials for " + name
        : "; no credentials for "
            + name
            + ": give the container 'credentials' or log in with 'docker login'";
  }

  /** Waits, or until asked to stop. @return whether asked */
  static boolean pause(StopSignal stop, long millis) {
    CountDownLatch stopped = new CountDownLatch(1);
    Runnable waker = stopped::countDown;
    stop.onStop(waker);
    try {
      return stopped.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    } finally {
      stop.removeWaker(waker);
    }
  }

  /** The parts of a query that name an image; without a tag or digest it is the latest. */
  private static String reference(String image) {
    int at = image.indexOf('@');
    int colon = image.lastIndexOf(':');
    String name = image;
    String tag = "latest";
    if (at >= 0) {
      name = image.substring(0, at);
      tag = image.substring(at + 1);
      int nameColon = name.lastIndexOf(':');
      if (nameColon > name.lastIndexOf('/')) {
        name = name.substring(0, nameColon);
      }
    } else if (colon > image.lastIndexOf('/')) {
      name = image.substring(0, colon);
      tag = image.substring(colon + 1);
    }
    return "fromImage=" + DockerApi.escape(name) + "&tag=" + DockerApi.escape(tag);
  }
}
