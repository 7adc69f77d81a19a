package dev.slipway.cache.step;

import dev.slipway.cache.CacheSettings;
import dev.slipway.cache.S3Location;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where what is known of steps is shared, as the environment says: {@code SLIPWAY_CACHE_S3} and
 * what goes with it names the bucket; {@code SLIPWAY_CACHE_KEY} is a secret that all have who may
 * store results for each other, and {@code SLIPWAY_CACHE_TRUST} public keys of others, between
 * commas. Without a secret this user's own, made when first needed, signs; then what one machine
 * stores is only believed there, or where its key is trusted.
 */
public final class SharedSteps {
  private static final String KEY = "SLIPWAY_CACHE_KEY";
  private static final String TRUST = "SLIPWAY_CACHE_TRUST";

  private SharedSteps() {}

  /**
   * The environment with what a project says of its bucket, which counts where the environment
   * itself names none. Keys that the project trusts are trusted besides those of the environment.
   */
  public static Map<String, String> withRules(
      Map<String, String> environment,
      String s3,
      String endpoint,
      String region,
      List<String> trust) {
    if (s3.isEmpty() && trust.isEmpty()) {
      return environment;
    }
    Map<String, String> with = new HashMap<>(environment);
    if (!asked(environment) && !s3.isEmpty()) {
      with.put("SLIPWAY_CACHE_S3", s3);
      if (!endpoint.isEmpty()) {
        with.put("SLIPWAY_CACHE_S3_ENDPOINT", endpoint);
      }
      if (!region.isEmpty()) {
        with.put("SLIPWAY_CACHE_S3_REGION", region);
      }
    }
    if (!trust.isEmpty()) {
      with.merge(TRUST, String.join(",", trust), (own, added) -> own + "," + added);
    }
    return with;
  }

  /** Whether the environment names a bucket. */
  public static boolean asked(Map<String, String> environment) {
    return !environment.getOrDefault("SLIPWAY_CACHE_S3", "").isEmpty();
  }

  /**
   * The shared memory of a repository's steps; null where no bucket is named.
   *
   * @param repository {@code owner/name}
   * @param scopes the one that is written to, then those that may be read too
   * @param configuration the folder of this user's settings
   * @throws IllegalArgumentException when a bucket or a key is named that cannot be one
   */
  public static @Nullable Remote configured(
      String repository,
      List<String> scopes,
      Map<String, String> environment,
      Path configuration,
      Consumer<String> warnings) {
    S3Location location = CacheSettings.configured(Path.of("unused"), environment).s3();
    if (location == null) {
      return null;
    }
    return new Remote(
        () -> location.connect(repository),
        scopes,
        signatures(environment, configuration, warnings),
        warnings);
  }

  private static Signatures signatures(
      Map<String, String> environment, Path configuration, Consumer<String> warnings) {
    List<String> trust = new ArrayList<>();
    for (String key : environment.getOrDefault(TRUST, "").split(",")) {
      if (!key.isBlank()) {
        trust.add(key);
      }
    }
    String secret = environment.getOrDefault(KEY, "");
    if (secret.isEmpty()) {
      try {
        secret = Signatures.secretIn(configuration.resolve("cache.key"));
      } catch (IOException e) {
        warnings.accept("results of steps are not shared: " + e.getMessage());
        return Signatures.of(null, trust);
      }
    }
    return Signatures.of(secret, trust);
  }
}
