package dev.slipway.cache;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The caches of one repository that {@code actions/cache} saves and restores.
 *
 * <p>A cache is saved once under its scope, version and key and never changes. It is one file,
 * whose name says everything ({@link EntryName}) and which is renamed into its place when it is
 * whole, so there is nothing to repair after a crash: what was not finished is in {@code incoming}
 * and is swept. The time of its last change is when it was last used.
 *
 * <p>Several processes may use the same folder. What changes it holds the lock of the repository;
 * an upload holds one more lock, named after what it will save, until it ends, however it ends.
 * Within a process there is one object for a repository.
 *
 * <p>Where S3 is configured it has everything too: saved there after it was saved here, and
 * restored from there when it is not here. When S3 fails, work goes on without.
 */
public final class ActionsCache implements AutoCloseable {
  /** The most characters of a key. */
  public static final int MAX_KEY = 512;

  private static final int MAX_VERSION = 512;
  private static final Duration ABANDONED = Duration.ofDays(1);

  private final CacheSettings settings;
  private final Path folder;
  private final DiskBlobs disk;
  private final Path incoming;
  private final Path reserved;
  private final Map<String, FolderLock> reservations = new HashMap<>();
  private final @Nullable SecondTier second;
  private long lastId;

  private ActionsCache(CacheSettings settings, Path folder, @Nullable SecondTier second) {
    this.settings = settings;
    this.folder = folder;
    this.second = second;
    disk = new DiskBlobs(folder.resolve("entries"));
    incoming = folder.resolve("incoming");
    reserved = folder.resolve("reserved");
  }

  /**
   * The caches of a repository.
   *
   * @param repository {@code owner/name}
   */
  public static ActionsCache of(CacheSettings settings, String repository) {
    Path folder = settings.folder();
    List<String> parts = new ArrayList<>();
    for (String part : requireNonNull(repository, "repository is null").split("/", -1)) {
      if (part.isEmpty()) {
        throw new IllegalArgumentException("'" + repository + "' is no repository");
      }
      String encoded = EntryName.encoded(part);
      parts.add(encoded);
      folder = folder.resolve(encoded);
    }
    S3Location s3 = settings.s3();
    return new ActionsCache(
        settings,
        folder,
        s3 == null ? null : SecondTier.of(s3, String.join("/", parts), settings.warnings()));
  }

  /**
   * The cache to restore, as GitHub chooses it: scope by scope, and in a scope key by key, the one
   * of exactly this key, else the newest whose key begins with it.
   *
   * @param scopes whose caches may be restored, in the order of their preference
   * @param keys the key, then the keys to fall back on
   */
  public Optional<CacheEntry> find(List<String> scopes, String version, List<String> keys)
      throws IOException {
    for (String scope : scopes) {
      List<CacheEntry> candidates = candidates(scope, version);
      for (String key : keys) {
        if (key.isEmpty()) {
          continue;
        }
        for (CacheEntry entry : matching(candidates, key)) {
          if (fetch(entry)) {
            disk.touch(EntryName.of(entry), settings.clock().instant());
            return Optional.of(entry);
          }
        }
      }
    }
    return Optional.empty();
  }

  /** Where an entry's bytes are, as long as nobody removes it. */
  public Path file(CacheEntry entry) {
    return disk.file(EntryName.of(entry));
  }

  /**
   * Begins to save a cache.
   *
   * @return empty when there is one of this scope, version and key, or somebody is saving it
   * @throws IllegalArgumentException when the key or version cannot be one
   */
  public synchronized Optional<CacheUpload> reserve(String scope, String version, String key)
      throws IOException {
    check(key, MAX_KEY, "key");
    check(version, MAX_VERSION, "version");
    check(scope, MAX_KEY, "scope");
    String prefix = EntryName.prefix(scope, version, key);
    String name = nameOf(prefix);
    if (reservations.containsKey(name)) {
      return Optional.empty();
    }
    if (second != null && second.has(prefix)) {
      return Optional.empty();
    }
    Files.createDirectories(incoming);
    Files.createDirectories(reserved);
    try (FolderLock _ = lock()) {
      if (!disk.list(prefix).isEmpty()) {
        return Optional.empty();
      }
      FolderLock reservation = FolderLock.tryOf(reserved.resolve(name));
      if (reservation == null) {
        return Optional.empty();
      }
      reservations.put(name, reservation);
    }
    IncomingBlob blob = IncomingBlob.in(incoming.resolve(name + "-" + unique()), settings.limit());
    return Optional.of(new CacheUpload(this, nextId(), scope, key, version, blob));
  }

