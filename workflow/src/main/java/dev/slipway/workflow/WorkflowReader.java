package dev.slipway.workflow;

import dev.slipway.workflow.expression.Template;
import dev.slipway.workflow.expression.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads workflow files: every independent problem at once, else a {@link Workflow}. */
public final class WorkflowReader {
  private static final int DEEPEST = 50;
  private static final int LONGEST_GROUP = 400;

  private final Problems problems;
  private final Typed typed;

  private WorkflowReader(Source source, Problems problems) {
    this.problems = problems;
    this.typed = new Typed(source, problems);
  }

  /**
   * Reads a workflow file.
   *
   * @param file its path relative to the repository root, with {@code /}
   */
  public static Reading<Workflow> read(String file, String text) {
    Problems problems = new Problems(file);
    String content = text.startsWith("\uFEFF") ? text.substring(1) : text;
    Source source = new Source(content);
    YamlNode root = YamlReader.read(content, source, problems, DEEPEST);
    if (root == null) {
      return problems.reading(null);
    }
    return problems.reading(new WorkflowReader(source, problems).workflow(file, root));
  }

  /** All that is wrong with a file whose YAML has been read already. */
  public static List<Problem> problems(String file, YamlDocument document) {
    Problems problems = document.problems(file);
    YamlNode root = document.root();
    return root == null
        ? problems.reading(null).problems()
        : problems
            .reading(new WorkflowReader(document.source(), problems).workflow(file, root))
            .problems();
  }

  private @Nullable Workflow workflow(String file, YamlNode root) {
    Typed.Fields fields = typed.root(root, Schema.workflow().root());
    if (fields == null) {
      return null;
    }
    YamlNode on = fields.take("on");
    Triggers triggers =
        on == null
            ? new Triggers(fields.at(), List.of())
            : new TriggerReading(typed, problems).read(on);
    Node concurrency = fields.node("concurrency");
    checkConcurrency(concurrency);
    Workflow workflow =
        new Workflow(
            file,
            fields.text("name"),
            fields.node("run-name"),
            triggers,
            permissions(fields.node("permissions")),
            fields.mapping("env"),
            defaults(fields),
            concurrency,
            fields.node("cache-mode"),
            jobs(fields));
    fields.close();
    return workflow;
  }

  private List<Job> jobs(Typed.Fields fields) {
    Typed.Fields members = fields.fields("jobs");
    if (members == null) {
      return List.of();
    }
    if (members.others().isEmpty()) {
      problems.error(
          members.at(),
          "The workflow must contain at least one job with no dependencies.",
          "add a job");
      return List.of();
    }
    Ids ids = new Ids();
    List<Job> jobs = new ArrayList<>();
    NeedsGraph graph = new NeedsGraph(problems, members.at());
    for (Typed.Field member : members.others()) {
      String id = member.key().text();
      String wrong = ids.take(id);
      if (wrong != null) {
        problems.error(member.key().at(), wrong, null);
      }
      Typed.Fields job = member.fields();
      if (job == null) {
        graph.add(id, new Node.Sequence(member.key().at(), List.of()));
        continue;
      }
      Node needs = job.node("needs");
      graph.add(id, needs);
      jobs.add(job(id, member.key().at(), job, Typed.texts(needs)));
    }
    graph.check();
    return jobs;
  }

  private Job job(String id, Position at, Typed.Fields fields, List<String> needs) {
    Node concurrency = fields.node("concurrency");
    checkConcurrency(concurrency);
    Job.Body body = fields.definition().equals("call") ? call(fields) : steps(fields);
    Node outputs = fields.node("outputs");
    Job job =
        new Job(
            id,
            at,
            fields.node("name"),
            distinct(needs),
            fields.condition("if", "success()"),
            permissions(fields.node("permissions")),
            fields.node("environment"),
            concurrency,
            fields.node("cache-mode"),
            outputs instanceof Node.Mapping mapping ? mapping : null,
            fields.mapping("env"),
            defaults(fields),
            strategy(fields),
            fields.node("timeout-minutes"),
            fields.node("cancel-timeout-minutes"),
            fields.node("continue-on-error"),
            body);
    fields.close();
    return job;
  }

