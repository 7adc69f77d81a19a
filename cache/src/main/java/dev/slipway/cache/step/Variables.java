package dev.slipway.cache.step;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Which variables of a step's environment its results depend on. Most do, whether the step is seen
 * to use them or not. Some are different in every run, or for every user: of these, those whose
 * name occurs in the step's script or in a file that it reads. The rest say where a terminal is.
 */
final class Variables {
  /** What a variable means for the step. */
  enum Use {
    /** It is part of what the step is. */
    ALWAYS,
    /** It counts where its name occurs. */
    MENTIONED,
    /** It never counts. */
    NEVER
  }

  /** At most 62, for a bit each; the place in the list is part of what is stored. */
  private static final String[] MENTIONED = {
    "GITHUB_ACTION",
    "GITHUB_ACTOR",
    "GITHUB_ACTOR_ID",
    "GITHUB_BASE_REF",
    "GITHUB_EVENT_NAME",
    "GITHUB_EVENT_PATH",
    "GITHUB_HEAD_REF",
    "GITHUB_JOB",
    "GITHUB_REF",
    "GITHUB_REF_NAME",
    "GITHUB_REF_PROTECTED",
    "GITHUB_REF_TYPE",
    "GITHUB_REPOSITORY",
    "GITHUB_REPOSITORY_ID",
    "GITHUB_REPOSITORY_OWNER",
    "GITHUB_REPOSITORY_OWNER_ID",
    "GITHUB_RETENTION_DAYS",
    "GITHUB_RUN_ATTEMPT",
    "GITHUB_RUN_ID",
    "GITHUB_RUN_NUMBER",
    "GITHUB_SHA",
    "GITHUB_TOKEN",
    "GITHUB_TRIGGERING_ACTOR",
    "GITHUB_WORKFLOW",
    "GITHUB_WORKFLOW_REF",
    "GITHUB_WORKFLOW_SHA",
    "RUNNER_NAME",
    "RUNNER_WORKSPACE",
    "GIT_CEILING_DIRECTORIES",
    "RUNNER_TRACKING_ID",
    "ACTIONS_RUNTIME_TOKEN",
    "ACTIONS_RUNTIME_URL",
    "ACTIONS_RESULTS_URL",
    "ACTIONS_CACHE_URL",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    "ACTIONS_ID_TOKEN_REQUEST_URL",
    "USER",
    "LOGNAME",
    "USERNAME",
    "HOSTNAME",
    "MAIL"
  };

  private static final String[] NEVER = {
    "_",
    "PWD",
    "OLDPWD",
    "SHLVL",
    "PS1",
    "PS2",
    "TERM",
    "TERM_PROGRAM",
    "TERM_PROGRAM_VERSION",
    "TERM_SESSION_ID",
    "COLORTERM",
    "LS_COLORS",
    "LSCOLORS",
    "WINDOWID",
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "DBUS_SESSION_BUS_ADDRESS",
    "DESKTOP_SESSION",
    "INVOCATION_ID",
    "JOURNAL_STREAM",
    "GPG_TTY",
    "TTY",
    "STY",
    "TMUX",
    "TMUX_PANE",
    "HISTFILE",
    "HISTSIZE",
    "HISTCONTROL",
    "LESSOPEN",
    "LESSCLOSE",
    "MOTD_SHOWN",
    "ARTIFACTS_LIST",
    "GITHUB_ARTIFACTS",
    "GITHUB_ARTIFACTS_LIST",
    "GITHUB_OUTPUT",
    "GITHUB_ENV",
    "GITHUB_PATH",
    "GITHUB_STATE",
    "GITHUB_STEP_SUMMARY"
  };

  private static final String[] NEVER_BEGINNING = {
    "SSH_",
    "XDG_SESSION_",
    "XDG_SEAT",
    "XDG_VTNR",
    "VSCODE_",
    "KONSOLE_",
    "ITERM_",
    "HYPERFINE_",
    "SLIPWAY_",
    "KITTY_",
    "WEZTERM_",
    "ALACRITTY_",
    "GNOME_TERMINAL_",
    "BASH_FUNC_"
  };

