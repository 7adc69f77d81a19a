package dev.slipway.check;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * Slipway's hooks of a Git repository. A hook that is there already is kept beside Slipway's, which
 * starts it first, and is put back when Slipway's is taken away.
 */
public final class GitHooks {
  private static final String MARK = "# Written by: slipway hook install";
  private static final String TIER = "# Tier: ";
  private static final String BEFORE = ".before-slipway";

  private final Path folder;

  /**
   * @param folder where the repository's hooks are
   */
  public GitHooks(Path folder) {
    this.folder = folder;
  }

  /** The hooks that can be had. */
  public enum Hook {
    PRE_COMMIT("pre-commit"),
    PRE_PUSH("pre-push");

    private final String text;

    Hook(String text) {
      this.text = text;
    }

    /** As Git calls it. */
    public String text() {
      return text;
    }
  }

  /**
   * What is there of a hook.
   *
   * @param tier of Slipway's hook; null when there is none
   * @param other whether there is one that is not Slipway's
   */
  public record State(@Nullable Tier tier, boolean other) {}

  /** What is there of a hook now. */
  public State state(Hook hook) throws IOException {
    Path file = folder.resolve(hook.text());
    boolean before = there(before(hook));
    if (!there(file)) {
      return new State(null, before);
    }
    return ours(file) ? new State(tier(file), before) : new State(null, true);
  }

  /**
   * Installs a hook, or changes its tier.
   *
   * @param slipway how Slipway is started
   * @throws IOException also when two other hooks would have to be kept
   */
  public void install(Hook hook, Tier tier, String slipway) throws IOException {
    Files.createDirectories(folder);
    Path file = folder.resolve(hook.text());
    Path before = before(hook);
    if (there(file) && !ours(file)) {
      if (there(before)) {
        throw new IOException(
            file + " is not Slipway's, and " + before + " is there as well: remove one of them");
      }
      Files.move(file, before);
    }
    Path fresh = Files.createTempFile(folder, hook.text(), null);
    Files.writeString(fresh, script(hook, tier, slipway));
    Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * Takes a hook away and puts back what was there before.
   *
   * @return whether there was one of Slipway's
   */
  public boolean uninstall(Hook hook) throws IOException {
    Path file = folder.resolve(hook.text());
    if (!there(file) || !ours(file)) {
      return false;
    }
    Path before = before(hook);
    if (there(before)) {
      Files.move(before, file, StandardCopyOption.ATOMIC_MOVE);
    } else {
      Files.delete(file);
    }
    return true;
  }

  private Path before(Hook hook) {
    return folder.resolve(hook.text() + BEFORE);
  }

  private static boolean there(Path file) {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
  }

  private static boolean ours(Path file) throws IOException {
    return !Files.isSymbolicLink(file) && Files.isRegularFile(file) && text(file).contains(MARK);
  }

  private static @Nullable Tier tier(Path file) throws IOException {
    for (String line : text(file).split("\n")) {
      if (line.startsWith(TIER)) {
        return Tier.named(line.substring(TIER.length()).strip());
      }
    }
    return null;
  }

  /** Hooks may be programs in any encoding. */
  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
  }

  private static String script(Hook hook, Tier tier, String slipway) {
    return """
    #!/bin/sh
    %s
    %s%s
    # Checks the tree as it is. To pass it by once: git commit --no-verify, git push --no-verify.
    before=${0%%/*}/%s
    if [ -x "$before" ]; then
      "$before" "$@" || exit $?
    fi
    slipway='%s'
    [ -x "$slipway" ] || slipway=$(command -v slipway) || {
      echo 'slipway is not where it was; install the hook again: slipway hook install' >&2
      exit 1
    }
    exec "$slipway" check --tier %s </dev/null
    """
        .formatted(
            MARK,
            TIER,
            tier.text(),
            hook.text() + BEFORE,
            slipway.replace("'", "'\\''"),
            tier.text());
  }
}
