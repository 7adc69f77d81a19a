package dev.slipway.runtime;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Versions of caches without the home of the job that asks. Clients send a digest of the paths that
 * are cached ({@code @actions/cache}, getCacheVersion), and the setup actions cache folders of the
 * home by their full paths. At GitHub these are the same for all jobs; here each job has a home of
 * its own. What is known to be such a folder is taken for the one of a common home.
 *
 * <p>Immutable.
 */
final class CacheVersions {
  private static final String COMMON_HOME = "/home/runner";
  private static final List<String> COMPRESSIONS = List.of("zstd-without-long", "zstd", "gzip");

  /** What the actions setup-node, setup-python, setup-java, setup-go and others cache together. */
  private static final List<List<String>> FOLDERS =
      List.of(
          List.of(".npm"),
          List.of(".cache/yarn"),
          List.of(".cache/yarn/v6"),
          List.of(".yarn/berry/cache"),
          List.of(".local/share/pnpm/store"),
          List.of(".local/share/pnpm/store/v3"),
          List.of(".local/share/pnpm/store/v10"),
          List.of(".cache/pip"),
          List.of(".cache/uv"),
          List.of(".cache/pypoetry/virtualenvs"),
          List.of(".local/share/virtualenvs"),
          List.of("go/pkg/mod", ".cache/go-build"),
          List.of("go/pkg/mod"),
          List.of(".cache/go-build"),
          List.of(".m2/repository"),
          List.of(".m2/repository", ".m2/wrapper/dists"),
          List.of(".gradle/caches", ".gradle/wrapper"),
          List.of(".cargo/registry"),
          List.of(".cache/golangci-lint"),
          List.of(".cache/ms-playwright"),
          List.of(".cache/Cypress"),
          List.of(".cache/pre-commit"));

  private final Map<String, String> common = new HashMap<>();

  private CacheVersions() {}

  /** For a job with this home; empty where all jobs have the same. */
  static CacheVersions of(String home) {
    CacheVersions versions = new CacheVersions();
    if (!home.isEmpty()) {
      for (List<String> folders : FOLDERS) {
        for (String compression : COMPRESSIONS) {
          versions.common.put(
              version(home, folders, compression), version(COMMON_HOME, folders, compression));
        }
      }
    }
    return versions;
  }

  /** The version as every job of the repository has it. */
  String common(String version) {
    return common.getOrDefault(version, version);
  }

  private static String version(String home, List<String> folders, String compression) {
    StringBuilder text = new StringBuilder();
    for (String folder : folders) {
      text.append(home).append('/').append(folder).append('|');
    }
    text.append(compression).append("|1.0");
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(text.toString().getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
