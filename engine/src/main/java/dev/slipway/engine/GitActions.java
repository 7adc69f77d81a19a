package dev.slipway.engine;

import dev.slipway.workflow.ActionManifest;
import dev.slipway.workflow.ActionManifestReader;
import dev.slipway.workflow.ActionReference;
import dev.slipway.workflow.Problem;
import dev.slipway.workflow.Reading;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Actions from Git, kept by commit in a local store. A repository comes from where the user mapped
 * it, else from the URL base. What is in the store is complete: it is filled under another name and
 * renamed.
 *
 * <p>When a branch or tag cannot be looked up, the commit it last meant is used.
 */
final class GitActions implements Actions {
  private final Path store;
  private final String urlBase;
  private final Map<String, Path> sources;
  private final Map<String, ActionFolder> resolved = new ConcurrentHashMap<>();
  private final Map<Path, ActionManifest> manifests = new ConcurrentHashMap<>();
  private final Map<String, Object> locks = new ConcurrentHashMap<>();

  /**
   * @param urlBase {@code https://github.com} or another base that {@code owner/name} is appended
   *     to
   * @param sources {@code owner/name} to a bare or normal clone, or to a folder without Git that
   *     stands for every branch, tag and commit
   */
  GitActions(Path store, String urlBase, Map<String, Path> sources) {
    this.store = store;
    this.urlBase = urlBase;
    Map<String, Path> lower = new HashMap<>();
    sources.forEach((slug, path) -> lower.put(slug.toLowerCase(Locale.ROOT), path));
    this.sources = lower;
  }

  @Override
  public ActionFolder fetch(ActionReference.Repository reference) {
    ActionFolder root;
    try {
      root = repository(reference.owner(), reference.name(), reference.ref());
    } catch (IOException e) {
      throw new ActionException(
          "The action '"
              + reference.owner()
              + "/"
              + reference.name()
              + "@"
              + reference.ref()
              + "' cannot be had: "
              + e.getMessage());
    }
    return new ActionFolder(root.root(), reference.path(), root.slug(), root.ref(), root.sha());
  }

  /**
   * The files of a repository at the commit that a branch, tag or SHA means.
   *
   * @throws IOException when they cannot be had; the message is for the user
   */
  ActionFolder repository(String owner, String name, String ref) throws IOException {
    String slug = owner + "/" + name;
    String key = slug.toLowerCase(Locale.ROOT) + "@" + ref;
    synchronized (locks.computeIfAbsent(key, k -> new Object())) {
      ActionFolder known = resolved.get(key);
      if (known == null) {
        known = resolve(slug, ref);
        resolved.put(key, known);
      }
      return known;
    }
  }

  private ActionFolder resolve(String slug, String ref) throws IOException {
    if (!slug.matches("[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+") || slug.contains("..")) {
      throw new IOException("'" + slug + "' is no repository");
    }
    Path folder = store.resolve(slug.toLowerCase(Locale.ROOT));
    Path source = sources.get(slug.toLowerCase(Locale.ROOT));
    String sha;
    if (source != null) {
      if (Files.isDirectory(source) && !isClone(source)) {
        return new ActionFolder(source, "", slug, ref, "");
      }
      sha = local(source, slug, ref);
      return new ActionFolder(materialise(folder, gitDir(source), sha), "", slug, ref, sha);
    }
    if (isSha(ref) && Files.isDirectory(folder.resolve(ref))) {
      return new ActionFolder(folder.resolve(ref), "", slug, ref, ref);
    }
    Files.createDirectories(folder);
    String url = urlBase + "/" + slug;
    sha = isSha(ref) ? ref : lookUp(folder, url, slug, ref);
    if (!Files.isDirectory(folder.resolve(sha))) {
      Path bare = folder.resolve("repository.git");
      if (!Files.isDirectory(bare)) {
        check(Git.run(folder, List.of("init", "-q", "--bare", bare.toString())), "git init");
      }
      Git.Result fetched =
          Git.run(bare, List.of("fetch", "-q", "--depth", "1", "--no-tags", url, sha));
      if (!fetched.ok()) {
        throw new IOException(
            "git fetch from "
                + url
                + " failed: "
                + reason(fetched.errors())
                + ". Map a local clone with --action-source "
                + slug
                + "=PATH");
      }
      materialise(folder, bare, sha);
    }
    return new ActionFolder(folder.resolve(sha), "", slug, ref, sha);
  }

