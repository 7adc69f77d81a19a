package dev.slipway.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * The files through which a job's steps speak to the runner: there before anything of a step is
 * evaluated, so that its script and its inputs can name them, and read when it is over
 * (actions/runner, FileCommandManager). Thread-safe.
 */
final class StepFiles {
  private static final int MAX_SUMMARY = 1024 * 1024;
  private static final String ARTIFACTS = "artifacts_list_";

  /** The list of a job that has declared nothing, which the next job can have as it is. */
  static final String NO_ARTIFACTS = ARTIFACTS + 0;

  private final JobContext job;
  private final CommandFiles.Untouched untouched;
  private final ArtifactSubjects artifacts = new ArtifactSubjects();

  StepFiles(JobContext job) {
    this.job = job;
    this.untouched = job.place.untouchedFiles();
  }

  /** Makes a step's files and names them in its {@code github} context. */
  CommandFiles open(StepRun run) throws IOException {
    Path folder = job.place.temp().resolve(JobRunner.COMMAND_FILES);
    CommandFiles files = new CommandFiles(folder, job.serial());
    files.create(run.launcher, untouched);
    Path list = artifactList(folder);
    synchronized (job.lock) {
      files.describe(run.github);
      run.github.put("artifacts_list", list.toString());
    }
    return files;
  }

  /** Takes over what a step wrote; false when some of it is wrong, which the step's log says. */
  boolean close(StepRun run, CommandFiles files) {
    boolean understood = true;
    try {
      for (String problem : files.read(run.effects)) {
        run.fail(problem);
        understood = false;
      }
      addSummary(run, files.summary(MAX_SUMMARY));
      understood &= declareArtifacts(run, files);
    } catch (IOException e) {
      run.fail("The step's command files could not be read: " + e);
      understood = false;
    } finally {
      files.release(run.launcher, untouched);
    }
    return understood;
  }

  private void addSummary(StepRun run, byte[] summary) {
    if (summary.length > MAX_SUMMARY) {
      run.commands.error(
          "$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of 1024k, got more");
    } else if (summary.length > 0) {
      String masked = job.masker.mask(new String(summary, StandardCharsets.UTF_8));
      job.recorder.emit((seq, at) ->
          new RunEvent.Summary(seq, at, job.recorder.run(), job.spec.key(), run.number, masked));
    }
  }

  /** The file in which steps read what the job has declared; whatever they write there is lost. */
  private Path artifactList(Path folder) throws IOException {
    synchronized (artifacts) {
      Path list = folder.resolve(ARTIFACTS + artifacts.size());
      String json = artifacts.json();
      if (!Files.isRegularFile(list, LinkOption.NOFOLLOW_LINKS)
          || !Files.readString(list).equals(json)) {
        Files.deleteIfExists(list);
        Files.writeString(list, json);
      }
      return list;
    }
  }

  private boolean declareArtifacts(StepRun run, CommandFiles files) throws IOException {
    synchronized (artifacts) {
      try {
        int declared = files.declare(artifacts, job.workspace());
        if (declared > 0) {
          run.log.system("Artifacts declared: " + declared + ", " + artifacts.size() + " in all");
        }
        return true;
      } catch (ArtifactSubjects.DeclarationException e) {
        run.fail("Unable to process file command 'artifacts' successfully. " + e.getMessage());
        return false;
      }
    }
  }
}
