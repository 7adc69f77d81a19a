package dev.slipway.docker;

import dev.slipway.engine.ContainerException;
import dev.slipway.engine.StopSignal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Builds the image of an action from its Dockerfile. */
final class ImageBuild {
  /** The first version that lets BuildKit have the folder with the request. */
  private static final String BUILD_KIT = "1.39";

  private static final String BUILT = "Successfully built ";

  private final DockerApi api;
  private final DockerConfig config;
  private final boolean buildKit;

  ImageBuild(DockerApi api, DockerConfig config, boolean buildKit) {
    this.api = api;
    this.config = config;
    this.buildKit = buildKit && api.atLeast(BUILD_KIT);
  }

  /** Builds. @return the image's id */
  String run(Path folder, Path dockerfile, Consumer<String> log, StopSignal stop) {
    Path context = folder.toAbsolutePath().normalize();
    Path file = dockerfile.toAbsolutePath().normalize();
    if (!Files.isRegularFile(file)) {
      throw new ContainerException("there is no Dockerfile " + file);
    }
    if (!file.startsWith(context)) {
      throw new ContainerException("the Dockerfile " + file + " is not in " + context);
    }
    String relative = context.relativize(file).toString();
    BuildContext body = BuildContext.of(context, relative);
    try {
      String id =
          buildKit
              ? withBuildKit(file, relative, body, log, stop)
              : classic(file, relative, body, log, stop);
      if (id.isEmpty()) {
        throw new ContainerException("cannot build " + file + ": the engine named no image");
      }
      return id;
    } catch (DockerException e) {
      throw new ContainerException("cannot build " + file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Without a session BuildKit asks registries without credentials; what needs some is pulled
   * first, as it takes images that are here.
   */
  private String withBuildKit(
      Path file, String relative, BuildContext body, Consumer<String> log, StopSignal stop) {
    Images images = new Images(api, config);
    for (String image : bases(file)) {
      if (config.credentials(DockerConfig.registry(image)) != null) {
        images.need(image, "", ContainerRequest.Pull.MISSING, Optional.empty(), log, stop);
      }
    }
    BuildTrace trace = new BuildTrace(log);
    String[] id = {""};
    String query = "/build?version=2&buildid=" + DockerContainers.random();
    try {
      api.until(stop).stream(
          query + arguments(relative),
          Map.of("Content-Type", "application/x-tar"),
          body::writeTo,
          part -> {
            check(part);
            if (part.get("id").text().equals("moby.buildkit.trace")) {
              trace.read(part.get("aux").text());
            } else if (part.get("id").text().equals("moby.image.id")) {
              id[0] = part.get("aux").get("ID").text();
            }
          });
    } finally {
      trace.finish();
    }
    return id[0];
  }

  private String classic(
      Path file, String relative, BuildContext body, Consumer<String> log, StopSignal stop) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", "application/x-tar");
    Map<String, Object> credentials = credentials(file);
    if (!credentials.isEmpty()) {
      headers.put(
          "X-Registry-Config",
          Base64.getUrlEncoder()
              .encodeToString(Json.write(credentials).getBytes(StandardCharsets.UTF_8)));
    }
    LogLines lines = new LogLines(log);
    String[] id = {""};
    try {
      api.until(stop).stream(
          "/build?rm=1&forcerm=1" + arguments(relative),
          headers,
          body::writeTo,
          part -> {
            check(part);
            String built = part.get("aux").get("ID").text();
            if (!built.isEmpty()) {
              id[0] = built;
            }
            String text = part.get("stream").text();
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            lines.write(bytes, bytes.length);
            if (id[0].isEmpty() && text.startsWith(BUILT)) {
              id[0] = text.substring(BUILT.length()).strip();
            }
          });
    } finally {
      lines.finish();
    }
    return id[0];
  }

  private String arguments(String dockerfile) {
    Map<String, String> proxies = config.proxies();
    return "&dockerfile="
        + DockerApi.escape(dockerfile)
        + (proxies.isEmpty() ? "" : "&buildargs=" + DockerApi.escape(Json.write(proxies)));
  }

  private static void check(Json part) {
    String error = part.get("error").text();
    if (!error.isEmpty()) {
      throw new DockerException(0, error);
    }
  }

  /** What is known for the registries that the file names. */
  private Map<String, Object> credentials(Path dockerfile) {
    Map<String, Object> credentials = new LinkedHashMap<>();
    for (String image : bases(dockerfile)) {
      String registry = DockerConfig.registry(image);
      Map<String, String> known = config.credentials(registry);
      if (known != null) {
        credentials.put(registry, known);
      }
    }
    return credentials;
  }

  /** The images that the file builds on, as far as they are named without variables. */
  private static List<String> bases(Path dockerfile) {
    List<String> lines;
    try {
      lines = Files.readAllLines(dockerfile);
    } catch (IOException e) {
      throw new ContainerException(dockerfile + " cannot be read: " + e.getMessage(), e);
    }
    List<String> bases = new ArrayList<>();
    List<String> stages = new ArrayList<>();
    for (String line : lines) {
      List<String> words = new ArrayList<>(List.of(line.strip().split("\\s+")));
      if (!words.removeFirst().toUpperCase(Locale.ROOT).equals("FROM")) {
        continue;
      }
      words.removeIf(word -> word.startsWith("--"));
      if (words.isEmpty()) {
        continue;
      }
      String image = words.getFirst();
      if (image.indexOf('$') < 0 && !image.equals("scratch") && !stages.contains(image)) {
        bases.add(image);
      }
      if (words.size() == 3) {
        stages.add(words.get(2));
      }
    }
    return bases;
  }
}