  /** Whether a folder is a repository of its own, with a work tree or bare. */
  private static boolean isClone(Path folder) {
    return Files.exists(folder.resolve(".git"))
        || (Files.isRegularFile(folder.resolve("HEAD"))
            && Files.isDirectory(folder.resolve("objects")));
  }

  private static boolean isSha(String ref) {
    return ref.matches("[0-9a-f]{40}");
  }

  /** What Git says went wrong, in one line. */
  private static String reason(String errors) {
    String fatal = "fatal: ";
    int start = errors.startsWith(fatal) ? 0 : errors.indexOf("\n" + fatal) + 1;
    boolean found = errors.startsWith(fatal, start);
    int from = found ? start + fatal.length() : errors.lastIndexOf('\n') + 1;
    int end = errors.indexOf('\n', from);
    String line = errors.substring(from, end < 0 ? errors.length() : end);
    return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
  }

  private static String local(Path source, String slug, String ref) throws IOException {
    if (!Files.isDirectory(source)) {
      throw new IOException("'" + source + "', which --action-source names, is no folder");
    }
    List<String> candidates = new ArrayList<>();
    if (isSha(ref)) {
      candidates.add(ref);
    }
    for (String prefix : new String[] {"refs/tags/", "refs/heads/", "refs/remotes/origin/"}) {
      candidates.add(prefix + ref);
    }
    candidates.add(ref);
    for (String candidate : candidates) {
      Git.Result result =
          Git.run(
              source,
              List.of(
                  "rev-parse", "--verify", "--quiet", "--end-of-options", candidate + "^{commit}"));
      if (result.ok()) {
        return result.text();
      }
    }
    throw new IOException(
        "the clone of " + slug + " at '" + source + "' has no branch, tag or commit '" + ref + "'");
  }

  private static Path gitDir(Path source) throws IOException {
    Git.Result result = Git.run(source, List.of("rev-parse", "--absolute-git-dir"));
    check(result, "'" + source + "' is no Git repository");
    return Path.of(result.text());
  }

  private static String lookUp(Path folder, String url, String slug, String ref)
      throws IOException {
    Path last = folder.resolve("refs").resolve(ref.replace('/', '+'));
    Git.Result listed =
        Git.run(
            folder,
            List.of(
                "ls-remote",
                "-q",
                url,
                "refs/tags/" + ref,
                "refs/tags/" + ref + "^{}",
                "refs/heads/" + ref));
    if (!listed.ok()) {
      if (Files.isRegularFile(last)) {
        return Files.readString(last).strip();
      }
      throw new IOException(
          "git ls-remote "
              + url
              + " failed: "
              + reason(listed.errors())
              + ". Map a local clone with --action-source "
              + slug
              + "=PATH");
    }
    String sha = null;
    String branch = null;
    for (String line : listed.text().split("\n")) {
      int tab = line.indexOf('\t');
      if (tab == 40) {
        String name = line.substring(41);
        if (name.endsWith("^{}")) {
          sha = line.substring(0, 40);
        } else if (name.startsWith("refs/tags/")) {
          sha = sha == null ? line.substring(0, 40) : sha;
        } else {
          branch = line.substring(0, 40);
        }
      }
    }
    sha = sha == null ? branch : sha;
    if (sha == null) {
      if (ref.matches("[0-9a-f]{7,39}")) {
        throw new IOException("'" + ref + "' is a shortened SHA; use the full one");
      }
      throw new IOException("the repository has no branch or tag '" + ref + "'");
    }
    Files.createDirectories(last.getParent());
    Files.writeString(last, sha + "\n");
    return sha;
  }

