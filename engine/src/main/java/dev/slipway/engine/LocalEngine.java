package dev.slipway.engine;

import dev.slipway.cache.step.Remote;
import dev.slipway.cache.step.SharedSteps;
import dev.slipway.plan.EventContext;
import dev.slipway.plan.Forecasts;
import dev.slipway.plan.Inputs;
import dev.slipway.plan.JobSelection;
import dev.slipway.plan.Plan;
import dev.slipway.plan.PlanException;
import dev.slipway.plan.PlanKeys;
import dev.slipway.plan.Planner;
import dev.slipway.plan.RunKeys;
import dev.slipway.plan.TriggerMatch;
import dev.slipway.plan.UnavailableException;
import dev.slipway.plan.WorkflowResolver;
import dev.slipway.plan.WorkflowSource;
import dev.slipway.plan.WorkflowTree;
import dev.slipway.runtime.RuntimeServices;
import dev.slipway.runtime.RuntimeSettings;
import dev.slipway.workflow.Problem;
import dev.slipway.workflow.Reading;
import dev.slipway.workflow.Workflow;
import dev.slipway.workflow.expression.Json;
import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Value;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Runs a project's workflows on this machine. {@link #create} reads and resolves what the event
 * triggers; {@link #run} runs it. {@link #cancel} and {@link #kill} may be called from any thread,
 * at any time.
 */
public final class LocalEngine {
  private final Project project;
  private final RunRequest request;
  private final EventContext event;
  private final List<Selected> selected;
  private final List<Problem> problems;
  private final GitActions actions;
  private final MachineLabels machines;
  private final ContainerEngine containers;
  private final RuntimeSettings settings;
  private final Surroundings surroundings;
  private final Homes homes;
  private @Nullable LocalRuns running;
  private boolean cancelled;
  private boolean killed;
  private @Nullable IOException failure;
  private @Nullable Path kept;

  /**
   * A workflow and what becomes of it.
   *
   * @param tree null when it is not triggered, or not right
   * @param jobs ids of the jobs asked for; empty for all
   * @param keys what its jobs are called beside those of the other workflows
   */
  public record Selected(
      String file,
      @Nullable Workflow workflow,
      boolean triggered,
      String reason,
      @Nullable WorkflowTree tree,
      Value inputs,
      Set<String> jobs,
      RunKeys keys) {
    private static Selected not(String file, @Nullable Workflow workflow, String reason) {
      return new Selected(
          file, workflow, false, reason, null, Value.object(Map.of()), Set.of(), RunKeys.PLAIN);
    }
  }

  private LocalEngine(
      Project project,
      RunRequest request,
      EventContext event,
      List<Selected> selected,
      List<Problem> problems,
      GitActions actions,
      MachineLabels machines,
      ContainerEngine containers,
      RuntimeSettings settings,
      Surroundings surroundings,
      Homes homes) {
    this.project = project;
    this.request = request;
    this.event = event;
    this.selected = selected;
    this.problems = problems;
    this.actions = actions;
    this.machines = machines;
    this.containers = containers;
    this.settings = settings;
    this.surroundings = surroundings;
    this.homes = homes;
  }

  /**
   * Reads the workflows and decides which of them the event triggers.
   *
   * @param containers runs those that jobs ask for; closed by whoever made it
   * @throws ProjectException when the request cannot be met at all
   */
  public static LocalEngine create(
      Project project, RunRequest request, ContainerEngine containers) {
    return create(project, request, containers, Homes.OF_JOBS);
  }

  /**
   * The same, with a choice of homes.
   *
   * @throws ProjectException when the request cannot be met at all
   */
  public static LocalEngine create(
      Project project, RunRequest request, ContainerEngine containers, Homes homes) {
    return create(project, request, containers, Surroundings.here(), homes);
  }

  static LocalEngine create(
      Project project, RunRequest request, ContainerEngine containers, Surroundings surroundings) {
    return create(project, request, containers, surroundings, Homes.OF_JOBS);
  }

  private static LocalEngine create(
      Project project,
      RunRequest request,
      ContainerEngine containers,
      Surroundings surroundings,
      Homes homes) {
    MachineLabels machines = new MachineLabels(request.machines());
    RuntimeSettings settings = settings(project, surroundings);
    GitActions actions =
        new GitActions(
            surroundings.cache().resolve("actions"),
            request.actionUrlBase(),
            request.actionSources());
    // Git answers while the files are read.
    FutureTask<EventContext> asked = new FutureTask<>(() -> LocalEvent.of(project, request));
    Thread.ofPlatform().daemon().name("event").start(asked);
    List<Project.WorkflowFile> read = project.workflows(request.workflows());
    EventContext event = answer(asked);
    List<Selected> selected = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    Files files = new Files(project, actions);
    PlanKeys planKeys = new PlanKeys();
    JobSelection selection = selection(request);
    List<Reading<Workflow>> readings = new ArrayList<>(read.size());
    for (Project.WorkflowFile file : read) {
      readings.add(file.reading());
    }
    try {
      selection.check(readings);
    } catch (PlanException e) {
      throw mistake(e);
    }
    if (!request.matrix().isEmpty()) {
      // Matrices are made while a run goes on; a plan tells before it what the values leave.
      plan(project, request, read, event, actions, machines, Forecasts.NONE.durations());
    }
    for (Project.WorkflowFile file : read) {
      problems.addAll(file.reading().problems());
      Workflow workflow = file.reading().value();
      if (workflow == null) {
        selected.add(Selected.not(file.file(), null, "the file is not right"));
        continue;
      }
      TriggerMatch match = TriggerMatch.of(workflow.on(), event);
      if (!match.triggered()) {
        selected.add(Selected.not(file.file(), workflow, match.reason()));
        continue;
      }
      RunKeys keys = planKeys.next(workflow);
      if (!selection.concerns(workflow)) {
        selected.add(Selected.not(file.file(), workflow, JobSelection.UNCONCERNED));
        continue;
      }
      Reading<WorkflowTree> resolved = WorkflowResolver.resolve(workflow, files, selection);
      problems.addAll(resolved.problems());
      Reading<ObjectValue> inputs = Inputs.dispatched(workflow, event);
      problems.addAll(inputs.problems());
      ObjectValue values = inputs.value();
      selected.add(
          new Selected(
              file.file(),
              workflow,
              true,
              match.reason(),
              values == null ? null : resolved.value(),
              values == null ? Value.NULL : values,
              selection.named(workflow),
              request.keys().ids().isEmpty() ? keys : request.keys()));
    }
    return new LocalEngine(
        project,
        request,
        event,
        selected,
        problems,
        actions,
        machines,
        containers,
        settings,
        surroundings,
        homes);
  }

  /** Where artifacts and caches are kept. */
  private static RuntimeSettings settings(Project project, Surroundings surroundings) {
    try {
      return RuntimeSettings.configured(
          project.root().resolve(".slipway").resolve("artifacts"),
          surroundings.cache(),
          surroundings.environment());
    } catch (IllegalArgumentException e) {
      throw new ProjectException(
          String.valueOf(e.getMessage()), "set it to s3://BUCKET/PREFIX, or unset it");
    }
  }

  private static JobSelection selection(RunRequest request) {
    return JobSelection.of(request.jobs(), request.matrix());
  }

  private static ProjectException mistake(PlanException e) {
    return new ProjectException(String.valueOf(e.getMessage()), e.hint() == null ? "" : e.hint());
  }

  private static EventContext answer(FutureTask<EventContext> asked) {
    try {
      return asked.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException problem) {
        throw problem;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /**
   * What the request would run, and why, without running anything.
   *
   * @throws ProjectException when the request cannot be met at all
   */
  public static Plan plan(Project project, RunRequest request) {
    MachineLabels machines = new MachineLabels(request.machines());
    return plan(
        project,
        request,
        project.workflows(request.workflows()),
        LocalEvent.of(project, request),
        actions(request),
        machines,
        new PastDurations(RunStore.open(project.root())));
  }

  private static Plan plan(
      Project project,
      RunRequest request,
      List<Project.WorkflowFile> read,
      EventContext event,
      GitActions actions,
      MachineLabels machines,
      Forecasts.Durations durations) {
    List<Planner.WorkflowFile> files = new ArrayList<>(read.size());
    for (Project.WorkflowFile file : read) {
      files.add(new Planner.WorkflowFile(file.file(), file.reading()));
    }
    Map<String, Value> vars = new LinkedHashMap<>();
    request.vars().forEach((name, value) -> vars.put(name, Value.of(value)));
    Forecasts forecasts =
        new Forecasts(
            labels -> {
              RunDefinition.Choice choice = machines.choose(labels);
              return choice instanceof RunDefinition.Choice.Fits fits
                  ? new Forecasts.Choice(fits.machine(), null)
                  : new Forecasts.Choice(null, ((RunDefinition.Choice.None) choice).reason());
            },
            durations,
            (runsOn, milliseconds) -> null,
            Value.object(vars));
    try {
      return Planner.plan(event, files, new Files(project, actions), forecasts, selection(request));
    } catch (PlanException e) {
      throw mistake(e);
    }
  }

  private static GitActions actions(RunRequest request) {
    return new GitActions(
        Surroundings.here().cache().resolve("actions"),
        request.actionUrlBase(),
        request.actionSources());
  }

  /** Where the workflows come from that jobs of a project's workflows call. */
  public static WorkflowSource calledWorkflows(Project project, RunRequest request) {
    return new Files(project, actions(request));
  }

  /** Called workflows, from the project or from where actions come from. */
  private record Files(Project project, GitActions actions) implements WorkflowSource {
    @Override
    public Called read(String uses, String callerOrigin) {
      // Both mean the repository and commit of the calling file.
      if (uses.startsWith("./") || uses.startsWith("$/")) {
        if (callerOrigin.isEmpty()) {
          Path file = project.root().resolve(uses.substring(2)).normalize();
          if (!file.startsWith(project.root()) || !java.nio.file.Files.isRegularFile(file)) {
            throw new PlanException("The workflow '" + uses + "' does not exist");
          }
          return new Called(project.read(file).reading(), "");
        }
        int at = callerOrigin.lastIndexOf('@');
        return read(
            callerOrigin.substring(0, at)
                + "/"
                + uses.substring(2)
                + "@"
                + callerOrigin.substring(at + 1),
            "");
      }
      int at = uses.lastIndexOf('@');
      String[] path = at < 0 ? new String[0] : uses.substring(0, at).split("/", 3);
      if (path.length < 3) {
        throw new PlanException("'" + uses + "' is not {owner}/{repo}/{path}@{ref}");
      }
      ActionFolder folder;
      try {
        folder = actions.repository(path[0], path[1], uses.substring(at + 1));
      } catch (IOException e) {
        throw new UnavailableException(
            "The workflow '" + uses + "' cannot be fetched: " + e.getMessage());
      }
      Path file = folder.root().resolve(path[2]).normalize();
      if (!file.startsWith(folder.root()) || !java.nio.file.Files.isRegularFile(file)) {
        throw new PlanException("The workflow '" + uses + "' does not exist");
      }
      return new Called(Project.read(uses, file), path[0] + "/" + path[1] + "@" + folder.sha());
    }
  }

  /** Where jobs work on this machine. */
  public static Path workFolder() {
    return Surroundings.here().work();
  }

  /**
   * What actions find in the tool cache without a download: versions by the name that they look
   * for, newest first.
   */
  public static Map<String, List<String>> offeredTools() throws IOException {
    Surroundings here = Surroundings.here();
    Map<String, List<String>> offered = new LinkedHashMap<>();
    for (InstalledTool tool :
        new ToolCache(here.cache(), here.userHome(), here.environment()).installed()) {
      offered.computeIfAbsent(tool.name(), name -> new ArrayList<>()).add(tool.version());
    }
    offered.values().forEach(versions -> versions.sort(InstalledTool::newestFirst));
    return offered;
  }

  public Project project() {
    return project;
  }

  public EventContext event() {
    return event;
  }

  /** Every workflow considered, in order. */
  public List<Selected> selected() {
    return List.copyOf(selected);
  }

  /**
   * All that is wrong with the files. A workflow with an error does not run; one that calls another
   * that cannot be fetched runs but for those calls.
   */
  public List<Problem> problems() {
    return List.copyOf(problems);
  }

  /** Why nothing can run; null when it can. */
  public @Nullable String refusal() {
    for (Problem problem : problems) {
      if (problem.severity() == Problem.Severity.ERROR) {
        return "a workflow is not right";
      }
    }
    return null;
  }

  /** Secrets that triggered workflows name and nobody gave. */
  public Set<String> missingSecrets() {
    Set<String> missing = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    for (Selected one : selected) {
      if (one.tree() != null) {
        missing.addAll(UsedNames.of(one.tree()).secrets());
      }
    }
    removeAll(missing, request.secrets().keySet());
    return missing;
  }

  /** Variables that triggered workflows name and nobody gave. */
  public Set<String> missingVars() {
    Set<String> missing = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    for (Selected one : selected) {
      if (one.tree() != null) {
        missing.addAll(UsedNames.of(one.tree()).vars());
      }
    }
    removeAll(missing, request.vars().keySet());
    return missing;
  }

  private static void removeAll(Set<String> from, Set<String> names) {
    names.forEach(from::remove);
  }

  /** The {@code vars} context. */
  public Value vars() {
    Map<String, Value> vars = new LinkedHashMap<>();
    request.vars().forEach((name, value) -> vars.put(name, Value.of(value)));
    return Value.object(vars);
  }

  /** The {@code github} context of a workflow before it runs. */
  public ObjectValue github(Selected one, String runId) {
    Workflow workflow = one.workflow();
    String file = one.file();
    Map<String, Value> github = new LinkedHashMap<>();
    String slug = event.repository();
    String owner = slug.substring(0, Math.max(0, slug.indexOf('/')));
    github.put("token", Value.of(request.secrets().getOrDefault("GITHUB_TOKEN", "")));
    github.put("actor", Value.of(event.actor()));
    github.put("actor_id", Value.of("0"));
    github.put("triggering_actor", Value.of(event.actor()));
    github.put("api_url", Value.of("https://api.github.com"));
    github.put("server_url", Value.of("https://github.com"));
    github.put("graphql_url", Value.of("https://api.github.com/graphql"));
    github.put("base_ref", Value.of(event.baseRef()));
    github.put("head_ref", Value.of(event.headRef()));
    github.put("event", workflow == null ? event.payload() : event.payload(workflow));
    github.put("event_name", Value.of(event.name()));
    github.put("ref", Value.of(event.ref()));
    github.put("ref_name", Value.of(event.refName()));
    github.put("ref_protected", Value.FALSE);
    github.put("ref_type", Value.of(event.refType()));
    github.put("repository", Value.of(slug));
    github.put("repository_id", Value.of("0"));
    github.put("repository_owner", Value.of(owner));
    github.put("repository_owner_id", Value.of("0"));
    github.put("repositoryUrl", Value.of("git://github.com/" + slug + ".git"));
    github.put("retention_days", Value.of("90"));
    github.put("run_id", Value.of(runId));
    github.put("run_number", Value.of(runId));
    github.put("run_attempt", Value.of("1"));
    github.put("secret_source", Value.of("Actions"));
    github.put("sha", Value.of(event.sha()));
    github.put("workflow", Value.of(workflow == null ? file : workflow.displayName()));
    github.put("workflow_ref", Value.of(slug + "/" + file + "@" + event.ref()));
    github.put("workflow_sha", Value.of(event.sha()));
    return Value.object(github);
  }

  /** Which machine takes a job with these labels; empty when none here does. */
  public java.util.Optional<String> machine(List<String> labels) {
    return machines.choose(labels) instanceof RunDefinition.Choice.Fits fits
        ? java.util.Optional.of(fits.machine())
        : java.util.Optional.empty();
  }

  /** Why no machine here takes a job with these labels; empty when one does. */
  public String noMachineReason(List<String> labels) {
    return machines.choose(labels) instanceof RunDefinition.Choice.None none ? none.reason() : "";
  }

  /** A run and how it ended. */
  public record Ended(String run, String file, Conclusion conclusion) {}

  /**
   * Runs every triggered workflow to its end.
   *
   * @return how they ended, in the order of {@link #selected}
   * @throws IOException when the machine fails: the work folders or the record cannot be written
   */
  public List<Ended> run(RunListener listener) throws IOException, InterruptedException {
    RunStore store = RunStore.open(project.root());
    store.recover();
    Reaper.adopt();
    String token = token();
    Path work =
        surroundings
            .work()
            .resolve(
                project.name() + "-" + Integer.toHexString(project.root().toString().hashCode()));
    List<Integer> numbers = new ArrayList<>();
    List<RunRecorder> recorders = new ArrayList<>();
    List<Selected> started = new ArrayList<>();
    List<Ended> ended = new ArrayList<>();
    Masker masker = new Masker();
    masker.addAll(request.secrets().values());
    String github = request.secrets().getOrDefault("GITHUB_TOKEN", "");
    if (!github.isEmpty()) {
      // As Git sends it in a header.
      masker.add(
          Base64.getEncoder()
              .encodeToString(("x-access-token:" + github).getBytes(StandardCharsets.UTF_8)));
    }
    Map<String, Machine> places = new HashMap<>();
    HostMachine host =
        HostMachine.open(
            project.root(),
            project.name(),
            surroundings,
            work,
            containers,
            token,
            request.inPlace(),
            request.keep(),
            homes);
    places.put(host.name(), host);
    for (String name : machines.machines()) {
      if (!MachineLabels.image(name).isEmpty()) {
        places.put(name, new ContainerMachine(name, MachineLabels.image(name), host));
      } else if (MachineLabels.isSandbox(name)) {
        places.put(name, new SandboxMachine(name, host, shownInSandboxes()));
      }
    }
    kept = request.keep() ? host.folder() : null;
    RuntimeServices services =
        RuntimeServices.create(
            settings.withCaches(settings.caches().withWarnings(listener::warning)));
    StepMemory memory =
        request.cache() == StepCaching.OFF
            ? null
            : new StepMemory(
                surroundings.cache().resolve("steps"),
                request.cache(),
                request.cacheRules(),
                sharedSteps(listener),
                listener::warning);
    try (services;
        LocalRuns runs = new LocalRuns(places, request.slots())) {
      synchronized (this) {
        running = runs;
      }
      for (Selected one : selected) {
        WorkflowTree tree = one.tree();
        Workflow workflow = one.workflow();
        if (tree == null || workflow == null) {
          continue;
        }
        RunRecorder recorder =
            store.begin(token, RequestJson.of(request, one), listener, e -> recordFailed(e));
        String id = recorder.run();
        EngineOptions options =
            new EngineOptions(
                project.root(),
                token,
                Json.write(event.payload(workflow)),
                host(),
                request.env(),
                request.debug(),
                request.realCheckout(),
                services,
                request.earlierRuns(),
                memory,
                surroundings.minuteNanos());
        int number =
            runs.begin(
                definition(one, tree, id),
                one.keys(),
                recorder,
                actions,
                options,
                masker,
                (seq, at) ->
                    new RunEvent.RunStarted(
                        seq,
                        at,
                        id,
                        workflow.displayName(),
                        one.file(),
                        event.name(),
                        event.ref(),
                        event.sha(),
                        event.actor()));
        numbers.add(number);
        recorders.add(recorder);
        started.add(one);
      }
      synchronized (this) {
        if (killed) {
          runs.kill();
        } else if (cancelled) {
          runs.cancel();
        }
      }
      for (int i = 0; i < numbers.size(); i++) {
        Conclusion conclusion = runs.await(numbers.get(i));
        if (recorded()) {
          // A record that lacks its end is concluded by a later start.
          store.finished(recorders.get(i).run());
        }
        ended.add(new Ended(recorders.get(i).run(), started.get(i).file(), conclusion));
      }
      if (memory != null) {
        memory.settle();
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } finally {
      synchronized (this) {
        running = null;
      }
    }
    synchronized (this) {
      if (failure != null) {
        throw new IOException("the run cannot be recorded: " + failure.getMessage(), failure);
      }
    }
    return ended;
  }

  /** The environment, with the bucket of the project's file where it names none itself. */
  private Map<String, String> withBucket(Map<String, String> environment) {
    return SharedSteps.withRules(
        environment,
        request.cacheRules().s3(),
        request.cacheRules().endpoint(),
        request.cacheRules().region(),
        request.cacheRules().trust());
  }

  /** Where steps are shared with other machines; null when nothing says so. */
  private @Nullable Remote sharedSteps(RunListener listener) {
    Map<String, String> environment = withBucket(surroundings.environment());
    if (!SharedSteps.asked(environment)) {
      return null;
    }
    List<String> scopes = new ArrayList<>();
    scopes.add(event.ref());
    if (!event.baseRef().isEmpty()) {
      scopes.add("refs/heads/" + event.baseRef());
    }
    String usual = "refs/heads/" + project.git().defaultBranch();
    if (!scopes.contains(usual)) {
      scopes.add(usual);
    }
    try {
      return SharedSteps.configured(
          event.repository(), scopes, environment, surroundings.configuration(), listener::warning);
    } catch (IllegalArgumentException e) {
      throw new ProjectException(String.valueOf(e.getMessage()), "set it right, or unset it");
    }
  }

  /** What jobs in sandboxes see of this machine besides the system. */
  private Sandbox.Machine shownInSandboxes() {
    List<Path> readable = new ArrayList<>(request.actionSources().values());
    // Workspaces borrow the objects of the user's repository.
    readable.add(project.git().commonDir().resolve("objects"));
    readable.add(project.git().commonDir().resolve("modules"));
    return new Sandbox.Machine(
        surroundings.userHome(), surroundings.cache(), surroundings.work(), readable);
  }

  private synchronized boolean recorded() {
    return failure == null;
  }

  private synchronized void recordFailed(IOException e) {
    if (failure == null) {
      failure = e;
    }
    LocalRuns runs = running;
    if (runs != null) {
      Thread.ofPlatform().daemon().start(runs::kill);
    }
  }

  private RunDefinition definition(Selected one, WorkflowTree tree, String runId) {
    Map<String, JobResult> known = new HashMap<>();
    request
        .known()
        .forEach((key, outcome) ->
            known.put(
                RunKeys.inRun(one.file(), key),
                new JobResult(outcome.conclusion(), outcome.outputs(), null)));
    return new RunDefinition(
        tree,
        github(one, runId),
        one.inputs(),
        vars(),
        request.secrets(),
        machines,
        one.jobs(),
        request.matrix(),
        request.requireAll(),
        known);
  }

  private static String token() {
    return "slipway-"
        + Long.toHexString(ProcessHandle.current().pid())
        + "-"
        + Long.toHexString(System.currentTimeMillis());
  }

  private static String host() {
    String name = System.getenv("HOSTNAME");
    if (name != null && !name.isEmpty()) {
      return name;
    }
    try {
      return java.nio.file.Files.readString(Path.of("/etc/hostname")).strip();
    } catch (IOException none) {
      try {
        return InetAddress.getLocalHost().getHostName();
      } catch (UnknownHostException e) {
        return "localhost";
      }
    }
  }

  /**
   * Where the jobs' workspaces were left for a look, until the next run; empty when they were not.
   */
  public java.util.Optional<Path> keptFolder() {
    return java.util.Optional.ofNullable(kept);
  }

  /** Cancels what runs as GitHub does: steps are interrupted, {@code always()} steps still run. */
  public void cancel() {
    LocalRuns runs;
    synchronized (this) {
      cancelled = true;
      runs = running;
    }
    if (runs != null) {
      runs.cancel();
    }
  }

  /** Ends what runs at once. */
  public void kill() {
    LocalRuns runs;
    synchronized (this) {
      killed = true;
      runs = running;
    }
    if (runs != null) {
      runs.kill();
    }
  }
}
