package dev.slipway.cli;

import dev.slipway.lint.ActionData;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes the facts that {@code lint} knows of actions from their repositories: every version's
 * manifests, and the commits of the tags.
 */
final class ActionDataUpdate {
  private static final Pattern USES =
      Pattern.compile("uses:\\s*['\"]?([A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+)(/[^@'\"\\s]*)?@");
  private static final Pattern VERSION = Pattern.compile("(releases?/)?v?[0-9]+(\\.[0-9]+){0,3}");
  private static final Set<String> BRANCHES =
      Set.of("main", "master", "stable", "nightly", "beta", "develop", "latest");

  private final Path folder;
  private final String url;
  private final Map<String, Path> sources;
  private final Sink err;

  private ActionDataUpdate(Path folder, String url, Map<String, Path> sources, Sink err) {
    this.folder = folder;
    this.url = url;
    this.sources = sources;
    this.err = err;
  }

  /** What {@code lint} shall know: what it comes with, and over it what was updated here. */
  static ActionData data(Surroundings surroundings) throws IOException {
    Path folder = folder(surroundings);
    return Files.isRegularFile(folder.resolve("actions.txt"))
        ? ActionData.of(text(folder.resolve("actions.txt")), text(folder.resolve("commits.txt")))
        : ActionData.builtIn();
  }

  private static Path folder(Surroundings surroundings) {
    return surroundings.cache().resolve("lint");
  }

  private static String text(Path file) throws IOException {
    return Files.isRegularFile(file) ? Files.readString(file) : "";
  }

  /**
   * Updates the facts about the actions that files use, or about those whose clones are named.
   *
   * @return the exit code
   */
  static int run(Arguments arguments, Surroundings surroundings, List<Path> files)
      throws IOException {
    Map<String, Path> sources = new LinkedHashMap<>();
    Set<String> slugs = new TreeSet<>();
    for (String given : arguments.values("action-source")) {
      int is = given.indexOf('=');
      if (is < 1) {
        throw CommandException.usage("--action-source " + given + " is not OWNER/REPO=PATH", null);
      }
      sources.put(given.substring(0, is), surroundings.path(given.substring(is + 1)));
      slugs.add(given.substring(0, is));
    }
    if (sources.isEmpty()) {
      for (Path file : files) {
        Matcher matcher = USES.matcher(Files.readString(file));
        while (matcher.find()) {
          slugs.add(matcher.group(1));
        }
      }
    }
    String named = arguments.value("data-folder");
    Path folder = named == null ? folder(surroundings) : surroundings.path(named);
    Files.createDirectories(folder);
    return new ActionDataUpdate(
            folder,
            arguments.value("action-url", "https://github.com"),
            sources,
            surroundings.err())
        .update(slugs);
  }

  private int update(Set<String> slugs) throws IOException {
    ActionData.Writer writer = new ActionData.Writer();
    writer.read(text(folder.resolve("actions.txt")), text(folder.resolve("commits.txt")));
    int failed = 0;
    for (String slug : slugs) {
      try {
        Path repository = repository(slug);
        writer.remove(slug);
        repository(slug, repository, writer);
      } catch (IOException e) {
        failed++;
        err.line(slug + ": " + e.getMessage());
      }
    }
    Files.writeString(folder.resolve("actions.txt"), writer.actions());
    Files.writeString(folder.resolve("commits.txt"), writer.commits());
    err.line(
        "facts about "
            + writer.size()
            + " actions are in "
            + folder
            + (failed == 0 ? "" : "; " + failed + " repositories could not be read"));
    return failed == 0 ? Exit.SUCCESS : Exit.FAILED;
  }

  /** A clone that is named, or one of our own, made or brought up to date. */
  private Path repository(String slug) throws IOException {
    Path named = sources.get(slug);
    if (named != null) {
      return named;
    }
    Path clones = folder.resolve("repositories");
    Path clone = clones.resolve(slug.replace('/', '+') + ".git");
    if (Files.isDirectory(clone)) {
      git(clone, null, "fetch", "-q", "--tags", "--force", "origin", "+refs/heads/*:refs/heads/*");
    } else {
      Files.createDirectories(clones);
      git(
          clones,
          null,
          "clone",
          "-q",
          "--bare",
          "--filter=blob:none",
          url + "/" + slug,
          clone.toString());
    }
    return clone;
  }

