package dev.slipway.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Gives a copy of the working tree a {@code .git} of its own, at the same commit and branch, so that steps can use
 * Git in it. Objects are borrowed (gitrepository-layout(5), {@code objects/info/alternates}), never written:
 * whatever a step does there, the user's repository does not change.
 */
final class WorkspaceGit {
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
    Files.writeString(git.resolve("objects/info/alternates"), repository.commonDir().resolve("objects") + "\n");
    String origin =
        repository
            .origin()
            .map(
                url ->
                    "[remote \"origin\"]\n\turl = "
                        + url
                        + "\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n")
            .orElse("");
    Files.writeString(
        git.resolve("config"),
        "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n\tlogallrefupdates = true\n"
            + origin);
    String sha = repository.sha();
    String head = repository.head();
    if (head.isEmpty()) {
      Files.writeString(git.resolve("HEAD"), sha + "\n");
    } else {
      Files.writeString(git.resolve("HEAD"), "ref: " + head + "\n");
      if (!sha.isEmpty() && head.startsWith("refs/heads/")) {
        reference(git, head, sha);
        reference(git, "refs/remotes/origin/" + head.substring(11), sha);
      }
    }
    copy(repository.gitDir().resolve("index"), git.resolve("index"));
    copy(repository.commonDir().resolve("packed-refs"), git.resolve("packed-refs"));
    copy(repository.commonDir().resolve("shallow"), git.resolve("shallow"));
    Path tags = repository.commonDir().resolve("refs/tags");
    String[] loose = tags.toFile().list();
    if (loose != null) {
      for (String tag : loose) {
        copy(tags.resolve(tag), git.resolve("refs/tags").resolve(tag));
      }
    }
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
