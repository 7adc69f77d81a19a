package dev.slipway.cache.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.cache.CacheToken;
import dev.slipway.testing.Required;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each tool builds on one machine, and on another, which has nothing, gets what was built. */
@DisplayName("The real client of")
final class RealClientTest {
  private static final String TOKEN = "token-of-these-tests";

  @TempDir Path folder;
  private Serving serving;

  @BeforeEach
  void serve() throws IOException {
    serving =
        Serving.from(
            folder.resolve("store"),
            settings -> settings.withTokens(List.of(CacheToken.all(TOKEN))));
  }

  @AfterEach
  void close() {
    serving.close();
  }

  @Test
  void turborepo_signed() throws Exception {
    Path clients = npm();
    Path one = turborepo("one");
    Path other = turborepo("other");
    String[] command = {
      clients.resolve("node_modules/.bin/turbo").toString(),
      "run",
      "build",
      "--cache=local:,remote:rw"
    };
    Map<String, String> environment =
        Map.of(
            "TURBO_API", serving.url(),
            "TURBO_TOKEN", TOKEN,
            "TURBO_TEAM", "crew",
            "TURBO_REMOTE_CACHE_SIGNATURE_KEY", "key of the signatures",
            "TURBO_TELEMETRY_DISABLED", "1");
    assertThat(run(one, environment, command)).contains("0 cached, 1 total");
    assertThat(run(other, environment, command)).contains("1 cached, 1 total");
    assertThat(other.resolve("packages/a/dist/out.txt")).hasContent("built");
  }

