package dev.slipway.runtime;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who a job is and what it may do.
 *
 * @param github the members of the job's {@code github} context that are text: {@code run_id},
 *     {@code repository}, {@code ref} … Artifacts belong to {@code run_id}, caches to {@code
 *     repository}; most claims of OIDC tokens are these members.
 * @param job its key in the run, and of its leg
 * @param permissions what its token may do, {@code none}, {@code read} or {@code write} by scope;
 *     {@code id-token} decides over OIDC tokens
 * @param cacheScopes the refs whose caches it may restore, in this order; it saves to the first
 * @param earlierRuns the runs that this one repeats, newest first; it sees their artifacts
 * @param retentionDays how long artifacts are kept when nothing else is asked for, and at most
 * @param environment the deployment environment, or null
 * @param workflowRef {@code owner/repo/path@ref} of the workflow file that has the job, which for a
 *     called workflow is the callee's
 * @param workflowSha that file's commit
 * @param visibility {@code public}, {@code private} or {@code internal}
 * @param lifetime how long its tokens are valid unless its access is closed before
 * @param home the job's home folder, of which clients of caches tell apart those of different jobs
 *     ({@link CacheVersions}); empty when it is the same for all
 */
public record JobIdentity(
    Map<String, String> github,
    String job,
    Map<String, String> permissions,
    List<String> cacheScopes,
    CacheMode cacheMode,
    List<String> earlierRuns,
    int retentionDays,
    @Nullable String environment,
    String workflowRef,
    String workflowSha,
    String visibility,
    Duration lifetime,
    String home) {
  /** How long artifacts are kept when nobody says anything. */
  public static final int DEFAULT_RETENTION_DAYS = 90;

  private static final int MAX_RETENTION_DAYS = 400;

  /** As GitHub has it for machines of one's own. */
  private static final Duration LONGEST_JOB = Duration.ofDays(5);

  public JobIdentity {
    github = Map.copyOf(github);
    permissions = Map.copyOf(permissions);
    cacheScopes = List.copyOf(cacheScopes);
    earlierRuns = List.copyOf(earlierRuns);
    requireNonNull(job, "job is null");
    requireNonNull(cacheMode, "cacheMode is null");
    requireNonNull(workflowRef, "workflowRef is null");
    requireNonNull(workflowSha, "workflowSha is null");
    requireNonNull(visibility, "visibility is null");
    requireNonNull(lifetime, "lifetime is null");
    requireNonNull(home, "home is null");
    if (retentionDays < 1 || retentionDays > MAX_RETENTION_DAYS) {
      throw new IllegalArgumentException(
          "retentionDays is " + retentionDays + ", not 1 to " + MAX_RETENTION_DAYS);
    }
    ArtifactStore.checkRun(member(github, "run_id"));
    for (String run : earlierRuns) {
      ArtifactStore.checkRun(run);
    }
  }

  /**
   * A job with what its {@code github} context says: caches of its own ref and of the base of its
   * pull request, no permissions, artifacts kept for {@link #DEFAULT_RETENTION_DAYS}.
   */
  public static JobIdentity of(Map<String, String> github, String job) {
    List<String> scopes = new ArrayList<>();
    scopes.add(member(github, "ref"));
    String base = member(github, "base_ref");
    if (!base.isEmpty()) {
      scopes.add("refs/heads/" + base);
    }
    return new JobIdentity(
        github,
        job,
        Map.of(),
        scopes,
        CacheMode.WRITE,
        List.of(),
        DEFAULT_RETENTION_DAYS,
        null,
        member(github, "workflow_ref"),
        member(github, "workflow_sha"),
        "private",
        LONGEST_JOB,
        "");
  }

  public JobIdentity withPermissions(Map<String, String> permissions) {
    Copy copy = new Copy(this);
    copy.permissions = permissions;
    return copy.done();
  }

  /** Lets it also restore the caches of the default branch, given without {@code refs/heads/}. */
  public JobIdentity withDefaultBranch(String branch) {
    String ref = "refs/heads/" + branch;
    if (cacheScopes.contains(ref)) {
      return this;
    }
    List<String> scopes = new ArrayList<>(cacheScopes);
    scopes.add(ref);
    return withCaches(scopes, cacheMode);
  }

  public JobIdentity withCaches(List<String> scopes, CacheMode mode) {
    Copy copy = new Copy(this);
    copy.cacheScopes = scopes;
    copy.cacheMode = mode;
    return copy.done();
  }

  public JobIdentity withEarlierRuns(List<String> runs) {
    Copy copy = new Copy(this);
    copy.earlierRuns = runs;
    return copy.done();
  }

  public JobIdentity withRetentionDays(int days) {
    Copy copy = new Copy(this);
    copy.retentionDays = days;
    return copy.done();
  }

  public JobIdentity withEnvironment(@Nullable String name) {
    Copy copy = new Copy(this);
    copy.environment = name;
    return copy.done();
  }

  /** For a job of a called workflow: where the callee's file is. */
  public JobIdentity withWorkflow(String ref, String sha) {
    Copy copy = new Copy(this);
    copy.workflowRef = ref;
    copy.workflowSha = sha;
    return copy.done();
  }

  /** {@code public}, {@code private} or {@code internal}. */
  public JobIdentity withVisibility(String visibility) {
    Copy copy = new Copy(this);
    copy.visibility = visibility;
    return copy.done();
  }

  public JobIdentity withHome(String home) {
    Copy copy = new Copy(this);
    copy.home = home;
    return copy.done();
  }

  public JobIdentity withLifetime(Duration lifetime) {
    Copy copy = new Copy(this);
    copy.lifetime = lifetime;
    return copy.done();
  }

  /** A member of the {@code github} context, or the empty string. */
  String github(String name) {
    return member(github, name);
  }

  String run() {
    return member(github, "run_id");
  }

  private static String member(Map<String, String> github, String name) {
    return github.getOrDefault(name, "");
  }

  /** One under way, with some parts replaced. */
  private static final class Copy {
    private Map<String, String> github;
    private String job;
    private Map<String, String> permissions;
    private List<String> cacheScopes;
    private CacheMode cacheMode;
    private List<String> earlierRuns;
    private int retentionDays;
    private @Nullable String environment;
    private String workflowRef;
    private String workflowSha;
    private String visibility;
    private Duration lifetime;
    private String home;

    Copy(JobIdentity of) {
      github = of.github;
      job = of.job;
      permissions = of.permissions;
      cacheScopes = of.cacheScopes;
      cacheMode = of.cacheMode;
      earlierRuns = of.earlierRuns;
      retentionDays = of.retentionDays;
      environment = of.environment;
      workflowRef = of.workflowRef;
      workflowSha = of.workflowSha;
      visibility = of.visibility;
      lifetime = of.lifetime;
      home = of.home;
    }

    JobIdentity done() {
      return new JobIdentity(
          github,
          job,
          permissions,
          cacheScopes,
          cacheMode,
          earlierRuns,
          retentionDays,
          environment,
          workflowRef,
          workflowSha,
          visibility,
          lifetime,
          home);
    }
  }
}
