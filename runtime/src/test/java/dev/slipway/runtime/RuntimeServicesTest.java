package dev.slipway.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The services")
final class RuntimeServicesTest {
  @TempDir Path folder;

  @Test
  void nobodyAskedFor_makeNothing() {
    Set<String> before = threads();
    try (RuntimeServices _ = services()) {
      assertThat(threads()).isEqualTo(before);
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void theirThreads_keepNoProgramAlive() throws IOException {
    try (RuntimeServices services = services()) {
      services.open(Jobs.job("1", "a"));
      assertThat(Thread.getAllStackTraces().keySet())
          .filteredOn(thread -> thread.getName().startsWith("HTTP-Dispatcher"))
          .isNotEmpty()
          .allMatch(Thread::isDaemon);
    }
  }

  @Test
  void prepared_areTheSameThatAreOpened() throws IOException {
    try (RuntimeServices services = services();
        HttpClient http = HttpClient.newHttpClient()) {
      services.prepare();
      services.prepare();
      RawClient first = new RawClient(http, services.open(Jobs.job("1", "a")));
      RawClient second = new RawClient(http, services.open(Jobs.job("1", "b")));
      assertThat(first.origin()).isEqualTo(second.origin());
      second.artifacts("ListArtifacts").ok();
    }
  }

  @Test
  void preparedOrNot_endWithoutHavingBeenOpened_andForGood() {
    RuntimeServices services = services();
    services.prepare();
    services.close();
    services.close();
    services.prepare();
    assertThatThrownBy(() -> services.open(Jobs.job("1", "a")))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void environment_isWhatClientsLookFor() throws IOException {
    try (RuntimeServices services = services()) {
      Map<String, String> environment = services.open(Jobs.job("1", "a")).environment();
      assertThat(environment)
          .containsOnlyKeys(
              "ACTIONS_RUNTIME_URL",
              "ACTIONS_RUNTIME_TOKEN",
              "ACTIONS_RESULTS_URL",
              "ACTIONS_CACHE_URL",
              "ACTIONS_CACHE_SERVICE_V2");
      assertThat(environment.get("ACTIONS_RESULTS_URL")).matches("http://127\\.0\\.0\\.1:\\d+/");
    }
  }

  @Test
  void runsWhoseIdCannotNameAFolder_areRefused() {
    for (String run : new String[] {"", ".", "..", "a/b", "a:b", "a b", "é", "1".repeat(101)}) {
      assertThatThrownBy(() -> Jobs.job(run, "a")).isInstanceOf(IllegalArgumentException.class);
    }
  }

  private RuntimeServices services() {
    return RuntimeServices.create(
        RuntimeSettings.of(folder.resolve("artifacts"), folder.resolve("cache")));
  }

  private static Set<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .collect(Collectors.toSet());
  }
}
