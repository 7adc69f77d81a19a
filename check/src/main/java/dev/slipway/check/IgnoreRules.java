package dev.slipway.check;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What Git ignores: {@code .gitignore} of each folder, {@code info/exclude}, the user's file. */
final class IgnoreRules {
  /** Never the project's own, whatever Git says. */
  private static final String[] NEVER = {
    ".git",
    ".slipway",
    "node_modules",
    ".venv",
    "__pycache__",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    ".tox",
    ".nox",
    ".gradle",
    ".DS_Store"
  };

  private final Path root;
  private final List<Rule> everywhere = new ArrayList<>();
  private final Map<String, List<Rule>> byFolder = new HashMap<>();

  private record Rule(GlobPath pattern, boolean ignores, boolean foldersOnly) {}

  IgnoreRules(Path root, Path commonDir, Path home) {
    this.root = root;
    read(home.resolve(".config/git/ignore"), "", everywhere);
    read(commonDir.resolve("info/exclude"), "", everywhere);
  }

  /** Whether a path that Git does not track is left alone. */
  boolean ignores(String path, boolean folder) {
    String name = SourceTree.name(path);
    for (String never : NEVER) {
      if (name.equals(never)) {
        return true;
      }
    }
    String at = SourceTree.folder(path);
    while (true) {
      Boolean said = said(of(at), path, folder);
      if (said != null) {
        return said;
      }
      if (at.isEmpty()) {
        break;
      }
      at = SourceTree.folder(at);
    }
    Boolean said = said(everywhere, path, folder);
    return said != null && said;
  }

  private static @org.jspecify.annotations.Nullable Boolean said(
      List<Rule> rules, String path, boolean folder) {
    for (int i = rules.size() - 1; i >= 0; i--) {
      Rule rule = rules.get(i);
      if ((folder || !rule.foldersOnly) && rule.pattern.matches(path)) {
        return rule.ignores;
      }
    }
    return null;
  }

  private List<Rule> of(String folder) {
    List<Rule> rules = byFolder.get(folder);
    if (rules == null) {
      rules = new ArrayList<>();
      read(root.resolve(SourceTree.in(folder, ".gitignore")), folder, rules);
      byFolder.put(folder, rules);
    }
    return rules;
  }

  private static void read(Path file, String folder, List<Rule> rules) {
    if (!file.toFile().isFile()) {
      return;
    }
    String text;
    try {
      text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      return;
    }
    for (String line : text.split("\n")) {
      rule(line.strip(), folder, rules);
    }
  }

  private static void rule(String line, String folder, List<Rule> rules) {
    if (line.isEmpty() || line.startsWith("#")) {
      return;
    }
    boolean ignores = !line.startsWith("!");
    String pattern = ignores ? line : line.substring(1);
    if (pattern.startsWith("\\")) {
      pattern = pattern.substring(1);
    }
    boolean foldersOnly = pattern.endsWith("/");
    pattern = foldersOnly ? pattern.substring(0, pattern.length() - 1) : pattern;
    boolean anchored = pattern.indexOf('/') >= 0;
    pattern = pattern.startsWith("/") ? pattern.substring(1) : pattern;
    String full = SourceTree.in(folder, anchored ? pattern : "**/" + pattern);
    if (!pattern.isEmpty()) {
      rules.add(new Rule(GlobPath.of(full), ignores, foldersOnly));
    }
  }
}
