package dev.slipway.cache.server;

import dev.slipway.runtime.RefusedException;

/**
 * What an entry is called within a namespace.
 *
 * @param area its protocol, and what part of it: entries of different areas never meet
 * @param key unique in the area
 */
record EntryName(String area, String key) {
  private static final int MOST = 128;

  EntryName {
    check(key, "key");
  }

  /** A part of the protocol's area, which a client names. */
  static String area(String protocol, String part) {
    if (part.isEmpty()) {
      return protocol;
    }
    check(part, "name");
    return protocol + "+" + part;
  }

  /** Where the entry of a namespace is, with slashes between folders. */
  String in(String namespace) {
    return namespace + "/" + area + "/" + key.substring(0, Math.min(2, key.length())) + "/" + key;
  }

  /** No name has a dot or a slash, so none leads out of its folder. */
  private static void check(String text, String what) {
    boolean right = !text.isEmpty() && text.length() <= MOST;
    for (int i = 0; right && i < text.length(); i++) {
      char c = text.charAt(i);
      right =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '_'
              || c == '-';
    }
    if (!right) {
      throw RefusedException.of(
          400, "invalid_argument", "the " + what + " has other characters than A-Z a-z 0-9 _ -");
    }
  }
}
