package dev.slipway.runtime;

import dev.slipway.cache.BlobDigest;
import dev.slipway.cache.DurableFile;
import dev.slipway.cache.IncomingBlob;
import dev.slipway.workflow.expression.ExpressionException;
import dev.slipway.workflow.expression.Json;
import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Value;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The artifacts of a project's runs, on disk: {@code RUN/ID.data} is what was uploaded, {@code
 * RUN/ID.json} says what it is. The second is written last, so an artifact is there whole or not at
 * all; what is being uploaded is in {@code RUN/incoming}.
 *
 * <p>A run has one process that makes its artifacts; any number may read and remove them.
 */
public final class ArtifactStore {
  private static final String INFO = ".json";
  private static final String DATA = ".data";
  private static final String INCOMING = "incoming";
  private static final Duration ABANDONED = Duration.ofDays(2);
  private static final int MAX_NAME = 255;

  private final Path folder;
  private final Map<String, Upload> uploads = new LinkedHashMap<>();
  private final AtomicLong lastId = new AtomicLong();

  private ArtifactStore(Path folder) {
    this.folder = folder;
  }

  /** The store in this folder, which is made with the first artifact. */
  public static ArtifactStore in(Path folder) {
    return new ArtifactStore(folder);
  }

  /** An artifact on its way in. */
  record Upload(
      long id,
      String run,
      OpenJob job,
      String name,
      String mimeType,
      Instant createdAt,
      Instant expiresAt,
      IncomingBlob blob) {}

  /** What {@code RUN/ID.json} says: an artifact, or that an earlier run's is no longer seen. */
  private record Entry(Artifact artifact, boolean removed) {}

  /** The runs that have artifacts, the newest first. */
  public List<String> runs() throws IOException {
    List<String> runs = new ArrayList<>();
    for (Path run : children(folder)) {
      if (Files.isDirectory(run)) {
        runs.add(run.getFileName().toString());
      }
    }
    runs.sort((a, b) -> a.length() != b.length() ? b.length() - a.length() : b.compareTo(a));
    return runs;
  }

  /** A run's artifacts, the newest first. */
  public List<Artifact> list(String run) throws IOException {
    return list(run, List.of());
  }

  /**
   * A run's artifacts and those of the runs it repeats, the newest first. Where several have one
   * name there is only the newest.
   *
   * @param earlierRuns the newest first
   */
  public List<Artifact> list(String run, List<String> earlierRuns) throws IOException {
    Set<String> names = new HashSet<>();
    List<Artifact> found = new ArrayList<>();
    list(run, names, found);
    for (String earlier : earlierRuns) {
      list(earlier, names, found);
    }
    return found;
  }

  private void list(String run, Set<String> names, List<Artifact> found) throws IOException {
    for (Entry entry : entries(run)) {
      if (names.add(entry.artifact.name()) && !entry.removed) {
        found.add(entry.artifact);
      }
    }
  }

  /** A run's artifact of this name. */
  public Optional<Artifact> find(String run, String name) throws IOException {
    for (Artifact artifact : list(run)) {
      if (artifact.name().equals(name)) {
        return Optional.of(artifact);
      }
    }
    return Optional.empty();
  }

  /** Where an artifact's bytes are. */
  public Path file(Artifact artifact) {
    return folder.resolve(artifact.run()).resolve(artifact.id() + DATA);
  }

  /**
   * Removes what has expired, and what is left of uploads that nobody ended.
   *
   * @return how many artifacts it removed
   */
  public int expire(Instant now) throws IOException {
    int count = 0;
    for (String run : runs()) {
      for (Entry entry : entries(run)) {
        if (!entry.artifact.expiresAt().isAfter(now)) {
          removeFiles(entry.artifact);
          count += entry.removed ? 0 : 1;
        }
      }
      sweep(folder.resolve(run), now.minus(ABANDONED));
    }
    return count;
  }

  /** Removes a run's artifact; false when there is none of this name. */
  public synchronized boolean remove(String run, String name) throws IOException {
    Optional<Artifact> found = find(run, name);
    if (found.isPresent()) {
      removeFiles(found.get());
    }
    return found.isPresent();
  }

  /** Lets a run no longer see what a run that it repeats has under this name. */
  synchronized void hide(String run, Artifact artifact) throws IOException {
    Files.createDirectories(folder.resolve(run));
    write(
        new Entry(
            new Artifact(
                nextId(artifact.createdAt()),
                run,
                artifact.job(),
                artifact.name(),
                0,
                "",
                artifact.mimeType(),
                artifact.createdAt(),
                artifact.expiresAt()),
            true));
  }

