package dev.slipway.cli;

import dev.slipway.engine.LocalEngine;
import dev.slipway.engine.Project;
import dev.slipway.engine.ProjectException;
import dev.slipway.plan.JobSelection;
import dev.slipway.plan.WorkflowResolver;
import dev.slipway.plan.WorkflowSource;
import dev.slipway.plan.WorkflowTree;
import dev.slipway.prove.ActionManifests;
import dev.slipway.prove.Proof;
import dev.slipway.prove.Prover;
import dev.slipway.workflow.ActionManifest;
import dev.slipway.workflow.ActionManifestReader;
import dev.slipway.workflow.ActionReference;
import dev.slipway.workflow.Problem;
import dev.slipway.workflow.Reading;
import dev.slipway.workflow.Triggers;
import dev.slipway.workflow.Workflow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code slipway prove}. */
final class ProveCommand implements Command {
  /** The events that guard a branch, then those that most workflows have. */
  private static final List<String> USUAL =
      List.of("pull_request", "merge_group", "push", "pull_request_target", "workflow_dispatch");

  @Override
  public Usage usage() {
    return Usage.of("prove", "Prove which steps can fail while the run still ends green")
        .details(
            """
            Goes through each workflow once for each of its steps, with that step failing, by the rules that real runs follow, and \
            names every step whose failure leaves the end green, with the reasons: a continue-on-error, a command whose failure is \
            swallowed, a gate that is skipped, does not need the job or looks at nothing. With --gate the end is the result of one \
            job, as branch protection sees it: there a skipped job counts as passed.

            What only a run will know (outputs, the branch, variables) is tried with every value that it is compared with, another \
            and none. Nothing is run. What was supposed is said at the end.

            Exit code: 0 every failure turns the end red, 1 some do not, 2 the command was not understood, 3 Slipway or the machine \
            failed.\
            """)
        .operands("FILE", "A workflow; those of the project when none is given")
        .option(Option.value("gate", "JOB", "The job whose result counts, instead of the run's"))
        .option(
            Option.value(
                "event",
                "EVENT",
                "The event that the run is of; pull_request, merge_group or push when left out,"
                    + " whichever comes first among a workflow's triggers"))
        .option(Option.flag("pairs", "Let two steps fail together, too"))
        .option(
            Option.value(
                    "accept",
                    "JOB/STEP",
                    "Do not mind this step: its job's id, or * for any, and its number or name")
                .repeated())
        .option(
            Option.value(
                    "action-source",
                    "OWNER/REPO=PATH",
                    "A local clone, bare or not, that holds the repository of a called workflow")
                .repeated()
                .directory())
        .example("slipway prove", "Every workflow of the project")
        .example("slipway prove --gate all-green", "What the required check really guards")
        .example("slipway prove --pairs .github/workflows/ci.yml", "Two failures at once")
        .example("slipway prove --accept 'test/Upload coverage'", "A failure that may be green");
  }

  @Override
  public int run(Arguments arguments, Surroundings surroundings) throws IOException {
    Project project = LocalRun.project(surroundings.directory());
    List<Path> named = new ArrayList<>();
    for (String operand : arguments.operands()) {
      Path path = surroundings.path(operand);
      if (!Files.isReadable(path)) {
        throw CommandException.usage("'" + operand + "' cannot be read", null);
      }
      named.add(path);
    }
    WorkflowSource calls =
        LocalEngine.calledWorkflows(
            project,
            LocalRun.request(
                LocalRun.projectFile(project), RunArguments.forCalls(arguments, surroundings)));
    List<ProvenWorkflow> proven = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    boolean gateFound = false;
    String gate = arguments.value("gate");
    for (Project.WorkflowFile file : workflows(project, named)) {
      Workflow workflow = file.reading().value();
      problems.addAll(file.reading().problems());
      if (workflow == null || (gate != null && workflow.job(gate) == null)) {
        continue;
      }
      String event = event(workflow, arguments.value("event"));
      if (event == null) {
        continue;
      }
      gateFound = true;
      Reading<WorkflowTree> tree = WorkflowResolver.resolve(workflow, calls, JobSelection.ALL);
      problems.addAll(tree.problems());
      WorkflowTree value = tree.value();
      if (value != null) {
        Proof proof =
            Prover.prove(
                new Prover.Question(
                    value, event, gate, arguments.has("pairs"), new Manifests(project.root())));
        proven.add(ProvenWorkflow.of(proof, value, project.root(), arguments.values("accept")));
      }
    }
    boolean errors = new LocalRun(surroundings).problems(refusals(problems));
    if (gate != null && !gateFound && !errors) {
      throw CommandException.usage(
          "no workflow that was looked at has a job '" + gate + "'",
          "name the job's id, as under `jobs:`");
    }
    surroundings
        .out()
        .print(
            arguments.has("json")
                ? ProofReport.json(proven)
                : ProofReport.text(proven, surroundings.colors()));
    boolean open = proven.stream().anyMatch(workflow -> !workflow.holds());
    return errors || open ? Exit.FAILED : Exit.SUCCESS;
  }

  private static List<Project.WorkflowFile> workflows(Project project, List<Path> named) {
    try {
      return project.workflows(named);
    } catch (ProjectException e) {
      throw LocalRun.mistake(e);
    }
  }

  private static List<Problem> refusals(List<Problem> problems) {
    return problems.stream().filter(p -> p.severity() == Problem.Severity.ERROR).toList();
  }

  /** The event to prove a workflow for; null when it is not triggered by the one asked for. */
  private static @Nullable String event(Workflow workflow, @Nullable String asked) {
    if (asked != null) {
      return workflow.on().trigger(asked) == null ? null : asked;
    }
    for (String event : USUAL) {
      if (workflow.on().trigger(event) != null) {
        return event;
      }
    }
    for (Triggers.Trigger trigger : workflow.on().triggers()) {
      if (!trigger.event().equals("workflow_call")) {
        return trigger.event();
      }
    }
    return workflow.on().triggers().isEmpty() ? null : workflow.on().triggers().getFirst().event();
  }

  /** The manifests of the project's own actions. */
  private static final class Manifests implements ActionManifests {
    private final Path root;
    private final Map<String, Optional<ActionManifest>> read = new HashMap<>();

    Manifests(Path root) {
      this.root = root;
    }

    @Override
    public @Nullable ActionManifest find(ActionReference reference) {
      String path;
      if (reference instanceof ActionReference.Local local) {
        path = local.path();
      } else if (reference instanceof ActionReference.Self self) {
        path = self.path();
      } else {
        return null;
      }
      return read.computeIfAbsent(path, this::load).orElse(null);
    }

    private Optional<ActionManifest> load(String path) {
      for (String name : new String[] {"action.yml", "action.yaml"}) {
        Path file = root.resolve(path).resolve(name).normalize();
        if (file.startsWith(root) && Files.isRegularFile(file)) {
          try {
            String shown = root.relativize(file).toString();
            return Optional.ofNullable(
                ActionManifestReader.read(
                        shown, new String(LintFiles.bytes(file), StandardCharsets.UTF_8))
                    .value());
          } catch (IOException e) {
            return Optional.empty();
          }
        }
      }
      return Optional.empty();
    }
  }
}
