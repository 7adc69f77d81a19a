package dev.slipway.lint;

import dev.slipway.workflow.YamlNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The types of the contexts in a file, made for each job when it is first asked for. */
final class ContextTypes {
  private static final String GITHUB =
      "action action_path action_ref action_repository action_status actor actor_id api_url"
          + " artifacts artifacts_list base_ref env event_name event_path graphql_url head_ref job"
          + " job_workflow_sha output path ref ref_name ref_type repository repository_id"
          + " repository_owner repository_owner_id repository_visibility repositoryurl"
          + " retention_days run_attempt run_id run_number secret_source server_url sha state"
          + " step_summary token triggering_actor workflow workflow_ref workflow_sha workspace"
          + " artifact_cache_size_limit enterprise";
  private static final ValueType RUNNER =
      new ValueType.Members().strings("name os arch temp tool_cache debug environment workspace");
  private static final ValueType STRATEGY =
      new ValueType.Members()
          .with("fail-fast", ValueType.BOOLEAN)
          .with("job-index", ValueType.NUMBER)
          .with("job-total", ValueType.NUMBER)
          .with("max-parallel", ValueType.NUMBER);

  private final LintFile file;
  private final IdentityHashMap<JobNode, Map<String, ValueType>> ofJobs = new IdentityHashMap<>();
  private final Map<String, ValueType> ofFile = new HashMap<>();
  private final IdentityHashMap<JobNode, ValueType> outputs = new IdentityHashMap<>();
  private final Map<String, JobNode> jobsById = new HashMap<>();

  ContextTypes(LintFile file) {
    this.file = file;
    for (JobNode job : file.jobs()) {
      jobsById.put(job.id().toLowerCase(Locale.ROOT), job);
    }
  }

  /** The type of a context, in lower case. */
  ValueType context(String name, @Nullable JobNode job) {
    boolean jobs =
        name.equals("matrix") || name.equals("needs") || name.equals("steps") || name.equals("job");
    Map<String, ValueType> known =
        jobs && job != null ? ofJobs.computeIfAbsent(job, j -> new HashMap<>()) : ofFile;
    ValueType type = known.get(name);
    if (type == null) {
      type = make(name, job);
      known.put(name, type);
    }
    return type;
  }

  private ValueType make(String name, @Nullable JobNode job) {
    return switch (name) {
      case "github" -> github();
      case "runner" -> RUNNER;
      case "strategy" -> STRATEGY;
      case "inputs" -> inputs();
      case "jobs" -> jobs();
      case "matrix" -> job == null ? ValueType.ANY : matrix(job);
      case "needs" -> job == null ? ValueType.ANY : needs(job);
      case "steps" -> steps(job);
      case "job" -> job == null ? ValueType.ANY : job(job);
      default -> ValueType.ANY;
    };
  }

  private ValueType github() {
    return new ValueType.Members()
        .strings(GITHUB)
        .with("ref_protected", ValueType.BOOLEAN)
        .with("event", event());
  }

  private ValueType event() {
    Set<String> events = events();
    if (file.action() || events.contains("workflow_call") || events.isEmpty()) {
      return ValueType.ANY;
    }
    ValueType payload = Payloads.of(events);
    if (!events.contains("workflow_dispatch") || payload.sort() == ValueType.Sort.ANY) {
      return payload;
    }
    ValueType.Members dispatched = new ValueType.Members();
    for (YamlNode.Member input :
        Trees.members(Trees.get(file.filters("workflow_dispatch"), "inputs"))) {
      // Whatever its type, it is a text here.
      dispatched.with(input.key().text(), ValueType.STRING);
    }
    return ValueType.replaced(payload, "inputs", dispatched);
  }