  /**
   * Begins an artifact of the job's run.
   *
   * @throws RefusedException when the name cannot be one, or is taken
   */
  synchronized Upload begin(
      OpenJob job, String name, String mimeType, Instant now, Instant expiresAt, long limit)
      throws IOException {
    checkName(name);
    String run = job.identity().run();
    Upload other = uploads.get(key(run, name));
    if (find(run, name).isPresent() || (other != null && !other.job.equals(job))) {
      throw RefusedException.exists(
          "an artifact with this name already exists on the workflow run");
    }
    if (other != null) {
      discard(other);
    }
    long id = nextId(now);
    Path incoming = folder.resolve(run).resolve(INCOMING).resolve(Long.toString(id));
    Upload upload =
        new Upload(id, run, job, name, mimeType, now, expiresAt, IncomingBlob.in(incoming, limit));
    uploads.put(key(run, name), upload);
    return upload;
  }

  /**
   * Ends the upload of an artifact; from now on it is there.
   *
   * @param sha256 what its sender says it is, or null
   * @throws RefusedException when there is no such upload, or other bytes came than were sent
   */
  synchronized Artifact finish(OpenJob job, String name, long size, @Nullable String sha256)
      throws IOException {
    Upload upload = uploads.get(key(job.identity().run(), name));
    if (upload == null || !upload.job.equals(job)) {
      throw RefusedException.notFound("no upload of an artifact with this name");
    }
    BlobDigest digest = upload.blob.digest();
    if (digest == null) {
      throw RefusedException.invalid("the artifact was not uploaded");
    }
    if (digest.size() != size) {
      discard(upload);
      throw RefusedException.invalid(
          "the artifact has " + size + " bytes, but " + digest.size() + " were uploaded");
    }
    if (sha256 != null && !digest.sha256().equalsIgnoreCase(sha256)) {
      discard(upload);
      throw RefusedException.invalid("the hash of the artifact is not that of what was uploaded");
    }
    Artifact artifact =
        new Artifact(
            upload.id,
            upload.run,
            job.identity().job(),
            name,
            size,
            digest.sha256(),
            upload.mimeType,
            upload.createdAt,
            upload.expiresAt);
    upload.blob.moveTo(file(artifact));
    write(new Entry(artifact, false));
    uploads.remove(key(upload.run, name));
    return artifact;
  }

  /** Ends a job's uploads that it did not end itself. */
  synchronized void abandon(OpenJob job) {
    for (Upload upload : List.copyOf(uploads.values())) {
      if (upload.job.equals(job)) {
        discard(upload);
      }
    }
  }

  /** The run's artifact of this id. */
  Optional<Artifact> find(String run, long id) throws IOException {
    Path info = folder.resolve(run).resolve(id + INFO);
    Entry entry = Files.isRegularFile(info) ? read(run, info) : null;
    return entry == null || entry.removed ? Optional.empty() : Optional.of(entry.artifact);
  }

  /** Holds ids of runs to what can name a folder and stand in a token. */
  static void checkRun(String run) {
    boolean good = !run.isEmpty() && run.length() <= 100 && run.charAt(0) != '.';
    for (int i = 0; good && i < run.length(); i++) {
      char c = run.charAt(i);
      good =
          (c >= '0' && c <= '9')
              || (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || c == '-'
              || c == '_'
              || c == '.';
    }
    if (!good) {
      throw new IllegalArgumentException("'" + run + "' cannot be the id of a run");
    }
  }

  /**
   * Holds names to what every file system takes and every reader sees as it is: no separators, no
   * characters that are not shown or turn the order of others.
   */
  static void checkName(String name) {
    if (name.isEmpty() || name.length() > MAX_NAME || name.equals(".") || name.equals("..")) {
      throw RefusedException.invalid("the artifact name is empty, too long, or names a folder");
    }
    for (int i = 0; i < name.length(); ) {
      int c = name.codePointAt(i);
      int type = Character.getType(c);
      if ("\\/\":<>|*?".indexOf(c) >= 0
          || type == Character.CONTROL
          || type == Character.FORMAT
          || type == Character.SURROGATE
          || type == Character.LINE_SEPARATOR
          || type == Character.PARAGRAPH_SEPARATOR) {
        throw RefusedException.invalid(
            "the artifact name is not valid: it contains the character U+"
                + Integer.toHexString(0x10000 | c).substring(1));
      }
      i += Character.charCount(c);
    }
  }

  private List<Entry> entries(String run) throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (Path info : children(folder.resolve(run))) {
      if (info.getFileName().toString().endsWith(INFO)) {
        Entry entry = read(run, info);
        if (entry != null) {
          entries.add(entry);
        }
      }
    }
    entries.sort((a, b) -> Long.compare(b.artifact.id(), a.artifact.id()));
    return entries;
  }

