package dev.slipway.check;

import org.jspecify.annotations.Nullable;

/** The programs that gates may start. Asking must not start any. */
public interface Tools {
  /** The name by which Slipway itself is asked for. */
  String SLIPWAY = "slipway";

  /** Where the program of this name is that a shell would start; null when there is none. */
  @Nullable String onPath(String name);

  /** Whether a program is at this path of the project, such as {@code .venv/bin/ruff}. */
  boolean inProject(String path);
}
