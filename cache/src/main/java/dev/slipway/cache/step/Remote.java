package dev.slipway.cache.step;

import dev.slipway.cache.Blobs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * What steps did before, shared by machines through a store of objects. It can be away, slow, full,
 * unwilling or lying: none of that makes a step fail or wait for long, and nothing is believed that
 * does not have a trusted signature, or the digest that it should have.
 *
 * <p>Traces lie at {@code steps/SCOPE/KEY/TRACE}, contents at {@code contents/SHA256}. A run writes
 * to its own scope and reads its own first, then those of its base: so nothing that a pull request
 * stored is ever used on the branch it wants to join. What there is, is never written again.
 *
 * <p>What is to be uploaded is first noted in a folder, a file for each; what could not be uploaded
 * stays there for the next run, or for {@code slipway cache push}. Thread-safe.
 */
public final class Remote implements AutoCloseable {
  private static final long DEADLINE_MS = 1000;
  private static final int FAILURES = 3;
  private static final long OPEN_MS = 30_000;
  private static final int MAX_TRACES = 8;
  private static final long BYTES_PER_MS = 2000;
  private static final long LARGEST = 512L * 1024 * 1024;

  private final Connector connector;
  private final List<String> scopes;
  private final Signatures signatures;
  private final Consumer<String> warnings;
  private @Nullable Blobs blobs;
  private int failures;
  private long openUntil;
  private boolean warned;
  private boolean writable = true;
  private boolean found;

  /** Connects to the store, when it is first needed. */
  public interface Connector {
    Blobs connect() throws IOException;
  }

  /**
   * A shared memory of steps.
   *
   * @param scopes the one that is written to, then those that may be read too
   * @param warnings is told once when the store does not do its part
   */
  public Remote(
      Connector connector, List<String> scopes, Signatures signatures, Consumer<String> warnings) {
    this.connector = connector;
    this.scopes = scopes.stream().map(Remote::plain).toList();
    this.signatures = signatures;
    this.warnings = warnings;
  }

