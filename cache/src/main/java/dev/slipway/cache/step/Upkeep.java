package dev.slipway.cache.step;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks after the folder of a {@link StepCache}: counts, removes what was not used for longest,
 * checks what is there. Others may use the cache meanwhile: what disappears under their hands is a
 * miss for them. Thread-safe.
 */
public final class Upkeep {
  /** Contents are written before the trace that names them; younger ones may belong to one. */
  private static final Duration UNSETTLED = Duration.ofHours(1);

  private static final Duration BETWEEN = Duration.ofDays(1);

  private final Path folder;

  private Upkeep(Path folder) {
    this.folder = folder;
  }

  /** Of the cache in a folder. */
  public static Upkeep of(Path folder) {
    return new Upkeep(folder);
  }

  /**
   * What there is.
   *
   * @param traces how many runs of steps are known
   * @param contents how many contents of files
   * @param bytes of everything
   */
  public record Stats(long traces, long contents, long bytes) {}

  /**
   * What was removed.
   *
   * @param bytes as the file system counts them
   */
  public record Removed(long traces, long contents, long bytes) {}

  /**
   * What a check of everything found; what was damaged is removed.
   *
   * @param traces how many are right
   * @param contents how many are right
   * @param damaged files that were not what their name or checksum says
   * @param incomplete traces that name contents which are not there
   */
  public record Verified(long traces, long contents, long damaged, long incomplete) {}

  private record Found(Path file, long size, long usedMs) {}

  /** Counts what there is. */
  public Stats stats() throws IOException {
    List<Found> traces = files("steps", ".trace");
    List<Found> contents = files("contents", "");
    long bytes = sum(traces) + sum(contents) + sum(files("steps", ".watch"));
    Path index = folder.resolve("files.idx");
    bytes += Files.exists(index) ? Files.size(index) : 0;
    return new Stats(traces.size(), contents.size(), bytes);
  }

  private static long sum(List<Found> files) {
    long sum = 0;
    for (Found file : files) {
      sum += file.size();
    }
    return sum;
  }

  /** Whether a day has gone since the last {@link #collect}; says that it is done now. */
  public boolean due() {
    Path stamp = folder.resolve("collected");
    try {
      if (Files.exists(stamp)) {
        long age = System.currentTimeMillis() - Files.getLastModifiedTime(stamp).toMillis();
        if (age < BETWEEN.toMillis()) {
          return false;
        }
        Files.setLastModifiedTime(stamp, FileTime.fromMillis(System.currentTimeMillis()));
        return true;
      }
      if (Files.isDirectory(folder)) {
        Files.write(stamp, new byte[0]);
      }
      return false;
    } catch (IOException anotherTime) {
      return false;
    }
  }

  /**
   * Removes runs that were not used for longest until the rest needs no more than a limit, and
   * contents that no run names.
   *
   * @param limit in bytes
   */
  public Removed collect(long limit) throws IOException {
    List<Found> traces = new ArrayList<>(files("steps", ".trace"));
    traces.sort((a, b) -> Long.compare(b.usedMs(), a.usedMs()));
    Map<String, Long> sizes = new HashMap<>();
    for (Found content : files("contents", "")) {
      sizes.put(content.file().getFileName().toString(), content.size());
    }
    Set<String> named = new HashSet<>();
    long kept = 0;
    long removedTraces = 0;
    long removedBytes = 0;
    for (Found found : traces) {
      Trace trace = read(found.file());
      long needs = found.size();
      List<String> contents = trace == null ? List.of() : contents(trace);
      for (String content : contents) {
        needs += named.contains(content) ? 0 : sizes.getOrDefault(content, 0L);
      }
      if (trace == null || kept + needs > limit) {
        Files.deleteIfExists(found.file());
        Files.deleteIfExists(StepCache.watchFile(found.file()));
        removedTraces++;
        removedBytes += found.size();
      } else {
        kept += needs;
        named.addAll(contents);
      }
    }
    long now = System.currentTimeMillis();
    long removedContents = 0;
    for (Found content : files("contents", "")) {
      boolean over = kept > limit || limit == 0;
      if (!named.contains(content.file().getFileName().toString())
          && (over || now - content.usedMs() > UNSETTLED.toMillis())) {
        Files.deleteIfExists(content.file());
        removedContents++;
        removedBytes += content.size();
      }
    }
    return new Removed(removedTraces, removedContents, removedBytes);
  }

  private static List<String> contents(Trace trace) {
    List<String> contents = new ArrayList<>();
    for (Digest digest : trace.contents()) {
      contents.add(digest.hex());
    }
    return contents;
  }

  /** Reads everything, and removes what is damaged or misses something. */
  public Verified verify() throws IOException {
    Contents store = new Contents(folder.resolve("contents"));
    long damaged = 0;
    Set<String> right = new HashSet<>();
    for (Found content : files("contents", "")) {
      String name = content.file().getFileName().toString();
      boolean whole = false;
      if (name.matches("[0-9a-f]{64}")) {
        whole = store.get(Digest.ofHex(name), (bytes, length) -> {});
      }
      if (whole) {
        right.add(name);
      } else {
        Files.deleteIfExists(content.file());
        damaged++;
      }
    }
    long traces = 0;
    long incomplete = 0;
    for (Found found : files("steps", ".trace")) {
      Trace trace = read(found.file());
      if (trace == null) {
        damaged++;
      } else if (right.containsAll(contents(trace))) {
        traces++;
        continue;
      } else {
        incomplete++;
      }
      Files.deleteIfExists(found.file());
      Files.deleteIfExists(StepCache.watchFile(found.file()));
    }
    return new Verified(traces, right.size(), damaged, incomplete);
  }

  private static @Nullable Trace read(Path file) {
    try {
      return Trace.of(Files.readAllBytes(file));
    } catch (IOException gone) {
      return null;
    }
  }

  private List<Found> files(String below, String ending) throws IOException {
    List<Found> found = new ArrayList<>();
    Path start = folder.resolve(below);
    if (!Files.isDirectory(start)) {
      return found;
    }
    Files.walkFileTree(
        start,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.toString().endsWith(ending)) {
              found.add(
                  new Found(file, attributes.size(), attributes.lastModifiedTime().toMillis()));
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }
        });
    return found;
  }
}
