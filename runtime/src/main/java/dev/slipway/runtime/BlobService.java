package dev.slipway.runtime;

import dev.slipway.cache.BlobDigest;
import dev.slipway.cache.BlobRejectedException;
import dev.slipway.cache.IncomingBlob;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What is behind signed addresses, in the protocol of Azure's block blobs: uploads at {@code
 * /blobs/uploads/ID}, whole or in blocks; artifacts and caches to be read, whole or in ranges.
 */
final class BlobService {
  static final String PATH = "/blobs/";

  private static final String UPLOADS = "uploads/";
  private static final String ARTIFACTS = "artifacts/";
  private static final String CACHES = "caches/";
  private static final String VERSION = "2026-04-06";
  private static final Duration DOWNLOAD_TIME = Duration.ofHours(1);

  private final @Nullable ArtifactStore artifacts;
  private final Admission admission;
  private final Map<String, Upload> uploads = new ConcurrentHashMap<>();
  private final Map<String, Offer> offers = new ConcurrentHashMap<>();

  private volatile String origin = "";

  private record Upload(IncomingBlob blob, OpenJob job) {}

  private record Offer(Path file, String sha256, OpenJob job, Instant end) {}

  /**
   * @param artifacts null where there are none
   */
  BlobService(@Nullable ArtifactStore artifacts, Admission admission) {
    this.artifacts = artifacts;
    this.admission = admission;
  }

  /** Says where this service is reached. */
  void at(String origin) {
    this.origin = origin;
  }

  String url(String path) {
    return origin + path;
  }

  /** Where who sent this request reaches the path. */
  String url(String path, Request request) {
    return (origin.isEmpty() ? request.origin() : origin) + path;
  }

  /** Lets a job upload this blob. */
  String upload(IncomingBlob blob, OpenJob job) {
    String id = admission.unguessable();
    uploads.put(id, new Upload(blob, job));
    return PATH + UPLOADS + id;
  }

  /** A signed path by which a job may read this file for a while. */
  String offer(Path file, String sha256, OpenJob job) {
    String id = admission.unguessable();
    Instant now = admission.now();
    offers.values().removeIf(offer -> offer.end.isBefore(now));
    offers.put(id, new Offer(file, sha256, job, now.plus(DOWNLOAD_TIME)));
    return admission.sign(job, "r", PATH + CACHES + id, DOWNLOAD_TIME);
  }

  static String pathOf(Artifact artifact) {
    return PATH + ARTIFACTS + artifact.run() + "/" + artifact.id();
  }

  /** Ends the upload of this blob. */
  void end(IncomingBlob blob) {
    uploads.values().removeIf(upload -> upload.blob.equals(blob));
  }

  /** Ends what the job was given. */
  void close(OpenJob job) {
    uploads.values().removeIf(upload -> upload.job.equals(job));
    offers.values().removeIf(offer -> offer.job.equals(job));
  }

  Response handle(Request request) throws IOException {
    String path = request.path().substring(PATH.length());
    Response response =
        path.startsWith(UPLOADS)
            ? receive(path.substring(UPLOADS.length()), request)
            : send(path, request);
    return response
        .header("x-ms-version", VERSION)
        .header("x-ms-request-id", admission.unguessable());
  }

  private Response receive(String id, Request request) throws IOException {
    OpenJob job = admission.signedFor(request, "w");
    Upload upload = uploads.get(id);
    if (upload == null || !upload.job.equals(job)) {
      throw RefusedException.of(404, "BlobNotFound", "no such upload");
    }
    if (!request.method().equals("PUT")) {
      throw RefusedException.of(405, "UnsupportedHttpVerb", "an upload is only written");
    }
    try {
      return switch (request.parameter("comp")) {
        case "" -> {
          String type = request.header("x-ms-blob-type");
          if (!type.isEmpty() && !type.equals("BlockBlob")) {
            throw RefusedException.of(400, "InvalidHeaderValue", "only block blobs are taken");
          }
          upload.blob.whole(request.body());
          yield created(upload.blob);
        }
        case "block" -> {
          String block = request.parameter("blockid");
          if (block.isEmpty() || block.length() > 128) {
            throw RefusedException.of(400, "InvalidQueryParameterValue", "blockid is no block's");
          }
          upload.blob.block(block, request.body());
          yield Response.empty(201);
        }
        case "blocklist" -> {
          upload.blob.commit(BlockList.read(request.text()));
          yield created(upload.blob);
        }
        default ->
            throw RefusedException.of(400, "InvalidQueryParameterValue", "comp is not known");
      };
    } catch (BlobRejectedException e) {
      throw refusal(e);
    }
  }

  private static RefusedException refusal(BlobRejectedException e) {
    String message = String.valueOf(e.getMessage());
    return switch (e.reason()) {
      case TOO_LARGE -> RefusedException.of(413, "RequestBodyTooLarge", message);
      case UNKNOWN_BLOCK -> RefusedException.of(400, "InvalidBlockList", message);
      case INCOMPLETE -> RefusedException.of(400, "InvalidInput", message);
      case CLOSED -> RefusedException.of(404, "BlobNotFound", message);
    };
  }

  private static Response created(IncomingBlob blob) {
    BlobDigest digest = blob.digest();
    return Response.empty(201)
        .header("ETag", "\"0x" + (digest == null ? "0" : digest.sha256().substring(0, 16)) + "\"")
        .header("Last-Modified", httpTime(Instant.now()))
        .header("x-ms-request-server-encrypted", "false");
  }

