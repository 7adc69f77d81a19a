package dev.slipway.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.engine.ContainerException;
import dev.slipway.engine.ContainerSpec;
import dev.slipway.engine.StopSignal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Images from a registry: when they are pulled, with which credentials, and what is said. */
@Timeout(120)
class ImagesTest {
  @TempDir Path scratch;
  @TempDir Path content;
  @TempDir Path config;

  private Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.put("DOCKER_CONFIG", config.toString());
    return environment;
  }

  private static void pull(
      Dock dock, String image, Optional<ContainerSpec.Credentials> credentials) {
    dock.containers.pull(image, credentials, dock.log::add, new StopSignal());
  }

  private static void forget(Dock dock, LocalRegistry registry) {
    dock.api.deleteIfThere("/images/" + registry.image() + "?force=1");
  }

  @Test
  void pull_onlyWhatIsMissing_andQuietly() throws IOException {
    try (LocalRegistry registry = new LocalRegistry(content);
        Dock dock = Dock.open(scratch, environment())) {
      pull(dock, registry.image(), Optional.empty());
      int asked = registry.manifests.get();
      assertThat(asked).isPositive();
      assertThat(dock.log).hasSize(2).first().isEqualTo("Pulling " + registry.image());
      assertThat(dock.log.get(1)).startsWith("Pulled " + registry.image() + " (sha256:");
      pull(dock, registry.image(), Optional.empty());
      assertThat(registry.manifests.get()).isEqualTo(asked);
      forget(dock, registry);
    }
  }

  @Test
  void pull_triesAgain() throws IOException {
    try (LocalRegistry registry = new LocalRegistry(content);
        Dock dock = Dock.open(scratch, environment())) {
      registry.failing = true;
      dock.containers.pull(
          registry.image(),
          Optional.empty(),
          line -> {
            dock.log.add(line);
            registry.failing = !line.contains("trying again");
          },
          new StopSignal());
      assertThat(dock.log).anyMatch(line -> line.contains("trying again"));
      assertThat(dock.log.getLast()).startsWith("Pulled ");
      forget(dock, registry);
    }
  }

  @Test
  void pull_whatTheRegistryDoesNotHave_failsAtOnce() throws IOException {
    try (LocalRegistry registry = new LocalRegistry(content);
        Dock dock = Dock.open(scratch, environment())) {
      assertThatThrownBy(() -> pull(dock, registry.host() + "/app:2", Optional.empty()))
          .isInstanceOf(ContainerException.class)
          .hasMessageContaining(registry.host() + "/app:2");
      assertThat(dock.log).noneMatch(line -> line.contains("trying again"));
    }
  }

  @Test
  void pull_withCredentialsOfTheJob() throws IOException {
    try (LocalRegistry registry = new LocalRegistry(content);
        Dock dock = Dock.open(scratch, environment())) {
      registry.protect("user", "pass:word");
      assertThatThrownBy(() -> pull(dock, registry.image(), Optional.empty()))
          .isInstanceOf(ContainerException.class)
          .hasMessageContaining("credentials")
          .hasMessageContaining("docker login");
      ContainerSpec.Credentials wrong = new ContainerSpec.Credentials("user", "wrong");
      assertThatThrownBy(() -> pull(dock, registry.image(), Optional.of(wrong)))
          .isInstanceOf(ContainerException.class)
          .hasMessageContaining("check the credentials for " + registry.host())
          .hasMessageNotContaining("wrong ");
      pull(dock, registry.image(), Optional.of(new ContainerSpec.Credentials("user", "pass:word")));
      assertThat(dock.log.getLast()).startsWith("Pulled ");
      forget(dock, registry);
    }
  }

  @Test
  void pull_withTheUsersCredentials() throws IOException {
    try (LocalRegistry registry = new LocalRegistry(content)) {
      registry.protect("user", "secret");
      String both =
          Base64.getEncoder().encodeToString("user:secret".getBytes(StandardCharsets.UTF_8));
      Files.writeString(
          config.resolve("config.json"),
          "{\"auths\":{\"" + registry.host() + "\":{\"auth\":\"" + both + "\"}}}");
      try (Dock dock = Dock.open(scratch, environment())) {
        pull(dock, registry.image(), Optional.empty());
        assertThat(dock.log.getLast()).startsWith("Pulled ");
        forget(dock, registry);
      }
    }
  }

  @Test
  void pull_withCredentialsOfAProgram() throws IOException {
    try (LocalRegistry registry = new LocalRegistry(content)) {
      registry.protect("user", "kept");
      Path program = config.resolve("docker-credential-test");
      Files.writeString(
          program,
          "#!/bin/sh\n[ \"$1\" = get ] && [ \"$(cat)\" = '"
              + registry.host()
              + "' ] && echo '{\"Username\":\"user\",\"Secret\":\"kept\"}'\n");
      Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
      Files.writeString(
          config.resolve("config.json"),
          "{\"credHelpers\":{\"" + registry.host() + "\":\"test\"}}");
      Map<String, String> environment = environment();
      environment.put("PATH", config + ":" + environment.get("PATH"));
      try (Dock dock = Dock.open(scratch, environment)) {
        pull(dock, registry.image(), Optional.empty());
        assertThat(dock.log.getLast()).startsWith("Pulled ");
        forget(dock, registry);
      }
    }
  }

  @Test
  void pull_withAProgramThatIsNotThere_namesIt() throws IOException {
    Files.writeString(config.resolve("config.json"), "{\"credsStore\":\"absent\"}");
    try (LocalRegistry registry = new LocalRegistry(content);
        Dock dock = Dock.open(scratch, environment())) {
      assertThatThrownBy(() -> pull(dock, registry.image(), Optional.empty()))
          .isInstanceOf(ContainerException.class)
          .hasMessageContaining("docker-credential-absent");
    }
  }

  @Test
  void start_pullsTheImagesOfServices_whenToldAlways() throws IOException {
    try (LocalRegistry registry = new LocalRegistry(content);
        Dock dock = Dock.open(scratch, environment())) {
      pull(dock, registry.image(), Optional.empty());
      int asked = registry.manifests.get();
      assertThatThrownBy(() ->
              dock.containers.start(
                  Optional.empty(),
                  List.of(Dock.options(Dock.spec("app", registry.image()), "--pull=always")),
                  dock.log::add,
                  new StopSignal()))
          .isInstanceOf(ContainerException.class)
          .hasMessageContaining("service 'app'");
      assertThat(registry.manifests.get()).isGreaterThan(asked);
      dock.containers.close();
      forget(dock, registry);
    }
  }

  @Test
  void proxiesOfTheUser_reachContainersAndBuilds() throws IOException {
    Files.writeString(
        config.resolve("config.json"),
        "{\"proxies\":{\"default\":{\"httpProxy\":\"http://proxy:1\",\"noProxy\":\"web\"}}}");
    Files.writeString(
        content.resolve("Dockerfile"),
        "FROM slipway-test/busybox\nENV NOW="
            + System.nanoTime()
            + "\nRUN echo built by $HTTP_PROXY\n");
    try (Dock dock = Dock.open(scratch, environment())) {
      dock.api.deleteIfThere(
          "/images/"
              + dock.containers.build(
                  content, content.resolve("Dockerfile"), dock.log::add, new StopSignal()));
      assertThat(dock.log).contains("built by http://proxy:1");
      assertThat(
              Dock.sh(
                      dock.job(
                          Dock.environment(
                              Dock.spec("job", Dock.BUSYBOX), Map.of("no_proxy", "mine"))),
                      "echo $HTTP_PROXY $http_proxy $NO_PROXY $no_proxy")
                  .text())
          .isEqualTo("http://proxy:1 http://proxy:1 web mine\n");
    }
  }
}
