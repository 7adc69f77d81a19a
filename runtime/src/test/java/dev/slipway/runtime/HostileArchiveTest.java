package dev.slipway.runtime;

import static dev.slipway.runtime.Zips.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("An archive that is not to be trusted")
final class HostileArchiveTest {
  private final HttpClient http = HttpClient.newHttpClient();

  @TempDir Path folder;
  private RuntimeServices services;
  private RawClient job;
  private ArtifactStore store;
  private Path target;

  @BeforeEach
  void open() throws IOException {
    services =
        RuntimeServices.create(
            RuntimeSettings.of(folder.resolve("artifacts"), folder.resolve("cache")));
    job = new RawClient(http, services.open(Jobs.job("1", "a")));
    store = ArtifactStore.in(folder.resolve("artifacts"));
    target = folder.resolve("place/out");
  }

  @AfterEach
  void close() {
    services.close();
    http.close();
  }

  @Test
  void soundArchive_isExtracted() throws IOException {
    Zips zip = new Zips().file("a/b/c.txt", "deep").file("Ünïcode 🚢.txt", "x").file("empty", "");
    zip.tell(zip.data("folder/", new byte[0], false));
    zip.tell(zip.data("stored", utf8("as it is"), false));
    extract(zip.bytes());
    assertThat(target.resolve("a/b/c.txt")).hasContent("deep");
    assertThat(target.resolve("Ünïcode 🚢.txt")).hasContent("x");
    assertThat(target.resolve("empty")).isEmptyFile();
    assertThat(target.resolve("stored")).hasContent("as it is");
    assertThat(target.resolve("folder")).isEmptyDirectory();
  }

