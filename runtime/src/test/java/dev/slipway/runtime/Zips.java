package dev.slipway.runtime;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Writes zip archives that may lie. */
final class Zips {
  private final ByteArrayOutputStream files = new ByteArrayOutputStream();
  private final ByteArrayOutputStream directory = new ByteArrayOutputStream();
  private int count;

  /** An entry as the directory tells it. */
  record Told(
      byte[] name,
      int method,
      int flags,
      int mode,
      long packed,
      long size,
      int crc,
      long header,
      byte[] extra) {
    Told withMode(int mode) {
      return new Told(name, method, flags, mode, packed, size, crc, header, extra);
    }

    Told withSize(long size) {
      return new Told(name, method, flags, mode, packed, size, crc, header, extra);
    }

    Told withPacked(long packed) {
      return new Told(name, method, flags, mode, packed, size, crc, header, extra);
    }

    Told withCrc(int crc) {
      return new Told(name, method, flags, mode, packed, size, crc, header, extra);
    }

    Told withFlags(int flags) {
      return new Told(name, method, flags, mode, packed, size, crc, header, extra);
    }

    Told withMethod(int method) {
      return new Told(name, method, flags, mode, packed, size, crc, header, extra);
    }

    Told withName(byte[] name) {
      return new Told(name, method, flags, mode, packed, size, crc, header, extra);
    }

    Told withExtra(byte[] extra) {
      return new Told(name, method, flags, mode, packed, size, crc, header, extra);
    }
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Adds a file that is what it says. */
  Zips file(String name, String content) {
    return tell(data(name, utf8(content), true));
  }

  /** Puts a file's bytes down; the directory does not have it yet. */
  Told data(String name, byte[] content, boolean deflated) {
    byte[] packed = deflated ? deflate(content) : content;
    CRC32 crc = new CRC32();
    crc.update(content);
    byte[] bytes = utf8(name);
    long header = files.size();
    ByteBuffer local = ByteBuffer.allocate(30 + bytes.length).order(ByteOrder.LITTLE_ENDIAN);
    local.putInt(0x04034b50).putShort((short) 20).putShort((short) 0);
    local.putShort((short) (deflated ? 8 : 0)).putInt(0).putInt((int) crc.getValue());
    local.putInt(packed.length).putInt(content.length);
    local.putShort((short) bytes.length).putShort((short) 0).put(bytes);
    files.writeBytes(local.array());
    files.writeBytes(packed);
    int mode = name.endsWith("/") ? 0040755 : 0100644;
    return new Told(
        bytes,
        deflated ? 8 : 0,
        0,
        mode,
        packed.length,
        content.length,
        (int) crc.getValue(),
        header,
        new byte[0]);
  }

  /** Adds an entry to the directory. */
  Zips tell(Told told) {
    ByteBuffer entry =
        ByteBuffer.allocate(46 + told.name.length + told.extra.length)
            .order(ByteOrder.LITTLE_ENDIAN);
    entry.putInt(0x02014b50).put((byte) 20).put((byte) 3).putShort((short) 20);
    entry.putShort((short) told.flags).putShort((short) told.method).putInt(0).putInt(told.crc);
    entry.putInt((int) told.packed).putInt((int) told.size);
    entry.putShort((short) told.name.length).putShort((short) told.extra.length);
    entry.putShort((short) 0).putShort((short) 0).putShort((short) 0);
    entry.putInt(told.mode << 16).putInt((int) told.header).put(told.name).put(told.extra);
    directory.writeBytes(entry.array());
    count++;
    return this;
  }

  byte[] bytes() {
    return bytes(count);
  }

  /** The archive; its end says that it has so many entries. */
  byte[] bytes(int told) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(files.toByteArray());
    all.writeBytes(directory.toByteArray());
    ByteBuffer end = ByteBuffer.allocate(22).order(ByteOrder.LITTLE_ENDIAN);
    end.putInt(0x06054b50).putInt(0).putShort((short) told).putShort((short) told);
    end.putInt(directory.size()).putInt(files.size()).putShort((short) 0);
    all.writeBytes(end.array());
    return all.toByteArray();
  }

  private static byte[] deflate(byte[] content) {
    Deflater deflater = new Deflater(9, true);
    deflater.setInput(content);
    deflater.finish();
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    while (!deflater.finished()) {
      packed.write(buffer, 0, deflater.deflate(buffer));
    }
    deflater.end();
    return packed.toByteArray();
  }
}
