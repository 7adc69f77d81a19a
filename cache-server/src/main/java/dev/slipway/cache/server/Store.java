package dev.slipway.cache.server;

import dev.slipway.cache.S3Location;
import dev.slipway.cache.SecondTier;
import dev.slipway.runtime.RefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Entries by namespace and name, each in a file of its own ({@link EntryFile}) that is renamed into
 * its place when it is whole. What was not finished is in {@code incoming}, which is emptied at the
 * start. The time of a file's last change is when the entry was last used; those longest unused go
 * first when there is too much.
 *
 * <p>Where S3 is configured it has everything too: put there after it was stored here, and fetched
 * from there when it is not here. When S3 fails, work goes on without.
 */
final class Store implements AutoCloseable {
  private static final Duration TOUCH = Duration.ofMinutes(1);
  private static final int UPLOADS = 4;
  private static final int MAX_WAITING = 10_000;
  private static final Duration LAST_UPLOADS = Duration.ofSeconds(30);

  private final Path entries;
  private final Path incoming;
  private final long limit;
  private final long entryLimit;
  private final FileChannel lock;
  private final @Nullable SecondTier second;
  private final ExecutorService uploads = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore uploading = new Semaphore(UPLOADS);
  private final AtomicLong waiting = new AtomicLong();
  private final AtomicLong numbers = new AtomicLong();

  /** What is here, the longest unused first. */
  private final Map<String, Kept> index = new LinkedHashMap<>(1024, 0.75f, true);

  private long total;
  private Neighbour neighbour = Neighbour.NONE;

  private record Kept(long bytes, Instant usedAt) {}

  /** Another store that the limit is for too. */
  interface Neighbour {
    /** Takes no room. */
    Neighbour NONE =
        new Neighbour() {
          @Override
          public long bytes() {
            return 0;
          }

          @Override
          public @Nullable Instant oldest() {
            return null;
          }

          @Override
          public void dropOldest() {}
        };

    /** How much it has. */
    long bytes();

    /** When what is longest unused there was used; null when there is nothing. */
    @Nullable Instant oldest() throws IOException;

    /** Removes that. */
    void dropOldest() throws IOException;
  }

  private Store(
      Path folder, long limit, long entryLimit, FileChannel lock, @Nullable SecondTier second) {
    entries = folder.resolve("entries");
    incoming = folder.resolve("incoming");
    this.limit = limit;
    this.entryLimit = Math.min(limit, entryLimit);
    this.lock = lock;
    this.second = second;
  }

  /** Opens the store in this folder, which nobody else may have open. */
  static Store open(
      Path folder, long limit, long entryLimit, @Nullable S3Location s3, Consumer<String> warnings)
      throws IOException {
    Files.createDirectories(folder);
    Store store =
        new Store(
            folder,
            limit,
            entryLimit,
            lock(folder.resolve("lock")),
            s3 == null ? null : SecondTier.of(s3, "server", warnings));
    Files.createDirectories(store.entries);
    Files.createDirectories(store.incoming);
    store.empty();
    store.load();
    return store;
  }

  void beside(Neighbour other) {
    synchronized (index) {
      neighbour = other;
    }
  }

  long entryLimit() {
    return entryLimit;
  }

  /** The entry of the first of these namespaces that has one; null when none has. */
  @Nullable Entry find(List<String> namespaces, EntryName name) throws IOException {
    for (String namespace : namespaces) {
      String place = name.in(namespace);
      Entry entry = here(place);
      if (entry == null) {
        entry = fetch(place);
      }
      if (entry != null) {
        return entry;
      }
    }
    return null;
  }

  /** Whether there is an entry of exactly this namespace on this machine. */
  boolean has(String namespace, EntryName name) {
    synchronized (index) {
      return index.containsKey(name.in(namespace));
    }
  }

