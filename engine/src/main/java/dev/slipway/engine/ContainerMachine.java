package dev.slipway.engine;

import java.io.IOException;

/** A machine whose jobs run in a container of one image, unless they name another. */
record ContainerMachine(String name, String image, Machine host) implements Machine {
  @Override
  public Place open(String jobKey) throws IOException {
    return host.open(jobKey);
  }
}
