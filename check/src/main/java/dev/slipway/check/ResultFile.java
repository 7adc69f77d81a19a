package dev.slipway.check;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What gates of a project told, in one file; a file that was cut off or is of another version
 * counts as empty. Thread-safe.
 */
final class ResultFile {
  private static final int FORMAT = 4;

  private static final String RESULTS = "results";

  private final OwnFolder folder;
  private final Path file;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private boolean changed;

  /**
   * A result without its gate.
   *
   * @param key of what it holds for
   */
  record Entry(
      String key,
      Status status,
      long durationMs,
      String version,
      String summary,
      List<Finding> findings,
      int count,
      List<String> flaky) {
    GateResult result(Gate gate) {
      return new GateResult(
          gate, status, true, durationMs, version, summary, findings, count, flaky);
    }
  }

  private ResultFile(OwnFolder folder) {
    this.folder = folder;
    this.file = folder.file(RESULTS);
  }

  /** The results of a project, as they are now. */
  static ResultFile open(Path root) {
    ResultFile results = new ResultFile(OwnFolder.of(root));
    results.load();
    return results;
  }

  synchronized @Nullable Entry find(String gate) {
    return entries.get(gate);
  }

  synchronized void put(String key, GateResult result) {
    entries.put(
        result.gate().id(),
        new Entry(
            key,
            result.status(),
            result.durationMs(),
            result.version(),
            result.summary(),
            result.findings(),
            result.count(),
            result.flaky()));
    changed = true;
  }

  synchronized void remove(String gate) {
    changed |= entries.remove(gate) != null;
  }

  private void load() {
    if (!file.toFile().isFile()) {
      return;
    }
    try (DataInputStream in =
        new DataInputStream(new ByteArrayInputStream(Files.readAllBytes(file)))) {
      if (in.readInt() != FORMAT) {
        return;
      }
      int count = in.readInt();
      for (int i = 0; i < count; i++) {
        String id = in.readUTF();
        entries.put(id, entry(in));
      }
    } catch (IOException cutOff) {
      entries.clear();
    }
  }

  private static Entry entry(DataInputStream in) throws IOException {
    String key = in.readUTF();
    Status status = in.readBoolean() ? Status.PASSED : Status.FAILED;
    long durationMs = in.readLong();
    String version = in.readUTF();
    String summary = in.readUTF();
    int found = in.readInt();
    List<Finding> findings = new ArrayList<>(found);
    for (int i = 0; i < found; i++) {
      String file = in.readUTF();
      int line = in.readInt();
      int column = in.readInt();
      String message = in.readUTF();
      String rule = in.readUTF();
      findings.add(
          new Finding(
              file.isEmpty() ? null : file, line, column, message, rule.isEmpty() ? null : rule));
    }
    int count = in.readInt();
    int flaky = in.readInt();
    List<String> tests = new ArrayList<>(flaky);
    for (int i = 0; i < flaky; i++) {
      tests.add(in.readUTF());
    }
    return new Entry(key, status, durationMs, version, summary, findings, count, tests);
  }

  /** Writes down what was kept. */
  synchronized void save() throws IOException {
    if (!changed) {
      return;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(FORMAT);
      out.writeInt(entries.size());
      for (Map.Entry<String, Entry> one : entries.entrySet()) {
        out.writeUTF(one.getKey());
        write(out, one.getValue());
      }
    }
    folder.write(RESULTS, bytes.toByteArray());
    changed = false;
  }

  private static void write(DataOutputStream out, Entry entry) throws IOException {
    out.writeUTF(entry.key());
    out.writeBoolean(entry.status() == Status.PASSED);
    out.writeLong(entry.durationMs());
    out.writeUTF(entry.version());
    out.writeUTF(entry.summary());
    out.writeInt(entry.findings().size());
    for (Finding finding : entry.findings()) {
      String file = finding.file();
      String rule = finding.rule();
      out.writeUTF(file == null ? "" : file);
      out.writeInt(finding.line());
      out.writeInt(finding.column());
      out.writeUTF(finding.message());
      out.writeUTF(rule == null ? "" : rule);
    }
    out.writeInt(entry.count());
    out.writeInt(entry.flaky().size());
    for (String test : entry.flaky()) {
      out.writeUTF(test);
    }
  }
}