  /**
   * Stores an entry that is not there yet.
   *
   * @param expected how many bytes are to come; less than 0 when that is not known
   * @param sha256 what the content has to be, or null
   * @param replace whether it takes the place of another
   * @return null when there is one already, which stays
   */
  @Nullable Entry put(
      String namespace,
      EntryName name,
      InputStream content,
      long expected,
      Map<String, String> notes,
      @Nullable String sha256,
      boolean replace)
      throws IOException {
    String place = name.in(namespace);
    Path file = incoming.resolve(Long.toString(numbers.incrementAndGet()));
    try {
      Entry entry = EntryFile.write(file, content, expected, entryLimit, notes);
      if (sha256 != null && !sha256.equals(entry.sha256())) {
        throw RefusedException.of(
            400, "invalid_argument", "the content is not what its name says: " + entry.sha256());
      }
      if (!settle(file, place, replace)) {
        return null;
      }
      upload(place);
      return entry;
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /** Makes room where a neighbour took some. */
  void makeRoom() throws IOException {
    synchronized (index) {
      makeRoom(0);
    }
  }

  /** How many bytes the entries here need. */
  long bytes() {
    synchronized (index) {
      return total;
    }
  }

  int count() {
    synchronized (index) {
      return index.size();
    }
  }

  @Override
  public void close() {
    uploads.shutdown();
    try {
      if (!uploads.awaitTermination(LAST_UPLOADS.toSeconds(), TimeUnit.SECONDS)) {
        uploads.shutdownNow();
      }
    } catch (InterruptedException e) {
      uploads.shutdownNow();
      Thread.currentThread().interrupt();
    }
    if (second != null) {
      second.close();
    }
    try {
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private @Nullable Entry here(String place) throws IOException {
    Kept kept;
    synchronized (index) {
      kept = index.get(place);
    }
    if (kept == null) {
      return null;
    }
    Path file = entries.resolve(place);
    Entry entry;
    try {
      entry = EntryFile.read(file);
    } catch (NoSuchFileException e) {
      entry = null;
    }
    if (entry == null) {
      synchronized (index) {
        if (kept.equals(index.get(place))) {
          remove(place);
        }
      }
      return null;
    }
    Instant now = Instant.now();
    if (kept.usedAt.plus(TOUCH).isBefore(now)) {
      synchronized (index) {
        if (index.computeIfPresent(place, (_, at) -> new Kept(at.bytes, now)) != null) {
          Files.setLastModifiedTime(file, FileTime.from(now));
        }
      }
    }
    return entry;
  }

  private @Nullable Entry fetch(String place) throws IOException {
    if (second == null) {
      return null;
    }
    Path file = incoming.resolve(Long.toString(numbers.incrementAndGet()));
    try {
      if (!second.get(place, file)) {
        return null;
      }
      Entry entry = EntryFile.read(file);
      if (entry == null || !EntryFile.proven(entry)) {
        second.damaged(place);
        return null;
      }
      if (Files.size(file) > limit) {
        return null;
      }
      settle(file, place, false);
      return here(place);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private boolean settle(Path file, String place, boolean replace) throws IOException {
    long bytes = Files.size(file);
    Path target = entries.resolve(place);
    synchronized (index) {
      if (!replace && index.containsKey(place)) {
        return false;
      }
      remove(place);
      makeRoom(bytes);
      Files.createDirectories(target.getParent());
      Files.move(file, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      index.put(place, new Kept(bytes, Instant.now()));
      total += bytes;
      return true;
    }
  }

  private void makeRoom(long more) throws IOException {
    while (total + neighbour.bytes() + more > limit) {
      Map.Entry<String, Kept> oldest = index.isEmpty() ? null : index.entrySet().iterator().next();
      Instant other = neighbour.oldest();
      if (other != null && (oldest == null || other.isBefore(oldest.getValue().usedAt))) {
        neighbour.dropOldest();
      } else if (oldest != null) {
        remove(oldest.getKey());
      } else {
        return;
      }
    }
  }

  private void remove(String place) throws IOException {
    Kept kept = index.remove(place);
    if (kept != null) {
      total -= kept.bytes;
      Files.deleteIfExists(entries.resolve(place));
    }
  }

  private void upload(String place) {
    SecondTier there = second;
    if (there == null || waiting.incrementAndGet() > MAX_WAITING) {
      waiting.decrementAndGet();
      return;
    }
    uploads.execute(() -> {
      try {
        uploading.acquire();
        try {
          Path file = entries.resolve(place);
          if (Files.exists(file)) {
            there.put(place, file);
          }
        } finally {
          uploading.release();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        waiting.decrementAndGet();
      }
    });
  }

  private void load() throws IOException {
    Map<String, Kept> found = new HashMap<>();
    Files.walkFileTree(
        entries,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
              found.put(
                  entries.relativize(file).toString().replace('\\', '/'),
                  new Kept(attributes.size(), attributes.lastModifiedTime().toInstant()));
            }
            return FileVisitResult.CONTINUE;
          }
        });
    List<Map.Entry<String, Kept>> ordered = new ArrayList<>(found.entrySet());
    ordered.sort((a, b) -> a.getValue().usedAt.compareTo(b.getValue().usedAt));
    synchronized (index) {
      for (Map.Entry<String, Kept> each : ordered) {
        index.put(each.getKey(), each.getValue());
        total += each.getValue().bytes;
      }
      makeRoom(0);
    }
  }

  private void empty() throws IOException {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(incoming)) {
      for (Path file : left) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static FileChannel lock(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      channel.close();
      throw new IOException("another cache server uses the folder " + file.getParent());
    }
    return channel;
  }
}
