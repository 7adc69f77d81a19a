package dev.slipway.runtime;

import java.util.LinkedHashMap;
import java.util.Map;

/** Jobs to give access to. */
final class Jobs {
  private Jobs() {}

  static JobIdentity job(String run, String name) {
    return job(run, name, "refs/heads/main");
  }

  static JobIdentity job(String run, String name, String ref) {
    Map<String, String> github = new LinkedHashMap<>();
    github.put("repository", "octo/ship");
    github.put("repository_owner", "octo");
    github.put("repository_id", "7");
    github.put("repository_owner_id", "8");
    github.put("actor", "ada");
    github.put("actor_id", "9");
    github.put("ref", ref);
    github.put("ref_type", "branch");
    github.put("ref_protected", "false");
    github.put("sha", "0123456789012345678901234567890123456789");
    github.put("event_name", "push");
    github.put("head_ref", "");
    github.put("base_ref", "");
    github.put("run_id", run);
    github.put("run_number", run);
    github.put("run_attempt", "1");
    github.put("workflow", "CI");
    github.put("workflow_ref", "octo/ship/.github/workflows/ci.yml@" + ref);
    github.put("workflow_sha", "0123456789012345678901234567890123456789");
    return JobIdentity.of(github, name);
  }
}
