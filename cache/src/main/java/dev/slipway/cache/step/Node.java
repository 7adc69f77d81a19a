package dev.slipway.cache.step;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What is at a path.
 *
 * @param mode the permissions of a file or folder; for other things their type
 * @param digest of a file's content
 * @param target of a link
 */
record Node(Kind kind, int mode, @Nullable Digest digest, byte @Nullable [] target) {
  /** The kinds of things, in the order in which they are written down. */
  enum Kind {
    ABSENT,
    FILE,
    FOLDER,
    LINK,
    OTHER,
    /** Whatever the container's image has there, be it nothing. */
    IMAGE
  }

  static final Node ABSENT = new Node(Kind.ABSENT, 0, null, null);
  static final Node IMAGE = new Node(Kind.IMAGE, 0, null, null);

  static Node file(int mode, Digest digest) {
    return new Node(Kind.FILE, mode & 07777, digest, null);
  }

  static Node folder(int mode) {
    return new Node(Kind.FOLDER, mode & 07777, null, null);
  }

  static Node link(byte[] target) {
    return new Node(Kind.LINK, 0, null, target);
  }

  static Node other(int mode) {
    return new Node(Kind.OTHER, mode & Posix.TYPE, null, null);
  }

  boolean absent() {
    return kind == Kind.ABSENT;
  }

  /**
   * Whether a step that looks at either sees the same: of permissions only whether a file is a
   * program, since the rest differs between checkouts.
   */
  boolean looksLike(Node other) {
    if (kind != other.kind) {
      return false;
    }
    return switch (kind) {
      case ABSENT, FOLDER, IMAGE -> true;
      case FILE ->
          (mode & 0111) != 0 == ((other.mode & 0111) != 0)
              && digest != null
              && other.digest != null
              && digest.equals(other.digest);
      case LINK -> Arrays.equals(target, other.target);
      case OTHER -> mode == other.mode;
    };
  }

  /** Whether nothing needs to be done to make one of the other. */
  boolean is(Node other) {
    return looksLike(other) && (kind != Kind.FILE || mode == other.mode);
  }

  /** In words, for explanations. */
  String text() {
    return switch (kind) {
      case ABSENT -> "not there";
      case FILE -> "a file of other content";
      case FOLDER -> "a folder";
      case LINK -> "a link to " + Names.text(target == null ? new byte[0] : target);
      case OTHER -> "neither file nor folder";
      case IMAGE -> "what the image has there";
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Node node && is(node);
  }

  @Override
  public int hashCode() {
    return kind.hashCode() * 31 + (digest == null ? 0 : digest.hashCode());
  }
}