  /** The events that start the file. */
  Set<String> events() {
    Set<String> events = new HashSet<>();
    YamlNode on = Trees.get(file.root(), "on");
    if (on != null && on.mapping() != null) {
      for (YamlNode.Member member : Trees.members(on)) {
        events.add(member.key().text());
      }
    } else {
      for (YamlNode item : Trees.items(on)) {
        YamlNode.Scalar scalar = item.scalar();
        if (scalar != null) {
          events.add(scalar.text());
        }
      }
    }
    return events;
  }

  private ValueType inputs() {
    ValueType.Members inputs = new ValueType.Members();
    if (file.action()) {
      for (YamlNode.Member input : Trees.members(Trees.get(file.root(), "inputs"))) {
        inputs.with(input.key().text(), ValueType.STRING);
      }
      return inputs;
    }
    for (String event : List.of("workflow_call", "workflow_dispatch")) {
      for (YamlNode.Member input : Trees.members(Trees.get(file.filters(event), "inputs"))) {
        ValueType type = type(Trees.text(input.value(), "type"));
        ValueType other = inputs.member(input.key().text());
        inputs.with(input.key().text(), other == null ? type : ValueType.union(type, other));
      }
    }
    return inputs;
  }

  /** What the type of an input means. */
  static ValueType type(String declared) {
    return switch (declared) {
      case "boolean" -> ValueType.BOOLEAN;
      case "number" -> ValueType.NUMBER;
      default -> ValueType.STRING;
    };
  }

  private ValueType jobs() {
    ValueType.Members jobs = new ValueType.Members();
    for (JobNode job : file.jobs()) {
      jobs.with(
          job.id(),
          new ValueType.Members().with("result", ValueType.STRING).with("outputs", outputs(job)));
    }
    return jobs;
  }

  private ValueType needs(JobNode job) {
    ValueType.Members needs = new ValueType.Members();
    YamlNode.Scalar written = Trees.scalar(Trees.get(job.body(), "needs"));
    if (written != null && written.text().contains("${{")) {
      return ValueType.ANY;
    }
    for (String id : job.needs()) {
      JobNode needed = jobsById.get(id.toLowerCase(Locale.ROOT));
      needs.with(
          id,
          new ValueType.Members()
              .with("result", ValueType.STRING)
              .with("outputs", needed == null ? ValueType.ANY : outputs(needed)));
    }
    return needs;
  }

  private ValueType outputs(JobNode job) {
    return outputs.computeIfAbsent(job, this::declared);
  }

  private ValueType declared(JobNode job) {
    ValueType.Members members = new ValueType.Members();
    YamlNode declared = Trees.get(job.body(), "outputs");
    if (job.call()) {
      LintFile called = called(job);
      if (called == null) {
        return ValueType.ANY;
      }
      declared = Trees.get(called.filters("workflow_call"), "outputs");
    }
    if (Trees.scalar(declared) != null) {
      return ValueType.ANY;
    }
    for (YamlNode.Member output : Trees.members(declared)) {
      members.with(output.key().text(), ValueType.STRING);
      if (output.key().text().contains("${{")) {
        members.open();
      }
    }
    return members;
  }

  /** The workflow of the project that a job calls; null when it is another or is not there. */
  @Nullable LintFile called(JobNode job) {
    String uses = job.text("uses");
    boolean local = uses.startsWith("./") || uses.startsWith("$/");
    LintFile called =
        local && file.project().known() ? file.project().file(uses.substring(2)) : null;
    return called == null || called.root() == null || !called.on("workflow_call") ? null : called;
  }

  private ValueType steps(@Nullable JobNode job) {
    ValueType.Members steps = new ValueType.Members();
    List<StepNode> all = job == null ? (file.action() ? file.steps() : List.of()) : job.steps();
    for (StepNode step : all) {
      String id = step.text("id");
      if (!id.isEmpty()) {
        steps.with(
            id,
            new ValueType.Members().strings("outcome conclusion").with("outputs", outputs(step)));
      }
    }
    return steps;
  }

