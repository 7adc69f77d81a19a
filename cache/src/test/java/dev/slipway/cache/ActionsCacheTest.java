package dev.slipway.cache;

import static dev.slipway.cache.Saving.MAIN;
import static dev.slipway.cache.Saving.VERSION;
import static dev.slipway.cache.Saving.content;
import static dev.slipway.cache.Saving.find;
import static dev.slipway.cache.Saving.save;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The caches of a repository")
final class ActionsCacheTest {
  private static final String PULL = "refs/pull/5/merge";

  @TempDir Path folder;
  private final Ticking clock = new Ticking();
  private final List<ActionsCache> opened = new ArrayList<>();

  @AfterEach
  void everythingListed_isReadable_andNothingIsLeftBehind() throws IOException {
    ActionsCache cache = cache();
    cache.sweep();
    for (CacheEntry entry : cache.list()) {
      assertThat(IncomingBlob.digestOf(cache.file(entry))).isEqualTo(entry.digest());
    }
    for (String place : List.of("incoming", "reserved")) {
      Path left = folder.resolve("octo/ship").resolve(place);
      if (Files.exists(left)) {
        assertThat(left).isEmptyDirectory();
      }
    }
    opened.forEach(ActionsCache::close);
  }

  @ParameterizedTest
  @CsvSource({
    // the key itself wins over newer ones that begin with it
    "npm-1, , npm-1",
    // of those that begin with it, the newest
    "npm-, , npm-3",
    // the first key that has anything wins
    "npm-9, npm-2 npm-, npm-2-old",
    // any fit of the own scope comes before an exact one of the next
    "shared, , shared-own",
    "only-main, , only-main",
    "other, , ''",
    "npm-33, , ''",
  })
  void find_choosesAsGitHubDoes(String key, String fallbacks, String found) throws IOException {
    ActionsCache cache = cache();
    save(cache, PULL, "npm-1", "x");
    save(cache, PULL, "npm-1-longer", "x");
    save(cache, PULL, "npm-2-old", "x");
    save(cache, PULL, "npm-3", "x");
    save(cache, PULL, "shared-own", "x");
    save(cache, MAIN, "npm-4", "x");
    save(cache, MAIN, "shared", "x");
    save(cache, MAIN, "only-main", "x");
    List<String> keys = new ArrayList<>(List.of(key));
    if (fallbacks != null) {
      keys.addAll(List.of(fallbacks.split(" ")));
    }
    assertThat(cache.find(List.of(PULL, MAIN), VERSION, keys).map(CacheEntry::key).orElse(""))
        .isEqualTo(found);
  }

  @Test
  void find_readsNoScopeButThoseGiven_andNoOtherVersion() throws IOException {
    ActionsCache cache = cache();
    save(cache, PULL, "key", "evil");
    save(cache, "refs/tags/main", "key", "evil");
    save(cache, "refs/heads/main/more", "key", "evil");
    save(cache, "refs/heads", "key", "evil");
    assertThat(find(cache, List.of(MAIN), "key", "k", "")).isEmpty();
    save(cache, MAIN, "key", "good");
    assertThat(cache.find(List.of(MAIN), "v2", List.of("key"))).isEmpty();
    assertThat(content(cache, "key")).isEqualTo("good");
  }

  @Test
  void entry_isSavedOnce() throws IOException {
    ActionsCache cache = cache();
    save(cache, MAIN, "key", "first");
    assertThat(cache.reserve(MAIN, VERSION, "key")).isEmpty();
    assertThat(cache().reserve(MAIN, VERSION, "key")).isEmpty();
    save(cache, PULL, "key", "of another scope");
    assertThat(content(cache, "key")).isEqualTo("first");
  }

  @Test
  void keyBeingSaved_isTaken_untilThatIsAbandoned() throws IOException {
    ActionsCache cache = cache();
    CacheUpload first = cache.reserve(MAIN, VERSION, "key").orElseThrow();
    assertThat(cache.reserve(MAIN, VERSION, "key")).isEmpty();
    first.abandon();
    first.abandon();
    save(cache, MAIN, "key", "second");
    assertThat(content(cache, "key")).isEqualTo("second");
    assertThatThrownBy(first::finish).isInstanceOf(BlobRejectedException.class);
  }

