package dev.slipway.cache;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Saves caches, also as a process of its own: {@code Saving FOLDER many PREFIX COUNT} saves so
 * many, {@code Saving FOLDER hold KEY} begins one and waits. Prints a line after each.
 */
final class Saving {
  static final String REPOSITORY = "octo/ship";
  static final String MAIN = "refs/heads/main";
  static final String VERSION = "v1";

  private Saving() {}

  static CacheEntry save(ActionsCache cache, String scope, String key, String content)
      throws IOException {
    return save(cache, scope, key, content.getBytes(StandardCharsets.UTF_8));
  }

  static CacheEntry save(ActionsCache cache, String scope, String key, byte[] content)
      throws IOException {
    CacheUpload upload = cache.reserve(scope, VERSION, key).orElseThrow();
    upload.blob().whole(new ByteArrayInputStream(content));
    return upload.finish();
  }

  static Optional<CacheEntry> find(ActionsCache cache, List<String> scopes, String... keys)
      throws IOException {
    return cache.find(scopes, VERSION, List.of(keys));
  }

  /** What the newest fitting cache of main holds; the empty string when none fits. */
  static String content(ActionsCache cache, String... keys) throws IOException {
    Optional<CacheEntry> found = find(cache, List.of(MAIN), keys);
    return found.isEmpty() ? "" : Files.readString(cache.file(found.get()));
  }

  static Process process(Path folder, String... words) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Saving.class.getName(),
                folder.toString()));
    command.addAll(List.of(words));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  public static void main(String[] words) throws IOException {
    ActionsCache cache = ActionsCache.of(CacheSettings.in(Path.of(words[0])), REPOSITORY);
    if (words[1].equals("hold")) {
      CacheUpload upload = cache.reserve(MAIN, VERSION, words[2]).orElseThrow();
      upload.blob().block("a", new ByteArrayInputStream(new byte[1000]));
      System.out.println("held");
      System.in.read();
      upload.abandon();
      return;
    }
    for (int i = 0; i < Integer.parseInt(words[3]); i++) {
      byte[] content = new byte[3_000_000];
      new Random(i).nextBytes(content);
      save(cache, MAIN, words[2] + i, content);
      System.out.println("saved " + i);
    }
  }
}
