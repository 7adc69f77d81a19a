package dev.slipway.trace;

import java.io.IOException;

/** Watches by seccomp's user notification: the kernel asks before each call that is watched. */
final class NotifyTracer implements Tracer {
  private final Arch arch;

  NotifyTracer(Arch arch) {
    this.arch = arch;
  }

  @Override
  public String name() {
    return "notify";
  }

  @Override
  public Watch watch(Observer observer) throws IOException {
    return NotifyWatch.begin(arch, observer);
  }
}
