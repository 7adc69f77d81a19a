package dev.slipway.runtime;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * A zip archive from somebody who is not trusted. Everything is judged by the central directory
 * before any file is written: what an entry is, where its name leads, how large it becomes, and
 * that no two entries share bytes. Only that directory counts; local headers merely say where data
 * begin.
 *
 * <p>The format is PKWARE's APPNOTE 6.3, with its 64-bit extensions.
 */
final class ZipArchive implements AutoCloseable {
  private static final int MAX_ENTRIES = 200_000;
  private static final int MAX_DIRECTORY = 256 << 20;
  private static final int MAX_PATH = 4096;
  private static final int MAX_PART = 255;
  private static final int MAX_DEPTH = 100;
  private static final int BUFFER = 64 * 1024;

  /** Above this size, an archive may not grow by more than the factor. */
  private static final long SUSPICIOUS = 256L << 20;

  private static final long MAX_RATIO = 300;

  private static final int END = 0x06054b50;
  private static final int END_LENGTH = 22;
  private static final int END64_LOCATOR = 0x07064b50;
  private static final int END64_LOCATOR_LENGTH = 20;
  private static final int END64 = 0x06064b50;
  private static final int END64_LENGTH = 56;
  private static final int CENTRAL = 0x02014b50;
  private static final int CENTRAL_LENGTH = 46;
  private static final int LOCAL = 0x04034b50;
  private static final int LOCAL_LENGTH = 30;
  private static final long MAX_32 = 0xffffffffL;
  private static final int MAX_16 = 0xffff;

  private static final int STORED = 0;
  private static final int DEFLATED = 8;
  private static final int MADE_ON_UNIX = 3;
  private static final int MADE_ON_MACOS = 19;

  private final FileChannel file;
  private final List<Entry> entries;

  private ZipArchive(FileChannel file, List<Entry> entries) {
    this.file = file;
    this.entries = entries;
  }

  /**
   * A file or folder of the archive.
   *
   * @param path parts between slashes, none of them leading elsewhere
   */
  record Entry(
      String path, boolean folder, int method, long packed, long size, long crc, long header) {}

  private record Directory(long start, long length, long count) {}

