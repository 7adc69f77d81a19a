package dev.slipway.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Map;

/**
 * What an engine takes from around it.
 *
 * @param cache where Slipway keeps what can be made again
 * @param work where jobs work
 * @param userHome the home of the user that started Slipway
 * @param environment that user's environment
 * @param minuteNanos how long a minute of a timeout takes
 */
record Surroundings(
    Path cache, Path work, Path userHome, Map<String, String> environment, long minuteNanos) {
  private static final long MINUTE_NANOS = 60_000_000_000L;
  private static final long ST_NOEXEC = 8;

  /** As this process finds them. */
  static Surroundings here() {
    Map<String, String> environment = System.getenv();
    Path home = absolute(environment, "HOME", Path.of(System.getProperty("user.home", "/tmp")));
    Path cache = absolute(environment, "XDG_CACHE_HOME", home.resolve(".cache")).resolve("slipway");
    Path work = absolute(environment, "SLIPWAY_WORK", cache.resolve("work"));
    if (!environment.containsKey("SLIPWAY_WORK") && hidden(work)) {
      work = visible(work);
    }
    return new Surroundings(cache, work, home, environment, MINUTE_NANOS);
  }

  /** The folder of this user's settings for Slipway. */
  Path configuration() {
    return absolute(environment, "XDG_CONFIG_HOME", userHome.resolve(".config")).resolve("slipway");
  }

  private static Path absolute(Map<String, String> environment, String name, Path otherwise) {
    String value = environment.get(name);
    return value != null && value.startsWith("/") ? Path.of(value) : otherwise;
  }

  private static boolean hidden(Path path) {
    return path.toString().contains("/.");
  }

  /**
   * A folder of this user's that no tool takes for a hidden one: web servers, test runners and
   * linters leave out what lies below a name with a dot. The other one where that cannot be had.
   */
  private static Path visible(Path otherwise) {
    try (Native c = new Native()) {
      long user = c.call(Native.function("geteuid"), 0) & 0xffffffffL;
      Path folder = Path.of("/var/tmp", "slipway-" + user);
      c.call(Native.function("mkdir"), c.string(folder.toString()).address(), 0700);
      // Anybody can make folders there: only one that is this user's alone will do.
      FileStatus status = FileStatus.of(c, folder);
      boolean own =
          status.isFolder()
              && Integer.toUnsignedLong(status.owner()) == user
              && (status.permissions() & 022) == 0;
      MemorySegment name = c.string(folder.toString());
      MemorySegment system = c.allocate(256);
      boolean runs =
          own
              && c.call(Native.function("statvfs"), name.address(), system.address()) == 0
              && (system.get(ValueLayout.JAVA_LONG, 72) & ST_NOEXEC) == 0;
      return runs ? folder : otherwise;
    }
  }
}
