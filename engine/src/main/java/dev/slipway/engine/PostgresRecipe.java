package dev.slipway.engine;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * PostgreSQL as its official image sets it up: {@code POSTGRES_USER}, {@code POSTGRES_PASSWORD},
 * {@code POSTGRES_DB}, {@code POSTGRES_INITDB_ARGS}, {@code POSTGRES_HOST_AUTH_METHOD}. Nothing
 * waits for the disk: the data does not outlive the job.
 */
final class PostgresRecipe implements ServiceRecipe {
  private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

  @Override
  public int port() {
    return 5432;
  }

  @Override
  public void start(LocalService service) {
    List<Path> folders = folders(service.spec().image());
    Path initdb = service.find("initdb", folders);
    Path postgres = service.find("postgres", folders);
    if (initdb == null || postgres == null) {
      throw new ContainerException(
          "`initdb` and `postgres` are not on this machine (Debian package postgresql)");
    }
    String user = or(service.variable("POSTGRES_USER"), "postgres");
    String password = service.variable("POSTGRES_PASSWORD");
    String method = service.variable("POSTGRES_HOST_AUTH_METHOD");
    if (password.isEmpty() && !method.equals("trust")) {
      throw new ContainerException(
          "its superuser has no password. Set POSTGRES_PASSWORD in the service's env, or"
              + " POSTGRES_HOST_AUTH_METHOD=trust");
    }
    service.leaveRoot(List.of("postgres", "nobody"));
    Path folder = service.folder();
    initialize(service, initdb, user, password, or(method, "scram-sha-256"));
    // Shared memory of the kind that processes do not take with them.
    service.endGently();
    service.begin(server(service, postgres), folder);
    String port = Integer.toString(service.port());
    Path ready = beside(postgres, "pg_isready");
    service.await(() ->
        service.succeeds(
            List.of(
                ready.toString(),
                "-q",
                "-h",
                folder.toString(),
                "-p",
                port,
                "-U",
                user,
                "-d",
                "postgres"),
            folder));
    String database = or(service.variable("POSTGRES_DB"), user);
    if (!database.equals("postgres")) {
      service.mustRun(
          List.of(
              beside(postgres, "createdb").toString(),
              "-h",
              folder.toString(),
              "-p",
              port,
              "-U",
              user,
              "--maintenance-db=postgres",
              database),
          folder);
    }
  }

  private static String or(String text, String otherwise) {
    return text.isEmpty() ? otherwise : text;
  }

  private static Path beside(Path program, String name) {
    return program.resolveSibling(name);
  }

  /** Where Debian has versions, the one that the image's tag names first, then the newest. */
  private static List<Path> folders(String image) {
    String[] versions = DEBIAN.toFile().list();
    List<Path> folders = new ArrayList<>();
    if (versions != null) {
      String tag = image.substring(image.lastIndexOf(':') + 1);
      Arrays.sort(
          versions,
          Comparator.comparingInt((String version) -> tag.matches(version + "([.-].*)?") ? 0 : 1)
              .thenComparing(Comparator.comparingInt(PostgresRecipe::number).reversed()));
      for (String version : versions) {
        folders.add(DEBIAN.resolve(version).resolve("bin"));
      }
    }
    return folders;
  }

  private static int number(String version) {
    return version.matches("\\d{1,4}") ? Integer.parseInt(version) : 0;
  }

  private static void initialize(
      LocalService service, Path initdb, String user, String password, String method) {
    Path folder = service.folder();
    List<String> command =
        new ArrayList<>(
            List.of(
                initdb.toString(),
                "-D",
                folder.resolve("data").toString(),
                "-U",
                user,
                "--no-sync",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--auth-local=trust",
                "--auth-host=" + method));
    if (!password.isEmpty()) {
      Path file = folder.resolve("password");
      try {
        Files.writeString(file, password + "\n");
      } catch (IOException e) {
        throw new ContainerException("its password cannot be written: " + e.getMessage(), e);
      }
      command.add("--pwfile=" + file);
    }
    command.addAll(ShellWords.of(service.variable("POSTGRES_INITDB_ARGS")));
    service.mustRun(command, folder);
    File secret = folder.resolve("password").toFile();
    if (secret.exists() && !secret.delete()) {
      throw new ContainerException("its password cannot be removed");
    }
  }

  private static List<String> server(LocalService service, Path postgres) {
    List<String> command =
        new ArrayList<>(
            List.of(
                postgres.toString(),
                "-D",
                service.folder().resolve("data").toString(),
                "-p",
                Integer.toString(service.port()),
                "-c",
                "listen_addresses=localhost",
                "-c",
                "unix_socket_directories=" + service.folder(),
                "-c",
                "fsync=off",
                "-c",
                "synchronous_commit=off",
                "-c",
                "full_page_writes=off"));
    for (String word : service.spec().command()) {
      if (!word.equals("postgres")) {
        command.add(word);
      }
    }
    return command;
  }
}
