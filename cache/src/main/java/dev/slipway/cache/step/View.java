package dev.slipway.cache.step;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files of a step as its processes see them: those of this program, or those of a container,
 * which are looked at through one of its processes. Paths are always the ones that the step knows.
 * Immutable.
 */
public final class View {
  private static final View HERE = new View("", new byte[0], null, 0);

  private final String root;
  private final byte[] passedOver;
  private final @Nullable Layers layers;
  private final long owner;

  private View(String root, byte[] passedOver, @Nullable Layers layers, long owner) {
    this.root = root;
    this.passedOver = passedOver;
    this.layers = layers;
    this.owner = owner;
  }

  /** What this program sees. */
  public static View here() {
    return HERE;
  }

  /**
   * What a container's processes see now; to be made anew for each step, since folders may be
   * mounted between two.
   *
   * @param process one that lives as long as this is used and is of the user that steps are of
   * @param own a folder of the container that is its keeper's, not the step's
   * @throws IOException when the process is gone or may not be looked at
   */
  public static View of(int process, String own) throws IOException {
    Path status = Path.of("/proc/" + process + "/status");
    long user = -1;
    long group = -1;
    for (String line : Files.readAllLines(status, StandardCharsets.ISO_8859_1)) {
      // The last number is the one by which files are made.
      if (line.startsWith("Uid:")) {
        user = last(line);
      } else if (line.startsWith("Gid:")) {
        group = last(line);
      }
    }
    String root = "/proc/" + process + "/root";
    if (!Files.isDirectory(Path.of(root))) {
      throw new IOException(root + " cannot be looked into");
    }
    List<String> mounts =
        Files.readAllLines(Path.of("/proc/" + process + "/mountinfo"), StandardCharsets.ISO_8859_1);
    return new View(root, Names.bytes(own), Layers.of(mounts, own), owner(user, group));
  }

  private static long last(String line) {
    return Long.parseLong(line.substring(line.lastIndexOf('\t') + 1).strip());
  }

  static long owner(long user, long group) {
    return (user << 32) | (group & 0xffffffffL);
  }

  /** The root of the step's processes where this program finds it; empty for its own. */
  String root() {
    return root;
  }

  /** Whether the files are of a container, which ends with its job. */
  boolean ofContainer() {
    return !root.isEmpty();
  }

  /** The user and group that the step makes files as, in a container. */
  long owner() {
    return owner;
  }

  /** Whether nothing about a path counts because it is the container's keeper's. */
  boolean passesOver(byte[] path) {
    return passedOver.length > 0 && Roots.below(passedOver, path, path.length);
  }

  /** What comes from an image and what does not; null where that cannot be told. */
  @Nullable Layers layers() {
    return layers;
  }
}
