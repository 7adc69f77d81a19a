package dev.slipway.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a killed process left is removed, what a living one uses stays. */
@Timeout(120)
class LeftoversTest {
  @TempDir Path scratch;

  @Test
  void open_removesWhatAKilledProcessLeft_andNothingOfLivingOnes() throws Exception {
    Dock.require();
    Process killed = start("leftovers-killed");
    Process living = start("leftovers-living");
    try (Dock watcher = Dock.open(scratch)) {
      List<String> volumes = volumes(watcher, "leftovers-killed");
      assertThat(volumes).hasSize(1);
      assertThat(networks(watcher, "leftovers-killed")).hasSize(1);
      killed.destroyForcibly().waitFor();
      try (Dock next = Dock.open(scratch)) {
        next.engine.close();
      }
      assertThat(containers(watcher, "leftovers-killed")).isEmpty();
      assertThat(networks(watcher, "leftovers-killed")).isEmpty();
      assertThatThrownBy(() -> watcher.api.get("/volumes/" + volumes.getFirst()))
          .isInstanceOf(DockerException.class);
      assertThat(folders()).doesNotContain(Long.toString(killed.pid()));
      assertThat(containers(watcher, "leftovers-living")).hasSize(2);
      assertThat(networks(watcher, "leftovers-living")).hasSize(1);
      assertThat(folders()).contains(Long.toString(living.pid()));
    } finally {
      living.destroyForcibly().waitFor();
      killed.destroyForcibly().waitFor();
      Dock.open(scratch).close();
    }
  }

  private Process start(String token) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                LeftBehind.class.getName(),
                scratch.toString(),
                token)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    assertThat(output.readLine()).isEqualTo("started");
    return process;
  }

  private static List<Json> containers(Dock dock, String token) {
    return dock.api.get("/containers/json?all=1&filters=" + filter(token)).items();
  }

  private static List<Json> networks(Dock dock, String token) {
    return dock.api.get("/networks?filters=" + filter(token)).items();
  }

  private static String filter(String token) {
    return DockerApi.escape("{\"label\":[\"dev.slipway.token=" + token + "\"]}");
  }

  private static List<String> volumes(Dock dock, String token) {
    List<String> names = new ArrayList<>();
    for (Json container : containers(dock, token)) {
      for (Json mount : container.get("Mounts").items()) {
        if (mount.get("Type").text().equals("volume")) {
          names.add(mount.get("Name").text());
        }
      }
    }
    return names;
  }

  /** The numbers of the processes that have folders for pipes. */
  private List<String> folders() throws IOException {
    List<String> numbers = new ArrayList<>();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(scratch, "*@*")) {
      for (Path folder : folders) {
        String name = folder.getFileName().toString();
        numbers.add(name.substring(0, name.indexOf('@')));
      }
    }
    return numbers;
  }
}
