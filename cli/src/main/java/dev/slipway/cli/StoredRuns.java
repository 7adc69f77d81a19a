package dev.slipway.cli;

import dev.slipway.engine.RunEvent;
import dev.slipway.engine.RunStore;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The record of runs that the engine keeps. */
record StoredRuns(RunStore store) implements RunRecord {
  @Override
  public List<Entry> runs() {
    List<Entry> entries = new ArrayList<>();
    for (RunStore.StoredRun run : store.runs()) {
      entries.add(
          new Entry(
              run.id(),
              run.workflow(),
              run.file(),
              run.event(),
              run.ref(),
              run.sha(),
              run.actor(),
              run.startedAt(),
              run.conclusion(),
              run.interrupted(),
              run.durationMs()));
    }
    return entries;
  }

  @Override
  public void read(String run, Consumer<RunEvent> events) {
    store.read(run, events);
  }

  @Override
  public void readWithoutLog(String run, Consumer<RunEvent> events) {
    store.readWithoutLog(run, events);
  }
}
