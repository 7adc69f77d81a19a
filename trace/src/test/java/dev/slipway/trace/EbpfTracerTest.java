package dev.slipway.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Required;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is particular to having calls written down that do not wait. */
final class EbpfTracerTest {
  private static final int PRCTL = 157;
  private static final int SET_SECCOMP = 22;

  @TempDir Path temporary;
  private Path here;

  @BeforeEach
  void allowed() throws IOException {
    here = temporary.toRealPath();
    if (!EbpfTracer.mayWork()) {
      throw Required.missing("the right to load programs into the kernel");
    }
  }

  @Test
  void whereItWorks_itIsTheFirstWay() {
    assertThat(Tracer.here()).extracting(Tracer::name).startsWith("ebpf", "notify");
  }

  @Test
  void whatABusyScriptDoes_isToldAsByOtherWays() throws IOException {
    String script =
        """
        set -e
        mkdir work; cd work
        for i in 1 2 3 4; do
          mkdir -p m$i/sub; echo "text $i" >m$i/sub/f
          (cd m$i; cd sub; /bin/cat f >g; cd ..; test -e sub/g; (cd ..; test -e x$i || cat m$i/sub/f)) &
        done
        wait
        mv m1 n1; (cd n1/sub; test -e f; mv ../../n1 ../../o1; cat f; ls -l; readlink f || :)
        ln -s o1/sub link; (cd link; test -e g; cd ..; test -e absent || cat link/f)
        find . -name g -exec stat {} + >list
        tar cf t.tar m2 m3 o1 list; mkdir un; tar xf t.tar -C un; cp -a un/m2 copied
        git init -q repo; cd repo; cp -r ../un/m3 .; git status >/dev/null; git ls-files -o
        for i in 1 2 3 4 5 6 7 8 9; do sh -c 'cd m3; [ -e sub ]; exec cat sub/f' & done; wait
        cd ../..; rm -r work
        """;
    List<Set<String>> all = new ArrayList<>();
    for (Tracer tracer : Tracer.here()) {
      try (Traced traced = Traced.start(tracer, here, "/bin/bash", "-c", script)) {
        assertThat(traced.exit()).isZero();
        assertThat(traced.ending().gaps()).isEmpty();
        all.add(
            traced.below(here).stream()
                .map(Traced.Told::toString)
                // Git tries links by a name of chance.
                .filter(line -> !line.matches(".*/\\.git/t\\w{6}"))
                .collect(Collectors.toCollection(TreeSet::new)));
      }
    }

    assertThat(all.getFirst()).hasSizeGreaterThan(200);
    Set<String> everything = new TreeSet<>();
    all.forEach(everything::addAll);
    for (Set<String> each : all) {
      Set<String> missing = new TreeSet<>(everything);
      missing.removeAll(each);
      assertThat(missing).isEmpty();
    }
  }

  @Test
  void whoHasEndedMeanwhile_isToldWhole() throws IOException {
    Files.createDirectories(here.resolve("one/two"));
    CountDownLatch ended = new CountDownLatch(1);
    Observer slow =
        (access, path, length, age) -> {
          if (new String(path, 0, length, StandardCharsets.UTF_8).endsWith("/wait")) {
            try {
              ended.await();
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
          }
        };
    String script = "cd one; cd two; test -e wait; test -e a; test -e ../b";

    try (Traced traced = Traced.start(new EbpfTracer(), slow, here, "/bin/sh", "-c", script)) {
      traced.exit();
      ended.countDown();
      Ending ending = traced.ending();
      assertThat(ending.gaps()).isEmpty();
      assertThat(ending.left()).isFalse();
      assertThat(traced.of(here.resolve("one/two/a"))).containsExactly(Access.STAT);
      assertThat(traced.of(here + "/one/two/../b")).containsExactly(Access.STAT);
    }
  }

  @Test
  void moreThanCanBeNoted_isAGap() throws IOException {
    Poke poke = new Poke();
    for (int i = 0; i < 100; i++) {
      poke.call(Call.OPENAT, Poke.HERE, "a", 0);
    }

    try (Traced traced = Traced.start(new EbpfTracer(4096), here, poke.command())) {
      assertThat(traced.exit()).isZero();
      assertThat(traced.ending().gaps()).contains("more was accessed at once than could be noted");
    }
  }

  @Test
  void anAnswerOverThePath_isAGap() throws IOException {
    Files.createSymbolicLink(here.resolve("a"), Path.of("elsewhere"));
    Poke poke = new Poke().call(Call.READLINKAT, Poke.HERE, "a", new Poke.Same(), 2);

    try (Traced traced = Traced.start(new EbpfTracer(), here, poke.command())) {
      assertThat(traced.exit()).isZero();
      assertThat(traced.ending().gaps())
          .containsExactly("a process had its answer put over its path");
    }
  }

  @Test
  void moreFiltersThanAreLookedAt_areAGap() throws IOException {
    Poke poke = new Poke();
    for (int i = 0; i <= TapProgram.FILTERS; i++) {
      poke.call(PRCTL, SET_SECCOMP, 2, new Poke.AllowAll());
    }
    poke.call(Call.OPENAT, Poke.HERE, "a", 0);

    try (Traced traced = Traced.start(new EbpfTracer(), here, poke.command())) {
      assertThat(traced.exit()).isZero();
      assertThat(traced.ending().gaps()).containsExactly("a process was under too many filters");
    }
  }

  @Test
  void whatIsNotReady_becomesReady_andServesOneWatchAfterTheOther() throws IOException {
    EbpfTracer tracer = new EbpfTracer();
    assertThat(tracer.ready()).isFalse();
    while (!tracer.ready()) {
      Thread.onSpinWait();
    }

    for (int i = 0; i < 3; i++) {
      try (Traced traced = Traced.script(tracer, here, "test -e a" + i)) {
        Ending ending = traced.ending();
        assertThat(ending.gaps()).isEmpty();
        assertThat(traced.below(here))
            .filteredOn(told -> !told.path().endsWith("/."))
            .containsExactly(new Traced.Told(Access.STAT, here + "/a" + i));
      }
      assertThat(tracer.ready()).isTrue();
    }
  }

  @Test
  void whatWasLeftRunning_isNotToldToTheNextWatch() throws IOException {
    EbpfTracer tracer = new EbpfTracer();
    String loop = "while :; do test -e left; done >/dev/null 2>&1 & echo $! >pid";
    try (Traced first = Traced.script(tracer, here, loop)) {
      assertThat(first.ending(Duration.ofMillis(20)).left()).isTrue();
    }

    try (Traced second = Traced.script(tracer, here, "test -e right; kill -9 $(cat pid)")) {
      assertThat(second.ending().gaps()).isEmpty();
      assertThat(second.of(here.resolve("right"))).containsExactly(Access.STAT);
      assertThat(second.of(here.resolve("left"))).isEmpty();
    }
  }
}
