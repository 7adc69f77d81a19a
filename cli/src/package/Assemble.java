import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Puts the jars where the launcher runs them from and makes their ahead-of-time cache by one
 * training run. Started by Maven at {@code package} with the JDK that the build uses.
 *
 * <p>A build is a directory named by the hash of its jars and of the JDK; nothing in it changes
 * afterwards, so a cache cannot meet other jars than it was made from. The file {@code build} names
 * the directory and is replaced last, in one step.
 *
 * <p>Arguments: the directory for builds, this module's jar, the class path of its dependencies,
 * the home of Maven's JDK (which is the one of the build when this program was not started with
 * it), and as {@code NAME=FOLDER} what is put beside the class path under that name, for the few
 * who need it: a jar, and those it needs, if any, in {@code jars}.
 */
final class Assemble {
  private Assemble() {}

  public static void main(String[] arguments) throws Exception {
    Path target = Path.of(arguments[0]).toAbsolutePath();
    List<Path> jars = new ArrayList<>();
    jars.add(Path.of(arguments[1]));
    for (String entry : arguments[2].split(File.pathSeparator)) {
      if (entry.endsWith(".jar") && !jars.contains(Path.of(entry))) {
        jars.add(Path.of(entry));
      }
    }
    String jdk = Runtime.version().feature() >= 25 ? System.getProperty("java.home") : arguments[3];
    Map<String, List<Path>> beside = new TreeMap<>();
    for (int i = 4; i < arguments.length; i++) {
      int is = arguments[i].indexOf('=');
      beside.put(arguments[i].substring(0, is), beside(Path.of(arguments[i].substring(is + 1))));
    }
    List<Path> all = new ArrayList<>(jars);
    beside.values().forEach(all::addAll);
    String id = id(all, Path.of(jdk));
    Path build = target.resolve(id);
    String previous = current(target);
    if (!id.equals(previous) || !Files.isRegularFile(build.resolve("slipway.aot"))) {
      delete(build);
      Files.createDirectories(build.resolve("lib"));
      List<String> names = new ArrayList<>();
      for (Path jar : jars) {
        String name = jar.getFileName().toString();
        Files.copy(jar, build.resolve("lib").resolve(name));
        names.add(name);
      }
      for (Map.Entry<String, List<Path>> each : beside.entrySet()) {
        Path folder = Files.createDirectories(build.resolve(each.getKey()));
        for (Path jar : each.getValue()) {
          Files.copy(jar, folder.resolve(jar.getFileName()));
        }
      }
      train(jdk, build, id, names);
      publish(target, id, jdk, names);
    }
    try (DirectoryStream<Path> builds = Files.newDirectoryStream(target, Files::isDirectory)) {
      for (Path other : builds) {
        // The previous build stays: a Slipway that runs now may still read it.
        if (!other.equals(build) && !other.getFileName().toString().equals(previous)) {
          delete(other);
        }
      }
    }
  }

  private static List<Path> beside(Path target) throws IOException {
    List<Path> jars = new ArrayList<>();
    for (Path folder : List.of(target, target.resolve("jars"))) {
      if (!Files.isDirectory(folder)) {
        continue;
      }
      try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*.jar")) {
        found.forEach(jars::add);
      }
    }
    jars.sort(Comparator.naturalOrder());
    return jars;
  }

  private static String id(List<Path> jars, Path jdk) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    digest.update(Files.readAllBytes(jdk.resolve("release")));
    byte[] buffer = new byte[65536];
    for (Path jar : jars) {
      digest.update((jar.getFileName() + "\n").getBytes("UTF-8"));
      try (InputStream in = Files.newInputStream(jar)) {
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
          digest.update(buffer, 0, count);
        }
      }
    }
    return HexFormat.of().formatHex(digest.digest(), 0, 8);
  }

  private static String current(Path target) throws IOException {
    Path file = target.resolve("build");
    if (Files.isRegularFile(file)) {
      for (String line : Files.readAllLines(file)) {
        if (line.startsWith("id ")) {
          return line.substring(3);
        }
      }
    }
    return "";
  }

  /** The options here are those of the launcher. A failure costs the cache, not the build. */
  private static void train(String jdk, Path build, String id, List<String> names)
      throws Exception {
    Path cache = build.resolve("slipway.aot");
    Path work = Files.createTempDirectory("slipway-training-");
    StringBuilder classPath = new StringBuilder();
    for (String name : names) {
      classPath
          .append(classPath.isEmpty() ? "" : File.pathSeparator)
          .append(build.resolve("lib").resolve(name));
    }
    Path log = work.resolve("log");
    ProcessBuilder training =
        new ProcessBuilder(
            jdk + "/bin/java",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-Xlog:disable",
            "-Xlog:all=error:stderr",
            "--enable-native-access=ALL-UNNAMED",
            "-XX:AOTCacheOutput=" + cache,
            "-Dslipway.build=" + id,
            "-Dslipway.terminals=",
            "-cp",
            classPath.toString(),
            "dev.slipway.cli.Main",
            "train",
            work.toString());
    training.environment().put("XDG_CACHE_HOME", work.resolve("cache").toString());
    training
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .redirectInput(new File("/dev/null"));
    Process process = training.start();
    boolean ended = process.waitFor(120, TimeUnit.SECONDS);
    if (!ended) {
      process.destroyForcibly().waitFor();
    }
    if (!ended || process.exitValue() != 0 || !Files.isRegularFile(cache)) {
      Files.deleteIfExists(cache);
      System.err.println(
          "[WARNING] no start-up cache was made; Slipway works, but starts more slowly:");
      Files.readAllLines(log).stream()
          .limit(20)
          .forEach(line -> System.err.println("[WARNING]   " + line));
    }
    delete(work);
  }

  private static void publish(Path target, String id, String jdk, List<String> names)
      throws IOException {
    StringBuilder text = new StringBuilder();
    text.append("id ").append(id).append('\n').append("home ").append(jdk).append('\n');
    for (String name : names) {
      text.append("jar ").append(name).append('\n');
    }
    Path file = Files.writeString(target.resolve("build.new"), text.toString());
    Files.move(
        file,
        target.resolve("build"),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private static void delete(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    List<Path> all;
    try (Stream<Path> tree = Files.walk(path)) {
      all = tree.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : all) {
      Files.delete(each);
    }
  }
}
