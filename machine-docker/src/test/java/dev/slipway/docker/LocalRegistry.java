package dev.slipway.docker;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A registry on this machine's loopback with one small image, {@code app:1}, that may want
 * credentials and fail for a while.
 */
final class LocalRegistry implements AutoCloseable {
  private static final String MANIFEST_TYPE =
      "application/vnd.docker.distribution.manifest.v2+json";

  volatile boolean failing;
  final AtomicInteger manifests = new AtomicInteger();
  private final ServerSocket server;
  private final Map<String, byte[]> blobs = new HashMap<>();
  private final byte[] manifest;
  private String wanted = "";

  LocalRegistry(Path folder) throws IOException {
    // Each registry has other content, so that no test finds what another one pulled.
    Files.writeString(folder.resolve("unique"), Long.toString(System.nanoTime()));
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    BuildContext.of(folder, "Dockerfile").writeTo(tar);
    byte[] layer = tar.toByteArray();
    byte[] config =
        ("{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{\"Cmd\":[\"true\"]},"
                + "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\""
                + digest(layer)
                + "\"]}}")
            .getBytes(StandardCharsets.UTF_8);
    blobs.put(digest(layer), layer);
    blobs.put(digest(config), config);
    manifest =
        ("{\"schemaVersion\":2,\"mediaType\":\""
                + MANIFEST_TYPE
                + "\",\"config\":{\"mediaType\":\"application/vnd.docker.container.image.v1+json\","
                + "\"size\":"
                + config.length
                + ",\"digest\":\""
                + digest(config)
                + "\"},\"layers\":[{\"mediaType\":"
                + "\"application/vnd.docker.image.rootfs.diff.tar.gzip\",\"size\":"
                + layer.length
                + ",\"digest\":\""
                + digest(layer)
                + "\"}]}")
            .getBytes(StandardCharsets.UTF_8);
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::serve);
  }

  /** Lets in only this user. */
  void protect(String user, String password) {
    wanted =
        "Basic "
            + Base64.getEncoder()
                .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
  }

  String host() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  String image() {
    return host() + "/app:1";
  }

  private void serve() {
    try {
      while (true) {
        Socket client = server.accept();
        Thread.ofVirtual().start(() -> answer(client));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  /**
   * Answers one request; whoever begins with TLS, as the engine does first, sees the end at once.
   */
  private void answer(Socket client) {
    try (client) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
      int first = in.read();
      if (first != 'G' && first != 'H') {
        return;
      }
      String[] request = in.readLine().split(" ", -1);
      String authorization = "";
      for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
        if (line.startsWith("Authorization: ")) {
          authorization = line.substring(15);
        }
      }
      Answer answer = answer(request[1], authorization);
      StringBuilder head = new StringBuilder("HTTP/1.1 " + answer.status + " Answer\r\n");
      head.append("Connection: close\r\nContent-Length: " + answer.body.length + "\r\n");
      head.append("Docker-Distribution-Api-Version: registry/2.0\r\n");
      answer.headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
      OutputStream out = client.getOutputStream();
      out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
      if (first == 'G') {
        out.write(answer.body);
      }
    } catch (IOException gone) {
      // The engine asks again if it wants to know.
    }
  }

  private record Answer(int status, byte[] body, Map<String, String> headers) {
    static Answer of(int status, String body) {
      return new Answer(status, body.getBytes(StandardCharsets.UTF_8), Map.of());
    }
  }

  private Answer answer(String path, String authorization) {
    if (!wanted.isEmpty() && !wanted.equals(authorization)) {
      Answer no = Answer.of(401, "{\"errors\":[{\"code\":\"UNAUTHORIZED\",\"message\":\"no\"}]}");
      return new Answer(401, no.body, Map.of("WWW-Authenticate", "Basic realm=\"local\""));
    }
    if (path.equals("/v2/")) {
      return Answer.of(200, "{}");
    }
    if (path.startsWith("/v2/app/manifests/")) {
      if (failing) {
        return Answer.of(500, "{\"errors\":[{\"code\":\"UNKNOWN\",\"message\":\"not now\"}]}");
      }
      if (!path.endsWith("/1") && !path.endsWith(digest(manifest))) {
        return Answer.of(
            404, "{\"errors\":[{\"code\":\"MANIFEST_UNKNOWN\",\"message\":\"manifest unknown\"}]}");
      }
      manifests.incrementAndGet();
      return new Answer(
          200,
          manifest,
          Map.of("Content-Type", MANIFEST_TYPE, "Docker-Content-Digest", digest(manifest)));
    }
    byte[] blob = blobs.get(path.substring(path.lastIndexOf('/') + 1));
    return blob == null ? Answer.of(404, "{}") : new Answer(200, blob, Map.of());
  }

  private static String digest(byte[] content) {
    try {
      return "sha256:"
          + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new UncheckedIOException(new IOException(e));
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