  @Test
  void largeSizesInTheExtraField_areRead() throws IOException {
    Zips zip = new Zips();
    Zips.Told told = zip.data("a", utf8("content"), true);
    ByteBuffer extra = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN);
    extra.putShort((short) 1).putShort((short) 16).putLong(told.size()).putLong(told.packed());
    zip.tell(told.withSize(-1).withPacked(-1).withExtra(extra.array()));
    extract(zip.bytes());
    assertThat(target.resolve("a")).hasContent("content");
  }

  static Stream<String> badNames() {
    return Stream.of(
        "../evil",
        "a/../../evil",
        "a/..",
        "..",
        ".",
        "a/./b",
        "/etc/evil",
        "//evil",
        "a//b",
        "C:/evil",
        "C:evil",
        "..\\evil",
        "a\\b",
        "\\evil",
        "a\0b",
        "a\nb",
        "a\u007fb",
        "/",
        "",
        "n".repeat(256),
        "é".repeat(128),
        "d/".repeat(200) + "x",
        "p".repeat(250).concat("/").repeat(20) + "x");
  }

  @ParameterizedTest
  @MethodSource("badNames")
  void namesThatLeadElsewhere_areRefused(String name) throws IOException {
    refused(new Zips().file("fine", "x").file(name, "evil").bytes());
  }

  @Test
  void nameThatIsNotUtf8_isRefused() throws IOException {
    Zips zip = new Zips();
    zip.tell(zip.data("ab", utf8("x"), true).withName(new byte[] {'a', (byte) 0xff}));
    refused(zip.bytes());
  }

  static Stream<Arguments> clashes() {
    return Stream.of(
        Arguments.of("a", "a"),
        Arguments.of("a", "A"),
        Arguments.of("dir/x", "DIR/y"),
        Arguments.of("a", "a/b"),
        Arguments.of("a/b", "A"),
        Arguments.of("straße", "STRASSE"),
        Arguments.of("é", "e\u0301"));
  }

  @ParameterizedTest
  @MethodSource("clashes")
  void namesThatAreOneSomewhere_areRefused(String first, String second) throws IOException {
    refused(new Zips().file(first, "x").file(second, "y").bytes());
  }

  static Stream<Arguments> types() {
    return Stream.of(
        Arguments.of("a symbolic link", 0120777),
        Arguments.of("a device", 0020666),
        Arguments.of("a disk", 0060666),
        Arguments.of("a pipe", 0010666),
        Arguments.of("a socket", 0140666),
        Arguments.of("a folder in name only", 0040755),
        Arguments.of("a program of its owner", 0104755),
        Arguments.of("a program of its group", 0102755));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("types")
  void otherThanFilesAndFolders_areRefused(String what, int mode) throws IOException {
    Zips zip = new Zips();
    zip.tell(zip.data("x", utf8("../../../../etc/passwd"), true).withMode(mode));
    refused(zip.bytes());
  }

  static Stream<Arguments> lies() {
    return Stream.of(
        Arguments.of("smaller than it is", change(told -> told.withSize(3))),
        Arguments.of("larger than it is", change(told -> told.withSize(3000))),
        Arguments.of("another checksum", change(told -> told.withCrc(1))),
        Arguments.of("fewer packed bytes", change(told -> told.withPacked(2))),
        Arguments.of("more packed bytes", change(told -> told.withPacked(1 << 20))),
        Arguments.of("encrypted", change(told -> told.withFlags(1))),
        Arguments.of("packed otherwise", change(told -> told.withMethod(12))),
        Arguments.of("stored, but larger", change(told -> told.withMethod(0).withSize(1 << 20))));
  }

  private static byte[] change(UnaryOperator<Zips.Told> lie) {
    Zips zip = new Zips();
    return zip.tell(lie.apply(zip.data("x", utf8("some content, some content"), true))).bytes();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("lies")
  void entriesThatLie_areRefused(String what, byte[] zip) throws IOException {
    refused(zip);
  }

  @Test
  void entriesThatShareBytes_areRefused() throws IOException {
    Zips zip = new Zips();
    Zips.Told told = zip.data("a", new byte[1 << 20], true);
    zip.tell(told).tell(told.withName(utf8("b"))).tell(told.withName(utf8("c")));
    refused(zip.bytes());
  }

  @Test
  void archiveThatGrowsWithoutMeasure_isRefused() throws IOException {
    Zips zip = new Zips();
    byte[] zeros = new byte[16 << 20];
    for (int i = 0; i < 20; i++) {
      zip.tell(zip.data("zeros" + i, zeros, true));
    }
    refused(zip.bytes());
  }

  @Test
  void archiveThatSaysItIsLargerThanTheDisk_isRefused() throws IOException {
    Zips zip = new Zips();
    Zips.Told told = zip.data("a", utf8("content"), true);
    ByteBuffer extra = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    extra.putShort((short) 1).putShort((short) 8).putLong(1L << 60);
    zip.tell(told.withSize(-1).withExtra(extra.array()));
    refused(zip.bytes());
  }

  @Test
  void archiveWithTooManyFiles_isRefused() throws IOException {
    Zips zip = new Zips();
    for (int i = 0; i < 10; i++) {
      zip.file("f" + i, "");
    }
    byte[] bytes = zip.bytes();
    // A 64-bit end that tells of a million, as archives with so many have it.
    ByteBuffer large = ByteBuffer.allocate(56 + 20).order(ByteOrder.LITTLE_ENDIAN);
    large.putInt(0x06064b50).putLong(44).putShort((short) 45).putShort((short) 45).putLong(0);
    large.putLong(1_000_000).putLong(1_000_000).putLong(0).putLong(0);
    int end = bytes.length - 22;
    large.putInt(0x07064b50).putInt(0).putLong(end).putInt(1);
    byte[] all = Arrays.copyOf(bytes, bytes.length + large.capacity());
    System.arraycopy(large.array(), 0, all, end, large.capacity());
    System.arraycopy(bytes, end, all, end + large.capacity(), 22);
    ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).putShort(all.length - 12, (short) -1);
    refused(all);
  }

  @Test
  void whatIsNoArchive_isRefused() throws IOException {
    refused(new byte[0]);
    refused(utf8("this is no archive, but long enough to hold the end of one"));
    refused(new Zips().file("a", "x").bytes(7));
  }

  @Test
  void damagedArchives_neverDoMoreThanFail() throws IOException {
    byte[] sound = new Zips().file("a/b", "content").file("c", "more").bytes();
    Random random = new Random(11);
    for (int round = 0; round < 400; round++) {
      byte[] bytes = sound.clone();
      for (int i = 0; i <= round % 4; i++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      job.upload("fuzz", bytes);
      Artifact artifact = store.find("1", "fuzz").orElseThrow();
      Path out = folder.resolve("fuzz/out" + round);
      try {
        store.extract(artifact, out);
        assertThat(out).isDirectory();
      } catch (ArchiveRejectedException e) {
        assertThat(out).doesNotExist();
      }
      store.remove("1", "fuzz");
    }
    try (Stream<Path> places = Files.list(folder)) {
      assertThat(places.map(place -> place.getFileName().toString()))
          .containsOnly("artifacts", "fuzz");
    }
  }

  @Test
  void artifactThatWasDamagedOnDisk_isRefused() throws IOException {
    job.upload("x", new Zips().file("a", "content").bytes()).ok();
    Artifact artifact = store.find("1", "x").orElseThrow();
    byte[] bytes = Files.readAllBytes(store.file(artifact));
    bytes[40] ^= 1;
    Files.write(store.file(artifact), bytes);
    assertThatThrownBy(() -> store.extract(artifact, target))
        .isInstanceOf(ArchiveRejectedException.class);
  }

  @Test
  void folderThatIsNotFree_isLeftAsItIs() throws IOException {
    job.upload("x", new Zips().file("link/a", "content").bytes()).ok();
    Artifact artifact = store.find("1", "x").orElseThrow();
    Path outside = Files.createDirectories(folder.resolve("outside"));
    Files.createDirectories(target);
    Files.createSymbolicLink(target.resolve("link"), outside);
    assertThatThrownBy(() -> store.extract(artifact, target))
        .isInstanceOf(FileAlreadyExistsException.class);
    Files.delete(target.resolve("link"));
    Files.delete(target);
    Files.createSymbolicLink(target, outside);
    assertThatThrownBy(() -> store.extract(artifact, target))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(outside).isEmptyDirectory();
    Files.delete(target);
    Files.createDirectories(target);
    store.extract(artifact, target);
    assertThat(target.resolve("link/a")).hasContent("content");
  }

  private void extract(byte[] zip) throws IOException {
    job.upload("x", zip).ok();
    store.extract(store.find("1", "x").orElseThrow(), target);
  }

  private void refused(byte[] zip) throws IOException {
    job.upload("x", zip).ok();
    Artifact artifact = store.find("1", "x").orElseThrow();
    assertThatThrownBy(() -> store.extract(artifact, target))
        .isInstanceOf(ArchiveRejectedException.class);
    assertThat(target.getParent()).isEmptyDirectory();
    store.remove("1", "x");
  }
}
