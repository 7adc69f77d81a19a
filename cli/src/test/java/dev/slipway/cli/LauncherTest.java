package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The launcher, with a made-up JDK that prints its arguments and a made-up Maven that makes the
 * build.
 */
final class LauncherTest {
  @TempDir Path temporary;
  private Path root;
  private Path jdk;
  private Path bin;
  private final Map<String, String> environment = new HashMap<>();

  private record Result(int exit, List<String> arguments, String err) {}

  @BeforeEach
  void install() throws IOException {
    temporary = temporary.toRealPath();
    root = Files.createDirectories(temporary.resolve("some where/slipway"));
    Path launcher = Path.of("").toAbsolutePath().resolveSibling("slipway");
    Files.copy(launcher, root.resolve("slipway"));
    executable(root.resolve("slipway"));
    jdk = jdk("jdk-25", "25.0.3");
    bin = Files.createDirectories(temporary.resolve("bin"));
    Path readlink = Path.of("/usr/bin/readlink");
    Files.copy(
        Files.exists(readlink) ? readlink : Path.of("/bin/readlink"), bin.resolve("readlink"));
    executable(bin.resolve("readlink"));
    environment.put("PATH", bin.toString());
    environment.put("HOME", temporary.toString());
  }

  private Path jdk(String name, String version) throws IOException {
    Path home = temporary.resolve(name);
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(
        home.resolve("release"), "IMPLEMENTOR=\"Nobody\"\nJAVA_VERSION=\"" + version + "\"\n");
    Files.writeString(home.resolve("bin/java"), "#!/bin/sh\nprintf '%s\\n' \"$0\" \"$@\"\n");
    executable(home.resolve("bin/java"));
    return home;
  }

  private void build(Path home) throws IOException {
    Path target = root.resolve("cli/target/slipway");
    Files.createDirectories(target.resolve("abc/lib"));
    Files.writeString(target.resolve("abc/lib/cli.jar"), "");
    Files.writeString(target.resolve("abc/lib/engine.jar"), "");
    Files.writeString(target.resolve("abc/slipway.aot"), "");
    Files.writeString(
        target.resolve("build"), "id abc\nhome " + home + "\njar cli.jar\njar engine.jar\n");
    changed("lib/cli.jar", 10);
    changed("lib/engine.jar", 10);
    changed("slipway.aot", 20);
  }

  private void changed(String file, long second) throws IOException {
    Files.setLastModifiedTime(
        root.resolve("cli/target/slipway/abc").resolve(file),
        FileTime.from(Instant.ofEpochSecond(second)));
  }

