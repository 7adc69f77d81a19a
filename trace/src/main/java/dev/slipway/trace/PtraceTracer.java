package dev.slipway.trace;

import java.io.IOException;

/**
 * Watches by ptrace, stopped by seccomp only at the calls that are watched: slower, and programs
 * that trace others themselves fail; but it works inside a watch by notification.
 */
final class PtraceTracer implements Tracer {
  @Override
  public String name() {
    return "ptrace";
  }

  @Override
  public Watch watch(Observer observer) throws IOException {
    return PtraceWatch.begin(observer);
  }
}
