package dev.slipway.cache.step;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A small file for each step, by which it can be said why it was spared or not. Only ever told to
 * people: losing one loses nothing else.
 */
final class Histories {
  private final Path folder;

  Histories(Path folder) {
    this.folder = folder;
  }

  private Path file(String name) {
    return folder.resolve(Digest.of(name.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 32));
  }

  void add(StepKey key, boolean spared, List<String> missed, List<String> notKept, long savedMs) {
    StepHistory before = read(file(key.name()));
    StringBuilder text = new StringBuilder(1024);
    line(text, "name", key.name());
    line(text, "key", key.digest());
    line(text, "at", Long.toString(System.currentTimeMillis()));
    line(text, "spared", Boolean.toString(spared));
    for (String reason : missed) {
      line(text, "missed", reason);
    }
    for (String reason : notKept) {
      line(text, "not-kept", reason);
    }
    long hits = (before == null ? 0 : before.hits()) + (spared ? 1 : 0);
    long misses = (before == null ? 0 : before.misses()) + (spared ? 0 : 1);
    long saved = (before == null ? 0 : before.savedMs()) + savedMs;
    line(text, "hits", Long.toString(hits));
    line(text, "misses", Long.toString(misses));
    line(text, "saved", Long.toString(saved));
    key.parts().forEach((part, digest) -> line(text, "part " + part, StepKey.brief(digest)));
    Path file = file(key.name());
    try {
      Files.createDirectories(folder);
      WholeFile.write(file, text.toString().getBytes(StandardCharsets.UTF_8));
    } catch (IOException onlyForPeople) {
      return;
    }
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(name).append('=').append(value.replace('\n', ' ').replace('\r', ' ')).append('\n');
  }

  @Nullable StepHistory of(String name) {
    return read(file(name));
  }

  List<StepHistory> all() {
    List<StepHistory> all = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        StepHistory history = file.toString().endsWith(".part") ? null : read(file);
        if (history != null) {
          all.add(history);
        }
      }
    } catch (IOException none) {
      return all;
    }
    all.sort((a, b) -> Long.compare(b.atMs(), a.atMs()));
    return all;
  }

  /** Which parts of a key are not as they were when the step was last asked for. */
  List<String> otherParts(StepKey key) {
    StepHistory before = read(file(key.name()));
    if (before == null) {
      return List.of("it has not run before");
    }
    List<String> reasons = new ArrayList<>();
    key.parts()
        .forEach((part, digest) -> {
          String then = before.parts().get(part);
          if (then == null) {
            reasons.add("the " + part + " is new");
          } else if (!then.equals(StepKey.brief(digest))) {
            reasons.add("the " + part + " is another one");
          }
        });
    for (String part : before.parts().keySet()) {
      if (!key.parts().containsKey(part)) {
        reasons.add("the " + part + " is gone");
      }
    }
    if (reasons.isEmpty()) {
      reasons.add(
          before.notKept().isEmpty()
              ? "what was kept of it is gone"
              : "what came of it the last time was not kept: " + before.notKept().getFirst());
    }
    return reasons;
  }

  private static @Nullable StepHistory read(Path file) {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (IOException none) {
      return null;
    }
    Map<String, String> one = new LinkedHashMap<>();
    Map<String, String> parts = new LinkedHashMap<>();
    List<String> missed = new ArrayList<>();
    List<String> notKept = new ArrayList<>();
    for (String line : lines) {
      int equals = line.lastIndexOf('=');
      if (line.startsWith("part ") && equals > 0) {
        parts.put(line.substring(5, equals), line.substring(equals + 1));
        continue;
      }
      equals = line.indexOf('=');
      if (equals < 0) {
        continue;
      }
      String name = line.substring(0, equals);
      String value = line.substring(equals + 1);
      if (name.equals("missed")) {
        missed.add(value);
      } else if (name.equals("not-kept")) {
        notKept.add(value);
      } else {
        one.put(name, value);
      }
    }
    return new StepHistory(
        one.getOrDefault("name", ""),
        one.getOrDefault("key", ""),
        number(one, "at"),
        Boolean.parseBoolean(one.get("spared")),
        missed,
        notKept,
        number(one, "hits"),
        number(one, "misses"),
        number(one, "saved"),
        parts);
  }

  private static long number(Map<String, String> values, String name) {
    try {
      return Long.parseLong(values.getOrDefault(name, "0"));
    } catch (NumberFormatException damaged) {
      return 0;
    }
  }
}
