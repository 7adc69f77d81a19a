package dev.slipway.lint;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The project that files are looked through in: each file that others refer to is read once.
 * Belongs to one thread.
 */
final class Project {
  private final ProjectFiles files;
  private final @Nullable ActionData data;
  private final Map<String, Optional<LintFile>> read = new HashMap<>();
  private final LintSettings settings;

  Project(ProjectFiles files, @Nullable ActionData data) {
    this(files, data, LintSettings.NONE);
  }

  private Project(ProjectFiles files, @Nullable ActionData data, LintSettings settings) {
    this.files = files;
    this.data = data;
    this.settings = settings;
  }

  /** The same, with these files. */
  Project in(ProjectFiles other) {
    return new Project(other, data, settings);
  }

  /** The same, with nothing read yet. */
  Project apart() {
    return new Project(files, data, settings);
  }

  /** The same, with these facts of actions. */
  Project knowing(ActionData other) {
    return new Project(files, other, settings);
  }

  /** The same, with these settings. */
  Project set(LintSettings other) {
    return new Project(files, data, other);
  }

  /** How the project wants to be looked through. */
  LintSettings settings() {
    return settings;
  }

  /** What is known of a version of a published action; null when nothing is. */
  @Nullable ActionFacts facts(String slug, String ref) {
    return data().facts(slug, ref);
  }

  /** The tag that a commit of a repository has; null when none is known. */
  @Nullable String tag(String slug, String sha) {
    return data().tag(slug, sha);
  }

  /** What is known of published actions. */
  ActionData data() {
    return data == null ? ActionData.builtIn() : data;
  }

  /** Whether an absent file is really absent. */
  boolean known() {
    return files.known();
  }

  /** Whether there is a file or a folder at a path from the root. */
  boolean exists(String path) {
    return files.exists(path);
  }

  /** The text of a file, by its path from the root; null when it is none. */
  @Nullable String text(String path) {
    return files.text(path);
  }

  /** The manifest of the action in a folder, given from the root; null when there is none. */
  @Nullable LintFile action(String folder) {
    String at = plain(folder);
    String prefix = at.isEmpty() ? "" : at + "/";
    LintFile manifest = file(prefix + "action.yml");
    return manifest == null ? file(prefix + "action.yaml") : manifest;
  }

  /** A workflow or other file that rules understand; null when there is none at the path. */
  @Nullable LintFile file(String path) {
    String at = plain(path);
    // Reading does not follow references, so this cannot come back here for the same file.
    return read.computeIfAbsent(at, this::load).orElse(null);
  }

  private Optional<LintFile> load(String path) {
    String text = files.text(path);
    if (text == null) {
      return Optional.empty();
    }
    String content = text.startsWith("\uFEFF") ? text.substring(1) : text;
    return Optional.of(LintFile.read(path, content, this));
  }

  private static String plain(String path) {
    String at = path;
    while (at.startsWith("./") || at.startsWith("$/")) {
      at = at.substring(2);
    }
    while (at.endsWith("/")) {
      at = at.substring(0, at.length() - 1);
    }
    return at.equals(".") ? "" : at;
  }
}
