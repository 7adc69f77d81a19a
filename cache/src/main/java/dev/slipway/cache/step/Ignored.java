package dev.slipway.cache.step;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What steps read and write that does not change what they do: what kernels make up, and caches by
 * which tools spare themselves work and which they check themselves. Immutable.
 */
final class Ignored {
  /** Goes into the keys of steps, so that a change here makes all of them new. */
  static final int VERSION = 3;

  /** Folders that tools keep caches in; what is below them counts for nothing. */
  private static final Set<String> FOLDERS =
      Set.of(
          "__pycache__",
          ".pytest_cache",
          ".mypy_cache",
          ".ruff_cache",
          ".pytype",
          ".hypothesis",
          ".import_linter_cache",
          ".slipway");

  /** What gates write for Slipway is a result as any other. */
  private static final String REPORTS = ".slipway/check/reports/";

  /** Paths of two parts, the second below any folder of the first name. */
  private static final String[] BELOW = {
    "/node_modules/.cache/",
    "/node_modules/.vite/",
    "/node_modules/.vitest/",
    "/.npm/_logs/",
    "/.npm/_cacache/",
    "/.npm/_update-notifier-last-checked",
    "/.rustc_info.json",
    "/.cargo-lock",
    "/.cargo/.package-cache",
    "/.cargo/.global-cache",
    "/.cargo/registry/.package-cache",
    "/.gradle/daemon/",
    "/.gradle/notifications/",
    "/.gradle/.tmp/",
    "/.m2/repository/.locks/",
    "/.config/go/telemetry/",
    "/.local/share/pnpm/store/",
    "/.yarn/install-state.gz",
    "/pytest-of-"
  };

  /** Caches of tools below {@code ~/.cache}, or wherever the user has that. */
  private static final String[] OF_USER = {
    "go-build/",
    "pip/",
    "pypoetry/",
    "uv/",
    "yarn/",
    "pnpm/",
    "node/corepack/",
    "golangci-lint/",
    "staticcheck/",
    "black/",
    "pre-commit/pre-commit.log",
    "slipway/steps/"
  };

  private static final byte[][] STARTS = {
    ascii("/proc/"),
    ascii("/sys/"),
    ascii("/dev/"),
    ascii("/tmp/hsperfdata_"),
    ascii("/run/user/"),
    ascii("/var/run/nscd"),
    ascii("/run/nscd")
  };

  /** What tools write only to have less to do next time; either state of it is as good. */
  private static final String[] REMADE = {
    ".tsbuildinfo", "/.eslintcache", "/.stylelintcache", "/.coverage", "/.git/index"
  };

  private static final String[] REMADE_BELOW = {
    "/.next/",
    "/.nuxt/",
    "/.turbo/",
    "/.parcel-cache/",
    "/.angular/",
    "/.gradle/",
    "/.svelte-kit/",
    "/.astro/"
  };

  /** Folders that are so only beside the file of the tool that makes them. */
  private static final String[][] REMADE_BESIDE = {
    {"/target/", "pom.xml", "Cargo.toml", "build.sbt"},
    {"/build/", "build.gradle", "build.gradle.kts"}
  };

  private final String userCaches;

  /**
   * What is ignored on a machine.
   *
   * @param userCaches the folder where this user's tools keep caches
   */
  Ignored(String userCaches) {
    this.userCaches = userCaches + "/";
  }

  private boolean ofUser(String text, int from) {
    for (String cache : OF_USER) {
      if (text.startsWith(cache, from) || isFolder(cache, text, from)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a text ends, from there on, with the very folder whose contents are meant. */
  private static boolean isFolder(String contents, String text, int from) {
    int length = contents.length() - 1;
    return from >= 0
        && text.length() - from == length
        && contents.charAt(length) == '/'
        && text.regionMatches(from, contents, 0, length);
  }

  /** Whether nothing about this path counts. */
  boolean path(byte[] path) {
    for (byte[] start : STARTS) {
      if (starts(path, start)) {
        return true;
      }
    }
    int slashes = 0;
    for (byte b : path) {
      if (b == '/') {
        slashes++;
      }
    }
    if (slashes < 2) {
      return false;
    }
    String text = new String(path, StandardCharsets.ISO_8859_1);
    int from = 1;
    while (from < text.length()) {
      int end = text.indexOf('/', from);
      String part = end < 0 ? text.substring(from) : text.substring(from, end);
      if ((part.startsWith(".") || part.startsWith("__")) && FOLDERS.contains(part)) {
        return !text.startsWith(REPORTS, from);
      }
      if (end < 0) {
        break;
      }
      from = end + 1;
    }
    for (String below : BELOW) {
      if (text.contains(below) || isFolder(below, text, text.length() - below.length() + 1)) {
        return true;
      }
    }
    int usual = text.indexOf("/.cache/");
    return (usual >= 0 && ofUser(text, usual + "/.cache/".length()))
        || (text.startsWith(userCaches) && ofUser(text, userCaches.length()));
  }

  /** Whether a name in a folder counts for nothing; its first byte says what it is. */
  boolean name(byte[] typedName) {
    byte first = typedName.length > 1 ? typedName[1] : 0;
    if (first != '.' && first != '_') {
      return false;
    }
    return FOLDERS.contains(
        new String(typedName, 1, typedName.length - 1, StandardCharsets.ISO_8859_1));
  }

  /** Whether a tool only spares itself work with this file. */
  boolean remade(byte[] path, Predicate<byte[]> exists) {
    String text = new String(path, StandardCharsets.ISO_8859_1);
    for (String end : REMADE) {
      if (text.endsWith(end)) {
        return true;
      }
    }
    for (String below : REMADE_BELOW) {
      if (text.contains(below)) {
        return true;
      }
    }
    for (String[] folder : REMADE_BESIDE) {
      for (int at = text.indexOf(folder[0]); at >= 0; at = text.indexOf(folder[0], at + 1)) {
        for (int i = 1; i < folder.length; i++) {
          String beside = text.substring(0, at + 1) + folder[i];
          if (exists.test(beside.getBytes(StandardCharsets.ISO_8859_1))) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static boolean starts(byte[] path, byte[] start) {
    if (path.length < start.length) {
      return false;
    }
    for (int i = 0; i < start.length; i++) {
      if (path[i] != start[i]) {
        return false;
      }
    }
    return true;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
