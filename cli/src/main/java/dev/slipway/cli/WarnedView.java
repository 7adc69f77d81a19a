package dev.slipway.cli;

import dev.slipway.engine.RunEvent;
import dev.slipway.engine.RunListener;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A view, and beside it the warnings that concern no job, for when it is closed. */
final class WarnedView implements RunListener {
  private final RunView view;
  private final Set<String> warnings = Collections.synchronizedSet(new LinkedHashSet<>());

  WarnedView(RunView view) {
    this.view = view;
  }

  /** What there was to warn of. */
  List<String> warnings() {
    return List.copyOf(warnings);
  }

  @Override
  public void warning(String message) {
    warnings.add(message);
  }

  @Override
  public void event(RunEvent event) {
    view.event(event);
  }

  @Override
  public void log(
      String run,
      String job,
      int step,
      RunEvent.Stream stream,
      byte[] line,
      int offset,
      int length) {
    view.log(run, job, step, stream, line, offset, length);
  }

  @Override
  public void stored(byte[] lines, int length) {
    view.stored(lines, length);
  }
}