  private static String plain(String scope) {
    StringBuilder plain = new StringBuilder();
    for (byte b : scope.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 255);
      boolean usual =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '.'
              || c == '_'
              || c == '-';
      if (usual) {
        plain.append(c);
      } else {
        plain.append('+').append(Integer.toHexString(c | 0x100).substring(1));
      }
    }
    return plain.toString();
  }

  private static String prefix(String scope, StepKey key) {
    return "steps/" + scope + "/" + key.digest() + "/";
  }

  private static String content(Digest digest) {
    return "contents/" + digest.hex() + ".gz";
  }

  /**
   * Fetches what is known of a step there and not here.
   *
   * @return how many traces are new here
   */
  int fetch(StepKey key, Path folder) {
    long until = System.nanoTime() + DEADLINE_MS * 1_000_000;
    int fetched = 0;
    for (String scope : scopes) {
      List<Blobs.Found> names = within(until, () -> store().list(prefix(scope, key)));
      if (names == null) {
        return fetched;
      }
      List<Blobs.Found> newest = new ArrayList<>(names);
      newest.sort((a, b) -> b.usedAt().compareTo(a.usedAt()));
      int count = 0;
      for (Blobs.Found one : newest) {
        String name = one.name().substring(one.name().lastIndexOf('/') + 1);
        Path file = folder.resolve(name + ".trace");
        if (count++ < MAX_TRACES && name.matches("[0-9a-f]{32}") && !Files.exists(file)) {
          byte[] bytes = within(until, () -> get(one.name()));
          byte[] opened = bytes == null ? null : signatures.open(key.digest(), bytes);
          if (bytes != null && opened == null) {
            warn("holds a result without a trusted signature, which is passed over");
          }
          Trace trace = opened == null ? null : Trace.of(unpacked(opened));
          if (trace != null && trace.identity().hex().startsWith(name)) {
            fetched += keep(file, trace) ? 1 : 0;
          }
        }
      }
      if (fetched > 0) {
        found = true;
        return fetched;
      }
    }
    return fetched;
  }

  private static boolean keep(Path file, Trace trace) {
    try {
      Files.createDirectories(file.getParent());
      WholeFile.write(file, trace.toBytes());
      return true;
    } catch (IOException aMiss) {
      return false;
    }
  }

  /**
   * Fetches contents that are not here.
   *
   * @return whether all of them are here now
   */
  boolean fetch(Collection<Digest> digests, Contents contents) {
    Set<Digest> missing = new HashSet<>();
    for (Digest digest : digests) {
      if (!contents.has(digest)) {
        missing.add(digest);
      }
    }
    if (missing.isEmpty()) {
      return true;
    }
    long began = System.nanoTime();
    long bytes = 0;
    for (Digest digest : missing) {
      // Work goes on without a store that gives less than two megabytes a second.
      long budgetMs = DEADLINE_MS + bytes / BYTES_PER_MS;
      Long got =
          within(
              began + budgetMs * 1_000_000,
              () -> {
                byte[] packed = get(content(digest));
                byte[] content = packed == null ? null : unpacked(packed);
                if (content == null || !Digest.of(content).equals(digest)) {
                  return -1L;
                }
                contents.put(content);
                return (long) content.length;
              });
      if (got == null) {
        return false;
      }
      if (got < 0) {
        warn("gave a content that is not what it should be");
        return false;
      }
      bytes += got;
    }
    return true;
  }

  /**
   * Fetches all that the scopes have and is not here, with its contents.
   *
   * @param steps the folder of all steps' traces
   * @return how many traces are new here
   * @throws IOException when the store cannot be used
   */
  int pull(Path steps, Contents contents) throws IOException {
    int fetched = 0;
    for (String scope : scopes) {
      String prefix = "steps/" + scope + "/";
      for (Blobs.Found one : store().list(prefix)) {
        String[] parts = one.name().substring(prefix.length()).split("/", 2);
        if (parts.length != 2
            || !parts[0].matches("[0-9a-f]{64}")
            || !parts[1].matches("[0-9a-f]{32}")) {
          continue;
        }
        Path folder = steps.resolve(StepKey.known("", parts[0]).folder());
        Path file = folder.resolve(parts[1] + ".trace");
        byte[] bytes = Files.exists(file) ? null : get(one.name());
        byte[] opened = bytes == null ? null : signatures.open(parts[0], bytes);
        Trace trace = opened == null ? null : Trace.of(unpacked(opened));
        if (trace != null && trace.identity().hex().startsWith(parts[1]) && keep(file, trace)) {
          fetched++;
          for (Digest digest : trace.contents()) {
            byte[] packed = contents.has(digest) ? null : get(content(digest));
            byte[] content = packed == null ? new byte[0] : unpacked(packed);
            if (packed != null && Digest.of(content).equals(digest)) {
              contents.put(content);
            }
          }
        }
      }
    }
    return fetched;
  }

  private byte @Nullable [] get(String name) throws IOException {
    Path file = Files.createTempDirectory("slipway-steps").resolve("blob");
    try {
      store().get(name, file);
      return Files.size(file) > LARGEST ? null : Files.readAllBytes(file);
    } catch (NoSuchFileException gone) {
      return null;
    } finally {
      Files.deleteIfExists(file);
      Files.deleteIfExists(file.getParent());
    }
  }

  /** Notes what has to be uploaded. */
  void queue(Path queue, StepKey key, Path trace) throws IOException {
    if (!signatures.signs() || scopes.isEmpty()) {
      return;
    }
    Files.createDirectories(queue);
    String name = trace.getFileName().toString();
    Path file = queue.resolve(scopes.getFirst() + "~" + key.digest() + "~" + name);
    WholeFile.write(file, trace.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** What came of uploading. */
  public record Pushed(int done, int left) {}

  /**
   * Uploads what was noted, as long as the time lasts.
   *
   * @param milliseconds how long at most
   */
  Pushed push(Path queue, Contents contents, long milliseconds) {
    List<Path> waiting = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(queue, "*~*~*.trace")) {
      files.forEach(waiting::add);
    } catch (IOException nothing) {
      return new Pushed(0, 0);
    }
    long until = System.nanoTime() + milliseconds * 1_000_000;
    int done = 0;
    for (Path file : waiting) {
      Boolean uploaded = writable ? within(until, () -> upload(file, contents)) : null;
      if (uploaded == null) {
        return new Pushed(done, waiting.size() - done);
      }
      try {
        Files.deleteIfExists(file);
      } catch (IOException uploadedOnceMore) {
        continue;
      }
      done++;
    }
    return new Pushed(done, 0);
  }

  private boolean upload(Path queued, Contents contents) throws IOException {
    String[] parts = queued.getFileName().toString().split("~", 3);
    Path file = Path.of(Files.readString(queued));
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException collected) {
      return false;
    }
    Trace trace = Trace.of(bytes);
    if (trace == null) {
      return false;
    }
    String id = parts[2].substring(0, parts[2].length() - ".trace".length());
    String name = "steps/" + parts[0] + "/" + parts[1] + "/" + id;
    if (!store().list(name).isEmpty()) {
      return true;
    }
    // The contents first, so that whoever sees the trace finds all of them.
    for (Digest digest : trace.contents()) {
      byte[] content = contents.get(digest);
      if (content == null) {
        return false;
      }
      if (store().list(content(digest)).isEmpty()) {
        put(content(digest), packed(content));
      }
    }
    put(name, signatures.sign(parts[1], packed(bytes)));
    return true;
  }

  private void put(String name, byte[] bytes) throws IOException {
    Path file = Files.createTempFile("slipway-steps", ".blob");
    try {
      Files.write(file, bytes);
      store().put(name, file);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static byte[] packed(byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream(bytes.length / 3 + 64);
    try (OutputStream out = new GZIPOutputStream(packed)) {
      out.write(bytes);
    }
    return packed.toByteArray();
  }

  /** What was packed; empty when it is no such thing, or grows without measure. */
  private static byte[] unpacked(byte[] packed) {
    try (InputStream in = new GZIPInputStream(new java.io.ByteArrayInputStream(packed))) {
      byte[] bytes = in.readNBytes((int) LARGEST + 1);
      return bytes.length > LARGEST ? new byte[0] : bytes;
    } catch (IOException damaged) {
      return new byte[0];
    }
  }

  private synchronized Blobs store() throws IOException {
    Blobs connected = blobs;
    if (connected == null) {
      connected = connector.connect();
      blobs = connected;
    }
    return connected;
  }

  /** What a request gives before the time is up; null when it does not, or fails. */
  private <T> @Nullable T within(long untilNanos, Callable<T> request) {
    synchronized (this) {
      if (System.currentTimeMillis() < openUntil) {
        return null;
      }
    }
    long left = untilNanos - System.nanoTime();
    if (left <= 0) {
      return null;
    }
    FutureTask<T> task = new FutureTask<>(request);
    Thread.ofPlatform().daemon().name("remote-steps").start(task);
    try {
      T result = task.get(left, TimeUnit.NANOSECONDS);
      synchronized (this) {
        failures = 0;
      }
      return result;
    } catch (TimeoutException slow) {
      task.cancel(true);
      failed("does not answer in time", null);
    } catch (ExecutionException e) {
      failed("cannot be used", e.getCause());
    } catch (InterruptedException e) {
      task.cancel(true);
      Thread.currentThread().interrupt();
    }
    return null;
  }

  /** After three failures in a row nothing is asked of the store for half a minute. */
  private void failed(String what, @Nullable Throwable cause) {
    synchronized (this) {
      failures++;
      if (cause == null || failures >= FAILURES) {
        openUntil = System.currentTimeMillis() + OPEN_MS;
      }
    }
    warn(what + (cause == null ? "" : ": " + cause.getMessage()));
  }

  private void warn(String what) {
    synchronized (this) {
      if (warned) {
        return;
      }
      warned = true;
    }
    warnings.accept("the shared memory of steps " + what + "; work goes on without it");
  }

  /** Whether anything came from there. */
  public synchronized boolean found() {
    return found;
  }

  /**
   * Tries to write, read, list and remove, and says what works.
   *
   * @return a line for each, each beginning with {@code ok} or {@code failed}
   */
  public List<String> examine() {
    List<String> lines = new ArrayList<>();
    String name = "doctor/" + Long.toHexString(System.nanoTime());
    byte[] content = ("slipway " + name).getBytes(StandardCharsets.UTF_8);
    boolean wrote =
        examined(
            lines,
            "write",
            () -> {
              put(name, content);
              return "";
            });
    examined(
        lines,
        "list",
        () ->
            store().list("doctor/").stream().anyMatch(one -> one.name().equals(name)) || !wrote
                ? ""
                : "what was written is not listed");
    if (wrote) {
      examined(
          lines,
          "read",
          () -> {
            byte[] read = get(name);
            return read != null && java.util.Arrays.equals(read, content)
                ? ""
                : "what was written is not what is read";
          });
      examined(
          lines,
          "remove",
          () -> {
            store().remove(name);
            return "";
          });
    }
    lines.add(
        signatures.signs()
            ? "ok      sign: results are signed; others trust this key: " + signatures.publicKey()
            : "failed  sign: there is no key, so nothing is uploaded");
    return lines;
  }

  private boolean examined(List<String> lines, String what, Callable<String> trial) {
    long began = System.nanoTime();
    FutureTask<String> task = new FutureTask<>(trial);
    Thread.ofPlatform().daemon().name("remote-doctor").start(task);
    String problem;
    try {
      problem = task.get(20, TimeUnit.SECONDS);
    } catch (TimeoutException slow) {
      problem = "no answer within 20 s";
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      problem = cause == null ? e.toString() : String.valueOf(cause.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      problem = "interrupted";
    }
    long millis = (System.nanoTime() - began) / 1_000_000;
    lines.add(
        problem.isEmpty()
            ? "ok      " + what + ": " + millis + " ms"
            : "failed  " + what + ": " + problem);
    return problem.isEmpty();
  }

  @Override
  public synchronized void close() {
    if (blobs != null) {
      blobs.close();
      blobs = null;
    }
  }
}
