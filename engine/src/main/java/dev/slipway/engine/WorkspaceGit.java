package dev.slipway.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Gives a copy of the working tree a {@code .git} of its own, at the same commit and branch, so
 * that steps can use Git in it. Objects are borrowed (gitrepository-layout(5), {@code
 * objects/info/alternates}), never written: whatever a step does there, the user's repository does
 * not change.
 */
final class WorkspaceGit {
  private static final int SHA256_LENGTH = 64;
  private static final String HEADS = "refs/heads/";
  private static final String REMOTES = "refs/remotes/origin/";

  private final Path root;
  private final Path target;

  WorkspaceGit(Path root, Path target) {
    this.root = root;
    this.target = target;
  }

  /** Writes it; nothing where the project is not the whole of its repository. */
  void write() throws IOException {
    Optional<GitRepository> found = GitRepository.find(root);
    if (found.isEmpty() || !found.get().workTree().equals(root)) {
      return;
    }
    GitRepository repository = found.get();
    Path git = target.resolve(".git");
    Files.createDirectories(git.resolve("objects/info"));
    Files.createDirectories(git.resolve("refs/heads"));
    Files.createDirectories(git.resolve("refs/tags"));
    Files.writeString(
        git.resolve("objects/info/alternates"), repository.commonDir().resolve("objects") + "\n");
    String origin =
        repository
            .origin()
            .map(url ->
                "[remote \"origin\"]\n\turl = "
                    + url
                    + "\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n")
            .orElse("");
    String sha = repository.sha();
    boolean longNames = sha.length() == SHA256_LENGTH;
    Files.writeString(
        git.resolve("config"),
        "[core]\n"
            + "\trepositoryformatversion = "
            + (longNames ? 1 : 0)
            + "\n\tfilemode = true\n"
            + "\tbare = false\n"
            + "\tlogallrefupdates = true\n"
            + (longNames ? "[extensions]\n\tobjectFormat = sha256\n" : "")
            + origin);
    String head = repository.head();
    if (head.isEmpty()) {
      Files.writeString(git.resolve("HEAD"), sha + "\n");
    } else {
      Files.writeString(git.resolve("HEAD"), "ref: " + head + "\n");
      if (!sha.isEmpty() && head.startsWith(HEADS)) {
        reference(git, head, sha);
        reference(git, REMOTES + head.substring(HEADS.length()), sha);
      }
    }
    copy(repository.gitDir().resolve("index"), git.resolve("index"));
    copy(repository.commonDir().resolve("shallow"), git.resolve("shallow"));
    Files.writeString(git.resolve("packed-refs"), references());
  }

  /**
   * Tags, and what a clone of the user's repository at its origin would have of branches: those of
   * the origin as last seen, and the user's own where the origin has none.
   */
  private String references() throws IOException {
    Git.Result listed =
        Git.run(
            root,
            List.of(
                "for-each-ref", "--format=%(objectname) %(refname)", "refs/tags", REMOTES, HEADS));
    if (!listed.ok()) {
      throw new IOException("git for-each-ref failed: " + listed.errors());
    }
    Set<String> known = new HashSet<>();
    StringBuilder packed = new StringBuilder();
    List<String> own = new ArrayList<>();
    for (String line : listed.text().split("\n")) {
      int space = line.indexOf(' ');
      if (space < 0) {
        continue;
      }
      String name = line.substring(space + 1);
      if (name.startsWith(HEADS)) {
        own.add(line);
      } else if (!name.equals(REMOTES + "HEAD")) {
        known.add(name);
        packed.append(line).append('\n');
      }
    }
    for (String line : own) {
      int space = line.indexOf(' ');
      String name = REMOTES + line.substring(space + 1 + HEADS.length());
      if (!known.contains(name)) {
        packed.append(line, 0, space + 1).append(name).append('\n');
      }
    }
    return packed.toString();
  }

  private static void reference(Path git, String ref, String sha) throws IOException {
    Path file = git.resolve(ref);
    Files.createDirectories(file.getParent());
    Files.writeString(file, sha + "\n");
  }

  private static void copy(Path from, Path to) throws IOException {
    if (Files.isRegularFile(from)) {
      Files.copy(from, to);
    }
  }
}
