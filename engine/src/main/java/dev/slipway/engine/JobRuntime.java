package dev.slipway.engine;

import dev.slipway.runtime.CacheMode;
import dev.slipway.runtime.JobAccess;
import dev.slipway.runtime.JobIdentity;
import dev.slipway.runtime.RuntimeServices;
import dev.slipway.workflow.Permissions;
import dev.slipway.workflow.Step;
import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Value;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A job's way to the services that actions call: artifacts, caches, OIDC tokens. They start with
 * the first step that can need them. Thread-safe.
 */
final class JobRuntime implements AutoCloseable {
  private static final String ID_TOKEN = "id-token";

  /** What a token may do where nobody says. */
  private static final Map<String, String> USUAL =
      Map.of("contents", "read", "metadata", "read", "packages", "read");

  private final JobContext job;
  private final RuntimeServices services;
  private final List<String> earlierRuns;
  private final Map<String, String> permissions;
  private String environment = "";
  private CacheMode cacheMode = CacheMode.WRITE;
  private @Nullable JobAccess access;

  /**
   * For one job.
   *
   * @param earlierRuns the runs that its run repeats, newest first
   */
  JobRuntime(JobContext job, RuntimeServices services, List<String> earlierRuns) {
    this.job = job;
    this.services = services;
    this.earlierRuns = earlierRuns;
    this.permissions = permissions(job.spec.permissions());
  }

  private static Map<String, String> permissions(@Nullable Permissions given) {
    if (given == null) {
      return USUAL;
    }
    Map<String, String> permissions = new LinkedHashMap<>();
    given
        .scopes()
        .forEach(
            (scope, allowed) -> permissions.put(scope, allowed.name().toLowerCase(Locale.ROOT)));
    permissions.put("metadata", "read");
    return permissions;
  }

  /** What is known once the job's own expressions are evaluated. */
  void describe(String deployment, String mode) {
    environment = deployment;
    for (CacheMode one : CacheMode.values()) {
      if (one.text().equals(mode)) {
        cacheMode = one;
      }
    }
  }

  /**
   * Adds the variables for a step's process. Not within the job's lock.
   *
   * @throws ActionException when the services cannot be started
   */
  void addTo(StepRun run, Map<String, String> variables) {
    if (run.step.body() instanceof Step.Uses) {
      variables.putAll(access().environment());
    } else if (idTokens()) {
      variables.putAll(access().idTokenEnvironment());
    }
  }

  /** Has the services start when the job has actions that can need them. */
  void prepare() {
    if (usesActions(job.spec.body().steps())) {
      services.prepare();
    }
  }

  /** Whether a step of the job can need them. */
  boolean needed() {
    return idTokens() || usesActions(job.spec.body().steps());
  }

  private boolean usesActions(List<Step> steps) {
    for (Step step : steps) {
      if (step.body() instanceof Step.Uses uses && !job.servesCheckout(uses.action())) {
        return true;
      }
      if (step.body() instanceof Step.Parallel group && usesActions(group.steps())) {
        return true;
      }
    }
    return false;
  }

  /** Whether the job may have OIDC tokens. */
  boolean idTokens() {
    return "write".equals(permissions.get(ID_TOKEN));
  }

  private synchronized JobAccess access() {
    JobAccess known = access;
    if (known == null) {
      try {
        known = services.open(identity());
      } catch (IOException e) {
        throw new ActionException("The services for actions cannot be started: " + e.getMessage());
      }
      job.masker.addAll(known.secrets());
      access = known;
    }
    return known;
  }

  private JobIdentity identity() {
    Map<String, String> github = new LinkedHashMap<>();
    String workflowRef;
    String workflowSha;
    String branch = "";
    String visibility = "private";
    synchronized (job.lock) {
      job.github.forEach((name, value) -> {
        if (!(value instanceof ObjectValue) && !name.equals("token")) {
          github.put(name, value.toText());
        }
      });
      workflowRef = job.jobText("workflow_ref");
      workflowSha = job.jobText("workflow_sha");
      if (job.github.get("event") instanceof ObjectValue event
          && event.get("repository") instanceof ObjectValue repository) {
        branch = text(repository, "default_branch");
        String stated = text(repository, "visibility");
        visibility = stated.isEmpty() ? visibility : stated;
      }
    }
    JobIdentity identity =
        JobIdentity.of(github, job.spec.key())
            .withPermissions(permissions)
            .withWorkflow(workflowRef, workflowSha)
            .withVisibility(visibility)
            .withHome(job.steps.home(job.place))
            .withEarlierRuns(earlierRuns)
            .withEnvironment(environment.isEmpty() ? null : environment);
    if (!branch.isEmpty()) {
      identity = identity.withDefaultBranch(branch);
    }
    return identity.withCaches(identity.cacheScopes(), cacheMode);
  }

  private static String text(ObjectValue object, String name) {
    Value value = object.get(name);
    return value == null ? "" : value.toText();
  }

  /** Ends the access. */
  @Override
  public synchronized void close() {
    if (access != null) {
      access.close();
      access = null;
    }
  }

  /** The ports of this machine's loopback that containers need; starts the services. */
  synchronized Set<Integer> ports() {
    String url = access().environment().getOrDefault("ACTIONS_RESULTS_URL", "");
    int port = url.isEmpty() ? -1 : java.net.URI.create(url).getPort();
    return port < 0 ? Set.of() : Set.of(port);
  }
}