  private static List<String> distinct(List<String> needs) {
    if (needs.size() < 2) {
      return needs;
    }
    Set<String> seen = new HashSet<>();
    List<String> result = new ArrayList<>(needs.size());
    for (String need : needs) {
      if (seen.add(need.toLowerCase(Locale.ROOT))) {
        result.add(need);
      }
    }
    return result;
  }

  private Job.Steps steps(Typed.Fields fields) {
    Node runsOn = fields.node("runs-on");
    checkRunsOn(runsOn);
    Node container = fields.node("container");
    Node services = fields.node("services");
    checkContainer(container, false);
    if (services instanceof Node.Mapping mapping) {
      for (Node.Member service : mapping.members()) {
        checkContainer(service.value(), true);
      }
    }
    checkSnapshot(fields);
    List<Step> steps = List.of();
    Typed.Field list = fields.field("steps");
    if (list != null) {
      steps = new StepReading(typed, problems).read(list);
    }
    return new Job.Steps(
        runsOn == null ? new Node.Scalar(fields.at(), Template.literal(Value.EMPTY, "")) : runsOn,
        container,
        services,
        steps);
  }

  private Job.Call call(Typed.Fields fields) {
    Node uses = fields.node("uses");
    String reference = uses instanceof Node.Scalar scalar ? scalar.source() : "";
    Position at = uses == null ? fields.at() : uses.at();
    if (uses != null) {
      checkCall(at, reference);
    }
    Node secrets = fields.node("secrets");
    boolean inherit = secrets instanceof Node.Scalar;
    return new Job.Call(
        at,
        reference,
        fields.mapping("with"),
        secrets instanceof Node.Mapping mapping ? mapping : null,
        inherit);
  }

  private void checkCall(Position at, String uses) {
    boolean local = uses.startsWith("./") || uses.startsWith("$/");
    int ref = uses.indexOf('@');
    String path = local ? uses.substring(2) : uses.substring(0, ref < 0 ? uses.length() : ref);
    int folder = path.indexOf(".github/workflows/");
    String name = folder < 0 ? "" : path.substring(folder + ".github/workflows/".length());
    boolean placed =
        !name.isEmpty() && !name.contains("/") && (name.endsWith(".yml") || name.endsWith(".yaml"));
    if (local && (folder != 0 || !placed)) {
      problems.error(
          at,
          "Invalid workflow reference '" + uses + "'",
          "a workflow of this repository is ./.github/workflows/FILE.yml, without a ref");
    } else if (!local) {
      String repository = folder < 0 ? "" : path.substring(0, folder);
      boolean named =
          repository.endsWith("/") && repository.chars().filter(c -> c == '/').count() == 2;
      if (!placed || !named || repository.startsWith("/") || repository.contains("//")) {
        problems.error(
            at,
            "Invalid workflow reference '" + uses + "'",
            "expected ./.github/workflows/FILE.yml or OWNER/REPO/.github/workflows/FILE.yml@REF");
      } else if (ref < 0 || ref == uses.length() - 1) {
        problems.error(
            at,
            "Invalid workflow reference '" + uses + "': no version specified",
            "add @REF: a branch, tag or commit");
      }
    }
  }

  private void checkRunsOn(@Nullable Node runsOn) {
    if (runsOn instanceof Node.Sequence sequence && sequence.items().isEmpty()) {
      problems.error(
          sequence.at(),
          "The list of labels under 'runs-on' is empty",
          "name at least one label, such as ubuntu-latest");
    }
    if (!(runsOn instanceof Node.Mapping mapping)
        || !(mapping.get("group") instanceof Node.Scalar group)
        || !group.literal()) {
      return;
    }
    String name = group.source();
    int slash = name.indexOf('/');
    if (slash < 0) {
      return;
    }
    String prefix = name.substring(0, slash);
    boolean known =
        prefix.equals("org")
            || prefix.equals("organization")
            || prefix.equals("ent")
            || prefix.equals("enterprise");
    if (!known || slash == name.length() - 1 || name.indexOf('/', slash + 1) >= 0) {
      problems.error(
          group.at(),
          "Invalid runs-on group name '" + name + "'",
          "use 'organization/NAME' or 'enterprise/NAME' to mean one runner group");
    }
  }

