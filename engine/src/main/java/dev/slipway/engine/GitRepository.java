package dev.slipway.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A Git repository, its few facts that every run needs read straight from its files: the branch, the commit, the
 * remote's name. That costs the same with one reference as with thousands.
 *
 * @param workTree its root
 * @param gitDir {@code .git}, or what it points to in a linked work tree
 * @param commonDir where references and objects are
 */
public record GitRepository(Path workTree, Path gitDir, Path commonDir) {
  private static final int MAX_LINKS = 5;

  /** The repository that a folder lies in. */
  public static Optional<GitRepository> find(Path directory) {
    for (Path at = directory.toAbsolutePath().normalize(); at != null; at = at.getParent()) {
      Path dotGit = at.resolve(".git");
      if (Files.isDirectory(dotGit)) {
        return Optional.of(new GitRepository(at, dotGit, dotGit));
      }
      if (Files.isRegularFile(dotGit)) {
        String text = read(dotGit);
        if (text.startsWith("gitdir: ")) {
          Path gitDir = at.resolve(text.substring(8).strip()).normalize();
          String common = read(gitDir.resolve("commondir")).strip();
          Path commonDir = common.isEmpty() ? gitDir : gitDir.resolve(common).normalize();
          return Optional.of(new GitRepository(at, gitDir, commonDir));
        }
      }
    }
    return Optional.empty();
  }

  /** {@code refs/heads/main}, or empty when no branch is checked out. */
  public String head() {
    String head = read(gitDir.resolve("HEAD")).strip();
    return head.startsWith("ref: ") ? head.substring(5) : "";
  }

  /** The commit checked out; empty before the first. */
  public String sha() {
    String head = read(gitDir.resolve("HEAD")).strip();
    return head.startsWith("ref: ") ? sha(head.substring(5)) : head;
  }

  /** The commit of a reference, empty when there is none. */
  public String sha(String ref) {
    return sha(ref, 0);
  }

  private String sha(String ref, int links) {
    String loose = read(commonDir.resolve(ref)).strip();
    if (loose.startsWith("ref: ") && links < MAX_LINKS) {
      return sha(loose.substring(5), links + 1);
    }
    if (!loose.isEmpty()) {
      return loose;
    }
    String packed = read(commonDir.resolve("packed-refs"));
    int at = packed.indexOf(" " + ref + "\n");
    int start = packed.lastIndexOf('\n', at) + 1;
    return at < 0 ? "" : packed.substring(start, at);
  }

  /** The URL of the remote {@code origin}. */
  public Optional<String> origin() {
    String config = read(commonDir.resolve("config"));
    String section = "";
    for (String line : config.split("\n")) {
      String text = line.strip();
      if (text.startsWith("[")) {
        section = text;
      } else if (section.equals("[remote \"origin\"]") && text.startsWith("url")) {
        int equals = text.indexOf('=');
        if (equals > 0 && text.substring(0, equals).strip().equals("url")) {
          return Optional.of(text.substring(equals + 1).strip());
        }
      }
    }
    return Optional.empty();
  }

  /** {@code owner/name} of the remote {@code origin}. */
  public Optional<String> slug() {
    return origin().map(GitRepository::slugOf);
  }

  private static @Nullable String slugOf(String url) {
    String path = url;
    int scheme = path.indexOf("://");
    if (scheme >= 0) {
      int slash = path.indexOf('/', scheme + 3);
      path = slash < 0 ? "" : path.substring(slash + 1);
    } else if (path.indexOf(':') > 0 && !path.startsWith("/")) {
      path = path.substring(path.indexOf(':') + 1);
    }
    while (path.endsWith("/")) {
      path = path.substring(0, path.length() - 1);
    }
    if (path.endsWith(".git")) {
      path = path.substring(0, path.length() - 4);
    }
    int last = path.lastIndexOf('/');
    int before = last <= 0 ? -1 : path.lastIndexOf('/', last - 1);
    return last <= 0 ? null : path.substring(before + 1);
  }

  /** The default branch as the remote names it, else {@code main} or {@code master}, whichever exists. */
  public String defaultBranch() {
    String head = read(commonDir.resolve("refs/remotes/origin/HEAD")).strip();
    String prefix = "ref: refs/remotes/origin/";
    if (head.startsWith(prefix)) {
      return head.substring(prefix.length());
    }
    for (String name : new String[] {"main", "master"}) {
      if (!sha("refs/heads/" + name).isEmpty()) {
        return name;
      }
    }
    String current = head();
    return current.startsWith("refs/heads/") ? current.substring(11) : "main";
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException absent) {
      return "";
    }
  }
}
