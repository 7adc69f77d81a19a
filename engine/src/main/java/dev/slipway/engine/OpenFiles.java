package dev.slipway.engine;

import dev.slipway.workflow.expression.Value;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.EnumSet;
import java.util.Set;

/**
 * Lets users of containers write what this machine's user made for them. Container images bring
 * users of their own, whose numbers mean nobody here.
 */
final class OpenFiles {
  private static final String[] COMMAND_FILES = {
    "env", "path", "output", "state", "step_summary", "artifacts"
  };

  private static final Set<PosixFilePermission> WRITE =
      EnumSet.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private OpenFiles() {}

  /** The folders in which a job's containers work, without what is in them. */
  static void folders(JobContext job, Path home) throws IOException {
    Path temp = job.place.temp();
    for (Path folder :
        new Path[] {job.workspace(), temp, temp.resolve(JobRunner.COMMAND_FILES), home}) {
      open(folder, true);
    }
  }

  /** The files through which a step speaks to the runner. */
  static void commandFiles(StepRun run) {
    try {
      for (String name : COMMAND_FILES) {
        Value file = run.github.get(name);
        if (file != null) {
          open(Path.of(file.toText()), false);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A folder with all that is in it; links are left alone. */
  static void tree(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path inner, BasicFileAttributes attributes)
              throws IOException {
            open(inner, true);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isRegularFile()) {
              open(file, false);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Whether a folder holds what another user owns than the folder itself. */
  static boolean foreign(Path folder) throws IOException {
    UserPrincipal own = Files.getOwner(folder);
    boolean[] found = {false};
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path inner, BasicFileAttributes attributes)
              throws IOException {
            return visitFile(inner, attributes);
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            found[0] = !Files.getOwner(file, LinkOption.NOFOLLOW_LINKS).equals(own);
            return found[0] ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException unreadable) {
            found[0] = true;
            return FileVisitResult.TERMINATE;
          }
        });
    return found[0];
  }

  /** The numbers of a folder's user and group, as {@code chown} takes them. */
  static String owner(Path folder) throws IOException {
    return Files.getAttribute(folder, "unix:uid") + ":" + Files.getAttribute(folder, "unix:gid");
  }

  private static void open(Path path, boolean folder) throws IOException {
    try {
      PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
      Set<PosixFilePermission> now = EnumSet.copyOf(view.readAttributes().permissions());
      Set<PosixFilePermission> wanted = EnumSet.copyOf(now);
      wanted.addAll(WRITE);
      if (folder || now.contains(PosixFilePermission.OWNER_EXECUTE)) {
        wanted.add(PosixFilePermission.GROUP_EXECUTE);
        wanted.add(PosixFilePermission.OTHERS_EXECUTE);
      }
      if (!wanted.equals(now)) {
        view.setPermissions(wanted);
      }
    } catch (NoSuchFileException removedByAStep) {
      return;
    }
  }
}
