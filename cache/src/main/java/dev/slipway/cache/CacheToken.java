package dev.slipway.cache;

import java.util.ArrayList;
import java.util.List;

/**
 * Lets whoever has it use a cache server.
 *
 * @param secret the token; empty for callers without one
 * @param reads whether it lets them read
 * @param writes whether it lets them write
 * @param namespaces the one that is written to, then those that are read too, in this order
 */
public record CacheToken(String secret, boolean reads, boolean writes, List<String> namespaces) {
  private static final int LEAST = 16;
  private static final int MOST_NAME = 100;

  public CacheToken {
    namespaces = List.copyOf(namespaces);
    if (!secret.isEmpty() && secret.length() < LEAST) {
      throw new IllegalArgumentException("a token needs at least " + LEAST + " characters");
    }
    if (namespaces.isEmpty()) {
      throw new IllegalArgumentException("a token needs a namespace");
    }
    for (String namespace : namespaces) {
      if (!isName(namespace)) {
        throw new IllegalArgumentException(
            "the namespace '" + namespace + "' has other characters than A-Z a-z 0-9 . _ -");
      }
    }
  }

  /** Everything in the namespace {@code main}. */
  public static CacheToken all(String secret) {
    return new CacheToken(secret, true, true, List.of("main"));
  }

  /**
   * Reads lines {@code TOKEN RIGHTS NAMESPACE}. Rights are {@code read}, {@code write} or {@code
   * read-write}; a namespace is a name, and {@code <} and the namespace it may read too, which may
   * go on like that. Empty lines and those that begin with {@code #} say nothing.
   *
   * @throws IllegalArgumentException naming the line that is not understood
   */
  public static List<CacheToken> read(List<String> lines) {
    List<CacheToken> tokens = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        try {
          tokens.add(token(line.split("\\s+")));
        } catch (IllegalArgumentException e) {
          throw new IllegalArgumentException("line " + (i + 1) + ": " + e.getMessage(), e);
        }
      }
    }
    for (int i = 0; i < tokens.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (tokens.get(i).secret.equals(tokens.get(j).secret)) {
          throw new IllegalArgumentException("one token is there twice");
        }
      }
    }
    return tokens;
  }

  private static CacheToken token(String[] words) {
    if (words.length < 2 || words.length > 3) {
      throw new IllegalArgumentException("not TOKEN RIGHTS NAMESPACE");
    }
    boolean both = words[1].equals("read-write");
    boolean reads = both || words[1].equals("read");
    boolean writes = both || words[1].equals("write");
    if (!reads && !writes) {
      throw new IllegalArgumentException(
          "rights are read, write or read-write, not '" + words[1] + "'");
    }
    String namespaces = words.length == 3 ? words[2] : "main";
    return new CacheToken(words[0], reads, writes, List.of(namespaces.split("<", -1)));
  }

  private static boolean isName(String name) {
    boolean right = !name.isEmpty() && name.length() <= MOST_NAME && name.charAt(0) != '.';
    for (int i = 0; right && i < name.length(); i++) {
      char c = name.charAt(i);
      right =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '.'
              || c == '_'
              || c == '-';
    }
    return right;
  }
}
