package dev.slipway.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The official cache client")
final class CacheClientTest {
  private static final String MAIN = "refs/heads/main";
  private static final String PULL = "refs/pull/5/merge";

  private static Clients clients;

  @TempDir Path folder;
  private RuntimeServices services;

  @BeforeAll
  static void install() throws Exception {
    clients = Clients.install();
  }

  @BeforeEach
  void create() throws IOException {
    services =
        RuntimeServices.create(
            RuntimeSettings.of(folder.resolve("artifacts"), folder.resolve("cache")));
  }

  @AfterEach
  void close() {
    services.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1", "v2"})
  void savedFiles_areRestored_exactlyOrByPrefix(String protocol) throws Exception {
    Path work = work("restored");
    try (JobAccess job = services.open(Jobs.job("1", "a"))) {
      Files.writeString(work.resolve("deps/lib.txt"), "one");
      assertThat(caches(protocol, job, work, "save", "npm-linux-1").text("id")).isNotEqualTo("-1");
      Files.writeString(work.resolve("deps/lib.txt"), "two");
      caches(protocol, job, work, "save", "npm-linux-2");
      Clients.Result again = caches(protocol, job, work, "save", "npm-linux-2");
      assertThat(again.text("id")).isEqualTo("-1");
      assertThat(again.output()).contains("Failed to save: Unable to reserve cache");
    }
    try (JobAccess job = services.open(Jobs.job("2", "a"))) {
      Files.delete(work.resolve("deps/lib.txt"));
      assertThat(caches(protocol, job, work, "restore", "npm-linux-1").text("key"))
          .isEqualTo("npm-linux-1");
      assertThat(work.resolve("deps/lib.txt")).hasContent("one");
      assertThat(caches(protocol, job, work, "restore", "npm-linux-3", "npm-linux-").text("key"))
          .isEqualTo("npm-linux-2");
      assertThat(work.resolve("deps/lib.txt")).hasContent("two");
      assertThat(caches(protocol, job, work, "restore", "cargo", "cargo-").text("key")).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1", "v2"})
  void whatAPullRequestSaves_isNotRestoredByItsBase(String protocol) throws Exception {
    Path work = work("scopes");
    JobIdentity pull = Jobs.job("1", "a", PULL).withCaches(List.of(PULL, MAIN), CacheMode.WRITE);
    try (JobAccess job = services.open(pull)) {
      caches(protocol, job, work, "save", "key-evil");
      assertThat(caches(protocol, job, work, "restore", "key-evil").text("key"))
          .isEqualTo("key-evil");
    }
    try (JobAccess job = services.open(Jobs.job("2", "a", MAIN))) {
      assertThat(caches(protocol, job, work, "restore", "key-evil", "key-").text("key")).isEmpty();
      caches(protocol, job, work, "save", "key-good");
    }
    try (JobAccess job = services.open(pull)) {
      assertThat(caches(protocol, job, work, "restore", "key-good").text("key"))
          .isEqualTo("key-good");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1", "v2"})
  void modes_denyWithTheWordsThatClientsLookFor(String protocol) throws Exception {
    Path work = work("modes");
    JobIdentity identity = Jobs.job("1", "a");
    try (JobAccess job =
        services.open(identity.withCaches(identity.cacheScopes(), CacheMode.READ))) {
      assertThat(job.environment()).containsEntry("ACTIONS_CACHE_MODE", "read");
      Map<String, String> older = new HashMap<>(job.environment());
      older.remove("ACTIONS_CACHE_MODE");
      assertThat(caches(protocol, older, work, "save", "k").output())
          .contains("cache write denied: ");
    }
    try (JobAccess job =
        services.open(identity.withCaches(identity.cacheScopes(), CacheMode.WRITE_ONLY))) {
      Map<String, String> older = new HashMap<>(job.environment());
      older.remove("ACTIONS_CACHE_MODE");
      assertThat(caches(protocol, older, work, "save", "k").text("id")).isNotEqualTo("-1");
      assertThat(caches(protocol, older, work, "restore", "k").output())
          .contains("cache read denied: ");
    }
  }

  @Test
  void cachesOfHomes_areOneForAllJobs() throws Exception {
    Path one = Files.createDirectories(folder.resolve("job-0/project/project"));
    Path other = Files.createDirectories(folder.resolve("job-1/project/project"));
    Path saved = Files.createDirectories(folder.resolve("job-0/home/.npm"));
    Path restored = folder.resolve("job-1/home/.npm");
    Files.writeString(saved.resolve("index"), "packages");
    JobIdentity first = Jobs.job("1", "a").withHome(folder.resolve("job-0/home").toString());
    try (JobAccess job = services.open(first)) {
      clients.run(one, job.environment(), "caches.mjs", "save", saved.toString(), "n").succeeded();
    }
    JobIdentity second = Jobs.job("2", "b").withHome(folder.resolve("job-1/home").toString());
    try (JobAccess job = services.open(second)) {
      Clients.Result hit =
          clients
              .run(other, job.environment(), "caches.mjs", "restore", restored.toString(), "n")
              .succeeded();
      assertThat(hit.text("key")).isEqualTo("n");
      assertThat(restored.resolve("index")).hasContent("packages");
      Path elsewhere = folder.resolve("job-1/other");
      assertThat(
              clients
                  .run(other, job.environment(), "caches.mjs", "restore", elsewhere.toString(), "n")
                  .succeeded()
                  .text("key"))
          .isEmpty();
    }
  }

  private Path work(String name) throws IOException {
    Path work = folder.resolve(name);
    Files.createDirectories(work.resolve("deps"));
    Files.writeString(work.resolve("deps/lib.txt"), name);
    return work;
  }

  private Clients.Result caches(
      String protocol, JobAccess job, Path work, String command, String... keys)
      throws IOException, InterruptedException {
    return caches(protocol, job.environment(), work, command, keys);
  }

  private Clients.Result caches(
      String protocol, Map<String, String> given, Path work, String command, String... keys)
      throws IOException, InterruptedException {
    Map<String, String> environment = new HashMap<>(given);
    if (protocol.equals("v1")) {
      environment.remove("ACTIONS_CACHE_SERVICE_V2");
    }
    String[] arguments = new String[keys.length + 2];
    arguments[0] = command;
    arguments[1] = "deps";
    System.arraycopy(keys, 0, arguments, 2, keys.length);
    return clients.run(work, environment, "caches.mjs", arguments).succeeded();
  }
}
