package dev.slipway.plan;

import dev.slipway.workflow.Workflow;
import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Unknown;
import dev.slipway.workflow.expression.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The {@code github} context before a run: what the event tells, and what only a run will. */
final class GitHubContext implements ObjectValue {
  private static final List<String> UNKNOWN =
      List.of(
          "action",
          "action_path",
          "action_ref",
          "action_repository",
          "action_status",
          "actor_id",
          "env",
          "event_path",
          "job",
          "output",
          "path",
          "ref_protected",
          "repository_id",
          "repository_owner_id",
          "retention_days",
          "run_attempt",
          "run_id",
          "run_number",
          "secret_source",
          "state",
          "step_summary",
          "token",
          "workflow_ref",
          "workflow_sha",
          "workspace");
  private static final String SERVER = "https://github.com";

  private final ObjectValue members;

  private GitHubContext(ObjectValue members) {
    this.members = members;
  }

  static GitHubContext of(EventContext event, Workflow workflow) {
    Map<String, Value> members = new LinkedHashMap<>();
    members.put("actor", Value.of(event.actor()));
    members.put("api_url", Value.of("https://api.github.com"));
    members.put("base_ref", Value.of(event.baseRef()));
    members.put("event", event.payload(workflow));
    members.put("event_name", Value.of(event.name()));
    members.put("graphql_url", Value.of("https://api.github.com/graphql"));
    members.put("head_ref", Value.of(event.headRef()));
    members.put("ref", Value.of(event.ref()));
    members.put("ref_name", Value.of(event.refName()));
    members.put("ref_type", Value.of(event.refType()));
    members.put("repository", Value.of(event.repository()));
    int slash = event.repository().indexOf('/');
    members.put(
        "repository_owner", Value.of(slash < 0 ? "" : event.repository().substring(0, slash)));
    members.put("repositoryUrl", Value.of("git://github.com/" + event.repository() + ".git"));
    members.put("server_url", Value.of(SERVER));
    members.put("sha", Value.of(event.sha()));
    members.put("triggering_actor", Value.of(event.actor()));
    members.put("workflow", Value.of(workflow.displayName()));
    for (String name : UNKNOWN) {
      members.put(name, Unknown.VALUE);
    }
    return new GitHubContext(Value.object(members));
  }

  @Override
  public @Nullable Value get(String name) {
    return members.get(name);
  }

  @Override
  public void forEach(BiConsumer<String, Value> each) {
    members.forEach(each);
  }

  @Override
  public int size() {
    return members.size();
  }
}
