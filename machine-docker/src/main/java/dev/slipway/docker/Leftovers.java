package dev.slipway.docker;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;

/** Removes what processes that are dead made: containers, networks, volumes, folders. */
final class Leftovers {
  private static final String OURS = DockerApi.escape("{\"label\":[\"" + OwnerMark.OWNER + "\"]}");

  private Leftovers() {}

  static void remove(DockerApi api, OwnerMark self, Path scratch) {
    for (Json container : api.get("/containers/json?all=1&filters=" + OURS).items()) {
      Instant created = Instant.ofEpochSecond(container.get("Created").number());
      boolean running = !isStopped(container.get("State").text());
      if (self.abandoned(container.get("Labels"), created, running)) {
        removeContainer(api, container.get("Id").text());
      }
    }
    for (Json network : api.get("/networks?filters=" + OURS).items()) {
      if (self.abandoned(network.get("Labels"), time(network.get("Created").text()), false)) {
        removeNetwork(api, network.get("Id").text());
      }
    }
    removeFolders(scratch);
  }

  private static boolean isStopped(String state) {
    return state.equals("exited") || state.equals("dead") || state.equals("created");
  }

  private static Instant time(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      return Instant.MAX;
    }
  }

  /** One that the engine cannot remove keeps nothing else from going. */
  private static void removeContainer(DockerApi api, String id) {
    try {
      api.deleteIfThere("/containers/" + id + "?force=1&v=1");
    } catch (DockerException stays) {
      // The next start tries again.
    }
  }

  /** Removes a network with no containers; one that has some is somebody's. */
  static void removeNetwork(DockerApi api, String id) {
    try {
      api.deleteIfThere("/networks/" + id);
    } catch (DockerException e) {
      if (e.status() != 403) {
        throw e;
      }
    }
  }

  private static void removeFolders(Path scratch) {
    if (!Files.isDirectory(scratch)) {
      return;
    }
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(scratch, "*@*.*")) {
      for (Path folder : folders) {
        String name = folder.getFileName().toString();
        if (!OwnerMark.alive(name.substring(0, name.indexOf('.')))) {
          deleteTree(folder);
        }
      }
    } catch (IOException stays) {
      // The next start tries again.
    }
  }

  /** Deletes a folder with what it holds; what is gone meanwhile is no error. */
  static void deleteTree(Path folder) throws IOException {
    List<Path> entries = new java.util.ArrayList<>();
    if (Files.isDirectory(folder, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
      try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
        children.forEach(entries::add);
      }
    }
    for (Path entry : entries) {
      deleteTree(entry);
    }
    Files.deleteIfExists(folder);
  }
}
