package dev.slipway.engine;

import dev.slipway.workflow.expression.Json;
import dev.slipway.workflow.expression.ObjectValue;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The runs of a repository on disk: {@code .slipway/runs/N/events.jsonl}, one event a line, and
 * beside it what is needed to run it again. Ids count up from 1.
 *
 * <p>While a run is going on, {@code runs/open/N} names the process that owns it. A run whose owner
 * is gone was interrupted: {@link #recover} says so in its record and ends the processes it left.
 * Safe for several processes at once: ids are claimed by creating a directory, records have one
 * writer.
 */
public final class RunStore {
  private static final String EVENTS = "events.jsonl";
  private static final int BUFFER = 256 * 1024;

  private final Path runs;
  private final Path open;

  private RunStore(Path runs) {
    this.runs = runs;
    this.open = runs.resolve("open");
  }

  /** The store of the project at this root; nothing is created until a run begins. */
  public static RunStore open(Path root) {
    return new RunStore(root.resolve(".slipway").resolve("runs"));
  }

  /**
   * A run as listed.
   *
   * @param conclusion null while it goes on
   * @param interrupted whether Slipway was killed during it
   */
  public record StoredRun(
      String id,
      String workflow,
      String file,
      String event,
      String ref,
      String sha,
      String actor,
      Instant startedAt,
      @Nullable Conclusion conclusion,
      boolean interrupted,
      @Nullable Long durationMs) {}

  /** All runs, newest first; those that cannot be read are left out. */
  public List<StoredRun> runs() {
    List<StoredRun> found = new ArrayList<>();
    for (int id : ids()) {
      run(Integer.toString(id)).ifPresent(found::add);
    }
    return found;
  }

  /** One run, by id or {@code latest}. */
  public Optional<StoredRun> run(String id) {
    String known = id;
    if (id.equals("latest")) {
      List<Integer> ids = ids();
      if (ids.isEmpty()) {
        return Optional.empty();
      }
      known = Integer.toString(ids.getFirst());
    }
    Path file = runs.resolve(known).resolve(EVENTS);
    if (!known.matches("[0-9]{1,9}") || !Files.isRegularFile(file)) {
      return Optional.empty();
    }
    RunEvent first = firstEvent(file);
    if (!(first instanceof RunEvent.RunStarted s)) {
      return Optional.empty();
    }
    RunEvent.RunFinished end = lastEvent(file) instanceof RunEvent.RunFinished f ? f : null;
    return Optional.of(
        new StoredRun(
            known,
            s.workflow(),
            s.file(),
            s.event(),
            s.ref(),
            s.sha(),
            s.actor(),
            s.at(),
            end == null ? null : end.conclusion(),
            end != null && "interrupted".equals(end.cause()),
            end == null ? null : end.durationMs()));
  }

  /** The ids of the last runs of a workflow file, newest first; only so many runs are looked at. */
  List<String> latestOf(String file, int limit) {
    List<String> found = new ArrayList<>();
    int looked = 0;
    for (int id : ids()) {
      if (found.size() >= limit || looked++ >= 10 * limit) {
        break;
      }
      Path events = runs.resolve(Integer.toString(id)).resolve(EVENTS);
      if (Files.isRegularFile(events)
          && firstEvent(events) instanceof RunEvent.RunStarted started
          && started.file().equals(file)) {
        found.add(Integer.toString(id));
      }
    }
    return found;
  }

  /** Hands on the ends of a run's jobs, passing over its log without reading it as JSON. */
  void finishedJobs(String id, Consumer<RunEvent.JobFinished> each) {
    lines(
        id,
        line -> {
          if (line.contains("\"type\":\"job.finished\"")
              && EventJson.read(line) instanceof RunEvent.JobFinished job) {
            each.accept(job);
          }
        });
  }

  /** Hands on each event of a run in order, reading as it goes. */
  public void read(String id, Consumer<RunEvent> each) {
    read(id, new EventReader(true), each);
  }

  /** The same, but for the lines of its log, which are passed over unread. */
  public void readWithoutLog(String id, Consumer<RunEvent> each) {
    read(id, new EventReader(false), each);
  }

  private void read(String id, EventReader events, Consumer<RunEvent> each) {
    try (InputStream in = Files.newInputStream(runs.resolve(id).resolve(EVENTS))) {
      byte[] buffer = new byte[BUFFER];
      int size = 0;
      int count;
      while ((count = in.read(buffer, size, buffer.length - size)) >= 0) {
        int scanned = size;
        size += count;
        int start = 0;
        for (int i = scanned; i < size; i++) {
          if (buffer[i] == '\n') {
            events.read(buffer, start, i - start, each);
            start = i + 1;
          }
        }
        if (start > 0) {
          System.arraycopy(buffer, start, buffer, 0, size - start);
          size -= start;
        } else if (size == buffer.length) {
          buffer = java.util.Arrays.copyOf(buffer, size * 2);
        }
      }
      events.read(buffer, 0, size, each);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Hands on each stored line of a run as it is. */
  public void lines(String id, Consumer<String> each) {
    try (BufferedReader reader = Files.newBufferedReader(runs.resolve(id).resolve(EVENTS))) {
      String line;
      while ((line = reader.readLine()) != null) {
        each.accept(line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the run was asked to do, to do it again; empty when its record lacks it. */
  public Optional<ObjectValue> request(String id) {
    try {
      String json = Files.readString(runs.resolve(id).resolve("request.json"));
      return Json.parse(json) instanceof ObjectValue object
          ? Optional.of(object)
          : Optional.empty();
    } catch (IOException | dev.slipway.workflow.expression.ExpressionException e) {
      return Optional.empty();
    }
  }

  /** Claims the next id and opens its record. */
  RunRecorder begin(
      String token, String request, RunListener listener, Consumer<IOException> onFailure)
      throws IOException {
    if (!Files.isDirectory(open)) {
      Files.createDirectories(open);
      Path ignore = runs.resolveSibling(".gitignore");
      if (!Files.exists(ignore)) {
        Files.writeString(ignore, "*\n");
      }
    }
    List<Integer> ids = ids();
    int next = ids.isEmpty() ? 1 : ids.getFirst() + 1;
    while (true) {
      Path directory = runs.resolve(Integer.toString(next));
      try {
        Files.createDirectory(directory);
      } catch (FileAlreadyExistsException taken) {
        next++;
        continue;
      }
      String id = Integer.toString(next);
      Files.writeString(open.resolve(id), Owner.current().text() + " " + token);
      Files.writeString(directory.resolve("request.json"), request);
      return new RunRecorder(id, directory.resolve(EVENTS), listener, onFailure);
    }
  }

  /** The run's record is complete. */
  void finished(String id) {
    try {
      Files.deleteIfExists(open.resolve(id));
    } catch (IOException leftForRecovery) {
      return;
    }
  }

  /**
   * Ends what killed runs left behind: their processes, and their records, which get a last event.
   *
   * @return the ids of the runs found interrupted
   */
  public List<String> recover() {
    List<String> interrupted = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(open)) {
      for (Path entry : entries) {
        String[] words = Files.readString(entry).split(" ");
        Owner owner = words.length >= 2 ? Owner.parse(words[0]) : null;
        if (owner != null && owner.alive()) {
          continue;
        }
        String id = entry.getFileName().toString();
        if (words.length >= 2) {
          Orphans.end(words[1]);
        }
        try {
          if (Files.exists(runs.resolve(id).resolve(EVENTS))) {
            conclude(id);
            interrupted.add(id);
          }
          Files.deleteIfExists(entry);
        } catch (IOException diskStillFull) {
          // Its marker stays, so the next start tries again.
          continue;
        }
      }
    } catch (NoSuchFileException nothingYet) {
      return interrupted;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return interrupted;
  }

  private void conclude(String id) throws IOException {
    Path file = runs.resolve(id).resolve(EVENTS);
    if (lastEvent(file) instanceof RunEvent.RunFinished) {
      return;
    }
    RunEvent[] ends = new RunEvent[2];
    try {
      read(
          id,
          event -> {
            ends[0] = ends[0] == null ? event : ends[0];
            ends[1] = event;
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    long seq = ends[1] == null ? 0 : ends[1].seq();
    long started = ends[0] == null ? 0 : ends[0].at().toEpochMilli();
    long last = ends[1] == null ? 0 : ends[1].at().toEpochMilli();
    JsonLine end = new JsonLine(256);
    if (!endsWithNewline(file)) {
      end.raw("\n");
    }
    EventJson.write(
        end,
        new Timestamps(),
        new RunEvent.RunFinished(
            seq + 1,
            Instant.ofEpochMilli(last),
            id,
            Conclusion.CANCELLED,
            last - started,
            "interrupted"));
    Files.write(file, java.util.Arrays.copyOf(end.bytes, end.size), StandardOpenOption.APPEND);
  }

  private static boolean endsWithNewline(Path file) throws IOException {
    try (RandomAccessFile f = new RandomAccessFile(file.toFile(), "r")) {
      if (f.length() == 0) {
        return true;
      }
      f.seek(f.length() - 1);
      return f.read() == '\n';
    }
  }

  private List<Integer> ids() {
    List<Integer> ids = new ArrayList<>();
    String[] names = runs.toFile().list();
    if (names != null) {
      for (String name : names) {
        if (!name.isEmpty()
            && name.length() < 10
            && name.charAt(0) >= '1'
            && name.charAt(0) <= '9') {
          try {
            ids.add(Integer.parseInt(name));
          } catch (NumberFormatException notARun) {
            continue;
          }
        }
      }
    }
    ids.sort(Comparator.reverseOrder());
    return ids;
  }

  private static @Nullable RunEvent firstEvent(Path file) {
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      String line = reader.readLine();
      return line == null ? null : EventJson.read(line);
    } catch (IOException unreadable) {
      return null;
    }
  }

  private static @Nullable RunEvent lastEvent(Path file) {
    try (RandomAccessFile f = new RandomAccessFile(file.toFile(), "r")) {
      int size = (int) Math.min(f.length(), 4096);
      byte[] tail = new byte[size];
      f.seek(f.length() - size);
      f.readFully(tail);
      String text = new String(tail, StandardCharsets.UTF_8).stripTrailing();
      return EventJson.read(text.substring(text.lastIndexOf('\n') + 1));
    } catch (IOException unreadable) {
      return null;
    }
  }
}
