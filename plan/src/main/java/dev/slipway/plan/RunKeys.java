package dev.slipway.plan;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/**
 * How the keys of a workflow's jobs in its own run become keys that are unique in the plan. A job
 * whose id a workflow before it has too is called {@code release.yml:build}, and so are the jobs of
 * its matrix and those it calls: {@code release.yml:build (1)}, {@code release.yml:build/inner}.
 *
 * @param prefix what these keys begin with
 * @param ids the jobs that have it, in lower case
 */
public record RunKeys(String prefix, Set<String> ids) {
  /** No other workflow has jobs of the same ids. */
  public static final RunKeys PLAIN = new RunKeys("", Set.of());

  public RunKeys {
    ids = Collections.unmodifiableSet(new LinkedHashSet<>(ids));
  }

  /** The key in the plan of what has this key in its run. */
  public String inPlan(String key) {
    if (ids.isEmpty()) {
      return key;
    }
    int end = 0;
    while (end < key.length() && inId(key.charAt(end))) {
      end++;
    }
    return ids.contains(key.substring(0, end).toLowerCase(Locale.ROOT)) ? prefix + key : key;
  }

  /** The key in its run of what has this key in the plan; any other key stays as it is. */
  public static String inRun(String file, String key) {
    String name = fileName(file) + ":";
    if (key.startsWith(name)) {
      return key.substring(name.length());
    }
    return key.startsWith(file + ":") ? key.substring(file.length() + 1) : key;
  }

  static String fileName(String file) {
    return file.substring(file.lastIndexOf('/') + 1);
  }

  private static boolean inId(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '-';
  }
}
