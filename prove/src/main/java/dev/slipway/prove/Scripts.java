package dev.slipway.prove;

import dev.slipway.shell.Dialect;
import dev.slipway.shell.ShellForecast;
import dev.slipway.shell.ShellForecast.Ending;
import dev.slipway.shell.ShellOptions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How scripts end, each told once. Not thread-safe. */
final class Scripts {
  /** Without one of these nothing in a script tests anything. */
  private static final List<String> TESTS =
      List.of("exit", "[", "test", "false", "return", "grep", "jq", "((", "!");

  private final Map<String, Ending> told = new HashMap<>();

  Ending ending(
      String script, Dialect dialect, ShellOptions options, Map<String, String> environment) {
    if (TESTS.stream().noneMatch(script::contains)) {
      return Ending.SUCCEEDS;
    }
    StringBuilder key = new StringBuilder(script);
    key.append('\0').append(dialect).append(options.on());
    environment.forEach((name, value) -> {
      if (script.contains(name)) {
        key.append('\0').append(name).append('=').append(value);
      }
    });
    return told.computeIfAbsent(
        key.toString(),
        k -> ShellForecast.of(script, dialect, options, environment, Variable.MARK));
  }
}