  @Test
  void nx() throws Exception {
    Path clients = npm();
    Path one = nx("one", clients);
    Path other = nx("other", clients);
    String[] command = {clients.resolve("node_modules/.bin/nx").toString(), "run", "a:build"};
    Map<String, String> environment =
        Map.of(
            "NX_SELF_HOSTED_REMOTE_CACHE_SERVER", serving.url(),
            "NX_SELF_HOSTED_REMOTE_CACHE_ACCESS_TOKEN", TOKEN,
            "NX_DAEMON", "false",
            "NX_NO_CLOUD", "true",
            "CI", "true");
    run(one, environment, command);
    assertThat(serving.requests()).anyMatch(line -> line.matches("PUT /v1/cache/\\S+ 200 .*"));
    run(other, environment, command);
    assertThat(serving.requests()).anyMatch(line -> line.matches("GET /v1/cache/\\S+ 200 .*"));
    assertThat(other.resolve("dist/out.txt")).hasContent("built");
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1", "v2"})
  void github(String version) throws Exception {
    Path clients = npm();
    Path one = folder.resolve("one");
    Files.createDirectories(one.resolve("deps"));
    Path other = Files.createDirectories(folder.resolve("other"));
    Files.writeString(one.resolve("deps/lib.txt"), "library");
    Map<String, String> environment =
        version.equals("v2")
            ? Map.of(
                "ACTIONS_RESULTS_URL",
                serving.url() + "/",
                "ACTIONS_RUNTIME_TOKEN",
                TOKEN,
                "ACTIONS_CACHE_SERVICE_V2",
                "True")
            : Map.of("ACTIONS_CACHE_URL", serving.url() + "/", "ACTIONS_RUNTIME_TOKEN", TOKEN);
    String script = clients.resolve("caches.mjs").toString();
    assertThat(run(one, environment, "node", script, "save", "deps", "npm-1"))
        .containsPattern("result: [0-9]+");
    assertThat(run(one, environment, "node", script, "save", "deps", "npm-1"))
        .contains("result: -1");
    assertThat(run(other, environment, "node", script, "restore", "deps", "npm-2", "npm-"))
        .contains("result: npm-1");
    assertThat(other.resolve("deps/lib.txt")).hasContent("library");
    assertThat(run(other, environment, "node", script, "restore", "deps", "cargo-"))
        .contains("result: nothing");
  }

  @Test
  void gradle() throws Exception {
    Path program = Required.program("gradle", List.of());
    Path java = java17();
    Path one = gradle("one");
    Path other = gradle("other");
    for (Path project : List.of(one, other)) {
      Map<String, String> environment =
          Map.of("JAVA_HOME", java.toString(), "GRADLE_USER_HOME", project + "-home");
      String output =
          run(
              project,
              environment,
              program.toString(),
              "--no-daemon",
              "--build-cache",
              "--console=plain",
              "write");
      assertThat(output).contains("BUILD SUCCESSFUL");
      if (project.equals(one)) {
        assertThat(serving.requests()).anyMatch(line -> line.matches("PUT /gradle/\\S+ 201 .*"));
      } else {
        assertThat(output).contains("FROM-CACHE");
        assertThat(project.resolve("build/out.txt")).hasContent("built");
      }
    }
  }

  @Test
  void bazel() throws Exception {
    Path program = Required.program("bazel", List.of());
    for (String name : List.of("one", "other")) {
      Path project = Files.createDirectories(folder.resolve(name));
      Files.writeString(project.resolve("WORKSPACE"), "");
      Files.writeString(
          project.resolve("BUILD"),
          "genrule(name = 'a', srcs = [], outs = ['out.txt'], cmd = 'echo built > $@')\n");
      String output =
          run(
              project,
              Map.of(),
              program.toString(),
              "--batch",
              "--output_user_root=" + folder.resolve(name + "-root"),
              "build",
              "--spawn_strategy=local",
              "--remote_cache=" + serving.url() + "/bazel",
              "--remote_header=Authorization=Bearer " + TOKEN,
              "//:a");
      assertThat(output).contains("Build completed successfully");
      if (name.equals("other")) {
        assertThat(output).contains("remote cache hit");
        assertThat(project.resolve("bazel-bin/out.txt")).hasContent("built");
      }
    }
  }

  private Path turborepo(String name) throws IOException {
    Path project = Files.createDirectories(folder.resolve(name));
    Path part = Files.createDirectories(project.resolve("packages/a"));
    Files.writeString(
        project.resolve("package.json"),
        """
        {"name": "w", "private": true, "workspaces": ["packages/*"], "packageManager": "npm@10.0.0"}
        """);
    Files.writeString(
        project.resolve("turbo.json"),
        """
        {"tasks": {"build": {"outputs": ["dist/**"]}}, "remoteCache": {"signature": true}}
        """);
    Files.writeString(
        part.resolve("package.json"),
        """
        {"name": "a", "version": "1.0.0", "scripts": {"build": "mkdir -p dist && echo built > dist/out.txt"}}
        """);
    return project;
  }

  private Path nx(String name, Path clients) throws IOException {
    Path project = Files.createDirectories(folder.resolve(name));
    Path part = Files.createDirectories(project.resolve("a"));
    Files.createSymbolicLink(project.resolve("node_modules"), clients.resolve("node_modules"));
    Files.writeString(project.resolve("package.json"), "{\"name\": \"w\", \"private\": true}");
    Files.writeString(project.resolve("nx.json"), "{}");
    Files.writeString(part.resolve("in.txt"), "in");
    Files.writeString(
        part.resolve("project.json"),
        """
        {"name": "a", "targets": {"build": {"executor": "nx:run-commands", "cache": true,
         "inputs": ["{projectRoot}/in.txt"], "outputs": ["{workspaceRoot}/dist"],
         "options": {"command": "mkdir -p dist && echo built > dist/out.txt"}}}}
        """);
    return project;
  }

  private Path gradle(String name) throws IOException {
    Path project = Files.createDirectories(folder.resolve(name));
    Files.writeString(
        project.resolve("settings.gradle"),
        """
        rootProject.name = 'a'
        buildCache {
          local { enabled = false }
          remote(HttpBuildCache) {
            url = '%s/gradle/'
            push = true
            credentials { username = 'ci'; password = '%s' }
          }
        }
        """
            .formatted(serving.url(), TOKEN));
    Files.writeString(
        project.resolve("build.gradle"),
        """
        task write {
          def out = file('build/out.txt')
          outputs.file(out)
          outputs.cacheIf { true }
          doLast { out.parentFile.mkdirs(); out.text = 'built' }
        }
        """);
    return project;
  }

  /** What Debian's Gradle runs on. */
  private static Path java17() throws IOException {
    Path folder = Path.of("/usr/lib/jvm");
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "java-1.17*")) {
        for (Path java : found) {
          return java;
        }
      }
    }
    throw Required.missing("a Java 17 for Gradle in " + folder);
  }

  /** The clients that npm has, installed once below {@code target}. */
  private static Path npm() throws IOException, InterruptedException {
    Required.program("node");
    Required.program("npm");
    Path folder = Files.createDirectories(Path.of("target", "clients").toAbsolutePath());
    Path done = folder.resolve("installed");
    boolean changed = false;
    for (String file : List.of("package.json", "caches.mjs")) {
      try (InputStream in = RealClientTest.class.getResourceAsStream("/clients/" + file)) {
        byte[] wanted = in == null ? new byte[0] : in.readAllBytes();
        Path there = folder.resolve(file);
        changed |=
            !Files.exists(there) || !java.util.Arrays.equals(wanted, Files.readAllBytes(there));
        Files.write(there, wanted);
      }
    }
    if (changed || !Files.exists(done)) {
      Path log = folder.resolve("install.log");
      Process npm =
          new ProcessBuilder(
                  "npm",
                  "install",
                  "--no-audit",
                  "--no-fund",
                  "--ignore-scripts",
                  "--no-package-lock")
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      if (npm.waitFor() != 0) {
        throw Required.missing("what npm installs from its registry (see " + log + ")");
      }
      Files.writeString(done, "");
    }
    return folder;
  }

  /** Runs a program that ends well; gives what it printed. */
  private String run(Path work, Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile(folder, "client", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(work.toFile())
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(output.toFile());
    Map<String, String> variables = builder.environment();
    variables
        .keySet()
        .removeIf(name ->
            name.startsWith("ACTIONS_")
                || name.startsWith("GITHUB_")
                || name.startsWith("TURBO_")
                || name.startsWith("NX_"));
    variables.put(
        "HOME", Files.createDirectories(folder.resolve(work.getFileName() + "-h")).toString());
    variables.put("RUNNER_TEMP", folder.toString());
    variables.put("GITHUB_WORKSPACE", work.toString());
    variables.putAll(environment);
    Process process = builder.start();
    assertThat(process.waitFor(4, TimeUnit.MINUTES)).as("the client ends").isTrue();
    String text = Files.readString(output);
    assertThat(process.exitValue()).as(text + serving.requests()).isZero();
    return text;
  }
}
