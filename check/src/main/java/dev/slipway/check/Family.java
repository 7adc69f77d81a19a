package dev.slipway.check;

/** The gates of one language, or of one sort of file. */
interface Family {
  /** Adds the gates that it sees. */
  void detect(Detection found);
}
