package dev.slipway.workflow;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Finds, among names, the one that a misspelt name was probably meant to be. */
public final class NearestName {
  private NearestName() {}

  /** The nearest of some names, or null when none is near. */
  public static @Nullable String of(String word, Collection<String> names) {
    return Spelling.nearest(word, names);
  }
}