  private void checkContainer(@Nullable Node container, boolean service) {
    Node image = container instanceof Node.Mapping mapping ? mapping.get("image") : container;
    if (container == null || (image != null && !image.literal())) {
      return;
    }
    if (container instanceof Node.Mapping mapping && image == null && !mapping.literal()) {
      return;
    }
    String name = image instanceof Node.Scalar scalar ? scalar.source() : "";
    boolean prefixed = name.startsWith("docker://");
    boolean empty = name.isEmpty() || name.equals("docker://");
    if (empty && (prefixed || service)) {
      problems.error(
          image == null ? container.at() : image.at(),
          "Container image cannot be empty",
          "name an image");
    }
  }

  private void checkSnapshot(Typed.Fields fields) {
    Typed.Fields snapshot = fields.fields("snapshot");
    if (snapshot == null) {
      return;
    }
    Node version = snapshot.node("version");
    if (version instanceof Node.Scalar scalar && scalar.literal()) {
      String text = scalar.source();
      boolean valid = text.endsWith(".*") && text.length() > 2;
      for (int i = 0; i < text.length() - 2 && valid; i++) {
        valid = Character.isDigit(text.charAt(i));
      }
      if (!valid) {
        problems.error(
            version.at(),
            "Expected format '{major-version}.*' Actual '" + text + "'",
            "write, say, 1.*");
      }
    }
    snapshot.close();
  }

  private void checkConcurrency(@Nullable Node concurrency) {
    Node group = concurrency instanceof Node.Mapping mapping ? mapping.get("group") : concurrency;
    if (group instanceof Node.Scalar scalar
        && scalar.literal()
        && scalar.source().length() > LONGEST_GROUP) {
      problems.error(group.at(), "Concurrency group name must be less than 400 characters", null);
    }
    if (concurrency instanceof Node.Mapping mapping
        && mapping.get("queue") instanceof Node.Scalar queue
        && queue.literal()
        && queue.source().equals("max")
        && mapping.get("cancel-in-progress") instanceof Node.Scalar cancel
        && cancel.literal()
        && cancel.source().equalsIgnoreCase("true")) {
      problems.error(
          queue.at(),
          "'queue: max' cannot be combined with 'cancel-in-progress: true'",
          "what is cancelled at once never waits in a queue");
    }
  }

  private Defaults defaults(Typed.Fields fields) {
    Typed.Fields defaults = fields.fields("defaults");
    if (defaults == null) {
      return Defaults.NONE;
    }
    Typed.Fields run = defaults.fields("run");
    Defaults result = Defaults.NONE;
    if (run != null) {
      result = new Defaults(run.node("shell"), run.node("working-directory"));
      run.close();
    } else if (defaults.node("run") instanceof Node.Scalar whole) {
      result =
          new Defaults(
              member(whole, "shell", Value.EMPTY), member(whole, "working-directory", Value.EMPTY));
    }
    defaults.close();
    return result;
  }

  private Job.@Nullable Strategy strategy(Typed.Fields fields) {
    Typed.Fields strategy = fields.fields("strategy");
    if (strategy == null) {
      return fields.node("strategy") instanceof Node.Scalar whole
          ? new Job.Strategy(
              fields.keyAt("strategy"),
              member(whole, "matrix", Value.NULL),
              member(whole, "fail-fast", Value.TRUE),
              member(whole, "max-parallel", Value.of(0)))
          : null;
    }
    int before = problems.count();
    Node matrix = strategy.node("matrix");
    if (matrix instanceof Node.Mapping mapping && problems.count() == before) {
      checkMatrix(mapping);
    }
    Job.Strategy result =
        new Job.Strategy(
            fields.keyAt("strategy"),
            matrix,
            strategy.node("fail-fast"),
            strategy.node("max-parallel"));
    strategy.close();
    return result;
  }

