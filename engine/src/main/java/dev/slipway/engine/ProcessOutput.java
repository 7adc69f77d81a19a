package dev.slipway.engine;

/** Where a process's output goes; called by the thread that runs the process. */
public interface ProcessOutput {
  /** Output that nobody reads. */
  ProcessOutput SILENT =
      new ProcessOutput() {
        @Override
        public void bytes(RunEvent.Stream stream, byte[] bytes, int length) {}

        @Override
        public void idle() {}
      };

  /** Bytes as they came, from 0 to {@code length}; the array is used again. */
  void bytes(RunEvent.Stream stream, byte[] bytes, int length);

  /** Nothing to read right now. */
  void idle();
}
