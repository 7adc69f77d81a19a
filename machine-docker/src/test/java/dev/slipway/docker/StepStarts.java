package dev.slipway.docker;

import dev.slipway.engine.ContainerEngine;
import dev.slipway.engine.ContainerSpec;
import dev.slipway.engine.JobContainers;
import dev.slipway.engine.JobContainers.JobContainer;
import dev.slipway.engine.ProcessOutput;
import dev.slipway.engine.RunEvent;
import dev.slipway.engine.StopSignal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Prints how long a step of a job's container takes from its start to its end, and how fast its
 * output comes; a program for people, no test.
 */
final class StepStarts {
  private static final int STEPS = 200;
  private static final int WARM_UP = 20;

  private StepStarts() {}

  /** Takes the images to measure. */
  public static void main(String[] images) throws IOException {
    Path scratch = Files.createTempDirectory("slipway-step-starts");
    for (String image : images) {
      measure(scratch, image);
    }
  }

  private static void measure(Path scratch, String image) {
    DockerEngine engine = DockerEngine.create(scratch, System.getenv());
    JobContainers containers =
        engine.open(new ContainerEngine.Owner("/project", "step-starts", "job"));
    long[] bytes = {0};
    ProcessOutput output =
        new ProcessOutput() {
          @Override
          public void bytes(RunEvent.Stream stream, byte[] content, int length) {
            bytes[0] += length;
          }

          @Override
          public void idle() {}
        };
    try {
      long begin = System.nanoTime();
      ContainerSpec spec = Dock.spec("job", image);
      JobContainer job =
          containers
              .start(Optional.of(spec), List.of(), line -> {}, new StopSignal())
              .job()
              .orElseThrow();
      System.out.println(image + ": container up after " + millis(System.nanoTime() - begin));
      long[] taken = new long[STEPS];
      for (int i = -WARM_UP; i < STEPS; i++) {
        long start = System.nanoTime();
        job.run(
            "sh",
            List.of("-c", "echo hi"),
            "/",
            Map.of("A", "b"),
            output,
            new StopSignal(),
            Long.MAX_VALUE);
        if (i >= 0) {
          taken[i] = System.nanoTime() - start;
        }
      }
      Arrays.sort(taken);
      System.out.println(
          image
              + ": step median "
              + millis(taken[STEPS / 2])
              + ", 95% "
              + millis(taken[STEPS * 95 / 100]));
      bytes[0] = 0;
      long start = System.nanoTime();
      job.run(
          "head",
          List.of("-c", "209715200", "/dev/zero"),
          "/",
          Map.of(),
          output,
          new StopSignal(),
          Long.MAX_VALUE);
      System.out.println(
          image + ": " + bytes[0] + " bytes of output in " + millis(System.nanoTime() - start));
    } finally {
      long start = System.nanoTime();
      containers.close();
      System.out.println(image + ": removed after " + millis(System.nanoTime() - start));
      engine.close();
    }
  }

  private static String millis(long nanos) {
    return Math.round(nanos / 1e4) / 1e2 + " ms";
  }
}