  /** A member of a mapping that is one expression. */
  private static Node member(Node.Scalar whole, String name, Value otherwise) {
    return new Node.Scalar(whole.at(), whole.template().member(name, otherwise));
  }

  private void checkMatrix(Node.Mapping matrix) {
    boolean vectors = false;
    boolean dynamic = false;
    for (Node.Member member : matrix.members()) {
      String name = member.key().source();
      dynamic |= !member.key().literal();
      boolean filter = name.equals("include") || name.equals("exclude");
      vectors |= !filter || (name.equals("include") && !empty(member.value()));
      if (!filter && empty(member.value())) {
        problems.error(
            member.value().at(),
            "Matrix vector '" + name + "' does not contain any values",
            "give it a value or remove it");
      }
    }
    if (!vectors && !dynamic) {
      problems.error(
          matrix.at(),
          "Matrix must define at least one vector",
          "add a variable with a list of values");
    }
    for (Node.Member member : matrix.members()) {
      if (member.value() instanceof Node.Sequence sequence && !dynamic) {
        checkItems(matrix, member.key().source(), sequence);
      }
    }
  }

  private void checkItems(Node.Mapping matrix, String key, Node.Sequence sequence) {
    for (Node item : sequence.items()) {
      if (!(item instanceof Node.Mapping filter)) {
        continue;
      }
      if (key.equals("exclude")) {
        checkExcluded(matrix, filter);
      } else if (key.equals("include") && filter.members().isEmpty()) {
        problems.error(
            filter.at(),
            "Matrix include mapping does not contain any values",
            "name the variables of the combination");
      }
    }
  }

  private static boolean empty(Node node) {
    return node instanceof Node.Sequence sequence && sequence.items().isEmpty();
  }

  private void checkExcluded(Node.Mapping matrix, Node.Mapping filter) {
    if (filter.members().isEmpty()) {
      problems.error(
          filter.at(),
          "Matrix exclude filter must not be empty",
          "name the variables of the combinations to leave out");
    }
    for (Node.Member member : filter.members()) {
      String key = member.key().source();
      if (member.key().literal()
          && (matrix.get(key) == null || key.equals("include") || key.equals("exclude"))) {
        List<String> vectors = new ArrayList<>();
        for (Node.Member vector : matrix.members()) {
          String name = vector.key().source();
          if (!name.equals("include") && !name.equals("exclude")) {
            vectors.add(name);
          }
        }
        problems.error(
            member.key().at(),
            "Matrix exclude key '" + key + "' does not match any key within the matrix",
            Spelling.hint(key, vectors));
      }
    }
  }

  private @Nullable Permissions permissions(@Nullable Node node) {
    if (node == null) {
      return null;
    }
    Map<String, Permissions.Access> scopes = new LinkedHashMap<>();
    if (node instanceof Node.Scalar all) {
      boolean write = all.source().equals("write-all");
      for (Schema.Key key : Schema.workflow().definition("permission-scopes").keys().values()) {
        List<String> allowed = key.type().constants();
        Permissions.Access access =
            write && allowed.contains("write")
                ? Permissions.Access.WRITE
                : allowed.contains("read") ? Permissions.Access.READ : Permissions.Access.NONE;
        scopes.put(key.name(), access);
      }
    } else if (node instanceof Node.Mapping mapping) {
      for (Node.Member member : mapping.members()) {
        String access = member.value() instanceof Node.Scalar scalar ? scalar.source() : "none";
        scopes.put(
            member.key().source(),
            access.equals("write")
                ? Permissions.Access.WRITE
                : access.equals("read") ? Permissions.Access.READ : Permissions.Access.NONE);
      }
    }
    return new Permissions(node.at(), scopes);
  }
}
