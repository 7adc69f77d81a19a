package dev.slipway.engine;

import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Value;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The token of a job where the user gave none: Slipway's own, which opens nothing at GitHub. Made,
 * and masked in the log, when an expression first asks for it. Within the job's lock.
 */
final class JobToken {
  private static final String SECRET = "GITHUB_TOKEN";
  private static final String MEMBER = "token";
  private static final int BYTES = 20;

  private final Masker masker;
  private @Nullable Value value;

  JobToken(Masker masker) {
    this.masker = masker;
  }

  /** The {@code secrets} context with it, unless the user gave a token. */
  ObjectValue secrets(ObjectValue given) {
    return given.get(SECRET) == null ? new With(given, SECRET) : given;
  }

  /** The {@code github} context with it, unless the user gave a token. */
  ObjectValue github(ObjectValue given) {
    Value token = given.get(MEMBER);
    return token == null || token.toText().isEmpty() ? new With(given, MEMBER) : given;
  }

  private Value value() {
    Value known = value;
    if (known == null) {
      // The kernel's own source: what the JDK puts around it costs more than a step.
      byte[] random = new byte[BYTES];
      try (InputStream in = Files.newInputStream(Path.of("/dev/urandom"))) {
        if (in.readNBytes(random, 0, BYTES) != BYTES) {
          throw new IOException("/dev/urandom ended");
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      String token = "slipway_" + HexFormat.of().formatHex(random);
      masker.add(token);
      known = Value.of(token);
      value = known;
    }
    return known;
  }

  /** An object with the token as one of its members. */
  private final class With implements ObjectValue {
    private final ObjectValue given;
    private final String name;

    With(ObjectValue given, String name) {
      this.given = given;
      this.name = name;
    }

    @Override
    public @Nullable Value get(String member) {
      return member.equalsIgnoreCase(name) ? value() : given.get(member);
    }

    @Override
    public void forEach(BiConsumer<String, Value> each) {
      given.forEach((member, other) -> {
        if (!member.equalsIgnoreCase(name)) {
          each.accept(member, other);
        }
      });
      each.accept(name, value());
    }

    @Override
    public int size() {
      return given.size() + (given.get(name) == null ? 1 : 0);
    }
  }
}
