package dev.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunStoreTest {
  private static final RunListener NOBODY =
      new RunListener() {
        @Override
        public void event(RunEvent event) {}

        @Override
        public void log(
            String run,
            String job,
            int step,
            RunEvent.Stream stream,
            byte[] line,
            int offset,
            int length) {}
      };

  @TempDir Path root;

  private RunRecorder begin(RunStore store) throws IOException {
    RunRecorder recorder = store.begin("slipway-test-none", "{}", NOBODY, e -> {});
    String run = recorder.run();
    recorder.emit((seq, at) ->
        new RunEvent.RunStarted(
            seq,
            at,
            run,
            "CI",
            ".github/workflows/ci.yml",
            "push",
            "refs/heads/main",
            "abc",
            "me"));
    return recorder;
  }

  private static List<RunEvent> events(RunStore store, String run) {
    List<RunEvent> events = new ArrayList<>();
    store.read(run, events::add);
    return events;
  }

  @Test
  void linesOfTheLog_areReadAsTheyWere_orPassedOver() throws IOException {
    RunStore store = RunStore.open(root);
    RunRecorder recorder = begin(store);
    String run = recorder.run();
    String large = "Ä\"\\\t".repeat(200_000);
    List<String> texts = List.of("", "plain", "{\"type\":\"log\"}", "\u0001\ud83d\ude00", large);
    for (String text : texts) {
      recorder.emit(
          (seq, at) -> new RunEvent.Log(seq, at, run, "a", 1, RunEvent.Stream.STDERR, text));
      recorder.emit((seq, at) -> new RunEvent.Summary(seq, at, run, "a", 1, text));
    }
    recorder.close();
    Path file = root.resolve(".slipway/runs/1/events.jsonl");
    Files.writeString(
        file,
        "{\"type\":\"log\",\"seq\":99,\"at\":\"2026-01-01T00:00:00.000Z\",\"run\":\"1\",\"job\":\"b\",\"step\":2,\"stream\":\"system\",\"later\":{\"x\":[1]},\"text\":\"other"
            + " order\"}\n"
            + "{\"seq\":100,\"at\":\"2026-01-01T00:00:00.000Z\",\"type\":\"log\",\"run\":\"1\",\"tex",
        StandardOpenOption.APPEND);

    List<RunEvent> read = events(store, run);
    List<RunEvent> without = new ArrayList<>();
    store.readWithoutLog(run, without::add);

    assertThat(read.stream().filter(RunEvent.Log.class::isInstance).map(RunEvent.Log.class::cast))
        .extracting(RunEvent.Log::text)
        .containsExactly(
            "", "plain", "{\"type\":\"log\"}", "\u0001\ud83d\ude00", large, "other order");
    assertThat(without.stream().filter(RunEvent.Summary.class::isInstance)).hasSize(texts.size());
    assertThat(read).extracting(RunEvent::seq).startsWith(1L, 2L, 3L, 4L);
  }

  @Test
  void everyEvent_isReadAsItWasWritten() throws IOException {
    RunStore store = RunStore.open(root);
    RunRecorder recorder = begin(store);
    String run = recorder.run();
    List<RunEvent> written = new ArrayList<>();
    List<RunRecorder.Event> all =
        List.of(
            (seq, at) ->
                new RunEvent.JobQueued(
                    seq, at, run, "a (1)", "a", "A \"1\"", List.of("b"), "{\"n\":1}"),
            (seq, at) -> new RunEvent.JobStarted(seq, at, run, "a (1)", "A", "host"),
            (seq, at) -> new RunEvent.JobSkipped(seq, at, run, "c", "C", "no reason\n\u0001"),
            (seq, at) ->
                new RunEvent.StepStarted(
                    seq, at, run, "a (1)", 1, "Run x", RunEvent.Phase.PRE, "x/y@v1", null),
            (seq, at) -> new RunEvent.GroupStarted(seq, at, run, "a (1)", 1, "group"),
            (seq, at) -> new RunEvent.GroupFinished(seq, at, run, "a (1)", 1),
            (seq, at) ->
                new RunEvent.Annotation(
                    seq, at, run, "a (1)", 1, "error", "bad", null, "a.c", 1, null, 2, null, "E1",
                    "matcher"),
            (seq, at) -> new RunEvent.Summary(seq, at, run, "a (1)", 1, "# Ä\n"),
            (seq, at) ->
                new RunEvent.StepFinished(
                    seq,
                    at,
                    run,
                    "a (1)",
                    1,
                    RunEvent.Phase.POST,
                    Conclusion.FAILURE,
                    Conclusion.SUCCESS,
                    12,
                    false,
                    3,
                    Map.of("k", "v")),
            (seq, at) ->
                new RunEvent.JobFinished(
                    seq, at, run, "a (1)", Conclusion.CANCELLED, 5, Map.of(), "timed_out"),
            (seq, at) -> new RunEvent.RunFinished(seq, at, run, Conclusion.FAILURE, 20, null));
    for (RunRecorder.Event event : all) {
      recorder.emit((seq, at) -> {
        RunEvent made = event.at(seq, at);
        written.add(made);
        return made;
      });
    }
    recorder.close();
    List<RunEvent> read = events(store, run);
    assertThat(read.subList(1, read.size())).isEqualTo(written);
    assertThat(store.run(run).orElseThrow().conclusion()).isEqualTo(Conclusion.FAILURE);
    assertThat(store.run("latest").orElseThrow().id()).isEqualTo(run);
  }

  @Test
  void runs_areNumberedAndListedNewestFirst() throws IOException {
    RunStore store = RunStore.open(root);
    begin(store).close();
    begin(store).close();
    assertThat(store.runs()).extracting(RunStore.StoredRun::id).containsExactly("2", "1");
    assertThat(Files.readString(root.resolve(".slipway/.gitignore"))).isEqualTo("*\n");
  }

  @Test
  void recover_runWhoseOwnerIsGone_isMarkedInterruptedAndItsCutLineKeptApart() throws Exception {
    RunStore store = RunStore.open(root);
    RunRecorder recorder = begin(store);
    recorder.close();
    Path runs = root.resolve(".slipway/runs");
    Files.writeString(
        runs.resolve("1/events.jsonl"),
        "{\"seq\":2,\"at\":\"2026-01-01T00:00:00.000Z\",\"ty",
        StandardOpenOption.APPEND);
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    Files.writeString(runs.resolve("open/1"), gone.pid() + "@1 slipway-test-none");

    assertThat(store.recover()).containsExactly("1");

    RunStore.StoredRun run = store.run("1").orElseThrow();
    assertThat(run.conclusion()).isEqualTo(Conclusion.CANCELLED);
    assertThat(run.interrupted()).isTrue();
    assertThat(events(store, "1")).hasSize(2).last().isInstanceOf(RunEvent.RunFinished.class);
    assertThat(store.recover()).isEmpty();
  }

  @Test
  void recover_runOfALivingProcess_isLeftAlone() throws IOException {
    RunStore store = RunStore.open(root);
    try (RunRecorder recorder = begin(store)) {
      assertThat(store.recover()).isEmpty();
      assertThat(store.run(recorder.run()).orElseThrow().conclusion()).isNull();
    }
  }

  @Test
  void recover_endsTheProcessesThatTheRunLeft() throws Exception {
    RunStore store = RunStore.open(root);
    begin(store).close();
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    ProcessBuilder orphan = new ProcessBuilder("sleep", "600");
    orphan.environment().put("RUNNER_TRACKING_ID", "slipway-orphan-test_job");
    Process left = orphan.start();
    Files.writeString(root.resolve(".slipway/runs/open/1"), gone.pid() + "@1 slipway-orphan-test");
    store.recover();
    assertThat(left.waitFor()).isEqualTo(137);
  }
}
