package dev.slipway.cli;

import dev.slipway.lint.Finding;
import dev.slipway.lint.Fix;
import dev.slipway.lint.Lint;
import dev.slipway.lint.Mending;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Looks through files, several at a time, and mends them when asked to. */
final class LintLook {
  private static final int FILES_A_THREAD = 16;
  private static final long PATIENCE = 1_000;

  /** Each thread's own, so that threads share nothing that is read on the way. */
  private final ThreadLocal<Lint> lints;

  private final Path root;
  private final Mode mode;

  /** What becomes of fixes. */
  enum Mode {
    LOOK,
    FIX_SAFE,
    FIX_ALL,
    DIFF_SAFE,
    DIFF_ALL;

    boolean diff() {
      return this == DIFF_SAFE || this == DIFF_ALL;
    }

    private Fix.Safety safety() {
      return this == FIX_ALL || this == DIFF_ALL ? Fix.Safety.UNSAFE : Fix.Safety.SAFE;
    }
  }

  /**
   * What was seen of a file.
   *
   * @param before its text before it was mended
   * @param after its text as mended
   */
  record Seen(LintedFile file, String before, String after, List<Finding> mended) {}

  LintLook(Lint lint, Path root, Mode mode) {
    this.lints = ThreadLocal.withInitial(lint::apart);
    this.root = root;
    this.mode = mode;
  }

  /** Looks through files, in their order. Tells how far it is when that takes its time. */
  List<Seen> at(List<Path> paths, Surroundings surroundings) throws IOException {
    List<Seen> seen = new ArrayList<>();
    int threads =
        Math.min(Runtime.getRuntime().availableProcessors(), 1 + paths.size() / FILES_A_THREAD);
    if (threads == 1) {
      for (Path path : paths) {
        seen.add(file(path));
      }
      return seen;
    }
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      List<Future<Seen>> futures = new ArrayList<>();
      for (Path path : paths) {
        futures.add(executor.submit(() -> file(path)));
      }
      try {
        collect(futures, seen, surroundings);
      } finally {
        executor.shutdownNow();
      }
    }
    return seen;
  }

  private static void collect(
      List<Future<Seen>> futures, List<Seen> seen, Surroundings surroundings) throws IOException {
    long told = System.nanoTime();
    boolean late = false;
    while (seen.size() < futures.size()) {
      try {
        seen.add(futures.get(seen.size()).get(PATIENCE, TimeUnit.MILLISECONDS));
      } catch (TimeoutException e) {
        // Not yet.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      } catch (ExecutionException e) {
        throw cause(e);
      }
      if (surroundings.errTerminal() && System.nanoTime() - told > PATIENCE * 1_000_000) {
        told = System.nanoTime();
        late = true;
        surroundings.err().print("\r" + seen.size() + " of " + futures.size() + " files").flush();
      }
    }
    if (late) {
      surroundings.err().print("\r\u001b[K").flush();
    }
  }

  private static IOException cause(ExecutionException e) {
    Throwable cause = e.getCause();
    if (cause instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof IOException io ? io : new IOException(cause);
  }

  private Seen file(Path path) throws IOException {
    Lint lint = lints.get();
    byte[] bytes = read(path);
    String name = name(path);
    String before = new String(bytes, StandardCharsets.UTF_8);
    String text = before;
    List<Finding> mended = List.of();
    // What is no UTF-8 would be written back changed.
    if (mode != Mode.LOOK && Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes)) {
      Mending mending = Mending.of(lint, name, text, mode.safety());
      text = mending.text();
      mended = mending.applied();
      if (!mode.diff() && !text.equals(before)) {
        Files.write(path, text.getBytes(StandardCharsets.UTF_8));
      }
    }
    String now = mode.diff() ? before : text;
    String content = now.startsWith("\uFEFF") ? now.substring(1) : now;
    return new Seen(LintedFile.of(name, content, lint.file(name, content)), before, text, mended);
  }

  private String name(Path path) {
    String name = path.startsWith(root) ? root.relativize(path).toString() : path.toString();
    return name.replace('\\', '/');
  }

  private static byte[] read(Path path) {
    try {
      return LintFiles.bytes(path);
    } catch (IOException e) {
      throw CommandException.usage("'" + path + "' cannot be read", null);
    }
  }
}
