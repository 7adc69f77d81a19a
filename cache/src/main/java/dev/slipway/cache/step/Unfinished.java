package dev.slipway.cache.step;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Files that are written beside their places, noted before the first is. A process that is killed
 * meanwhile leaves them where steps would find them; the note tells the next process which they
 * are. Thread-safe.
 */
final class Unfinished {
  /** What follows the name of the place; then come the process and a number. */
  static final String ENDING = ".slipway-";

  private static final AtomicLong SERIAL = new AtomicLong();

  private final Path folder;

  /**
   * Notes in a folder.
   *
   * @param folder for them alone; made when it is needed
   */
  Unfinished(Path folder) {
    this.folder = folder;
  }

  static long self() {
    return ProcessHandle.current().pid();
  }

  /** Notes what is about to be written. */
  Path begin(List<byte[]> files) throws IOException {
    ByteArrayOutputStream names = new ByteArrayOutputStream();
    for (byte[] file : files) {
      names.write(file);
      names.write(0);
    }
    Files.createDirectories(folder);
    Path note = folder.resolve(self() + "-" + SERIAL.incrementAndGet());
    Files.write(note, names.toByteArray());
    return note;
  }

  /** Forgets a note; none of its files is there any more. */
  void end(Path note) throws IOException {
    Files.deleteIfExists(note);
  }

  /** Removes what processes left that are not there any more. */
  void remove(Posix posix) throws IOException {
    try (DirectoryStream<Path> notes = Files.newDirectoryStream(folder)) {
      for (Path note : notes) {
        String name = note.getFileName().toString();
        long process = Long.parseLong(name, 0, Math.max(0, name.indexOf('-')), 10);
        if (process != self() && ProcessHandle.of(process).isEmpty()) {
          remove(Files.readAllBytes(note), ENDING + process + "-", posix);
          Files.deleteIfExists(note);
        }
      }
    } catch (NoSuchFileException never) {
      return;
    } catch (NumberFormatException notOurs) {
      throw new IOException("what is in " + folder + " is no note", notOurs);
    }
  }

  private static void remove(byte[] names, String ending, Posix posix) throws IOException {
    Status status = new Status();
    int from = 0;
    for (int i = 0; i < names.length; i++) {
      if (names[i] == 0) {
        byte[] file = java.util.Arrays.copyOfRange(names, from, i);
        from = i + 1;
        if (Names.text(file).contains(ending) && posix.status(file, status) == 0) {
          posix.remove(file);
        }
      }
    }
  }
}
