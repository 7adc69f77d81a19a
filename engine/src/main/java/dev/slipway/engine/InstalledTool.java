package dev.slipway.engine;

import java.math.BigInteger;
import java.nio.file.Path;

/**
 * An interpreter, compiler or JDK that this machine has.
 *
 * @param name the folder of the tool cache that actions look for it in: {@code Python}
 * @param version in three numbers, as they compare it
 * @param kind how jobs get it
 * @param root its folder
 * @param from where else it comes from: for Node.js the folder of npm
 */
record InstalledTool(String name, String version, Kind kind, Path root, Path from) {
  /** How jobs get a tool. */
  enum Kind {
    /** A link: it writes nothing beside itself. */
    LINK,
    /** A copy of a tree that is the interpreter's alone. */
    PYTHON,
    /** A copy out of a tree such as {@code /usr} that other things share. */
    SHARED_PYTHON,
    /** A copy with npm. */
    NODE
  }

  InstalledTool(String name, String version, Kind kind, Path root) {
    this(name, version, kind, root, root);
  }

  /** {@code 3.11} of {@code 3.11.7}. */
  String series() {
    int second = version.indexOf('.', version.indexOf('.') + 1);
    return second < 0 ? version : version.substring(0, second);
  }

  /** Compares versions by their numbers. */
  static int newestFirst(String one, String other) {
    String[] left = other.split("\\D+");
    String[] right = one.split("\\D+");
    for (int i = 0; i < Math.min(left.length, right.length); i++) {
      int order = new BigInteger("0" + left[i]).compareTo(new BigInteger("0" + right[i]));
      if (order != 0) {
        return order;
      }
    }
    return other.compareTo(one);
  }

  /** The file that is another one when the tool is. */
  Path program() {
    return switch (kind) {
      case LINK -> root;
      case PYTHON, SHARED_PYTHON -> root.resolve("bin/python" + series());
      case NODE -> root.resolve("bin/node");
    };
  }
}