  private void repository(String slug, Path repository, ActionData.Writer writer)
      throws IOException {
    Map<String, String> refs = new LinkedHashMap<>();
    String listed =
        new String(
            git(
                repository,
                null,
                "for-each-ref",
                "--sort=version:refname",
                "--format=%(refname) %(objectname) %(*objectname)"),
            StandardCharsets.UTF_8);
    for (String line : listed.split("\n", -1)) {
      String[] words = line.split(" ", -1);
      if (words.length < 3) {
        continue;
      }
      String sha = words[2].isEmpty() ? words[1] : words[2];
      boolean tag = words[0].startsWith("refs/tags/");
      String name = words[0].replaceFirst("refs/(tags/|heads/|remotes/[^/]+/)", "");
      boolean version = VERSION.matcher(name).matches();
      if (version || (!tag && BRANCHES.contains(name))) {
        // A tag wins over a branch of its name, as it does at GitHub.
        if (tag || !refs.containsKey(name)) {
          refs.put(name, sha);
        }
        if (tag) {
          writer.commit(slug, name, sha);
        }
      }
    }
    Set<String> paths = new LinkedHashSet<>(List.of("action.yml", "action.yaml"));
    for (Map.Entry<String, String> ref : refs.entrySet()) {
      if (ref.getKey().indexOf('.') < 0) {
        manifests(repository, ref.getValue(), paths);
      }
    }
    if (paths.size() > 100) {
      throw new IOException("too many manifests");
    }
    read(slug, repository, refs, new ArrayList<>(paths), writer);
  }

  private static void manifests(Path repository, String sha, Set<String> paths) throws IOException {
    String tree =
        new String(
            git(repository, null, "ls-tree", "-r", "--name-only", sha), StandardCharsets.UTF_8);
    for (String path : tree.split("\n", -1)) {
      boolean manifest = path.endsWith("/action.yml") || path.endsWith("/action.yaml");
      boolean inner =
          path.startsWith(".")
              || path.contains("test")
              || path.contains("node_modules")
              || path.contains("fixture")
              || path.contains("example")
              || path.contains("/.");
      if (manifest && !inner) {
        paths.add(path);
      }
    }
  }

  private void read(
      String slug,
      Path repository,
      Map<String, String> refs,
      List<String> paths,
      ActionData.Writer writer)
      throws IOException {
    StringBuilder names = new StringBuilder();
    for (String sha : refs.values()) {
      for (String path : paths) {
        names.append(sha).append(':').append(path).append('\n');
      }
    }
    Path input = Files.createTempFile(folder, "names", "");
    Map<String, String> blobs = new HashMap<>();
    Process process = null;
    try {
      Files.writeString(input, names);
      process = start(repository, input, List.of("cat-file", "--batch"));
      try (DataInputStream in =
          new DataInputStream(new BufferedInputStream(process.getInputStream()))) {
        for (String ref : refs.keySet()) {
          for (String path : paths) {
            String manifest = manifest(in, blobs);
            if (manifest != null) {
              int slash = path.lastIndexOf('/');
              writer.add(slash < 0 ? slug : slug + "/" + path.substring(0, slash), ref, manifest);
            }
          }
        }
      }
    } finally {
      Files.delete(input);
      if (process != null) {
        process.destroy();
      }
    }
  }

  @SuppressWarnings("deprecation") // readLine: the headers are ASCII
  private static @Nullable String manifest(DataInputStream in, Map<String, String> blobs)
      throws IOException {
    String header = in.readLine();
    if (header == null) {
      throw new IOException("git cat-file ended early");
    }
    String[] words = header.split(" ", -1);
    if (words.length != 3 || header.endsWith(" missing")) {
      return null;
    }
    byte[] bytes = in.readNBytes(Integer.parseInt(words[2]));
    in.skipNBytes(1);
    return words[1].equals("blob")
        ? blobs.computeIfAbsent(words[0], sha -> new String(bytes, StandardCharsets.UTF_8))
        : null;
  }

  private static byte[] git(Path directory, @Nullable Path input, String... arguments)
      throws IOException {
    Process process = start(directory, input, List.of(arguments));
    byte[] output = process.getInputStream().readAllBytes();
    try {
      if (process.waitFor() != 0) {
        throw new IOException("git " + arguments[0] + " failed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    return output;
  }

  private static Process start(Path directory, @Nullable Path input, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().put("GIT_TERMINAL_PROMPT", "0");
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    if (input != null) {
      builder.redirectInput(input.toFile());
    }
    return builder.start();
  }
}
