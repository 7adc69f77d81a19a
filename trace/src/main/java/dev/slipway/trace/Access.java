package dev.slipway.trace;

/** What a process is about to do to a path. */
public enum Access {
  /** Open to read; a directory opened so is listed only when {@link #LIST} follows. */
  READ(false),

  /** Run it: as a program, as the interpreter of a script, or as the loader of a program. */
  EXECUTE(false),

  /** Ask whether it is there and what it is; the last link is followed. */
  STAT(false),

  /** The same about a link itself. */
  STAT_LINK(false),

  /** Ask where a link leads. */
  READ_LINK(false),

  /** Ask for the names in a directory. */
  LIST(false),

  /** Make it the current directory, or the root. */
  ENTER(false),

  /** Open to write; what was in it goes first. */
  REPLACE(true),

  /** Open to write or change in place; what was in it may stay or be read. */
  UPDATE(true),

  /** Make a file that must not be there yet. */
  CREATE(true),

  /** Make a directory. */
  MAKE_DIRECTORY(true),

  /** Make a symbolic link, a device or a pipe. */
  MAKE_NODE(true),

  /** Remove a file, a link or an empty directory. */
  REMOVE(true),

  /** Take it away from here, as the source of a rename. */
  MOVE_FROM(true),

  /** Put something else in its place, as the target of a rename. */
  MOVE_TO(true),

  /** Give it a second name, as the source of a hard link. */
  LINK_FROM(false),

  /** Be that second name. */
  LINK_TO(true),

  /** Change what it is but not what is in it: permissions, owner, times, attributes. */
  CHANGE(true);

  private final boolean writes;

  Access(boolean writes) {
    this.writes = writes;
  }

  /** Whether it changes what is at the path. */
  public boolean writes() {
    return writes;
  }
}
