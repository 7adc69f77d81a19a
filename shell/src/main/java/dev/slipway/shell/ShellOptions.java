package dev.slipway.shell;

import java.util.Set;

/**
 * What a script finds when it starts.
 *
 * @param on the options of the shell that are on
 * @param environment names of variables that are set for the script, besides those in capitals,
 *     which always may be
 */
public record ShellOptions(Set<ShellOption> on, Set<String> environment) {
  public ShellOptions {
    on = Set.copyOf(on);
    environment = Set.copyOf(environment);
  }

  /** A step that names no shell: {@code bash -e}. */
  public static ShellOptions defaultStep() {
    return new ShellOptions(Set.of(ShellOption.ERREXIT), Set.of());
  }

  /** A step with {@code shell: bash}: {@code bash -e -o pipefail}. */
  public static ShellOptions bashStep() {
    return new ShellOptions(Set.of(ShellOption.ERREXIT, ShellOption.PIPEFAIL), Set.of());
  }

  /** A script on its own, without options. */
  public static ShellOptions none() {
    return new ShellOptions(Set.of(), Set.of());
  }

  public ShellOptions withEnvironment(Set<String> names) {
    return new ShellOptions(on, names);
  }
}
