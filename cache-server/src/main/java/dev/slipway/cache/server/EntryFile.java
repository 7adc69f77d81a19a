package dev.slipway.cache.server;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The file of an entry: the content as it is sent, then lines {@code NAME VALUE} that say what it
 * has to be, then the length of those lines and a mark. One file, so that an entry is whole or not
 * there, here and wherever else copies of it are.
 *
 * <p>The checksum that is compared whenever the entry is read is CRC32C, which costs next to
 * nothing; a file cut off by a machine that stopped has no mark at its end, so nothing has to be
 * forced to the disk.
 */
final class EntryFile {
  private static final byte[] MARK = "slipway1".getBytes(StandardCharsets.US_ASCII);
  private static final int END = Integer.BYTES + MARK.length;
  private static final int MAX_LINES = 64 * 1024;
  private static final int BUFFER = 256 * 1024;
  private static final String SIZE = "size";
  private static final String SHA256 = "sha256";
  private static final String CRC32C = "crc32c";
  private static final String NOTE = "note-";

  private EntryFile() {}

  /** Tells that the client, not the disk, is why content did not come. */
  static final class ClientGone extends IOException {
    private static final long serialVersionUID = 1;

    ClientGone(@Nullable Throwable cause) {
      super("the client went away", cause);
    }
  }

  /** Tells that content is larger than an entry may be. */
  static final class TooLarge extends IOException {
    private static final long serialVersionUID = 1;
  }

  /**
   * Writes an entry's file while its content comes.
   *
   * @param expected how many bytes are to come; less than 0 when that is not known
   */
  static Entry write(
      Path file, InputStream content, long expected, long limit, Map<String, String> notes)
      throws IOException {
    MessageDigest sha256 = sha256();
    CRC32C crc32c = new CRC32C();
    byte[] buffer = new byte[BUFFER];
    long size = 0;
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (int read; (read = next(content, buffer)) > 0; ) {
        size += read;
        if (size > limit) {
          throw new TooLarge();
        }
        sha256.update(buffer, 0, read);
        crc32c.update(buffer, 0, read);
        write(out, ByteBuffer.wrap(buffer, 0, read));
      }
      if (expected >= 0 && size != expected) {
        throw new ClientGone(null);
      }
      String hex = HexFormat.of().formatHex(sha256.digest());
      write(out, end(size, hex, crc32c.getValue(), notes));
      return new Entry(file, size, hex, notes);
    }
  }

  /**
   * Reads what an entry's file says.
   *
   * @return null when it is not whole or not what it says
   * @throws NoSuchFileException when it is not there
   */
  static @Nullable Entry read(Path file) throws IOException {
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      long length = in.size();
      ByteBuffer end = ByteBuffer.allocate(END);
      if (length < END || !fill(in, end, length - END)) {
        return null;
      }
      int lines = end.getInt(0);
      byte[] mark = new byte[MARK.length];
      end.get(Integer.BYTES, mark);
      if (!MessageDigest.isEqual(mark, MARK)
          || lines < 0
          || lines > MAX_LINES
          || lines > length - END) {
        return null;
      }
      ByteBuffer text = ByteBuffer.allocate(lines);
      if (!fill(in, text, length - END - lines)) {
        return null;
      }
      Map<String, String> facts = facts(new String(text.array(), StandardCharsets.UTF_8));
      long size = length - END - lines;
      if (!Long.toString(size).equals(facts.get(SIZE))
          || !Long.toHexString(crc32c(in, size)).equals(facts.get(CRC32C))) {
        return null;
      }
      Map<String, String> notes = new TreeMap<>();
      for (Map.Entry<String, String> fact : facts.entrySet()) {
        if (fact.getKey().startsWith(NOTE)) {
          notes.put(fact.getKey().substring(NOTE.length()), fact.getValue());
        }
      }
      return new Entry(file, size, facts.getOrDefault(SHA256, ""), notes);
    }
  }

  /** Whether the content is what its SHA-256 says: for what comes from elsewhere. */
  static boolean proven(Entry entry) throws IOException {
    MessageDigest sha256 = sha256();
    byte[] buffer = new byte[BUFFER];
    long left = entry.size();
    try (InputStream in = Files.newInputStream(entry.file())) {
      while (left > 0) {
        int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (read < 0) {
          return false;
        }
        sha256.update(buffer, 0, read);
        left -= read;
      }
    }
    return HexFormat.of().formatHex(sha256.digest()).equals(entry.sha256());
  }

  private static int next(InputStream content, byte[] buffer) throws IOException {
    try {
      return content.read(buffer);
    } catch (IOException e) {
      throw new ClientGone(e);
    }
  }

  private static ByteBuffer end(long size, String sha256, long crc32c, Map<String, String> notes) {
    StringBuilder lines = new StringBuilder();
    lines.append(SIZE).append(' ').append(size).append('\n');
    lines.append(SHA256).append(' ').append(sha256).append('\n');
    lines.append(CRC32C).append(' ').append(Long.toHexString(crc32c)).append('\n');
    for (Map.Entry<String, String> note : notes.entrySet()) {
      lines.append(NOTE).append(note.getKey()).append(' ').append(note.getValue()).append('\n');
    }
    byte[] bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(bytes.length + END).put(bytes).putInt(bytes.length).put(MARK).flip();
  }

  private static Map<String, String> facts(String lines) {
    Map<String, String> facts = new TreeMap<>();
    for (String line : lines.split("\n")) {
      int space = line.indexOf(' ');
      if (space > 0) {
        facts.put(line.substring(0, space), line.substring(space + 1));
      }
    }
    return facts;
  }

  private static long crc32c(FileChannel in, long size) throws IOException {
    CRC32C crc32c = new CRC32C();
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    long at = 0;
    while (at < size) {
      buffer.clear().limit((int) Math.min(BUFFER, size - at));
      int read = in.read(buffer, at);
      if (read < 0) {
        break;
      }
      crc32c.update(buffer.flip());
      at += read;
    }
    return crc32c.getValue();
  }

  private static boolean fill(FileChannel in, ByteBuffer buffer, long from) throws IOException {
    long at = from;
    while (buffer.hasRemaining()) {
      int read = in.read(buffer, at);
      if (read < 0) {
        return false;
      }
      at += read;
    }
    return true;
  }

  private static void write(FileChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