  /**
   * Opens an archive.
   *
   * @param limit the most bytes its files may have together
   * @throws ArchiveRejectedException when it is not one to be extracted
   */
  static ZipArchive open(Path path, long limit) throws IOException {
    FileChannel file = FileChannel.open(path, StandardOpenOption.READ);
    try {
      Directory directory = directory(file);
      List<Entry> entries = entries(file, directory);
      checkSizes(entries, limit);
      checkNames(entries);
      checkOverlaps(file, entries, directory.start);
      return new ZipArchive(file, entries);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** Its files and folders, in its order. */
  List<Entry> entries() {
    return entries;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /** Writes a file's content; no more of it than the archive said. */
  void copy(Entry entry, FileChannel out) throws IOException {
    long position = dataStart(entry);
    long left = entry.packed;
    Inflater inflater = entry.method == DEFLATED ? new Inflater(true) : null;
    CRC32 crc = new CRC32();
    long written = 0;
    byte[] plain = new byte[BUFFER];
    try {
      while (left > 0) {
        ByteBuffer packed = read(file, position, (int) Math.min(left, BUFFER));
        position += packed.remaining();
        left -= packed.remaining();
        if (inflater == null) {
          crc.update(packed.duplicate());
          written += packed.remaining();
          write(out, packed);
          continue;
        }
        inflater.setInput(packed);
        for (int count; (count = inflater.inflate(plain)) > 0; ) {
          written += count;
          if (written > entry.size) {
            throw new ArchiveRejectedException("'" + entry.path + "' is larger than it says");
          }
          crc.update(plain, 0, count);
          write(out, ByteBuffer.wrap(plain, 0, count));
        }
      }
      boolean whole = inflater == null || inflater.finished() || entry.size == 0;
      if (!whole || written != entry.size || crc.getValue() != entry.crc) {
        throw new ArchiveRejectedException("'" + entry.path + "' is damaged");
      }
    } catch (DataFormatException e) {
      throw new ArchiveRejectedException("'" + entry.path + "' is damaged");
    } finally {
      if (inflater != null) {
        inflater.end();
      }
    }
  }

  private long dataStart(Entry entry) throws IOException {
    ByteBuffer header = read(file, entry.header, LOCAL_LENGTH);
    return entry.header + LOCAL_LENGTH + unsigned(header, 26) + unsigned(header, 28);
  }

  private static Directory directory(FileChannel file) throws IOException {
    long size = file.size();
    int tail = (int) Math.min(size, END_LENGTH + MAX_16);
    ByteBuffer bytes = read(file, size - tail, tail);
    for (int at = tail - END_LENGTH; at >= 0; at--) {
      if (bytes.getInt(at) == END && at + END_LENGTH + unsigned(bytes, at + 20) == tail) {
        long end = size - tail + at;
        Directory directory =
            new Directory(
                unsignedInt(bytes, at + 16), unsignedInt(bytes, at + 12), unsigned(bytes, at + 10));
        boolean large =
            directory.start == MAX_32 || directory.length == MAX_32 || directory.count == MAX_16;
        Directory found = large ? large(file, end, directory) : directory;
        if (found.start < 0
            || found.length < 0
            || found.length > MAX_DIRECTORY
            || found.start > end - found.length) {
          throw damaged();
        }
        if (found.count < 0 || found.count > MAX_ENTRIES) {
          throw new ArchiveRejectedException("the archive has more than " + MAX_ENTRIES + " files");
        }
        return found;
      }
    }
    throw new ArchiveRejectedException("this is no zip archive");
  }

  private static Directory large(FileChannel file, long end, Directory small) throws IOException {
    if (end < END64_LOCATOR_LENGTH) {
      return small;
    }
    ByteBuffer locator = read(file, end - END64_LOCATOR_LENGTH, END64_LOCATOR_LENGTH);
    if (locator.getInt(0) != END64_LOCATOR) {
      return small;
    }
    ByteBuffer bytes = read(file, locator.getLong(8), END64_LENGTH);
    if (bytes.getInt(0) != END64) {
      throw damaged();
    }
    return new Directory(bytes.getLong(48), bytes.getLong(40), bytes.getLong(32));
  }

  private static List<Entry> entries(FileChannel file, Directory directory) throws IOException {
    ByteBuffer bytes = read(file, directory.start, (int) directory.length);
    List<Entry> entries = new ArrayList<>();
    int at = 0;
    for (long i = 0; i < directory.count; i++) {
      if (at + CENTRAL_LENGTH > bytes.limit() || bytes.getInt(at) != CENTRAL) {
        throw damaged();
      }
      int name = unsigned(bytes, at + 28);
      int extra = unsigned(bytes, at + 30);
      int next = at + CENTRAL_LENGTH + name + extra + unsigned(bytes, at + 32);
      if (next > bytes.limit()) {
        throw damaged();
      }
      entries.add(entry(bytes, at, name, extra));
      at = next;
    }
    return entries;
  }

  private static Entry entry(ByteBuffer bytes, int at, int nameLength, int extraLength)
      throws IOException {
    String name = name(bytes.slice(at + CENTRAL_LENGTH, nameLength));
    int method = unsigned(bytes, at + 10);
    if ((unsigned(bytes, at + 8) & 1) != 0) {
      throw new ArchiveRejectedException("'" + name + "' is encrypted");
    }
    if (method != STORED && method != DEFLATED) {
      throw new ArchiveRejectedException("'" + name + "' is packed in a way that is not known");
    }
    boolean folder = name.endsWith("/");
    checkType(bytes, at, name, folder);
    long size = unsignedInt(bytes, at + 24);
    long packed = unsignedInt(bytes, at + 20);
    long header = unsignedInt(bytes, at + 42);
    ByteBuffer extra =
        bytes.slice(at + CENTRAL_LENGTH + nameLength, extraLength).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer large = large(extra);
    if (large != null) {
      size = size == MAX_32 ? next(large) : size;
      packed = packed == MAX_32 ? next(large) : packed;
      header = header == MAX_32 ? next(large) : header;
    }
    if (size < 0 || packed < 0 || header < 0 || (folder && size > 0)) {
      throw damaged();
    }
    if (method == STORED && size != packed) {
      throw new ArchiveRejectedException("'" + name + "' is larger than it says");
    }
    return new Entry(
        path(name, folder), folder, method, packed, size, unsignedInt(bytes, at + 16), header);
  }

  /** Only plain files and folders; links could lead elsewhere, devices are none of our business. */
  private static void checkType(ByteBuffer bytes, int at, String name, boolean folder)
      throws ArchiveRejectedException {
    int madeOn = bytes.get(at + 5);
    int mode = unsigned(bytes, at + 40);
    if (madeOn != MADE_ON_UNIX && madeOn != MADE_ON_MACOS) {
      return;
    }
    int type = mode & 0170000;
    if (type != 0 && type != (folder ? 0040000 : 0100000)) {
      throw new ArchiveRejectedException("'" + name + "' is neither a file nor a folder");
    }
    if ((mode & 06000) != 0) {
      throw new ArchiveRejectedException("'" + name + "' would run as its owner");
    }
  }

  private static @Nullable ByteBuffer large(ByteBuffer extra) {
    int at = 0;
    while (at + 4 <= extra.limit()) {
      int length = unsigned(extra, at + 2);
      if (at + 4 + length > extra.limit()) {
        return null;
      }
      if (unsigned(extra, at) == 1) {
        return extra.slice(at + 4, length).order(ByteOrder.LITTLE_ENDIAN);
      }
      at += 4 + length;
    }
    return null;
  }

  private static long next(ByteBuffer large) throws ArchiveRejectedException {
    if (large.remaining() < Long.BYTES) {
      throw damaged();
    }
    return large.getLong();
  }

  private static String name(ByteBuffer bytes) throws ArchiveRejectedException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new ArchiveRejectedException("a name in the archive is not UTF-8");
    }
  }

  private static String path(String name, boolean folder) throws ArchiveRejectedException {
    String path = folder ? name.substring(0, name.length() - 1) : name;
    if (path.length() > MAX_PATH) {
      throw new ArchiveRejectedException("a name in the archive is too long");
    }
    String[] parts = path.split("/", -1);
    boolean good = parts.length <= MAX_DEPTH && !(path.length() > 1 && path.charAt(1) == ':');
    for (String part : parts) {
      good &=
          !part.isEmpty()
              && !part.equals(".")
              && !part.equals("..")
              && part.indexOf('\\') < 0
              && part.getBytes(StandardCharsets.UTF_8).length <= MAX_PART;
    }
    for (int i = 0; good && i < path.length(); i++) {
      good = path.charAt(i) >= ' ' && path.charAt(i) != 0x7f;
    }
    if (!good) {
      throw new ArchiveRejectedException(
          "the name '" + printable(name) + "' is not one that can be extracted");
    }
    return path;
  }

  private static String printable(String name) {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < Math.min(name.length(), 80); i++) {
      char c = name.charAt(i);
      shown.append(Character.isISOControl(c) ? '?' : c);
    }
    return shown.toString();
  }

