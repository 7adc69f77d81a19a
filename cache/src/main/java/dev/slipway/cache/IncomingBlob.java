package dev.slipway.cache;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A blob on its way in, in a folder of its own: whole, in blocks that a list puts in order at the
 * end, or in ranges. Parts may come at once and more than once; what came last counts.
 *
 * <p>Nothing of it is anywhere else until {@link #moveTo}.
 */
public final class IncomingBlob {
  private static final int BUFFER = 256 * 1024;
  private static final int MAX_BLOCKS = 50_000;

  private final Path folder;
  private final long limit;
  private final Map<String, Block> blocks = new HashMap<>();
  private final List<Range> ranges = new ArrayList<>();
  private long received;
  private int parts;
  private @Nullable Path whole;
  private @Nullable BlobDigest digest;
  private List<String> committed = List.of();
  private boolean closed;

  private record Block(Path file, long size) {}

  private record Range(long start, long end) {}

  private IncomingBlob(Path folder, long limit) {
    this.folder = folder;
    this.limit = limit;
  }

  /**
   * A blob that nothing came of yet.
   *
   * @param folder made for it, and removed with it
   * @param limit the most bytes it may have
   */
  public static IncomingBlob in(Path folder, long limit) throws IOException {
    Files.createDirectories(folder);
    return new IncomingBlob(folder, limit);
  }

  /** Takes all of it at once. */
  public void whole(InputStream content) throws IOException {
    Path file = part();
    Digesting digesting = new Digesting();
    receive(content, file, digesting, limit);
    synchronized (this) {
      replaceWhole(file, digesting.digest(), List.of());
    }
  }

  /** Takes one block; {@link #commit} says where it belongs. */
  public void block(String id, InputStream content) throws IOException {
    Path file = part();
    long size = receive(content, file, null, limit);
    Block earlier;
    synchronized (this) {
      earlier = blocks.get(id);
      long total = received + size - (earlier == null ? 0 : earlier.size);
      if (closed || total > limit || (earlier == null && blocks.size() >= MAX_BLOCKS)) {
        Files.deleteIfExists(file);
        throw closed ? closed() : tooLarge();
      }
      received = total;
      blocks.put(id, new Block(file, size));
    }
    if (earlier != null) {
      Files.deleteIfExists(earlier.file);
    }
  }

  /**
   * Makes the blob of these blocks, in this order. Once more with the same list changes nothing.
   */
  public synchronized void commit(List<String> ids) throws IOException {
    if (closed) {
      throw closed();
    }
    if (whole != null && digest != null && ids.equals(committed)) {
      return;
    }
    List<Block> ordered = new ArrayList<>(ids.size());
    long total = 0;
    for (String id : ids) {
      Block block = blocks.get(id);
      if (block == null) {
        throw new BlobRejectedException(
            BlobRejectedException.Reason.UNKNOWN_BLOCK, "a block of the list was never sent");
      }
      ordered.add(block);
      total += block.size;
    }
    if (total > limit) {
      throw tooLarge();
    }
    Path file = part();
    Digesting digesting = new Digesting();
    byte[] buffer = new byte[BUFFER];
    try (FileChannel out = write(file)) {
      for (Block block : ordered) {
        try (InputStream in = Files.newInputStream(block.file)) {
          for (int read; (read = in.read(buffer)) > 0; ) {
            digesting.add(buffer, read);
            writeFully(out, ByteBuffer.wrap(buffer, 0, read));
          }
        }
      }
    }
    replaceWhole(file, digesting.digest(), List.copyOf(ids));
  }

  /** Takes a range of it; {@link #commitRanges} ends them. */
  public void range(long start, InputStream content) throws IOException {
    Path file;
    synchronized (this) {
      if (closed) {
        throw closed();
      }
      if (whole == null) {
        whole = part();
        write(whole).close();
      }
      file = whole;
    }
    byte[] buffer = new byte[BUFFER];
    long position = start;
    try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (int read; (read = content.read(buffer)) > 0; ) {
        if (position + read > limit) {
          throw tooLarge();
        }
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, read);
        while (bytes.hasRemaining()) {
          position += out.write(bytes, position);
        }
      }
    }
    synchronized (this) {
      ranges.add(new Range(start, position));
      digest = null;
    }
  }

  /** Ends the ranges, which have to cover so many bytes without a gap. */
  public synchronized void commitRanges(long size) throws IOException {
    if (closed) {
      throw closed();
    }
    ranges.sort((a, b) -> Long.compare(a.start, b.start));
    long end = 0;
    for (Range range : ranges) {
      if (range.start > end) {
        break;
      }
      end = Math.max(end, range.end);
    }
    if (end != size || (whole == null ? 0 : Files.size(whole)) != size) {
      throw new BlobRejectedException(
          BlobRejectedException.Reason.INCOMPLETE,
          "of " + size + " bytes only the first " + end + " were sent");
    }
    if (whole == null) {
      whole = part();
      write(whole).close();
    }
    digest = digestOf(whole);
  }

  /** What it is made of; null until it is whole. */
  public synchronized @Nullable BlobDigest digest() {
    return digest;
  }

  /**
   * Puts it in its place, on the disk for good, and ends it. The place must be on the same file
   * system.
   */
  public synchronized void moveTo(Path place) throws IOException {
    if (closed || whole == null || digest == null) {
      throw closed();
    }
    try (FileChannel channel = FileChannel.open(whole, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(whole, place, StandardCopyOption.ATOMIC_MOVE);
    discard();
  }

  /** Ends it; nothing of it is kept. */
  public synchronized void discard() {
    closed = true;
    whole = null;
    digest = null;
    blocks.clear();
    remove(folder);
  }

  /** The digest of a file. */
  public static BlobDigest digestOf(Path file) throws IOException {
    Digesting digesting = new Digesting();
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read; (read = in.read(buffer)) > 0; ) {
        digesting.add(buffer, read);
      }
    }
    return digesting.digest();
  }

  /** Removes the folder of a blob that was left behind, as far as it can be. */
  public static void remove(Path folder) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(folder);
    } catch (NoSuchFileException e) {
      return;
    } catch (IOException e) {
      // What is left is swept with the folders of uploads that nobody ended.
      return;
    }
  }

  private synchronized Path part() throws BlobRejectedException {
    if (closed) {
      throw closed();
    }
    return folder.resolve("part" + parts++);
  }

  private void replaceWhole(Path file, BlobDigest now, List<String> ids) throws IOException {
    if (closed) {
      Files.deleteIfExists(file);
      throw closed();
    }
    Path earlier = whole;
    whole = file;
    digest = now;
    committed = ids;
    if (earlier != null) {
      Files.deleteIfExists(earlier);
    }
  }

  private static long receive(
      InputStream content, Path file, @Nullable Digesting digesting, long limit)
      throws IOException {
    byte[] buffer = new byte[BUFFER];
    long size = 0;
    try (FileChannel out = write(file)) {
      for (int read; (read = content.read(buffer)) > 0; ) {
        size += read;
        if (size > limit) {
          throw tooLarge();
        }
        if (digesting != null) {
          digesting.add(buffer, read);
        }
        writeFully(out, ByteBuffer.wrap(buffer, 0, read));
      }
    } catch (IOException e) {
      Files.deleteIfExists(file);
      throw e;
    }
    return size;
  }

  private static FileChannel write(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  private static void writeFully(FileChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  private static BlobRejectedException tooLarge() {
    return new BlobRejectedException(
        BlobRejectedException.Reason.TOO_LARGE, "the blob is larger than it may be");
  }

  private static BlobRejectedException closed() {
    return new BlobRejectedException(BlobRejectedException.Reason.CLOSED, "the upload has ended");
  }
}