  private Response send(String path, Request request) throws IOException {
    if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
      throw RefusedException.of(405, "UnsupportedHttpVerb", "this is only read");
    }
    admission.signedFor(request, "r");
    if (artifacts != null && path.startsWith(ARTIFACTS)) {
      int slash = path.lastIndexOf('/');
      Optional<Artifact> artifact =
          artifacts.find(
              path.substring(ARTIFACTS.length(), slash), Long.parseLong(path.substring(slash + 1)));
      if (artifact.isPresent()) {
        return send(artifacts.file(artifact.get()), artifact.get(), request);
      }
    }
    Offer offer = path.startsWith(CACHES) ? offers.get(path.substring(CACHES.length())) : null;
    if (offer != null) {
      return send(offer.file, offer.sha256, request)
          .header("Content-Type", "application/octet-stream");
    }
    throw gone();
  }

  private static Response send(Path file, Artifact artifact, Request request) throws IOException {
    return send(file, artifact.sha256(), request)
        .header("Content-Type", artifact.mimeType())
        .header("Content-Disposition", disposition(artifact.fileName()));
  }

  /** A file, or the range of it that was asked for. */
  private static Response send(Path file, String tag, Request request) throws IOException {
    long size;
    Instant modified;
    try {
      size = Files.size(file);
      modified = Files.getLastModifiedTime(file).toInstant();
    } catch (NoSuchFileException e) {
      throw gone();
    }
    String asked = request.header("x-ms-range");
    Optional<Response.FileRange> range =
        range(asked.isEmpty() ? request.header("Range") : asked, file, size);
    Response response =
        range
            .map(part ->
                Response.file(206, part)
                    .header(
                        "Content-Range",
                        "bytes "
                            + part.start()
                            + "-"
                            + (part.start() + part.length() - 1)
                            + "/"
                            + size))
            .orElseGet(() -> Response.file(200, new Response.FileRange(file, 0, size)));
    return response
        .header("ETag", "\"0x" + tag.substring(0, 16) + "\"")
        .header("Last-Modified", httpTime(modified))
        .header("Accept-Ranges", "bytes")
        .header("X-Content-Type-Options", "nosniff")
        .header("x-ms-blob-type", "BlockBlob");
  }

  /** The first range of the header; empty when there is none or it is not understood. */
  private static Optional<Response.FileRange> range(String header, Path file, long size) {
    int dash = header.indexOf('-');
    if (!header.startsWith("bytes=") || dash < 0 || header.indexOf(',') >= 0) {
      return Optional.empty();
    }
    String first = header.substring("bytes=".length(), dash);
    String last = header.substring(dash + 1);
    if (!number(first) || !number(last) || (first.isEmpty() && last.isEmpty())) {
      return Optional.empty();
    }
    long start = first.isEmpty() ? Math.max(0, size - Long.parseLong(last)) : Long.parseLong(first);
    long end =
        first.isEmpty() || last.isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(last));
    if (start >= size || end < start) {
      throw RefusedException.of(416, "InvalidRange", "the blob does not have this range");
    }
    return Optional.of(new Response.FileRange(file, start, end - start + 1));
  }

  private static RefusedException gone() {
    return RefusedException.of(404, "BlobNotFound", "there is no such blob any more");
  }

  private static boolean number(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return text.length() <= 18;
  }

  /** Names a download in a way that old and new clients read. */
  private static String disposition(String name) {
    StringBuilder plain = new StringBuilder();
    name.codePoints()
        .forEach(
            c -> plain.append(c >= 0x20 && c < 0x7f && c != '\'' && c != ';' ? (char) c : '_'));
    String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    return "attachment; filename=\"" + plain + "\"; filename*=UTF-8''" + encoded;
  }

  private static String httpTime(Instant time) {
    return DateTimeFormatter.RFC_1123_DATE_TIME.format(time.atOffset(ZoneOffset.UTC));
  }

  /** The body of {@code comp=blocklist}: what little XML it needs, and no other. */
  private static final class BlockList {
    private BlockList() {}

    static List<String> read(String xml) {
      int at = xml.startsWith("\ufeff") ? 1 : 0;
      at = blank(xml, at);
      if (xml.startsWith("<?xml", at)) {
        at = blank(xml, after("?>", xml, at));
      }
      at = blank(xml, expect("<BlockList>", xml, at));
      List<String> ids = new ArrayList<>();
      while (!xml.startsWith("</BlockList>", at)) {
        String kind =
            xml.startsWith("<Latest>", at)
                ? "Latest>"
                : xml.startsWith("<Uncommitted>", at) ? "Uncommitted>" : "Committed>";
        int start = expect("<" + kind, xml, at);
        int end = after("</" + kind, xml, start);
        String id = xml.substring(start, end - kind.length() - 2).strip();
        if (id.isEmpty() || id.indexOf('<') >= 0 || id.indexOf('&') >= 0) {
          throw invalid();
        }
        ids.add(id);
        at = blank(xml, end);
      }
      if (blank(xml, at + "</BlockList>".length()) != xml.length()) {
        throw invalid();
      }
      return ids;
    }

    private static int blank(String xml, int from) {
      int at = from;
      while (at < xml.length() && " \t\r\n".indexOf(xml.charAt(at)) >= 0) {
        at++;
      }
      return at;
    }

    private static int expect(String text, String xml, int at) {
      if (!xml.startsWith(text, at)) {
        throw invalid();
      }
      return at + text.length();
    }

    private static int after(String text, String xml, int from) {
      int at = xml.indexOf(text, from);
      if (at < 0) {
        throw invalid();
      }
      return at + text.length();
    }

    private static RefusedException invalid() {
      return RefusedException.of(400, "InvalidXmlDocument", "the list of blocks is not understood");
    }
  }
}