  /** An entry, or null when it is gone or damaged. */
  private @Nullable Entry read(String run, Path info) throws IOException {
    try {
      if (!(Json.parse(Files.readString(info)) instanceof ObjectValue object)) {
        return null;
      }
      boolean removed = !text(object, "removed").isEmpty();
      Artifact artifact =
          new Artifact(
              Long.parseLong(text(object, "id")),
              run,
              text(object, "job"),
              text(object, "name"),
              Long.parseLong(text(object, "size")),
              text(object, "sha256"),
              text(object, "mimeType"),
              Instant.parse(text(object, "createdAt")),
              Instant.parse(text(object, "expiresAt")));
      return removed || Files.size(file(artifact)) == artifact.size()
          ? new Entry(artifact, removed)
          : null;
    } catch (NoSuchFileException
        | java.nio.charset.CharacterCodingException
        | ExpressionException
        | NumberFormatException
        | DateTimeException e) {
      return null;
    }
  }

  private void write(Entry entry) throws IOException {
    Artifact artifact = entry.artifact;
    Map<String, Value> members = new LinkedHashMap<>();
    members.put("id", Value.of(Long.toString(artifact.id())));
    members.put("job", Value.of(artifact.job()));
    members.put("name", Value.of(artifact.name()));
    members.put("size", Value.of(Long.toString(artifact.size())));
    members.put("sha256", Value.of(artifact.sha256()));
    members.put("mimeType", Value.of(artifact.mimeType()));
    members.put("createdAt", Value.of(artifact.createdAt().toString()));
    members.put("expiresAt", Value.of(artifact.expiresAt().toString()));
    if (entry.removed) {
      members.put("removed", Value.of("true"));
    }
    DurableFile.write(
        folder.resolve(artifact.run()).resolve(artifact.id() + INFO),
        Json.writeCompact(Value.object(members)).getBytes(StandardCharsets.UTF_8));
  }

  private void removeFiles(Artifact artifact) throws IOException {
    Path run = folder.resolve(artifact.run());
    Files.deleteIfExists(run.resolve(artifact.id() + INFO));
    Files.deleteIfExists(run.resolve(artifact.id() + DATA));
  }

  /**
   * Removes what no entry names and nobody has touched for long, and the folder when it is empty.
   */
  private static void sweep(Path run, Instant before) throws IOException {
    Path incoming = run.resolve(INCOMING);
    for (Path upload : children(incoming)) {
      if (Files.getLastModifiedTime(upload).toInstant().isBefore(before)) {
        IncomingBlob.remove(upload);
      }
    }
    for (Path file : children(run)) {
      String name = file.getFileName().toString();
      boolean orphan =
          name.endsWith(".tmp")
              || (name.endsWith(DATA)
                  && !Files.exists(
                      run.resolve(name.substring(0, name.length() - DATA.length()) + INFO)));
      if (orphan && Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
        Files.deleteIfExists(file);
      }
    }
    removeIfEmpty(incoming);
    removeIfEmpty(run);
  }

  private static void removeIfEmpty(Path folder) throws IOException {
    try {
      Files.deleteIfExists(folder);
    } catch (DirectoryNotEmptyException e) {
      return;
    }
  }

  private void discard(Upload upload) {
    uploads.remove(key(upload.run, upload.name));
    upload.blob.discard();
  }

  /** Newer than all ids that this process gave out, and than those given out earlier by others. */
  private long nextId(Instant now) {
    long byTime = now.toEpochMilli() * 1000;
    return lastId.updateAndGet(last -> Math.max(last + 1, byTime));
  }

  private static String key(String run, String name) {
    return run + "/" + name;
  }

  private static String text(ObjectValue object, String name) {
    Value value = object.get(name);
    return value == null ? "" : value.toText();
  }

  private static List<Path> children(Path folder) throws IOException {
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      stream.forEach(children::add);
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    }
    return children;
  }
}
