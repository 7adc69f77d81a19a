package dev.slipway.lint;

import org.jspecify.annotations.Nullable;

/**
 * What else there is in the project of a file that is looked through: the local actions and
 * workflows it uses, the lockfiles beside it. May be asked from several threads at once.
 */
public interface ProjectFiles {
  /** A project of which nothing is known, so that nothing is said to be missing either. */
  ProjectFiles UNKNOWN =
      new ProjectFiles() {
        @Override
        public boolean known() {
          return false;
        }

        @Override
        public @Nullable String text(String path) {
          return null;
        }

        @Override
        public boolean exists(String path) {
          return false;
        }
      };

  /** Whether an absent file is really absent. */
  boolean known();

  /** The text of a file, by its path from the project's root with {@code /}; null if it is none. */
  @Nullable String text(String path);

  /** Whether there is a file or a folder at a path from the project's root. */
  boolean exists(String path);
}