  @Test
  void keyWantedByMany_goesToOne() throws Exception {
    ActionsCache cache = cache();
    List<Callable<Optional<CacheUpload>>> all = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      all.add(() -> cache.reserve(MAIN, VERSION, "key"));
    }
    List<CacheUpload> won = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Optional<CacheUpload>> one : threads.invokeAll(all)) {
        one.get().ifPresent(won::add);
      }
    }
    assertThat(won).hasSize(1);
    won.getFirst().abandon();
  }

  @Test
  void uploadInParts_isWhatTheListSays() throws IOException {
    ActionsCache cache = cache();
    CacheUpload upload = cache.reserve(MAIN, VERSION, "key").orElseThrow();
    upload.blob().block("b", bytes("world"));
    upload.blob().block("a", bytes("wrong"));
    upload.blob().block("a", bytes("hello "));
    upload.blob().block("unused", bytes("x"));
    assertThatThrownBy(() -> upload.blob().commit(List.of("a", "missing")))
        .isInstanceOf(BlobRejectedException.class);
    assertThatThrownBy(upload::finish).isInstanceOf(BlobRejectedException.class);
    upload.blob().commit(List.of("a", "b"));
    upload.blob().commit(List.of("a", "b"));
    upload.finish();
    assertThat(content(cache, "key")).isEqualTo("hello world");
  }

  @Test
  void rangesWithAGap_areNotACache() throws IOException {
    ActionsCache cache = cache();
    CacheUpload upload = cache.reserve(MAIN, VERSION, "key").orElseThrow();
    upload.blob().range(6, bytes("world"));
    upload.blob().range(0, bytes("hello"));
    assertThatThrownBy(() -> upload.blob().commitRanges(11))
        .isInstanceOf(BlobRejectedException.class);
    upload.blob().range(5, bytes(" "));
    upload.blob().commitRanges(11);
    upload.finish();
    assertThat(content(cache, "key")).isEqualTo("hello world");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../../../etc/passwd",
        "..",
        ".",
        "/",
        "a/b",
        "a+",
        "%2e%2e",
        "ключ-🚢",
        "with blanks\\and \"quotes\"",
        "-"
      })
  void oddKeys_areKeys(String key) throws IOException {
    ActionsCache cache = cache();
    save(cache, key, key, "x");
    assertThat(cache.find(List.of(key), VERSION, List.of(key)).orElseThrow().key()).isEqualTo(key);
    assertThat(cache().list()).singleElement().extracting(CacheEntry::scope).isEqualTo(key);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(folder.resolve("octo"));
    }
  }

  @Test
  void longestKey_isFoundByAnyBeginning() throws IOException {
    ActionsCache cache = cache();
    String key = "é".repeat(ActionsCache.MAX_KEY);
    save(cache, MAIN, key, "x");
    assertThat(content(cache, key)).isEqualTo("x");
    for (int length : new int[] {1, 79, 80, 81, 119, 120, 121, 400}) {
      assertThat(content(cache, key.substring(0, length))).as("%d", length).isEqualTo("x");
    }
    assertThat(cache.remove(entry -> true)).hasSize(1);
    assertThat(cache.list()).isEmpty();
  }

  static Stream<String> badKeys() {
    return Stream.of("", "a,b", "a\nb", "a\0b", "\ud800", "k".repeat(513));
  }

  @ParameterizedTest
  @MethodSource("badKeys")
  void badKeys_areRefused(String key) {
    assertThatThrownBy(() -> cache().reserve(MAIN, VERSION, key))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void repositories_areApart_andStayInTheFolder() throws IOException {
    save(cache(), MAIN, "key", "x");
    for (String other : List.of("octo/ship2", "octo", "..", "../octo/ship", "octo/%73hip")) {
      ActionsCache cache = ActionsCache.of(settings(), other);
      assertThat(cache.list()).as(other).isEmpty();
      save(cache, MAIN, "key", "y");
    }
    assertThat(content(cache(), "key")).isEqualTo("x");
    assertThat(folder.resolveSibling("octo")).doesNotExist();
  }

  @Test
  void damagedBlob_isAMiss_andGoes() throws IOException {
    ActionsCache cache = cache();
    save(cache, MAIN, "key-1", "older and fine");
    CacheEntry newer = save(cache, MAIN, "key-2", "damaged");
    Files.writeString(cache.file(newer), "dAmaged");
    assertThat(content(cache, "key-2", "key-")).isEqualTo("older and fine");
    assertThat(cache.file(newer)).doesNotExist();
    save(cache, MAIN, "key-2", "made again");
    assertThat(content(cache, "key-2")).isEqualTo("made again");
  }

  @Test
  void truncatedBlob_isAMiss() throws IOException {
    ActionsCache cache = cache();
    CacheEntry entry = save(cache, MAIN, "key", "content");
    Files.writeString(cache.file(entry), "");
    assertThat(find(cache, List.of(MAIN), "key")).isEmpty();
  }

  @Test
  void whatWasUsedLongestAgo_goesFirst() throws IOException {
    ActionsCache cache = ActionsCache.of(settings().withLimit(30), Saving.REPOSITORY);
    for (String key : List.of("a", "b", "c")) {
      save(cache, MAIN, key, "0123456789");
      clock.pass(Duration.ofMinutes(1));
    }
    assertThat(content(cache, "a")).isNotEmpty();
    clock.pass(Duration.ofMinutes(1));
    save(cache, MAIN, "d", "0123456789");
    assertThat(cache.list()).extracting(CacheEntry::key).containsExactly("d", "c", "a");
    save(cache, MAIN, "large", "012345678901234567890123456789");
    assertThat(cache.list()).extracting(CacheEntry::key).containsExactly("large");
    CacheUpload tooLarge = cache.reserve(MAIN, VERSION, "too large").orElseThrow();
    assertThatThrownBy(() -> tooLarge.blob().whole(new ByteArrayInputStream(new byte[31])))
        .isInstanceOf(BlobRejectedException.class);
    tooLarge.abandon();
  }

  @Test
  void whatWasNotUsedForAWeek_goes() throws IOException {
    ActionsCache cache = cache();
    save(cache, MAIN, "used", "x");
    save(cache, MAIN, "unused", "x");
    clock.pass(Duration.ofDays(4));
    assertThat(content(cache, "used")).isEqualTo("x");
    clock.pass(Duration.ofDays(4));
    cache.sweep();
    assertThat(cache.list()).extracting(CacheEntry::key).containsExactly("used");
  }

  @Test
  void remove_takesWhatItIsTold() throws IOException {
    ActionsCache cache = cache();
    save(cache, MAIN, "a-1", "x");
    save(cache, MAIN, "a-2", "x");
    save(cache, MAIN, "b", "x");
    assertThat(cache.remove(entry -> entry.key().startsWith("a-"))).hasSize(2);
    assertThat(cache.list()).extracting(CacheEntry::key).containsExactly("b");
  }

  @Test
  void keyThatAnotherProcessIsSaving_isTaken_untilThatProcessIsKilled() throws Exception {
    Process other = Saving.process(folder, "hold", "key");
    try (BufferedReader lines = other.inputReader()) {
      assertThat(lines.readLine()).isEqualTo("held");
      ActionsCache cache = cache();
      cache.sweep();
      assertThat(cache.reserve(MAIN, VERSION, "key")).isEmpty();
      other.destroyForcibly();
      other.waitFor();
      save(cache, MAIN, "key", "ours");
      assertThat(content(cache, "key")).isEqualTo("ours");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 8})
  void processKilledWhileSaving_leavesAReadableStore(int after) throws Exception {
    Process other = Saving.process(folder, "many", "key-", "1000");
    try (BufferedReader lines = other.inputReader()) {
      for (int i = 0; i < after; i++) {
        assertThat(lines.readLine()).isEqualTo("saved " + i);
      }
      other.destroyForcibly();
      other.waitFor();
    }
    assertThat(cache().list()).hasSizeGreaterThanOrEqualTo(after);
    for (int i = 0; i < after; i++) {
      assertThat(find(cache(), List.of(MAIN), "key-" + i)).isPresent();
    }
  }

  @Test
  void severalProcesses_saveAtOnce() throws Exception {
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      processes.add(Saving.process(folder, "many", "p" + i + "-", "8"));
    }
    for (Process process : processes) {
      process.getInputStream().transferTo(OutputStream.nullOutputStream());
      assertThat(process.waitFor()).isZero();
    }
    assertThat(cache().list()).hasSize(24);
  }

  private static ByteArrayInputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  private CacheSettings settings() {
    return CacheSettings.in(folder).withClock(clock);
  }

  private ActionsCache cache() {
    ActionsCache cache = ActionsCache.of(settings(), Saving.REPOSITORY);
    opened.add(cache);
    return cache;
  }
}
