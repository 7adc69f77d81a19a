package dev.slipway.check;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Remembers how gates ended, for as long as nothing that they read has changed. */
public interface GateMemory {
  /**
   * Looks for what is known of gates, as of now.
   *
   * @param files about how many the project has
   */
  Look look(int files);

  /** Belongs to one thread; several may look at a time. */
  interface Look {
    /** How the gate would end again; null when that is not known. */
    @Nullable GateResult find(Gate gate);
  }

  /** Keeps how a gate ended. */
  void keep(GateResult result);

  /** Writes down what was kept. */
  void save() throws IOException;
}
