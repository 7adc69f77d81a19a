package dev.slipway.engine;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * {@code hashFiles}: SHA-256 over the SHA-256 digests of the files that patterns match, in the order in which
 * {@code @actions/glob} finds them: each pattern's search root depth first, the names of a folder as they sort.
 *
 * <p>Patterns: {@code *}, {@code ?}, {@code [...]}, {@code **}, a leading {@code !} takes files out again, {@code #} begins
 * a comment; a pattern that matches a folder takes all that is in it. Files outside the root are left out.
 */
public final class FileHashes {
  private FileHashes() {}

  /**
   * The digest in lower-case hex, or the empty text when nothing matches.
   *
   * @param patterns as given to the function; the first may be {@code --follow-symbolic-links}
   * @throws IOException when a file cannot be read
   */
  public static String hashFiles(Path root, List<String> patterns) throws IOException {
    boolean follow = !patterns.isEmpty() && patterns.getFirst().equalsIgnoreCase("--follow-symbolic-links");
    List<Pattern> parsed = new ArrayList<>();
    for (String argument : follow ? patterns.subList(1, patterns.size()) : patterns) {
      for (String line : argument.split("\n")) {
        String text = line.strip();
        if (!text.isEmpty() && !text.startsWith("#")) {
          parsed.add(Pattern.of(root, text));
        }
      }
    }
    Search search = new Search(root, parsed, follow);
    for (Path start : searchRoots(parsed)) {
      search.visit(start, new HashSet<>());
    }
    if (search.found.isEmpty()) {
      return "";
    }
    MessageDigest total = sha256();
    byte[] buffer = new byte[64 * 1024];
    for (Path file : search.found) {
      MessageDigest one = sha256();
      try (InputStream in = Files.newInputStream(file)) {
        int count;
        while ((count = in.read(buffer)) > 0) {
          one.update(buffer, 0, count);
        }
      }
      total.update(one.digest());
    }
    return HexFormat.of().formatHex(total.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** The longest literal beginnings of the patterns, without those below another. */
  private static Set<Path> searchRoots(List<Pattern> patterns) {
    Set<Path> roots = new LinkedHashSet<>();
    for (Pattern pattern : patterns) {
      if (!pattern.exclude()) {
        roots.add(pattern.searchRoot());
      }
    }
    Set<Path> top = new LinkedHashSet<>();
    for (Path root : roots) {
      boolean below = false;
      for (Path other : roots) {
        below |= !other.equals(root) && root.startsWith(other);
      }
      if (!below) {
        top.add(root);
      }
    }
    return top;
  }

  private static final class Search {
    private final Path root;
    private final List<Pattern> patterns;
    private final boolean follow;
    private final Set<Path> found = new LinkedHashSet<>();

    Search(Path root, List<Pattern> patterns, boolean follow) {
      this.root = root;
      this.patterns = patterns;
      this.follow = follow;
    }

    void visit(Path path, Set<Path> above) throws IOException {
      if (Files.isDirectory(path, links())) {
        if (!possible(path)) {
          return;
        }
        Path real = path.toRealPath();
        if (!above.add(real)) {
          throw new FileSystemLoopException(path.toString());
        }
        String[] names = path.toFile().list();
        if (names != null) {
          Arrays.sort(names);
          for (String name : names) {
            visit(path.resolve(name), above);
          }
        }
        above.remove(real);
      } else if (Files.isRegularFile(path) && path.startsWith(root) && matches(path)) {
        found.add(path);
      }
    }

    private LinkOption[] links() {
      return follow ? new LinkOption[0] : new LinkOption[] {LinkOption.NOFOLLOW_LINKS};
    }

    private boolean possible(Path directory) {
      for (Pattern pattern : patterns) {
        if (!pattern.exclude() && pattern.mayHoldMatches(directory)) {
          return true;
        }
      }
      return false;
    }

    private boolean matches(Path file) {
      boolean matched = false;
      for (Pattern pattern : patterns) {
        if (matched == pattern.exclude() && pattern.matches(file)) {
          matched = !pattern.exclude();
        }
      }
      return matched;
    }
  }

  /** A pattern as its segments from the file system's root. */
  private record Pattern(boolean exclude, List<String> segments, Path searchRoot) {
    static Pattern of(Path root, String text) {
      boolean exclude = false;
      String rest = text;
      while (rest.startsWith("!")) {
        exclude = !exclude;
        rest = rest.substring(1).strip();
      }
      if (rest.startsWith("~/") || rest.equals("~")) {
        rest = System.getProperty("user.home", "") + rest.substring(1);
      }
      List<String> segments = new ArrayList<>();
      if (!rest.startsWith("/")) {
        for (Path name : root) {
          segments.add(literal(name.toString()));
        }
      }
      for (String segment : rest.split("/")) {
        if (segment.equals("..")) {
          if (!segments.isEmpty()) {
            segments.removeLast();
          }
        } else if (!segment.isEmpty() && !segment.equals(".")) {
          segments.add(segment);
        }
      }
      Path searchRoot = Path.of("/");
      for (String segment : segments) {
        String name = asLiteral(segment);
        if (name.isEmpty()) {
          break;
        }
        searchRoot = searchRoot.resolve(name);
      }
      return new Pattern(exclude, List.copyOf(segments), searchRoot);
    }

    private static String literal(String name) {
      StringBuilder escaped = new StringBuilder(name.length());
      for (int i = 0; i < name.length(); i++) {
        char c = name.charAt(i);
        if (c == '*' || c == '?' || c == '[') {
          escaped.append('[').append(c).append(']');
        } else {
          escaped.append(c);
        }
      }
      return escaped.toString();
    }

    /** The one name a segment matches, or the empty text when it is a pattern. */
    private static String asLiteral(String segment) {
      StringBuilder name = new StringBuilder(segment.length());
      for (int i = 0; i < segment.length(); i++) {
        char c = segment.charAt(i);
        if (c == '\\' && i + 1 < segment.length()) {
          name.append(segment.charAt(++i));
        } else if (c == '*' || c == '?') {
          return "";
        } else if (c == '[' && i + 2 < segment.length() && segment.charAt(i + 2) == ']') {
          name.append(segment.charAt(i + 1));
          i += 2;
        } else if (c == '[' && segment.indexOf(']', i + 1) > 0) {
          return "";
        } else {
          name.append(c);
        }
      }
      return name.toString();
    }

    private List<String> names(Path path) {
      List<String> names = new ArrayList<>(path.getNameCount());
      for (Path name : path) {
        names.add(name.toString());
      }
      return names;
    }

    boolean matches(Path file) {
      return matches(names(file), 0, 0);
    }

    /** All of the pattern matches the path, or a folder above it. */
    private boolean matches(List<String> names, int n, int s) {
      if (s == segments.size()) {
        return n <= names.size();
      }
      String segment = segments.get(s);
      if (segment.equals("**")) {
        for (int skip = n; skip <= names.size(); skip++) {
          if (matches(names, skip, s + 1)) {
            return true;
          }
        }
        return false;
      }
      return n < names.size()
          && Segment.matches(segment, names.get(n))
          && matches(names, n + 1, s + 1);
    }

    /** Whether a match may lie below this folder. */
    boolean mayHoldMatches(Path directory) {
      int n = 0;
      for (Path name : directory) {
        if (n >= segments.size() || segments.get(n).equals("**")) {
          return true;
        }
        if (!Segment.matches(segments.get(n), name.toString())) {
          return false;
        }
        n++;
      }
      return true;
    }
  }

  /** Matching of one name: backtracks only to the last star, so its cost is bounded by the product of both lengths. */
  private static final class Segment {
    private Segment() {}

    static boolean matches(String pattern, String name) {
      int p = 0;
      int n = 0;
      int star = -1;
      int mark = 0;
      while (n < name.length()) {
        int used = p < pattern.length() && pattern.charAt(p) != '*' ? one(pattern, p, name.charAt(n)) : 0;
        if (used > 0) {
          p += used;
          n++;
        } else if (p < pattern.length() && pattern.charAt(p) == '*') {
          star = p++;
          mark = n;
        } else if (star >= 0) {
          p = star + 1;
          n = ++mark;
        } else {
          return false;
        }
      }
      while (p < pattern.length() && pattern.charAt(p) == '*') {
        p++;
      }
      return p == pattern.length();
    }

    /** How many characters of the pattern match this one character; 0 when they do not. */
    private static int one(String pattern, int p, char c) {
      char first = pattern.charAt(p);
      if (first == '?') {
        return 1;
      }
      if (first == '\\' && p + 1 < pattern.length()) {
        return pattern.charAt(p + 1) == c ? 2 : 0;
      }
      int close = first == '[' ? pattern.indexOf(']', p + 2) : -1;
      if (close < 0) {
        return first == c ? 1 : 0;
      }
      boolean negated = pattern.charAt(p + 1) == '!' || pattern.charAt(p + 1) == '^';
      boolean in = false;
      for (int i = p + (negated ? 2 : 1); i < close; i++) {
        if (i + 2 < close && pattern.charAt(i + 1) == '-') {
          in |= c >= pattern.charAt(i) && c <= pattern.charAt(i + 2);
          i += 2;
        } else {
          in |= c == pattern.charAt(i);
        }
      }
      return in != negated ? close + 1 - p : 0;
    }
  }
}
