package dev.slipway.check;

import org.jspecify.annotations.Nullable;

/** Remembers how gates ended, for as long as nothing that they read has changed. */
public interface GateMemory {
  /** How the gate would end again; null when that is not known. May be asked by several threads. */
  @Nullable GateResult find(Gate gate);

  /** Keeps how a gate ended. */
  void keep(GateResult result);

  /** Remembers nothing. */
  GateMemory NONE =
      new GateMemory() {
        @Override
        public @Nullable GateResult find(Gate gate) {
          return null;
        }

        @Override
        public void keep(GateResult result) {}
      };
}
