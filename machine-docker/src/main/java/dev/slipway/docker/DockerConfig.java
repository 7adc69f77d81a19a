package dev.slipway.docker;

import dev.slipway.engine.ContainerException;
import dev.slipway.engine.ContainerSpec;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the user told Docker's own client: credentials of registries, and the engine in use. */
final class DockerConfig {
  /** The name under which Docker keeps the credentials of its own registry. */
  static final String DOCKER_HUB = "https://index.docker.io/v1/";

  private final Path folder;
  private final Map<String, String> environment;
  private final Json file;

  private DockerConfig(Path folder, Map<String, String> environment, Json file) {
    this.folder = folder;
    this.environment = environment;
    this.file = file;
  }

  static DockerConfig read(Map<String, String> environment) {
    String configured = environment.getOrDefault("DOCKER_CONFIG", "");
    Path folder =
        configured.isEmpty()
            ? Path.of(environment.getOrDefault("HOME", "/"), ".docker")
            : Path.of(configured);
    return new DockerConfig(folder, environment, json(folder.resolve("config.json")));
  }

  private static Json json(Path path) {
    try {
      return Files.exists(path) ? Json.parse(Files.readAllBytes(path)) : Json.parse(new byte[0]);
    } catch (IOException | DockerException e) {
      throw new ContainerException(path + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** The address of the engine of the current context; empty for the usual one. */
  String contextHost() {
    String context = environment.getOrDefault("DOCKER_CONTEXT", "");
    if (context.isEmpty()) {
      context = file.get("currentContext").text();
    }
    if (context.isEmpty() || context.equals("default")) {
      return "";
    }
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      String id = HexFormat.of().formatHex(sha256.digest(context.getBytes(StandardCharsets.UTF_8)));
      Json meta = json(folder.resolve("contexts/meta").resolve(id).resolve("meta.json"));
      return meta.get("Endpoints").get("docker").get("Host").text();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** The variables for proxies that Docker's own client gives to containers and builds. */
  Map<String, String> proxies() {
    Json proxies = file.get("proxies").get("default");
    Map<String, String> variables = new LinkedHashMap<>();
    for (String[] names :
        new String[][] {
          {"httpProxy", "HTTP_PROXY"},
          {"httpsProxy", "HTTPS_PROXY"},
          {"ftpProxy", "FTP_PROXY"},
          {"noProxy", "NO_PROXY"},
          {"allProxy", "ALL_PROXY"}
        }) {
      String value = proxies.get(names[0]).text();
      if (!value.isEmpty()) {
        variables.put(names[1], value);
        variables.put(names[1].toLowerCase(Locale.ROOT), value);
      }
    }
    return variables;
  }

  /** The registry that an image comes from, as credentials know it. */
  static String registry(String image) {
    int slash = image.indexOf('/');
    String first = slash < 0 ? "" : image.substring(0, slash);
    if (first.indexOf('.') < 0 && first.indexOf(':') < 0 && !first.equals("localhost")) {
      return DOCKER_HUB;
    }
    return first.equals("docker.io") || first.equals("index.docker.io") ? DOCKER_HUB : first;
  }

  /** The header with credentials that the engine wants. */
  static String header(Map<String, String> credentials) {
    return Base64.getUrlEncoder()
        .encodeToString(Json.write(credentials).getBytes(StandardCharsets.UTF_8));
  }

  static Map<String, String> of(ContainerSpec.Credentials credentials, String registry) {
    Map<String, String> members = new LinkedHashMap<>();
    members.put("username", credentials.user());
    members.put("password", credentials.password());
    members.put("serveraddress", registry);
    return members;
  }

  /**
   * What is known for a registry; null for nothing.
   *
   * @throws ContainerException when the program that keeps them fails
   */
  @Nullable Map<String, String> credentials(String registry) {
    String program = file.get("credHelpers").get(registry).text();
    if (program.isEmpty()) {
      program = file.get("credsStore").text();
    }
    if (!program.isEmpty()) {
      return fromProgram("docker-credential-" + program, registry);
    }
    Json auths = file.get("auths");
    for (String key : auths.names()) {
      if (host(key).equals(host(registry))) {
        return fromFile(auths.get(key), registry);
      }
    }
    return null;
  }

  private static String host(String address) {
    int scheme = address.indexOf("://");
    String rest = scheme < 0 ? address : address.substring(scheme + 3);
    int slash = rest.indexOf('/');
    return slash < 0 ? rest : rest.substring(0, slash);
  }

  private static @Nullable Map<String, String> fromFile(Json auth, String registry) {
    String token = auth.get("identitytoken").text();
    Map<String, String> members = new LinkedHashMap<>();
    members.put("serveraddress", registry);
    if (!token.isEmpty()) {
      members.put("identitytoken", token);
      return members;
    }
    String user = auth.get("username").text();
    String password = auth.get("password").text();
    String both = auth.get("auth").text();
    if (!both.isEmpty()) {
      String decoded;
      try {
        decoded = new String(Base64.getDecoder().decode(both), StandardCharsets.UTF_8);
      } catch (IllegalArgumentException e) {
        throw new ContainerException(
            "the credentials for " + registry + " in Docker's config.json are damaged", e);
      }
      int colon = decoded.indexOf(':');
      if (colon > 0) {
        user = decoded.substring(0, colon);
        password = decoded.substring(colon + 1);
      }
    }
    if (user.isEmpty()) {
      return null;
    }
    members.put("username", user);
    members.put("password", password);
    return members;
  }

  /** Where the user's path has it; the name itself when it has not. */
  private String onPath(String program) {
    for (String folder : environment.getOrDefault("PATH", "").split(":")) {
      if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, program))) {
        return Path.of(folder, program).toString();
      }
    }
    return program;
  }

  private @Nullable Map<String, String> fromProgram(String program, String registry) {
    byte[] answer;
    int exit;
    try {
      ProcessBuilder builder = new ProcessBuilder(onPath(program), "get");
      builder.environment().putAll(environment);
      builder.redirectError(ProcessBuilder.Redirect.DISCARD);
      Process process = builder.start();
      try (OutputStream question = process.getOutputStream()) {
        question.write(registry.getBytes(StandardCharsets.UTF_8));
      }
      answer = process.getInputStream().readAllBytes();
      exit = process.waitFor();
    } catch (IOException e) {
      throw new ContainerException(
          "Docker's config.json says that "
              + program
              + " keeps credentials, but it cannot be run: "
              + e.getMessage(),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ContainerException("interrupted", e);
    }
    if (exit != 0) {
      // Such programs fail when they know nothing about a registry; it may need no credentials.
      return null;
    }
    Json found = Json.parse(answer);
    String user = found.get("Username").text();
    Map<String, String> members = new LinkedHashMap<>();
    members.put("serveraddress", registry);
    if (user.equals("<token>")) {
      members.put("identitytoken", found.get("Secret").text());
    } else {
      members.put("username", user);
      members.put("password", found.get("Secret").text());
    }
    return members;
  }
}