  /** All entries on this machine, the newest first. */
  public List<CacheEntry> list() throws IOException {
    List<CacheEntry> entries = entries(disk.list(""));
    entries.sort((a, b) -> Long.compare(b.id(), a.id()));
    return entries;
  }

  /**
   * Removes entries, also from S3.
   *
   * @return those it removed
   */
  public synchronized List<CacheEntry> remove(Predicate<CacheEntry> which) throws IOException {
    List<CacheEntry> removed = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (FolderLock _ = lock()) {
        for (CacheEntry entry : list()) {
          if (which.test(entry)) {
            disk.remove(EntryName.of(entry));
            removed.add(entry);
          }
        }
      }
    }
    if (second != null) {
      Set<String> known = new HashSet<>();
      removed.forEach(entry -> known.add(EntryName.of(entry)));
      for (CacheEntry entry : entries(second.list(""))) {
        if (which.test(entry)) {
          second.remove(EntryName.of(entry));
          if (known.add(EntryName.of(entry))) {
            removed.add(entry);
          }
        }
      }
    }
    return removed;
  }

  /** Removes entries from this machine only. */
  public synchronized void drop(Predicate<CacheEntry> which) throws IOException {
    if (Files.isDirectory(folder)) {
      try (FolderLock _ = lock()) {
        for (CacheEntry entry : list()) {
          if (which.test(entry)) {
            disk.remove(EntryName.of(entry));
          }
        }
      }
    }
  }

  /**
   * Removes what has not been used for long, what is too much, and what unfinished uploads left.
   */
  public synchronized void sweep() throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (FolderLock _ = lock()) {
      evict(-1);
      for (Path file : children(reserved)) {
        String name = file.getFileName().toString();
        if (!reservations.containsKey(name)) {
          FolderLock free = FolderLock.tryOf(file);
          if (free != null) {
            Files.deleteIfExists(file);
            free.close();
          }
        }
      }
      Instant abandoned = settings.clock().instant().minus(ABANDONED);
      for (Path upload : children(incoming)) {
        String name = upload.getFileName().toString();
        int dash = name.indexOf('-');
        if (dash > 0 && !Files.exists(reserved.resolve(name.substring(0, dash)))) {
          IncomingBlob.remove(upload);
        } else if (dash < 0 && Files.getLastModifiedTime(upload).toInstant().isBefore(abandoned)) {
          Files.deleteIfExists(upload);
        }
      }
    }
  }

  /** Ends the connection to S3. */
  @Override
  public void close() {
    if (second != null) {
      second.close();
    }
  }

  CacheEntry finish(CacheUpload upload) throws IOException {
    BlobDigest digest = upload.blob().digest();
    if (digest == null) {
      throw new BlobRejectedException(
          BlobRejectedException.Reason.INCOMPLETE, "not all of the cache was uploaded");
    }
    Instant now = settings.clock().instant();
    CacheEntry entry =
        new CacheEntry(
            upload.id(),
            upload.scope(),
            upload.key(),
            upload.version(),
            digest,
            Instant.ofEpochMilli(upload.id() / 1000),
            now);
    String name = EntryName.of(entry);
    synchronized (this) {
      try (FolderLock _ = lock()) {
        upload.blob().moveTo(disk.place(name));
        disk.settle(name, now);
        evict(entry.id());
        release(upload);
      }
    }
    if (second != null) {
      second.put(name, disk.file(name));
    }
    return entry;
  }

  synchronized void end(CacheUpload upload) throws IOException {
    upload.blob().discard();
    if (Files.isDirectory(folder)) {
      try (FolderLock _ = lock()) {
        release(upload);
      }
    }
  }

  private void release(CacheUpload upload) throws IOException {
    String name = nameOf(EntryName.prefix(upload.scope(), upload.version(), upload.key()));
    FolderLock reservation = reservations.remove(name);
    if (reservation != null) {
      Files.deleteIfExists(reserved.resolve(name));
      reservation.close();
    }
  }

  /** Makes sure that an entry is on this disk and undamaged. */
  private boolean fetch(CacheEntry entry) throws IOException {
    String name = EntryName.of(entry);
    Path file = disk.file(name);
    if (Files.isRegularFile(file)) {
      if (undamaged(file, entry.digest())) {
        return true;
      }
      synchronized (this) {
        try (FolderLock _ = lock()) {
          disk.remove(name);
        }
      }
    }
    if (second == null) {
      return false;
    }
    Files.createDirectories(incoming);
    Path arriving = incoming.resolve("arriving" + unique());
    try {
      if (!second.get(name, arriving)) {
        return false;
      }
      if (!IncomingBlob.digestOf(arriving).equals(entry.digest())) {
        second.damaged(name);
        return false;
      }
      synchronized (this) {
        try (FolderLock _ = lock()) {
          disk.put(name, arriving);
          disk.touch(name, settings.clock().instant());
          evict(entry.id());
        }
      }
      return true;
    } finally {
      Files.deleteIfExists(arriving);
    }
  }

  private List<CacheEntry> candidates(String scope, String version) throws IOException {
    String prefix = EntryName.prefix(scope, version);
    List<CacheEntry> entries = entries(disk.list(prefix));
    if (second != null) {
      Set<String> here = new HashSet<>();
      entries.forEach(entry -> here.add(EntryName.of(entry)));
      for (CacheEntry entry : entries(second.list(prefix))) {
        if (here.add(EntryName.of(entry))) {
          entries.add(entry);
        }
      }
    }
    entries.sort((a, b) -> Long.compare(b.id(), a.id()));
    return entries;
  }

  /** Those of exactly this key, then those whose key begins with it; each the newest first. */
  private static List<CacheEntry> matching(List<CacheEntry> candidates, String key) {
    List<CacheEntry> matching = new ArrayList<>();
    for (CacheEntry entry : candidates) {
      if (entry.key().equals(key)) {
        matching.add(entry);
      }
    }
    for (CacheEntry entry : candidates) {
      if (entry.key().startsWith(key) && !entry.key().equals(key)) {
        matching.add(entry);
      }
    }
    return matching;
  }

  private static List<CacheEntry> entries(List<Blobs.Found> found) {
    List<CacheEntry> entries = new ArrayList<>();
    for (Blobs.Found blob : found) {
      CacheEntry entry = EntryName.entry(blob.name(), blob.usedAt());
      if (entry != null) {
        entries.add(entry);
      }
    }
    return entries;
  }

  /** Removes what has not been used for long, and of the rest the longest unused until it fits. */
  private void evict(long kept) throws IOException {
    List<CacheEntry> entries = entries(disk.list(""));
    entries.sort((a, b) -> a.usedAt().compareTo(b.usedAt()));
    Instant latest = settings.clock().instant().minus(settings.unused());
    long total = 0;
    for (CacheEntry entry : entries) {
      total += entry.size();
    }
    for (CacheEntry entry : entries) {
      if (entry.id() != kept && (total > settings.limit() || entry.usedAt().isBefore(latest))) {
        disk.remove(EntryName.of(entry));
        total -= entry.size();
      }
    }
  }

  private static boolean undamaged(Path file, BlobDigest digest) throws IOException {
    CRC32C crc32c = new CRC32C();
    byte[] buffer = new byte[256 * 1024];
    long size = 0;
    try (var in = Files.newInputStream(file)) {
      for (int read; (read = in.read(buffer)) > 0; ) {
        crc32c.update(buffer, 0, read);
        size += read;
      }
    } catch (NoSuchFileException e) {
      return false;
    }
    return size == digest.size() && (int) crc32c.getValue() == digest.crc32c();
  }

  private FolderLock lock() throws IOException {
    Files.createDirectories(folder);
    return FolderLock.of(folder.resolve("lock"));
  }

  private static String unique() {
    return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
  }

  private long nextId() {
    lastId = Math.max(lastId + 1, settings.clock().instant().toEpochMilli() * 1000);
    return lastId;
  }

  private static String nameOf(String prefix) {
    Digesting digesting = new Digesting();
    byte[] bytes = prefix.getBytes(StandardCharsets.UTF_8);
    digesting.add(bytes, bytes.length);
    return digesting.digest().sha256().substring(0, 32);
  }

  private static void check(String text, int most, String what) {
    if (text.isEmpty() || text.length() > most) {
      throw new IllegalArgumentException(
          "the " + what + " is empty or longer than " + most + " characters");
    }
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      if (c == ',' || c < ' ' || c == 0x7f || Character.getType(c) == Character.SURROGATE) {
        throw new IllegalArgumentException(
            "the " + what + " has a comma or a character that is not shown");
      }
      i += Character.charCount(c);
    }
  }

  private static List<Path> children(Path folder) throws IOException {
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      stream.forEach(children::add);
    } catch (NoSuchFileException e) {
      return List.of();
    }
    return children;
  }
}
