package dev.slipway.lint;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Facts about published actions, version by version, made from their repositories. Immutable to
 * those who ask, and thread-safe.
 *
 * <p>Two texts of sorted lines, searched where they lie: of actions, {@code
 * OWNER/REPO[/PATH]|USING|INPUTS|OUTPUTS|REFS}, a line for each different manifest, where {@code !}
 * marks an input that must be given and {@code ~} one that is deprecated; and of commits, {@code
 * OWNER/REPO|TAG:COMMIT …} with the first ten digits of each.
 */
public final class ActionData {
  /** How many digits of a commit are kept. */
  private static final int DIGITS = 10;

  /** How many answers are remembered; more are looked up each time. */
  private static final int REMEMBERED = 20_000;

  private final byte[] actions;
  private final byte[] commits;
  private final @Nullable ActionData below;
  private final Map<String, Optional<ActionFacts>> facts = new ConcurrentHashMap<>();
  private final Map<String, Optional<String>> tags = new ConcurrentHashMap<>();

  private ActionData(byte[] actions, byte[] commits, @Nullable ActionData below) {
    this.actions = actions;
    this.commits = commits;
    this.below = below;
  }

  private static final class BuiltIn {
    private static final ActionData DATA =
        new ActionData(resource("actions.txt"), resource("commits.txt"), null);

