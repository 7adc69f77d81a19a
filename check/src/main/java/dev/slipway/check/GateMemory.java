package dev.slipway.check;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Remembers how gates ended, for as long as nothing that they read has changed. */
public interface GateMemory {
  /** How the gate would end again; null when that is not known. May be asked by several threads. */
  @Nullable GateResult find(Gate gate);

  /** Keeps how a gate ended. */
  void keep(GateResult result);

  /** Writes down what was kept. */
  void save() throws IOException;
}
