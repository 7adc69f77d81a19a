package dev.slipway.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Required;
import dev.slipway.workflow.expression.Json;
import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Value;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The official clients, installed once below {@code target}, as processes of Node.js. */
final class Clients {
  private static final List<String> FILES =
      List.of("package.json", "package-lock.json", "artifacts.mjs");

  private final Path folder;

  private Clients(Path folder) {
    this.folder = folder;
  }

  /** What a client did. */
  record Result(ObjectValue members, String output) {
    String text(String name) {
      Value value = members.get(name);
      return value == null ? "" : value.toText();
    }

    Result succeeded() {
      assertThat(text("error")).as(output).isEmpty();
      return this;
    }
  }

  static Clients install() throws IOException, InterruptedException {
    Required.program("node");
    Required.program("npm");
    Path folder = Files.createDirectories(Path.of("target", "clients").toAbsolutePath());
    byte[] wanted = resource("package-lock.json");
    Path lock = folder.resolve("package-lock.json");
    Path done = folder.resolve("installed");
    boolean installed =
        Files.exists(done) && java.util.Arrays.equals(wanted, Files.readAllBytes(lock));
    for (String file : FILES) {
      Files.write(folder.resolve(file), resource(file));
    }
    if (!installed) {
      Path log = folder.resolve("install.log");
      Process npm =
          new ProcessBuilder("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      if (npm.waitFor() != 0) {
        throw Required.missing("what npm installs from its registry (see " + log + ")");
      }
      Files.writeString(done, "");
    }
    return new Clients(folder);
  }

  /**
   * Runs one of the scripts.
   *
   * @param work its working directory
   */
  Result run(Path work, Map<String, String> environment, String script, String... arguments)
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("node", folder.resolve(script).toString()));
    words.addAll(List.of(arguments));
    Path output = Files.createTempFile(work, "client", ".log");
    Path result = Files.createTempFile(work, "client", ".json");
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(work.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    Map<String, String> variables = builder.environment();
    variables.keySet().removeIf(name -> name.startsWith("ACTIONS_") || name.startsWith("GITHUB_"));
    variables.put("GITHUB_WORKSPACE", work.toString());
    variables.put("RUNNER_TEMP", work.toString());
    variables.put("RESULT", result.toString());
    variables.putAll(environment);
    Process node = builder.start();
    assertThat(node.waitFor(2, TimeUnit.MINUTES)).as("the client ends").isTrue();
    String text = Files.readString(output);
    assertThat(node.exitValue()).as(text).isZero();
    if (!(Json.parse(Files.readString(result)) instanceof ObjectValue members)) {
      throw new AssertionError(text);
    }
    return new Result(members, text);
  }

  private static byte[] resource(String file) {
    try (InputStream in = Clients.class.getResourceAsStream("/clients/" + file)) {
      if (in == null) {
        throw new AssertionError(file + " is no resource");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