  /** All of them count when the script prints its whole environment. */
  private static final Pattern PRINTS_ALL =
      Pattern.compile(
          "(?m)(^|[;&|(`\\s])(printenv|env|set|export -p|declare -[xp]+)[ \\t]*($|[;&|>)`])"
              + "|/proc/[^/\\s]+/environ");

  /** A script that asks for the time or for chance is another in each run. */
  private static final Pattern CHANCE =
      Pattern.compile(
          "\\b(RANDOM|SRANDOM|EPOCHSECONDS|EPOCHREALTIME|SECONDS|BASH_MONOSECONDS)\\b"
              + "|printf[^\\n]*%\\([^)]*\\)T");

  /** A container's name is another one each time, and every shell knows that variable. */
  static final long HOST_NAME = bit("HOSTNAME");

  static final long ALL = (1L << MENTIONED.length) - 1;

  private static final Map<String, Integer> BITS = bits();

  /** Hashes of the names, by which a name is found without making a string of it. */
  private static final int LONGEST = 30;

  private static final long[] FILTER = filter();

  private Variables() {}

  private static long bit(String name) {
    for (int i = 0; i < MENTIONED.length; i++) {
      if (MENTIONED[i].equals(name)) {
        return 1L << i;
      }
    }
    return 0;
  }

  private static Map<String, Integer> bits() {
    Map<String, Integer> bits = new HashMap<>();
    for (int i = 0; i < MENTIONED.length; i++) {
      bits.put(MENTIONED[i], i);
    }
    return bits;
  }

  private static long[] filter() {
    long[] filter = new long[64];
    for (String name : MENTIONED) {
      int hash = 0;
      for (int i = 0; i < name.length(); i++) {
        hash = hash * 31 + name.charAt(i);
      }
      filter[(hash >>> 6) & 63] |= 1L << (hash & 63);
    }
    return filter;
  }

  static Use use(String name) {
    if (BITS.containsKey(name)) {
      return Use.MENTIONED;
    }
    for (String never : NEVER) {
      if (never.equals(name)) {
        return Use.NEVER;
      }
    }
    for (String beginning : NEVER_BEGINNING) {
      if (name.startsWith(beginning)) {
        return Use.NEVER;
      }
    }
    return Use.ALWAYS;
  }

  /** The names that the bits stand for. */
  static List<String> named(long mentions) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < MENTIONED.length; i++) {
      if ((mentions & (1L << i)) != 0) {
        names.add(MENTIONED[i]);
      }
    }
    return names;
  }

  static boolean needsChance(String script) {
    return CHANCE.matcher(script).find();
  }

  /** The names that occur in a script, or all where it prints them all. */
  static long mentions(String script) {
    if (PRINTS_ALL.matcher(script).find()) {
      return ALL;
    }
    Search search = new Search();
    byte[] bytes = script.getBytes(StandardCharsets.UTF_8);
    search.bytes(bytes, bytes.length);
    return search.end();
  }

  /** Finds the names in a file that comes in parts. */
  static final class Search {
    private final byte[] word = new byte[LONGEST + 1];
    private int length;
    private int hash;
    private long found;

    void bytes(byte[] bytes, int count) {
      for (int i = 0; i < count; i++) {
        byte b = bytes[i];
        if ((b >= 'A' && b <= 'Z') || b == '_') {
          if (length <= LONGEST) {
            if (length < LONGEST) {
              word[length] = b;
              hash = hash * 31 + b;
            }
            length++;
          }
        } else if (length > 0) {
          // A letter or digit before or after makes it another name.
          boolean other = (b >= 'a' && b <= 'z') || (b >= '0' && b <= '9');
          if (other) {
            length = LONGEST + 1;
          } else {
            word();
          }
        } else if ((b >= 'a' && b <= 'z') || (b >= '0' && b <= '9')) {
          length = LONGEST + 1;
        }
      }
    }

    private void word() {
      if (length >= 4
          && length <= LONGEST
          && (FILTER[(hash >>> 6) & 63] & (1L << (hash & 63))) != 0) {
        Integer bit = BITS.get(new String(word, 0, length, StandardCharsets.US_ASCII));
        if (bit != null) {
          found |= 1L << bit;
        }
      }
      length = 0;
      hash = 0;
    }

    long end() {
      word();
      return found;
    }
  }
}
