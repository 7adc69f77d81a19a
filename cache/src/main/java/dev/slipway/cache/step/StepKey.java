package dev.slipway.cache.step;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a step is before anything is known of what it reads: its script, what runs it and where, its
 * variables, the system. Steps with equal keys may have the same results; which of them do is up to
 * what they find.
 *
 * @param digest of all parts
 * @param parts by name a digest of each, to tell later which one changed
 * @param mentions the variables that count because the script names them
 */
public record StepKey(String name, String digest, Map<String, String> parts, long mentions) {
  /** Changes whenever what is noted of a step gets another meaning. */
  private static final int VERSION = 1;

  private static final int SHORT = 16;

  /**
   * The key of a step that runs a script.
   *
   * @param name what people call the step: one name, one step of one workflow
   * @param command what runs it, with its arguments, without the name of the script's file
   * @param folder in which it runs
   * @param environment all variables of its process
   * @param secrets values that must not be found out from what is stored
   * @param secretKey for keyed digests of variables that hold secrets
   * @param more parts, by what they are called
   */
  static StepKey of(
      String name,
      String script,
      Collection<String> command,
      String folder,
      Map<String, String> environment,
      Collection<String> secrets,
      Roots roots,
      Keyed secretKey,
      String system,
      Map<String, String> more) {
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("script", digest(roots.named(script)));
    parts.put("shell", digest(roots.named(String.join("\0", command))));
    parts.put("folder", digest(roots.named(folder)));
    parts.put("system", digest(system + "\0" + VERSION + "\0" + Ignored.VERSION));
    for (Map.Entry<String, String> part : new TreeMap<>(more).entrySet()) {
      parts.put(part.getKey(), digest(roots.named(part.getValue()), secrets, secretKey));
    }
    for (Map.Entry<String, String> variable : new TreeMap<>(environment).entrySet()) {
      if (Variables.use(variable.getKey()) == Variables.Use.ALWAYS) {
        String value = roots.named(variable.getValue());
        parts.put("variable " + variable.getKey(), digest(value, secrets, secretKey));
      }
    }
    StringBuilder all = new StringBuilder();
    parts.forEach((part, digest) -> all.append(part).append('=').append(digest).append('\n'));
    return new StepKey(name, digest(all.toString()), parts, Variables.mentions(script));
  }

  /** The key of a step of which only its digest is known. */
  public static StepKey known(String name, String digest) {
    return new StepKey(name, digest, Map.of(), 0);
  }

  private static String digest(String text, Collection<String> secrets, Keyed secretKey) {
    return holds(text, secrets) ? secretKey.digest(text).hex() : digest(text);
  }

  private static boolean holds(String value, Collection<String> secrets) {
    for (String secret : secrets) {
      if (!secret.isEmpty() && value.contains(secret)) {
        return true;
      }
    }
    return false;
  }

  private static String digest(String text) {
    return Digest.of(text.getBytes(StandardCharsets.UTF_8)).hex();
  }

  /** The name of its folder of traces. */
  String folder() {
    return digest.substring(0, 2) + "/" + digest.substring(2);
  }

  /** Enough of a part's digest to see that it changed. */
  static String brief(String digest) {
    return digest.substring(0, Math.min(SHORT, digest.length()));
  }
}
