package dev.slipway.docker;

import dev.slipway.engine.ContainerException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * The folder that an image is built from, sent as a tar archive (POSIX.1-2001, pax) while it is
 * read. Everything in it belongs to root, as Docker's own client has it.
 */
final class BuildContext {
  private static final int BLOCK = 512;
  private static final long MAX_OCTAL_SIZE = 077777777777L;
  private static final String IGNORE_FILE = ".dockerignore";

  private final Path folder;
  private final IgnorePatterns ignored;
  private final Set<String> always;

  private BuildContext(Path folder, IgnorePatterns ignored, Set<String> always) {
    this.folder = folder;
    this.ignored = ignored;
    this.always = always;
  }

  /**
   * The context.
   *
   * @param dockerfile its path in the folder
   */
  static BuildContext of(Path folder, String dockerfile) {
    Path own = folder.resolve(dockerfile + IGNORE_FILE);
    Path file = Files.isRegularFile(own) ? own : folder.resolve(IGNORE_FILE);
    try {
      List<String> lines = Files.isRegularFile(file) ? Files.readAllLines(file) : List.of();
      return new BuildContext(folder, IgnorePatterns.of(lines), Set.of(dockerfile, IGNORE_FILE));
    } catch (IOException e) {
      throw new ContainerException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  void writeTo(OutputStream out) throws IOException {
    add(folder, "", out);
    out.write(new byte[2 * BLOCK]);
  }

  private void add(Path directory, String prefix, OutputStream out) throws IOException {
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(children::add);
    } catch (IOException e) {
      throw new Connection.UnreadableSource(e);
    }
    Collections.sort(children);
    for (Path child : children) {
      String name = prefix + child.getFileName();
      Entry attributes = Entry.of(child);
      boolean left = ignored.matches(name) && !always.contains(name);
      if (attributes.kind().isDirectory()) {
        if (!left) {
          header(out, name + "/", "", '5', attributes, 0);
        }
        if (!left || ignored.mayExceptBelow(name) || hasAlways(name)) {
          add(child, name + "/", out);
        }
      } else if (left) {
        continue;
      } else if (attributes.kind().isSymbolicLink()) {
        header(out, name, Files.readSymbolicLink(child).toString(), '2', attributes, 0);
      } else if (attributes.kind().isRegularFile()) {
        file(out, child, name, attributes);
      }
    }
  }

  private boolean hasAlways(String directory) {
    for (String name : always) {
      if (name.startsWith(directory + "/")) {
        return true;
      }
    }
    return false;
  }

  /** What the archive says of a file. */
  private record Entry(BasicFileAttributes kind, int mode) {
    static Entry of(Path path) throws IOException {
      try {
        BasicFileAttributes kind =
            Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        Object mode = Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        return new Entry(kind, mode instanceof Integer bits ? bits & 07777 : 0644);
      } catch (IOException e) {
        throw new Connection.UnreadableSource(e);
      }
    }
  }

  private static void file(OutputStream out, Path path, String name, Entry attributes)
      throws IOException {
    long size = attributes.kind().size();
    try (InputStream in = open(path)) {
      header(out, name, "", '0', attributes, size);
      byte[] buffer = new byte[64 * 1024];
      long left = size;
      while (left > 0) {
        int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (count < 0) {
          throw new Connection.UnreadableSource(
              new IOException(path + " got shorter while it was read"));
        }
        out.write(buffer, 0, count);
        left -= count;
      }
    }
    int rest = (int) (size % BLOCK);
    if (rest > 0) {
      out.write(new byte[BLOCK - rest]);
    }
  }

  private static InputStream open(Path path) throws IOException {
    try {
      return Files.newInputStream(path);
    } catch (IOException e) {
      throw new Connection.UnreadableSource(new IOException("cannot read " + path, e));
    }
  }

  private static void header(
      OutputStream out, String name, String link, char type, Entry attributes, long size)
      throws IOException {
    StringBuilder pax = new StringBuilder();
    if (!fits(name)) {
      record(pax, "path", name);
    }
    if (!fits(link)) {
      record(pax, "linkpath", link);
    }
    if (size > MAX_OCTAL_SIZE) {
      record(pax, "size", Long.toString(size));
    }
    if (!pax.isEmpty()) {
      byte[] records = pax.toString().getBytes(StandardCharsets.UTF_8);
      out.write(block("pax", "", 'x', 0644, 0, records.length));
      out.write(Arrays.copyOf(records, (records.length + BLOCK - 1) / BLOCK * BLOCK));
    }
    long seconds = attributes.kind().lastModifiedTime().toMillis() / 1000;
    out.write(block(name, link, type, attributes.mode(), Math.max(0, seconds), size));
  }

  private static boolean fits(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return bytes.length <= 100 && bytes.length == text.length();
  }

  /** A record of an extended header; its length counts itself. */
  private static void record(StringBuilder pax, String key, String value) {
    int rest = (" " + key + "=" + value + "\n").getBytes(StandardCharsets.UTF_8).length;
    int length = rest + Integer.toString(rest).length();
    if (rest + Integer.toString(length).length() != length) {
      length++;
    }
    pax.append(length).append(' ').append(key).append('=').append(value).append('\n');
  }

  private static byte[] block(
      String name, String link, char type, int mode, long seconds, long size) {
    byte[] block = new byte[BLOCK];
    text(block, 0, 100, name);
    octal(block, 100, 8, mode);
    octal(block, 108, 8, 0);
    octal(block, 116, 8, 0);
    octal(block, 124, 12, Math.min(size, MAX_OCTAL_SIZE));
    octal(block, 136, 12, seconds);
    block[156] = (byte) type;
    text(block, 157, 100, link);
    text(block, 257, 8, "ustar\00000");
    Arrays.fill(block, 148, 156, (byte) ' ');
    int sum = 0;
    for (byte b : block) {
      sum += b & 0xff;
    }
    octal(block, 148, 7, sum);
    return block;
  }

  private static void text(byte[] block, int offset, int length, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(bytes, 0, block, offset, Math.min(length, bytes.length));
  }

  private static void octal(byte[] block, int offset, int length, long value) {
    String digits = Long.toOctalString(value);
    int at = offset;
    for (int i = digits.length(); i < length - 1; i++) {
      block[at++] = '0';
    }
    for (int i = 0; i < digits.length(); i++) {
      block[at++] = (byte) digits.charAt(i);
    }
    block[at] = 0;
  }
}
