package dev.slipway.trace;

import java.io.IOException;
import java.util.List;

/** A way to watch processes that works on this machine. Thread-safe. */
public interface Tracer {
  /** As it is called in messages: {@code notify}, {@code ptrace}. */
  String name();

  /**
   * Whether watched processes can still become another user, as {@code sudo} and {@code su} do:
   * from who may not administer the system, the kernel takes a filter only for processes that
   * cannot.
   */
  default boolean keepsSetuid() {
    return Privileges.ofThisProcess();
  }

  /**
   * Begins a watch.
   *
   * @throws IOException when this machine does not allow it after all
   */
  Watch watch(Observer observer) throws IOException;

  /** The ways that work here, the best first. Empty on anything but Linux. */
  static List<Tracer> here() {
    if (!"Linux".equals(System.getProperty("os.name"))) {
      return List.of();
    }
    String machine = System.getProperty("os.arch", "");
    if (machine.equals("amd64")) {
      return List.of(new NotifyTracer(Arch.X86_64), new PtraceTracer());
    }
    return machine.equals("aarch64") ? List.of(new NotifyTracer(Arch.AARCH64)) : List.of();
  }
}
