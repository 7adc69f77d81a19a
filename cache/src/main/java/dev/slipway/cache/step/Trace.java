package dev.slipway.cache.step;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What one run of a step did: all it depended on and all that came of it. As bytes it is the same
 * for everybody: paths are by root, times are left out.
 *
 * @param exitCode of its process
 * @param durationMs how long it took
 * @param createdMs when it ran, since 1970
 * @param variables those whose values count, with a keyed digest of each value; null where unset
 * @param bound roots whose paths are in what it made, which must lie where they lay
 * @param facts by path
 * @param order places in {@code facts} of what it wrote, in the order of writing
 * @param log what it printed, as {@link StepLog} writes it
 * @param files what it wrote for the runner, by name
 */
record Trace(
    int exitCode,
    long durationMs,
    long createdMs,
    Map<String, @Nullable Digest> variables,
    Map<String, String> bound,
    List<Fact> facts,
    int[] order,
    Digest log,
    Map<String, byte[]> files) {
  private static final int MAGIC = 0x534c5054;
  private static final int VERSION = 2;

  byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(64 * 1024);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(MAGIC);
      out.writeInt(VERSION);
      out.writeInt(exitCode);
      out.writeLong(durationMs);
      out.writeLong(createdMs);
      out.writeInt(variables.size());
      for (Map.Entry<String, @Nullable Digest> variable : variables.entrySet()) {
        out.writeUTF(variable.getKey());
        Digest value = variable.getValue();
        out.writeBoolean(value != null);
        if (value != null) {
          out.write(value.bytes());
        }
      }
      out.writeInt(bound.size());
      for (Map.Entry<String, String> root : bound.entrySet()) {
        out.writeUTF(root.getKey());
        out.writeUTF(root.getValue());
      }
      out.write(log.bytes());
      out.writeInt(files.size());
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        out.writeUTF(file.getKey());
        bytes(out, file.getValue());
      }
      out.writeInt(facts.size());
      for (Fact fact : facts) {
        write(out, fact);
      }
      out.writeInt(order.length);
      for (int place : order) {
        out.writeInt(place);
      }
      CRC32C sum = new CRC32C();
      sum.update(bytes.toByteArray());
      out.writeInt((int) sum.getValue());
    } catch (IOException inMemory) {
      throw new AssertionError(inMemory);
    }
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream out, Fact fact) throws IOException {
    int flags =
        (fact.before() != null ? 1 : 0)
            | (fact.after() != null ? 2 : 0)
            | (fact.replaceable() ? 4 : 0)
            | (fact.kept() ? 8 : 0)
            | (fact.names() != null ? 16 : 0);
    out.writeByte(flags);
    bytes(out, fact.path());
    if (fact.before() != null) {
      write(out, fact.before());
    }
    if (fact.after() != null) {
      write(out, fact.after());
    }
    if (fact.names() != null) {
      out.write(fact.names().bytes());
    }
  }

  private static void write(DataOutputStream out, Node node) throws IOException {
    out.writeByte(code(node.kind()));
    switch (node.kind()) {
      case ABSENT, IMAGE -> {}
      case FILE -> {
        out.writeInt(node.mode());
        Digest digest = node.digest();
        out.write(digest == null ? new byte[Digest.LENGTH] : digest.bytes());
      }
      case FOLDER, OTHER -> out.writeInt(node.mode());
      case LINK -> {
        byte[] target = node.target();
        bytes(out, target == null ? new byte[0] : target);
      }
    }
  }

  private static int code(Node.Kind kind) {
    return switch (kind) {
      case ABSENT -> 0;
      case FILE -> 1;
      case FOLDER -> 2;
      case LINK -> 3;
      case OTHER -> 4;
      case IMAGE -> 5;
    };
  }

  private static void bytes(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  /** Reads what {@link #toBytes} made; null when it is anything else. */
  static @Nullable Trace of(byte[] bytes) {
    return of(bytes, true);
  }

  /**
   * Reads all but the facts, which is all that is needed where a {@link WatchList} says that they
   * hold; null when the bytes are no trace.
   */
  static @Nullable Trace head(byte[] bytes) {
    return of(bytes, false);
  }

  private static @Nullable Trace of(byte[] bytes, boolean whole) {
    if (bytes.length < 12) {
      return null;
    }
    CRC32C sum = new CRC32C();
    sum.update(bytes, 0, bytes.length - 4);
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      DataInputStream last =
          new DataInputStream(new ByteArrayInputStream(bytes, bytes.length - 4, 4));
      if (last.readInt() != (int) sum.getValue()
          || in.readInt() != MAGIC
          || in.readInt() != VERSION) {
        return null;
      }
      int exitCode = in.readInt();
      long durationMs = in.readLong();
      long createdMs = in.readLong();
      Map<String, @Nullable Digest> variables = new LinkedHashMap<>();
      for (int i = in.readInt(); i > 0; i--) {
        String name = in.readUTF();
        variables.put(name, in.readBoolean() ? digest(in) : null);
      }
      Map<String, String> bound = new LinkedHashMap<>();
      for (int i = in.readInt(); i > 0; i--) {
        bound.put(in.readUTF(), in.readUTF());
      }
      Digest log = digest(in);
      Map<String, byte[]> files = new LinkedHashMap<>();
      for (int i = in.readInt(); i > 0; i--) {
        files.put(in.readUTF(), bytes(in));
      }
      if (!whole) {
        return new Trace(
            exitCode, durationMs, createdMs, variables, bound, List.of(), new int[0], log, files);
      }
      int count = in.readInt();
      List<Fact> facts = new ArrayList<>(Math.min(count, bytes.length / 8));
      for (int i = 0; i < count; i++) {
        facts.add(fact(in));
      }
      int[] order = new int[Math.min(in.readInt(), count)];
      for (int i = 0; i < order.length; i++) {
        order[i] = in.readInt();
        if (order[i] < 0 || order[i] >= count) {
          return null;
        }
      }
      return new Trace(exitCode, durationMs, createdMs, variables, bound, facts, order, log, files);
    } catch (IOException | IllegalArgumentException | NegativeArraySizeException damaged) {
      return null;
    }
  }

  private static Fact fact(DataInputStream in) throws IOException {
    int flags = in.readByte();
    byte[] path = bytes(in);
    Node before = (flags & 1) != 0 ? node(in) : null;
    Node after = (flags & 2) != 0 ? node(in) : null;
    Digest names = (flags & 16) != 0 ? digest(in) : null;
    return new Fact(path, before, after, (flags & 4) != 0, (flags & 8) != 0, names);
  }

  private static Node node(DataInputStream in) throws IOException {
    return switch (in.readByte()) {
      case 0 -> Node.ABSENT;
      case 1 -> Node.file(in.readInt(), digest(in));
      case 2 -> Node.folder(in.readInt());
      case 3 -> Node.link(bytes(in));
      case 4 -> Node.other(in.readInt());
      case 5 -> Node.IMAGE;
      default -> throw new IOException("no such kind");
    };
  }

  private static byte[] bytes(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available()) {
      throw new IOException("too long");
    }
    return in.readNBytes(length);
  }

  private static Digest digest(DataInputStream in) throws IOException {
    return new Digest(in.readNBytes(Digest.LENGTH));
  }

  /** What another run left otherwise, in words; empty for nothing. What they print may differ. */
  String differenceTo(Trace other) {
    Map<PathKey, Node> theirs = new java.util.HashMap<>();
    for (Fact fact : other.facts) {
      if (fact.after() != null) {
        theirs.put(new PathKey(fact.path()), fact.after());
      }
    }
    for (Fact fact : facts) {
      Node after = fact.after();
      Node their = theirs.get(new PathKey(fact.path()));
      if (after != null && their != null && !after.looksLike(their)) {
        return Names.text(fact.path());
      }
    }
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      if (!Arrays.equals(file.getValue(), other.files.get(file.getKey()))) {
        return "what it gave on by " + file.getKey();
      }
    }
    return "";
  }

  /** The contents of its log and of the files that it made. */
  List<Digest> contents() {
    List<Digest> contents = new ArrayList<>();
    contents.add(log);
    for (Fact fact : facts) {
      Node after = fact.after();
      Digest digest = after == null ? null : after.digest();
      if (digest != null) {
        contents.add(digest);
      }
    }
    return contents;
  }

  /** What tells it from other runs of the same step: all that it depended on. */
  Digest identity() {
    java.security.MessageDigest sha = Digest.sha256();
    List<Fact> sorted = new ArrayList<>(facts);
    sorted.sort((a, b) -> Arrays.compareUnsigned(a.path(), b.path()));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      for (Fact fact : sorted) {
        if (fact.before() != null || fact.names() != null) {
          write(
              out,
              new Fact(fact.path(), fact.before(), null, fact.replaceable(), false, fact.names()));
        }
      }
    } catch (IOException inMemory) {
      throw new AssertionError(inMemory);
    }
    sha.update(bytes.toByteArray());
    variables.forEach((name, value) -> {
      sha.update(name.getBytes(StandardCharsets.UTF_8));
      sha.update(value == null ? new byte[1] : value.bytes());
    });
    bound.forEach((name, path) -> {
      sha.update(name.getBytes(StandardCharsets.UTF_8));
      sha.update(path.getBytes(StandardCharsets.UTF_8));
    });
    return new Digest(sha.digest());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Trace trace && identity().equals(trace.identity());
  }

  @Override
  public int hashCode() {
    return identity().hashCode();
  }
}
