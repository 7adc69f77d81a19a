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
 * Remembers results in one file of the project. A result is found again as long as the gate's
 * script, its program, what it depends on and every file that it reads are the same; results of
 * gates that ask the network last for a day.
 */
public final class FileMemory implements GateMemory {
  private static final int FORMAT = 3;
  private static final String RESULTS = "results";
  private static final long DAY_MS = 24L * 60 * 60 * 1000;

  private final Path root;
  private final WorkTree files;
  private final Path memory;
  private final long day;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final Map<String, Key> keys = new LinkedHashMap<>();
  private boolean changed;

  /** A result without its gate. */
  private record Entry(
      long first,
      long second,
      Status status,
      long durationMs,
      String version,
      String summary,
      List<Finding> findings,
      int count,
      List<String> flaky) {}

  private FileMemory(Path root, WorkTree files, long nowMs) {
    this.root = root;
    this.files = files;
    this.memory = OwnFolder.of(root).file(RESULTS);
    this.day = nowMs / DAY_MS;
  }

  /**
   * The memory of a project.
   *
   * @param files as they are now
   */
  public static FileMemory open(Path root, WorkTree files) {
    FileMemory memory = new FileMemory(root, files, System.currentTimeMillis());
    memory.load();
    return memory;
  }

  @Override
  public @Nullable GateResult find(Gate gate) {
    Entry entry;
    synchronized (this) {
      entry = entries.get(gate.id());
    }
    Key key = key(gate);
    if (entry == null || entry.first() != key.first() || entry.second() != key.second()) {
      return null;
    }
    return new GateResult(
        gate,
        entry.status(),
        true,
        entry.durationMs(),
        entry.version(),
        entry.summary(),
        entry.findings(),
        entry.count(),
        entry.flaky());
  }

  private Key key(Gate gate) {
    synchronized (this) {
      Key known = keys.get(gate.id());
      if (known != null) {
        return known;
      }
    }
    Key key = new Key();
    key.add(gate.script());
    key.add(gate.directory());
    key.add(gate.tool());
    String program = gate.program();
    if (program != null) {
      key.addFile(root.resolve(program).toFile());
    }
    for (String outside : gate.outside()) {
      key.addFile(root.resolve(outside).toFile());
    }
    if (gate.network()) {
      key.add(day);
    }
    files.addTo(key, gate.inputs());
    synchronized (this) {
      keys.put(gate.id(), key);
    }
    return key;
  }

  @Override
  public synchronized void keep(GateResult result) {
    Gate gate = result.gate();
    boolean lasting =
        result.status() == Status.PASSED
            || (result.status() == Status.FAILED && !gate.report().namesTests());
    if (!lasting) {
      changed |= entries.remove(gate.id()) != null;
      return;
    }
    Key key = key(gate);
    entries.put(
        gate.id(),
        new Entry(
            key.first(),
            key.second(),
            result.status(),
            result.durationMs(),
            result.version(),
            result.summary(),
            result.findings(),
            result.count(),
            result.flaky()));
    changed = true;
  }

  private void load() {
    if (!memory.toFile().isFile()) {
      return;
    }
    try (DataInputStream in =
        new DataInputStream(new ByteArrayInputStream(Files.readAllBytes(memory)))) {
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
    long first = in.readLong();
    long second = in.readLong();
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
    return new Entry(first, second, status, durationMs, version, summary, findings, count, tests);
  }

  /** Writes down what was kept. */
  public synchronized void save() throws IOException {
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
    OwnFolder.of(root).write(RESULTS, bytes.toByteArray());
    changed = false;
  }

  private static void write(DataOutputStream out, Entry entry) throws IOException {
    out.writeLong(entry.first());
    out.writeLong(entry.second());
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
