package dev.slipway.docker;

import dev.slipway.engine.ContainerException;
import dev.slipway.engine.StopSignal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** Builds the image of an action from its Dockerfile. */
final class ImageBuild {
  private static final String BUILT = "Successfully built ";

  private final DockerApi api;
  private final DockerConfig config;

  ImageBuild(DockerApi api, DockerConfig config) {
    this.api = api;
    this.config = config;
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
    String[] named = {""};
    try {
      api.until(stop).stream(
          "/build?rm=1&forcerm=1&dockerfile=" + DockerApi.escape(relative),
          headers,
          body::writeTo,
          part -> {
            String error = part.get("error").text();
            if (!error.isEmpty()) {
              throw new DockerException(0, error);
            }
            String built = part.get("aux").get("ID").text();
            if (!built.isEmpty()) {
              id[0] = built;
            }
            byte[] text = part.get("stream").text().getBytes(StandardCharsets.UTF_8);
            lines.write(text, text.length);
            if (part.get("stream").text().startsWith(BUILT)) {
              named[0] = part.get("stream").text().substring(BUILT.length()).strip();
            }
          });
    } catch (DockerException e) {
      lines.finish();
      throw new ContainerException("cannot build " + file + ": " + e.getMessage(), e);
    }
    lines.finish();
    return id[0].isEmpty() ? named[0] : id[0];
  }

  /** What is known for the registries that the file names. */
  private Map<String, Object> credentials(Path dockerfile) {
    List<String> lines;
    try {
      lines = Files.readAllLines(dockerfile);
    } catch (IOException e) {
      throw new ContainerException(dockerfile + " cannot be read: " + e.getMessage(), e);
    }
    Map<String, Object> credentials = new LinkedHashMap<>();
    for (String line : lines) {
      String[] words = line.strip().split("\\s+");
      if (words.length < 2 || !words[0].toUpperCase(Locale.ROOT).equals("FROM")) {
        continue;
      }
      for (int i = 1; i < words.length; i++) {
        if (!words[i].startsWith("--")) {
          String registry = DockerConfig.registry(words[i]);
          Map<String, String> known = config.credentials(registry);
          if (known != null) {
            credentials.put(registry, known);
          }
          break;
        }
      }
    }
    return credentials;
  }
}