  private ValueType outputs(StepNode step) {
    UsedAction action = step.uses() == null ? null : UsedAction.of(file, step);
    if (action == null || action.freeOutputs() || !action.settled()) {
      return ValueType.ANY;
    }
    ValueType.Members outputs = new ValueType.Members();
    for (String output : action.facts().outputs()) {
      outputs.with(output, ValueType.STRING);
    }
    return outputs;
  }

  private static ValueType job(JobNode job) {
    ValueType.Members services = new ValueType.Members();
    YamlNode declared = Trees.get(job.body(), "services");
    if (Trees.scalar(declared) != null) {
      services.open();
    }
    for (YamlNode.Member service : Trees.members(declared)) {
      services.with(
          service.key().text(),
          new ValueType.Members().strings("id network").with("ports", ValueType.ANY));
    }
    return new ValueType.Members()
        .strings("status workflow_ref workflow_sha workflow_repository workflow_file_path")
        .with("check_run_id", ValueType.NUMBER)
        .with("container", new ValueType.Members().strings("id network"))
        .with("services", services);
  }

  private static ValueType matrix(JobNode job) {
    YamlNode strategy = Trees.get(job.body(), "strategy");
    YamlNode matrix = Trees.get(strategy, "matrix");
    if (Trees.scalar(strategy) != null || Trees.scalar(matrix) != null) {
      return ValueType.ANY;
    }
    Map<String, List<ValueType>> rows = new HashMap<>();
    boolean open = false;
    for (YamlNode.Member row : Trees.members(matrix)) {
      String name = row.key().text();
      open |= name.contains("${{");
      if (name.equals("include")) {
        open |= Trees.scalar(row.value()) != null;
        for (YamlNode item : Trees.items(row.value())) {
          open |= item.scalar() != null;
          for (YamlNode.Member member : Trees.members(item)) {
            add(rows, member.key().text(), type(member.value()));
          }
        }
      } else if (!name.equals("exclude")) {
        add(rows, name, row.value().sequence() == null ? ValueType.ANY : items(row.value()));
      }
    }
    ValueType.Members type = new ValueType.Members();
    rows.forEach((name, types) -> {
      ValueType all = types.getFirst();
      for (ValueType one : types) {
        all = ValueType.union(all, one);
      }
      type.with(name, all);
    });
    return open ? type.open() : type;
  }

  private static void add(Map<String, List<ValueType>> rows, String name, ValueType type) {
    List<ValueType> types =
        rows.computeIfAbsent(name.toLowerCase(Locale.ROOT), n -> new ArrayList<>());
    // A long list of like objects says nothing new; what it could say is left open.
    if (types.size() < 200) {
      types.add(type);
    } else {
      types.set(0, ValueType.ANY);
    }
  }

  private static ValueType items(YamlNode list) {
    ValueType type = null;
    int count = 0;
    for (YamlNode item : Trees.items(list)) {
      type = type == null ? type(item) : ValueType.union(type, type(item));
      if (++count > 200) {
        return ValueType.ANY;
      }
    }
    return type == null ? ValueType.ANY : type;
  }

  /** The type of a value as written. */
  private static ValueType type(YamlNode node) {
    YamlNode.Scalar scalar = node.scalar();
    if (scalar != null) {
      return scalar.text().contains("${{")
          ? ValueType.ANY
          : switch (scalar.kind()) {
            case NULL -> ValueType.ANY;
            case BOOLEAN -> ValueType.BOOLEAN;
            case NUMBER -> ValueType.NUMBER;
            case STRING -> ValueType.STRING;
          };
    }
    if (node.sequence() != null) {
      return ValueType.array(items(node));
    }
    ValueType.Members members = new ValueType.Members();
    for (YamlNode.Member member : Trees.members(node)) {
      members.with(member.key().text(), type(member.value()));
      if (member.key().text().contains("${{")) {
        members.open();
      }
    }
    return members;
  }
}
