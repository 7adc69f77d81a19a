package dev.slipway.cache.step;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Puts back what a step made. First all contents are written beside their places, where a full disk
 * or a missing content shows while nothing has changed yet; then they are renamed into place in the
 * order in which the step wrote them, so that tools which compare times agree. Killed between two
 * renames, it leaves states that the trace allows, or that make the step run; what it had written
 * beside places by then is removed by the next that puts something back or watches a step.
 */
final class Restore {
  private static final AtomicLong SERIAL = new AtomicLong();

  /** A content that is ready beside its place. */
  private record Staged(byte[] beside, byte[] path, Node after) {}

  private final View view;
  private final Posix posix;
  private final Contents contents;
  private final Unfinished unfinished;

  Restore(View view, Posix posix, Contents contents, Unfinished unfinished) {
    this.view = view;
    this.posix = posix;
    this.contents = contents;
    this.unfinished = unfinished;
  }

  /**
   * Makes the paths what the step left there.
   *
   * @param places of the facts to restore, in the order of writing
   * @return false when a content is missing; nothing has changed then
   * @throws IOException when it could not be written; nothing has changed then but folders made
   */
  boolean run(Trace trace, Check check, List<Integer> places) throws IOException {
    List<Staged> ready = new ArrayList<>();
    for (int place : places) {
      Node after = trace.facts().get(place).after();
      if (after != null && (after.kind() == Node.Kind.FILE || after.kind() == Node.Kind.LINK)) {
        byte[] path = check.path(place);
        ready.add(new Staged(beside(path), path, after));
      }
    }
    if (view.ofContainer()) {
      // Its paths mean something else to the next process; and its files end with the job.
      return put(ready, trace, check, places);
    }
    unfinished.remove(posix);
    Path note = unfinished.begin(ready.stream().map(Staged::beside).toList());
    boolean restored = put(ready, trace, check, places);
    unfinished.end(note);
    return restored;
  }

  private boolean put(List<Staged> ready, Trace trace, Check check, List<Integer> places)
      throws IOException {
    List<Staged> staged = new ArrayList<>();
    Status status = new Status();
    try {
      for (int place : places) {
        Node after = trace.facts().get(place).after();
        if (after != null && after.kind() == Node.Kind.FOLDER) {
          folder(check.path(place), after.mode(), status);
        }
      }
      for (Staged one : ready) {
        staged.add(one);
        byte[] target = one.after().target();
        if (target != null) {
          posix.link(target, one.beside());
        } else if (!stage(one.beside(), one.after())) {
          return false;
        }
        give(one.beside(), one.path(), status);
      }
      for (Staged one : staged) {
        posix.rename(one.beside(), one.path());
      }
      staged.clear();
      remove(trace, check, places, status);
      return true;
    } finally {
      for (Staged left : staged) {
        if (posix.status(left.beside(), status) == 0) {
          posix.remove(left.beside());
        }
      }
    }
  }

  private boolean stage(byte[] beside, Node file) throws IOException {
    Digest digest = file.digest();
    if (digest == null) {
      return false;
    }
    byte[] parent = Names.parent(beside);
    Status status = new Status();
    if (parent != null) {
      folder(parent, 0755, status);
    }
    int fd = posix.create(beside, 0600);
    boolean whole;
    try {
      whole = contents.get(digest, (bytes, length) -> posix.write(fd, bytes, length));
    } finally {
      posix.close(fd);
    }
    posix.permit(beside, file.mode());
    return whole;
  }

  /** In a container the step's user owns what is made anew, and others keep what was theirs. */
  private void give(byte[] beside, byte[] path, Status status) throws IOException {
    if (view.ofContainer()) {
      boolean there = posix.status(path, status) == 0;
      posix.give(beside, there ? status.owner : view.owner());
    }
  }

  private void folder(byte[] path, int mode, Status status) throws IOException {
    posix.status(path, status);
    if (status.isFolder()) {
      return;
    }
    if (!status.absent()) {
      if (status.isLink()) {
        return;
      }
      posix.remove(path);
    }
    byte[] parent = Names.parent(path);
    if (parent != null) {
      folder(parent, 0755, status);
    }
    posix.folder(path, mode);
    if (view.ofContainer()) {
      posix.give(path, view.owner());
    }
    posix.permit(path, mode);
  }

  /** What the step removed, the innermost first. */
  private void remove(Trace trace, Check check, List<Integer> places, Status status)
      throws IOException {
    List<byte[]> gone = new ArrayList<>();
    for (int place : places) {
      Node after = trace.facts().get(place).after();
      if (after != null && after.absent()) {
        gone.add(check.path(place));
      }
    }
    gone.sort((a, b) -> Integer.compare(b.length, a.length));
    for (byte[] path : gone) {
      posix.status(path, status);
      if (status.isFolder()) {
        posix.removeFolder(path);
      } else if (!status.absent()) {
        posix.remove(path);
      }
    }
  }

  private static byte[] beside(byte[] path) {
    byte[] ending =
        Names.bytes(Unfinished.ENDING + Unfinished.self() + "-" + SERIAL.incrementAndGet());
    byte[] beside = java.util.Arrays.copyOf(path, path.length + ending.length);
    System.arraycopy(ending, 0, beside, path.length, ending.length);
    return beside;
  }
}
