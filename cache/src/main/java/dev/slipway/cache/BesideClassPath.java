package dev.slipway.cache;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the launcher's build has beside the class path instead of on it, where each jar costs time
 * at every start: folders of jars next to that of the class path.
 */
public final class BesideClassPath {
  private BesideClassPath() {}

  /** Finds what is on the class path, and what is in the folder of this name when there is one. */
  public static ClassLoader loader(String name) throws IOException {
    ClassLoader own = BesideClassPath.class.getClassLoader();
    Path jar =
        Path.of(
            URI.create(
                BesideClassPath.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toString()));
    Path folder = jar.resolveSibling("..").resolve(name).normalize();
    List<URL> jars = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.jar")) {
        for (Path file : files) {
          jars.add(file.toUri().toURL());
        }
      }
    }
    return jars.isEmpty() ? own : new URLClassLoader(jars.toArray(URL[]::new), own);
  }
}
