package dev.slipway.engine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Redis, without persistence. */
final class RedisRecipe implements ServiceRecipe {
  @Override
  public int port() {
    return 6379;
  }

  @Override
  public void start(LocalService service) {
    Path server = service.find("redis-server", List.of());
    if (server == null) {
      server = service.find("valkey-server", List.of());
    }
    if (server == null) {
      throw new ContainerException(
          "`redis-server` is not on this machine (Debian package redis-server)");
    }
    List<String> command =
        new ArrayList<>(
            List.of(
                server.toString(),
                "--port",
                Integer.toString(service.port()),
                "--bind",
                "127.0.0.1",
                "-::1",
                "--protected-mode",
                "no",
                "--save",
                "",
                "--appendonly",
                "no",
                "--dir",
                service.folder().toString()));
    // As Bitnami's image takes it.
    String password = service.variable("REDIS_PASSWORD");
    if (!password.isEmpty()) {
      command.addAll(List.of("--requirepass", password));
    }
    for (String word : service.spec().command()) {
      if (!word.endsWith("redis-server")) {
        command.add(word);
      }
    }
    service.begin(command, service.folder());
    // It answers without a password too, if only to ask for one.
    service.await(() -> service.answers("PING\r\n"));
  }
}