  /** Writes a commit's files to the store. */
  private static Path materialise(Path folder, Path gitDir, String sha) throws IOException {
    Path target = folder.resolve(sha);
    if (Files.isDirectory(target)) {
      return target;
    }
    Files.createDirectories(folder);
    Path temporary = Files.createTempDirectory(folder, "new-");
    Path index = folder.resolve(temporary.getFileName() + ".index");
    Map<String, String> variables = Map.of("GIT_INDEX_FILE", index.toString());
    try {
      String dir = "--git-dir=" + gitDir;
      check(Git.run(temporary, List.of(dir, "read-tree", sha), variables), "git read-tree " + sha);
      check(
          Git.run(
              temporary,
              List.of(dir, "--work-tree=" + temporary, "checkout-index", "-a", "-f"),
              variables),
          "git checkout-index");
      try {
        Files.move(temporary, target, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
      } catch (FileAlreadyExistsException | java.nio.file.DirectoryNotEmptyException another) {
        Trees.delete(temporary);
      }
    } catch (IOException e) {
      Trees.delete(temporary);
      throw e;
    } finally {
      Files.deleteIfExists(index);
    }
    return target;
  }

  private static void check(Git.Result result, String what) throws IOException {
    if (!result.ok()) {
      throw new IOException(what + ": " + reason(result.errors()));
    }
  }

  @Override
  public List<Path> folders() {
    List<Path> folders = new ArrayList<>();
    folders.add(store);
    for (Path source : sources.values()) {
      if (Files.isDirectory(source) && !isClone(source)) {
        folders.add(source);
      }
    }
    return folders;
  }

  @Override
  public ActionManifest manifest(ActionFolder folder) {
    Path directory = folder.directory();
    // A folder of the workspace may change from step to step; a commit does not.
    ActionManifest known = folder.sha().isEmpty() ? null : manifests.get(directory);
    if (known == null) {
      known = read(folder, directory);
      if (!folder.sha().isEmpty()) {
        manifests.put(directory, known);
      }
    }
    return known;
  }

  private static ActionManifest read(ActionFolder folder, Path directory) {
    String shown =
        folder.slug().isEmpty()
            ? directory.toString()
            : folder.slug()
                + (folder.path().isEmpty() ? "" : "/" + folder.path())
                + "@"
                + folder.ref();
    for (String name : new String[] {"action.yml", "action.yaml"}) {
      Path file = directory.resolve(name);
      if (Files.isRegularFile(file)) {
        return parse(shown + "/" + name, file);
      }
    }
    for (String name : new String[] {"Dockerfile", "dockerfile"}) {
      if (Files.isRegularFile(directory.resolve(name))) {
        return new ActionManifest(
            name,
            shown,
            List.of(),
            List.of(),
            new ActionManifest.Docker(name, null, null, null, null, null, null, null));
      }
    }
    throw new ActionException(
        "Can't find 'action.yml', 'action.yaml' or 'Dockerfile' under '"
            + shown
            + "'. Did you forget to run actions/checkout before running your local action?");
  }

  private static ActionManifest parse(String shown, Path file) {
    Reading<ActionManifest> reading;
    try {
      reading = ActionManifestReader.read(shown, Files.readString(file));
    } catch (IOException e) {
      throw new ActionException("'" + shown + "' cannot be read: " + e.getMessage());
    }
    @Nullable ActionManifest manifest = reading.value();
    if (manifest == null) {
      StringBuilder message = new StringBuilder("The action's manifest is not right:");
      for (Problem problem : reading.problems()) {
        message.append('\n').append(problem.text());
      }
      throw new ActionException(message.toString());
    }
    return manifest;
  }
}