  private static void checkSizes(List<Entry> entries, long limit) throws ArchiveRejectedException {
    long total = 0;
    long packed = 0;
    for (Entry entry : entries) {
      if (entry.size > limit - total) {
        throw new ArchiveRejectedException(
            "the archive's files have more than " + limit + " bytes");
      }
      total += entry.size;
      packed += Math.min(entry.packed, limit);
    }
    if (total > SUSPICIOUS && total / MAX_RATIO > packed) {
      throw new ArchiveRejectedException(
          "the archive would grow by more than " + MAX_RATIO + " times");
    }
  }

  /** No two entries may be one file anywhere, and none may be a file and a folder. */
  private static void checkNames(List<Entry> entries) throws ArchiveRejectedException {
    Map<String, Entry> files = new HashMap<>();
    Map<String, String> folders = new HashMap<>();
    for (Entry entry : entries) {
      String path = entry.folder ? entry.path + "/" : entry.path;
      for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
        String spelled = path.substring(0, slash);
        String other = folders.putIfAbsent(folded(spelled), spelled);
        if (other != null && !other.equals(spelled)) {
          throw clash(spelled);
        }
      }
      if (!entry.folder && files.put(folded(entry.path), entry) != null) {
        throw clash(entry.path);
      }
    }
    for (Entry entry : files.values()) {
      if (folders.containsKey(folded(entry.path))) {
        throw clash(entry.path);
      }
    }
  }

  private static String folded(String path) {
    return Normalizer.normalize(path, Normalizer.Form.NFC)
        .toUpperCase(Locale.ROOT)
        .toLowerCase(Locale.ROOT);
  }

  private static ArchiveRejectedException clash(String path) {
    return new ArchiveRejectedException("the archive has '" + path + "' twice");
  }

  private static void checkOverlaps(FileChannel file, List<Entry> entries, long end)
      throws IOException {
    List<Entry> ordered = new ArrayList<>(entries);
    ordered.sort(Comparator.comparingLong(Entry::header));
    long free = 0;
    for (Entry entry : ordered) {
      if (entry.header < free || entry.header > end - LOCAL_LENGTH) {
        throw damaged();
      }
      ByteBuffer header = read(file, entry.header, LOCAL_LENGTH);
      if (header.getInt(0) != LOCAL) {
        throw damaged();
      }
      free = entry.header + LOCAL_LENGTH + unsigned(header, 26) + unsigned(header, 28);
      if (entry.packed > end - free) {
        throw damaged();
      }
      free += entry.packed;
    }
  }

  private static ArchiveRejectedException damaged() {
    return new ArchiveRejectedException("the archive is damaged");
  }

  private static ByteBuffer read(FileChannel file, long position, int length) throws IOException {
    if (position < 0) {
      throw damaged();
    }
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      int count = file.read(bytes, position + bytes.position());
      if (count < 0) {
        throw new ArchiveRejectedException("the archive ends too early");
      }
    }
    return bytes.flip();
  }

  private static void write(FileChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  private static int unsigned(ByteBuffer bytes, int at) {
    return Short.toUnsignedInt(bytes.getShort(at));
  }

  private static long unsignedInt(ByteBuffer bytes, int at) {
    return Integer.toUnsignedLong(bytes.getInt(at));
  }
}
