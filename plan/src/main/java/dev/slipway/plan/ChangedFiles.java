package dev.slipway.plan;

import java.util.List;
import java.util.Optional;

/** The files that an event changes; found only when someone asks, for it may take long. */
public interface ChangedFiles {
  /**
   * Paths from the repository's root; empty when they cannot be told, and then path filters let
   * everything pass.
   */
  Optional<List<String>> paths();
}