    private static byte[] resource(String name) {
      try (InputStream in = ActionData.class.getResourceAsStream(name)) {
        return in == null ? new byte[0] : in.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** What Slipway comes with. */
  public static ActionData builtIn() {
    return BuiltIn.DATA;
  }

  /** What Slipway comes with, except for the actions that these texts know. */
  public static ActionData of(String actions, String commits) {
    return new ActionData(
        actions.getBytes(StandardCharsets.UTF_8),
        commits.getBytes(StandardCharsets.UTF_8),
        builtIn());
  }

  /** Collects facts and writes the two texts. */
  public static final class Writer {
    private final Map<String, Map<String, StringBuilder>> actions = new TreeMap<>();
    private final Map<String, StringBuilder> commits = new TreeMap<>();

    /** Takes in texts that were written before; what is added to a repository replaces it. */
    public void read(String actionLines, String commitLines) {
      for (String line : actionLines.split("\n", -1)) {
        int slug = line.indexOf('|');
        int refs = line.lastIndexOf('|');
        if (slug > 0 && refs > slug) {
          actions
              .computeIfAbsent(line.substring(0, slug), s -> new TreeMap<>())
              .put(line.substring(slug + 1, refs), new StringBuilder(line.substring(refs + 1)));
        }
      }
      for (String line : commitLines.split("\n", -1)) {
        int slug = line.indexOf('|');
        if (slug > 0) {
          commits.put(line.substring(0, slug), new StringBuilder(line.substring(slug + 1)));
        }
      }
    }

    /** Forgets a repository. */
    public void remove(String slug) {
      String name = slug.toLowerCase(Locale.ROOT);
      actions.keySet().removeIf(key -> key.equals(name) || key.startsWith(name + "/"));
      commits.remove(name);
    }

    /**
     * Adds one version of an action; what is no manifest is passed over.
     *
     * @param slug {@code OWNER/REPO[/PATH]}
     */
    public void add(String slug, String ref, String manifest) {
      ActionFacts facts = ActionFacts.of(manifest);
      if (facts != null) {
        append(
            actions
                .computeIfAbsent(slug.toLowerCase(Locale.ROOT), s -> new TreeMap<>())
                .computeIfAbsent(facts.line(), l -> new StringBuilder()),
            ref);
      }
    }

    /** Adds the commit that a tag of a repository means. */
    public void commit(String slug, String tag, String sha) {
      append(
          commits.computeIfAbsent(slug.toLowerCase(Locale.ROOT), s -> new StringBuilder()),
          tag + ":" + sha.substring(0, DIGITS));
    }

    private static void append(StringBuilder words, String word) {
      words.append(words.isEmpty() ? "" : " ").append(word);
    }

    /** The text of actions. */
    public String actions() {
      StringBuilder text = new StringBuilder();
      actions.forEach((slug, lines) ->
          lines.forEach((line, refs) ->
              text.append(slug).append('|').append(line).append('|').append(refs).append('\n')));
      return text.toString();
    }

    /** The text of commits. */
    public String commits() {
      StringBuilder text = new StringBuilder();
      commits.forEach((slug, tags) -> text.append(slug).append('|').append(tags).append('\n'));
      return text.toString();
    }

    /** How many actions it knows. */
    public int size() {
      return actions.size();
    }
  }

  /** Whether it knows any version of an action. */
  boolean knows(String slug) {
    return find(actions, slug.toLowerCase(Locale.ROOT)) >= 0
        || (below != null && below.knows(slug));
  }

  /** The action, {@code OWNER/REPO[/PATH]}, at a branch or tag; null when it is not known. */
  @Nullable ActionFacts facts(String slug, String ref) {
    return remembered(facts, slug + "@" + ref, () -> findFacts(slug, ref));
  }

  private static <T> @Nullable T remembered(
      Map<String, Optional<T>> answers, String question, Supplier<@Nullable T> answer) {
    Optional<T> known = answers.get(question);
    if (known == null) {
      known = Optional.ofNullable(answer.get());
      if (answers.size() < REMEMBERED) {
        answers.put(question, known);
      }
    }
    return known.orElse(null);
  }

  private @Nullable ActionFacts findFacts(String slug, String ref) {
    String name = slug.toLowerCase(Locale.ROOT);
    int at = find(actions, name);
    if (at < 0) {
      return below == null ? null : below.facts(slug, ref);
    }
    while (at < actions.length && begins(actions, at, name)) {
      String line = line(actions, at);
      int refs = line.lastIndexOf('|');
      if (word(line, refs + 1, ref) >= 0) {
        int using = line.indexOf('|', name.length() + 1);
        int inputs = line.indexOf('|', using + 1);
        return ActionFacts.parse(
            line.substring(name.length() + 1, using),
            line.substring(using + 1, inputs),
            line.substring(inputs + 1, refs));
      }
      at = end(actions, at) + 1;
    }
    return null;
  }

  /** The most exact tag of a repository, {@code OWNER/REPO}, at a commit; null for none known. */
  @Nullable String tag(String slug, String sha) {
    return remembered(tags, slug + "@" + sha, () -> findTag(slug, sha));
  }

  private @Nullable String findTag(String slug, String sha) {
    String name = slug.toLowerCase(Locale.ROOT);
    int at = find(commits, name);
    if (at < 0 || sha.length() < DIGITS) {
      return below == null ? null : below.tag(slug, sha);
    }
    String line = line(commits, at);
    String wanted = ":" + sha.substring(0, DIGITS);
    String best = null;
    for (int found = line.indexOf(wanted); found >= 0; found = line.indexOf(wanted, found + 1)) {
      int start = Math.max(line.lastIndexOf(' ', found), line.indexOf('|')) + 1;
      String tag = line.substring(start, found);
      best = best == null || tag.length() > best.length() ? tag : best;
    }
    return best;
  }

  /** The commit's first digits of a tag; null when it is not known. */
  @Nullable String commit(String slug, String tag) {
    int at = find(commits, slug.toLowerCase(Locale.ROOT));
    if (at < 0) {
      return below == null ? null : below.commit(slug, tag);
    }
    for (String word : List.of(line(commits, at).substring(slug.length() + 1).split(" ", -1))) {
      if (word.startsWith(tag + ":")) {
        return word.substring(tag.length() + 1);
      }
    }
    return null;
  }

  /** Every action it knows, {@code OWNER/REPO[/PATH]}, in lower case. */
  Set<String> slugs() {
    Set<String> slugs = below == null ? new TreeSet<>() : below.slugs();
    for (int at = 0; at < actions.length; at = end(actions, at) + 1) {
      int bar = at;
      while (bar < actions.length && actions[bar] != '|' && actions[bar] != '\n') {
        bar++;
      }
      slugs.add(new String(actions, at, bar - at, StandardCharsets.UTF_8));
    }
    return slugs;
  }

  /** The branches and tags of an action that are known, in no particular order. */
  List<String> refs(String slug) {
    String name = slug.toLowerCase(Locale.ROOT);
    int at = find(actions, name);
    if (at < 0) {
      return below == null ? List.of() : below.refs(slug);
    }
    List<String> refs = new ArrayList<>();
    while (at < actions.length && begins(actions, at, name)) {
      String line = line(actions, at);
      refs.addAll(ActionFacts.words(line.substring(line.lastIndexOf('|') + 1)));
      at = end(actions, at) + 1;
    }
    return refs;
  }

  private static int word(String line, int from, String word) {
    for (int at = line.indexOf(word, from); at >= 0; at = line.indexOf(word, at + 1)) {
      int end = at + word.length();
      boolean starts = at == from || line.charAt(at - 1) == ' ';
      if (starts && (end == line.length() || line.charAt(end) == ' ')) {
        return at;
      }
    }
    return -1;
  }

  /** Where the first line of a name begins, or -1. */
  private static int find(byte[] text, String name) {
    int low = 0;
    int high = text.length;
    while (low < high) {
      int middle = start(text, (low + high) >>> 1);
      if (compare(text, middle, name) < 0) {
        low = end(text, (low + high) >>> 1) + 1;
      } else {
        high = middle;
      }
    }
    return low < text.length && begins(text, low, name) ? low : -1;
  }

  private static boolean begins(byte[] text, int at, String name) {
    return compare(text, at, name) == 0;
  }

  /** Compares what is before the first bar of a line with a name. */
  private static int compare(byte[] text, int at, String name) {
    for (int i = 0; ; i++) {
      boolean ends = at + i >= text.length || text[at + i] == '|' || text[at + i] == '\n';
      if (ends || i == name.length()) {
        return ends ? (i == name.length() ? 0 : -1) : 1;
      }
      int difference = text[at + i] - name.charAt(i);
      if (difference != 0) {
        return difference;
      }
    }
  }

  private static int start(byte[] text, int at) {
    int start = at;
    while (start > 0 && text[start - 1] != '\n') {
      start--;
    }
    return start;
  }

  private static int end(byte[] text, int at) {
    int end = at;
    while (end < text.length && text[end] != '\n') {
      end++;
    }
    return end;
  }

  private static String line(byte[] text, int at) {
    return new String(text, at, end(text, at) - at, StandardCharsets.UTF_8);
  }
}
