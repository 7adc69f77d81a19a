import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/**
 * Types into a workflow and waits for the findings of each edit. Arguments: the launcher, the
 * workflow, the number of edits.
 */
final class EditorLatency {
  private EditorLatency() {}

  public static void main(String[] arguments) throws Exception {
    Path file = Path.of(arguments[1]).toAbsolutePath().normalize();
    int edits = Integer.parseInt(arguments[2]);
    String text = Files.readString(file);
    long lines = text.lines().count();
    Process server =
        new ProcessBuilder(arguments[0], "lsp")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    OutputStream to = server.getOutputStream();
    InputStream from = new BufferedInputStream(server.getInputStream());
    String uri = file.toUri().toString();
    send(to, "{\"id\":1,\"method\":\"initialize\",\"params\":{\"capabilities\":{}}}");
    await(from, "\"id\":1");
    send(to, "{\"method\":\"initialized\",\"params\":{}}");
    send(
        to,
        "{\"method\":\"textDocument/didOpen\",\"params\":{\"textDocument\":{\"uri\":\""
            + uri
            + "\",\"languageId\":\"yaml\",\"version\":0,\"text\":"
            + quoted(text)
            + "}}}");
    await(from, "\"version\":0");
    int warm = Math.min(50, edits / 2);
    long[] times = new long[edits];
    Duration before = Duration.ZERO;
    for (int i = 1; i <= edits; i++) {
      if (i == warm) {
        before = server.info().totalCpuDuration().orElse(Duration.ZERO);
      }
      long line = (i / 2 * 7L) % lines;
      boolean types = i % 2 == 1;
      String change =
          "{\"start\":{\"line\":"
              + line
              + ",\"character\":0},\"end\":{\"line\":"
              + line
              + ",\"character\":"
              + (types ? 0 : 1)
              + "}},\"text\":\""
              + (types ? "#" : "")
              + "\"";
      long start = System.nanoTime();
      send(
          to,
          "{\"method\":\"textDocument/didChange\",\"params\":{\"textDocument\":{\"uri\":\""
              + uri
              + "\",\"version\":"
              + i
              + "},\"contentChanges\":[{\"range\":"
              + change
              + "}]}}");
      await(from, "\"version\":" + i);
      times[i - 1] = System.nanoTime() - start;
    }
    Duration after = server.info().totalCpuDuration().orElse(Duration.ZERO);
    send(to, "{\"id\":2,\"method\":\"shutdown\"}");
    await(from, "\"id\":2");
    send(to, "{\"method\":\"exit\"}");
    server.waitFor();
    long first = times[0];
    long[] warmed = Arrays.copyOfRange(times, warm, edits);
    Arrays.sort(warmed);
    System.out.println(file.getFileName() + ", " + lines + " lines, " + edits + " edits");
    System.out.println("first edit            " + millis(first));
    System.out.println("median                " + millis(warmed[warmed.length / 2]));
    System.out.println("95 of 100 within      " + millis(warmed[warmed.length * 95 / 100]));
    System.out.println(
        "processor time each   "
            + millis(after.minus(before).toNanos() / Math.max(1, edits - warm)));
  }

  private static String millis(long nanos) {
    return Math.round(nanos / 10_000.0) / 100.0 + " ms";
  }

  private static void send(OutputStream to, String message) throws IOException {
    byte[] body =
        message.replaceFirst("\\{", "{\"jsonrpc\":\"2.0\",").getBytes(StandardCharsets.UTF_8);
    String head = "Content-Length: " + body.length + "\r\n\r\n";
    to.write(head.getBytes(StandardCharsets.UTF_8));
    to.write(body);
    to.flush();
  }

  /** Reads messages until one has these words, followed by no digit. */
  private static void await(InputStream from, String words) throws IOException {
    while (true) {
      String message = message(from);
      int at = message.indexOf(words);
      int end = at + words.length();
      if (at >= 0 && !(end < message.length() && Character.isDigit(message.charAt(end)))) {
        return;
      }
    }
  }

  private static String message(InputStream from) throws IOException {
    int length = 0;
    while (true) {
      StringBuilder line = new StringBuilder();
      for (int c = from.read(); c != '\n'; c = from.read()) {
        if (c < 0) {
          throw new IOException("the server went away");
        }
        line.append((char) c);
      }
      String header = line.toString().strip();
      if (header.isEmpty()) {
        return new String(from.readNBytes(length), StandardCharsets.UTF_8);
      }
      if (header.startsWith("Content-Length:")) {
        length = Integer.parseInt(header.substring(15).strip());
      }
    }
  }

  private static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ') {
        json.append("\\u").append(Integer.toHexString(0x10000 | c).substring(1));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }
}