  private static void executable(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Result start(Path directory, String command, String... arguments) throws Exception {
    List<String> line = new ArrayList<>(List.of("/bin/sh", command));
    line.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(line).directory(directory.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    Path err = temporary.resolve("err");
    Process process = builder.redirectError(err.toFile()).start();
    process.getOutputStream().close();
    List<String> out =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .toList();
    return new Result(process.waitFor(), out, Files.readString(err));
  }

  private Result start(String... arguments) throws Exception {
    return start(temporary, root.resolve("slipway").toString(), arguments);
  }

  private String cache() {
    return "-XX:AOTCache=" + root.resolve("cli/target/slipway/abc/slipway.aot");
  }

  @Test
  void aBuild_isRunWithItsJdkCacheAndArguments() throws Exception {
    build(jdk);
    Result result = start("run", "a b", "", "--env", "X=$Y *");
    assertThat(result.err()).isEmpty();
    Path lib = root.resolve("cli/target/slipway/abc/lib");
    assertThat(result.arguments()).first().isEqualTo(jdk.resolve("bin/java").toString());
    assertThat(result.arguments())
        .contains(
            cache(),
            "-Dslipway.build=abc",
            lib.resolve("cli.jar") + ":" + lib.resolve("engine.jar"))
        .endsWith("dev.slipway.cli.Main", "run", "a b", "", "--env", "X=$Y *");
  }

  @Test
  void theLauncher_runsThroughLinksAndFromAnyDirectory() throws Exception {
    build(jdk);
    Path links = Files.createDirectories(temporary.resolve("links"));
    Files.createSymbolicLink(links.resolve("relative"), Path.of("../some where/slipway/slipway"));
    Files.createSymbolicLink(links.resolve("absolute"), links.resolve("relative"));
    Files.createSymbolicLink(links.resolve("chain"), Path.of("absolute"));
    List<String> expected = start().arguments();
    assertThat(start(temporary, links.resolve("chain").toString()).arguments()).isEqualTo(expected);
    assertThat(start(links, "./chain").arguments()).isEqualTo(expected);
    assertThat(start(root, "./slipway").arguments()).isEqualTo(expected);
    assertThat(start(root, "slipway").arguments()).isEqualTo(expected);
    assertThat(start(links, "../some where/slipway/slipway").arguments()).isEqualTo(expected);
    assertThat(start(Path.of("/"), links.resolve("absolute").toString()).arguments())
        .isEqualTo(expected);
  }

  @Test
  void aJdkThatIsGone_isReplacedAndTheCacheLeftAside() throws Exception {
    build(temporary.resolve("gone"));
    environment.put("JAVA_HOME", jdk.toString());
    Result result = start("--version");
    assertThat(result.arguments()).first().isEqualTo(jdk.resolve("bin/java").toString());
    assertThat(result.arguments()).noneMatch(argument -> argument.startsWith("-XX:AOTCache"));
  }

  @Test
  void slipwayJavaHome_isTakenOverAll() throws Exception {
    build(jdk);
    Path other = jdk("other", "26");
    environment.put("SLIPWAY_JAVA_HOME", other.toString());
    Result result = start("--version");
    assertThat(result.arguments()).first().isEqualTo(other.resolve("bin/java").toString());
    assertThat(result.arguments()).noneMatch(argument -> argument.startsWith("-XX:AOTCache"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"17.0.2", "1.8.0_292", "24", "nonsense", ""})
  void slipwayJavaHome_ofAnOldJdk_isAnError(String version) throws Exception {
    build(jdk);
    environment.put("SLIPWAY_JAVA_HOME", jdk("old", version).toString());
    Result result = start("--version");
    assertThat(result.exit()).isEqualTo(3);
    assertThat(result.err()).contains("is not a JDK 25 or later");
    assertThat(result.arguments()).isEmpty();
  }

  @Test
  void aMissingOrOutdatedCache_costsNothingButSpeed() throws Exception {
    build(jdk);
    changed("lib/engine.jar", 30);
    assertThat(start("--version").arguments())
        .doesNotContain(cache())
        .contains("-Dslipway.build=abc");
    build(jdk);
    Files.delete(root.resolve("cli/target/slipway/abc/slipway.aot"));
    assertThat(start("--version").arguments())
        .doesNotContain(cache())
        .contains("-Dslipway.build=abc");
  }

  @Test
  void withoutABuild_mavenBuildsFirst() throws Exception {
    environment.put("JAVA_HOME", jdk.toString());
    Path saved = Files.createDirectories(temporary.resolve("saved"));
    build(jdk);
    Files.move(root.resolve("cli"), saved.resolve("cli"));
    Files.writeString(
        bin.resolve("mvn"),
        "#!/bin/sh\necho \"maven $JAVA_HOME $PWD $*\" >&2\n/bin/cp -Rp '" + saved + "/cli' .\n");
    executable(bin.resolve("mvn"));
    Result result = start("--version");
    assertThat(result.exit()).isZero();
    assertThat(result.arguments()).contains("dev.slipway.cli.Main", "--version");
    assertThat(result.err().lines())
        .containsExactly(
            "slipway: building for the first time (about a minute) ...",
            "maven "
                + jdk
                + " "
                + root
                + " -q -B -Dstyle.color=never -Dmaven.test.skip=true package");
    assertThat(start("--version").err()).isEmpty();
  }

  @Test
  void aBuildThatFails_isSaid() throws Exception {
    environment.put("JAVA_HOME", jdk.toString());
    Files.writeString(bin.resolve("mvn"), "#!/bin/sh\nexit 1\n");
    executable(bin.resolve("mvn"));
    Result result = start("--version");
    assertThat(result.exit()).isEqualTo(3);
    assertThat(result.err())
        .contains("slipway: the build failed; see above, or run: cd '" + root + "' && mvn");
  }

  @Test
  void withoutMaven_thereIsOneClearError() throws Exception {
    environment.put("JAVA_HOME", jdk.toString());
    Result result = start("--version");
    assertThat(result.exit()).isEqualTo(3);
    assertThat(result.err().lines())
        .singleElement()
        .asString()
        .contains("Maven (mvn, 3.8 or later) is missing");
  }
}
