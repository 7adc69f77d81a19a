package dev.slipway.docker;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * One exchange with the engine: HTTP/1.1 on a connection of its own. To connect to a socket of this
 * machine costs next to nothing, and a connection that ends with its answer needs no pool.
 */
final class Connection implements AutoCloseable {
  private static final int BUFFER = 64 * 1024;
  private static final int MAX_LINE = 64 * 1024;

  private final SocketChannel channel;
  private final InputStream in;
  private final OutputStream out;
  private final Map<String, String> headers = new TreeMap<>();
  private int status;

  private Connection(SocketChannel channel) {
    this.channel = channel;
    this.in = new BufferedInputStream(new ChannelInput(channel), BUFFER);
    this.out = new ChannelOutput(channel);
  }

  static Connection open(Path socket) throws IOException {
    return new Connection(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
  }

  /** Writes what a request's body is. */
  interface Body {
    void writeTo(OutputStream out) throws IOException;
  }

  /** Sends a request without a body, or with one that is known. */
  void send(String method, String target, Map<String, String> more, byte[] body)
      throws IOException {
    StringBuilder head = head(method, target, more);
    if (body.length > 0 || method.equals("POST")) {
      head.append("Content-Length: ").append(body.length).append("\r\n");
    }
    byte[] first = head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
    byte[] all = new byte[first.length + body.length];
    System.arraycopy(first, 0, all, 0, first.length);
    System.arraycopy(body, 0, all, first.length, body.length);
    out.write(all);
    readHead();
  }

  /** Sends a request whose body is written as it is made. */
  void sendChunked(String method, String target, Map<String, String> more, Body body)
      throws IOException {
    StringBuilder head = head(method, target, more);
    head.append("Transfer-Encoding: chunked\r\n\r\n");
    out.write(head.toString().getBytes(StandardCharsets.UTF_8));
    try {
      ChunkedOutput chunks = new ChunkedOutput(out);
      body.writeTo(chunks);
      chunks.finish();
    } catch (UnreadableSource e) {
      throw e;
    } catch (IOException refused) {
      // An engine that refuses a request need not read its body; what it says counts.
      readHead();
      return;
    }
    readHead();
  }

  /** What the body is made of cannot be read; the engine has no part in it. */
  static final class UnreadableSource extends IOException {
    private static final long serialVersionUID = 1L;

    UnreadableSource(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }

  private static StringBuilder head(String method, String target, Map<String, String> more) {
    StringBuilder head = new StringBuilder(256);
    head.append(method).append(' ').append(target).append(" HTTP/1.1\r\nHost: docker\r\n");
    if (!more.containsKey("Upgrade")) {
      head.append("Connection: close\r\n");
    }
    for (Map.Entry<String, String> header : more.entrySet()) {
      head.append(header.getKey()).append(": ").append(header.getValue()).append("\r\n");
    }
    return head;
  }

  private void readHead() throws IOException {
    do {
      String[] words = line().split(" ", 3);
      if (words.length < 2 || !words[0].startsWith("HTTP/1.")) {
        throw new IOException("what answers there does not speak HTTP");
      }
      try {
        status = Integer.parseInt(words[1]);
      } catch (NumberFormatException e) {
        throw new IOException("what answers there does not speak HTTP", e);
      }
      headers.clear();
      for (String line = line(); !line.isEmpty(); line = line()) {
        int colon = line.indexOf(':');
        if (colon > 0) {
          headers.put(
              line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
        }
      }
    } while (status == 100);
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    while (true) {
      int next = in.read();
      if (next < 0 || line.length() > MAX_LINE) {
        throw new EOFException("the Docker engine broke off its answer");
      }
      if (next == '\n') {
        int length = line.length();
        if (length > 0 && line.charAt(length - 1) == '\r') {
          line.setLength(length - 1);
        }
        return line.toString();
      }
      line.append((char) next);
    }
  }

  int status() {
    return status;
  }

  String header(String lowerCaseName) {
    return headers.getOrDefault(lowerCaseName, "");
  }

  /** The answer's body, to its end. */
  InputStream body() {
    if (status == 204 || status == 304) {
      return InputStream.nullInputStream();
    }
    if (header("transfer-encoding").equalsIgnoreCase("chunked")) {
      return new ChunkedInput();
    }
    String length = header("content-length");
    return length.isEmpty() ? in : new FixedInput(Long.parseLong(length));
  }

  /** What comes after an answer that turned the connection into a plain stream. */
  InputStream stream() {
    return in;
  }

  /** Ends the exchange; who waits for it in another thread gets an exception. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException gone) {
      // Nothing is lost: it is not used again.
    }
  }

  private static final class ChannelInput extends InputStream {
    private final SocketChannel channel;

    ChannelInput(SocketChannel channel) {
      this.channel = channel;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return channel.read(ByteBuffer.wrap(bytes, offset, length));
    }
  }

  private static final class ChannelOutput extends OutputStream {
    private final SocketChannel channel;

    ChannelOutput(SocketChannel channel) {
      this.channel = channel;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    }
  }

  private static final class ChunkedOutput extends OutputStream {
    private final OutputStream out;
    private final byte[] buffer = new byte[BUFFER];
    private int used;

    ChunkedOutput(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      if (used == buffer.length) {
        chunk();
      }
      buffer[used++] = (byte) b;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      int done = 0;
      while (done < length) {
        if (used == buffer.length) {
          chunk();
        }
        int part = Math.min(length - done, buffer.length - used);
        System.arraycopy(bytes, offset + done, buffer, used, part);
        used += part;
        done += part;
      }
    }

    private void chunk() throws IOException {
      if (used > 0) {
        out.write((Integer.toHexString(used) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.write(buffer, 0, used);
        out.write(new byte[] {'\r', '\n'});
        used = 0;
      }
    }

    void finish() throws IOException {
      chunk();
      out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }
  }

  private final class ChunkedInput extends InputStream {
    private long left;
    private boolean first = true;
    private boolean ended;

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (ended) {
        return -1;
      }
      if (left == 0) {
        if (!first) {
          line();
        }
        first = false;
        String size = line();
        int semicolon = size.indexOf(';');
        try {
          left = Long.parseLong((semicolon < 0 ? size : size.substring(0, semicolon)).strip(), 16);
        } catch (NumberFormatException e) {
          throw new IOException("the Docker engine broke off its answer", e);
        }
        if (left == 0) {
          ended = true;
          return -1;
        }
      }
      int count = in.read(bytes, offset, (int) Math.min(left, length));
      if (count < 0) {
        throw new EOFException("the Docker engine broke off its answer");
      }
      left -= count;
      return count;
    }
  }

  private final class FixedInput extends InputStream {
    private long left;

    FixedInput(long length) {
      this.left = length;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      int count = in.read(bytes, offset, (int) Math.min(left, length));
      if (count < 0) {
        throw new EOFException("the Docker engine broke off its answer");
      }
      left -= count;
      return count;
    }
  }
}
