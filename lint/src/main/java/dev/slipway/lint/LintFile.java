package dev.slipway.lint;

import dev.slipway.workflow.YamlDocument;
import dev.slipway.workflow.YamlNode;
import dev.slipway.workflow.expression.Expression;
import dev.slipway.workflow.expression.ExpressionException;
import dev.slipway.workflow.expression.Vocabulary;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A file that rules look through: its text, its tree, its jobs and steps, its expressions. */
final class LintFile {
  private static final Vocabulary ANY =
      Vocabulary.of(
          Set.of(
              "github",
              "env",
              "vars",
              "secrets",
              "inputs",
              "needs",
              "steps",
              "matrix",
              "strategy",
              "job",
              "jobs",
              "runner"),
          EnumSet.allOf(Vocabulary.Function.class));

  private final String path;
  private final String text;
  private final FileKind kind;
  private final Project project;
  private final YamlDocument document;
  private final YamlNode.@Nullable Mapping root;
  private final List<JobNode> jobs = new ArrayList<>();
  private final List<StepNode> steps = new ArrayList<>();
  private final List<YamlNode.Scalar> scalars = new ArrayList<>();
  private final List<ExpressionUse> expressions = new ArrayList<>();
  private final IdentityHashMap<YamlNode, StepNode> stepsByBody = new IdentityHashMap<>();
  private final Map<String, JobNode> jobsById = new HashMap<>();
  private final IdentityHashMap<YamlNode, JobNode> jobsByKey = new IdentityHashMap<>();
  private final IdentityHashMap<YamlNode, List<ExpressionUse>> variables = new IdentityHashMap<>();
  private final IdentityHashMap<Object, Map<String, StepNode>> stepsById = new IdentityHashMap<>();

  private @Nullable String newline;
  private @Nullable Boolean namesEnvironmentFile;
  private @Nullable IdentityHashMap<JobNode, List<ExpressionUse>> expressionsByJob;
  private @Nullable List<ExpressionCheck.Problem> expressionProblems;
  private @Nullable Taint taint;

  private LintFile(String path, String text, Project project) {
    this.path = path;
    this.text = text;
    this.kind = FileKind.of(path);
    this.project = project;
    this.document = YamlDocument.read(text);
    this.root = Trees.mapping(document.root());
  }

  static LintFile read(String path, String text, Project project) {
    LintFile file = new LintFile(path, text, project);
    if (file.root != null) {
      file.collect(file.root);
    }
    return file;
  }

  private void collect(YamlNode.Mapping top) {
    for (YamlNode.Member member : Trees.members(Trees.get(top, "jobs"))) {
      YamlNode.Mapping body = member.value().mapping();
      if (body != null && kind == FileKind.WORKFLOW) {
        JobNode job = new JobNode(member.key(), body);
        jobs.add(job);
        jobsById.putIfAbsent(job.id().toLowerCase(Locale.ROOT), job);
        steps.addAll(job.steps());
      }
    }
    if (kind == FileKind.ACTION) {
      for (YamlNode item : Trees.items(Trees.get(Trees.get(top, "runs"), "steps"))) {
        YamlNode.Mapping body = item.mapping();
        if (body != null) {
          steps.add(new StepNode(null, steps.size(), body));
        }
      }
    }
    for (JobNode job : jobs) {
      jobsByKey.put(job.key(), job);
    }
    for (StepNode step : steps) {
      stepsByBody.put(step.body(), step);
      String id = step.text("id").toLowerCase(Locale.ROOT);
      if (!id.isEmpty()) {
        stepsById.computeIfAbsent(owner(step.job()), o -> new HashMap<>()).putIfAbsent(id, step);
      }
    }
    walk(top, new ArrayList<>(), null, null);
  }

  private void walk(
      YamlNode node, List<String> keys, @Nullable JobNode job, @Nullable StepNode step) {
    if (scalars.size() > 100_000) {
      return;
    }
    YamlNode.Scalar scalar = node.scalar();
    if (scalar != null) {
      scalars.add(scalar);
      expressions(scalar, keys, job, step);
      return;
    }
    YamlNode.Sequence sequence = node.sequence();
    if (sequence != null) {
      for (YamlNode item : sequence.items()) {
        walk(item, keys, job, step == null ? stepOf(item, keys) : step);
      }
      return;
    }
    for (YamlNode.Member member : Trees.members(node)) {
      scalars.add(member.key());
      keys.add(member.key().text());
      JobNode of = job;
      if (keys.size() == 2 && keys.getFirst().equals("jobs")) {
        of = jobsByKey.get(member.key());
      }
      walk(member.value(), keys, of, step);
      keys.removeLast();
    }
  }

  private @Nullable StepNode stepOf(YamlNode item, List<String> keys) {
    boolean list =
        !keys.isEmpty() && (keys.getLast().equals("steps") || keys.getLast().equals("parallel"));
    return list ? stepsByBody.get(item) : null;
  }

  private void expressions(
      YamlNode.Scalar scalar, List<String> keys, @Nullable JobNode job, @Nullable StepNode step) {
    String value = scalar.text();
    int open = value.indexOf("${{");
    boolean condition = !keys.isEmpty() && keys.getLast().equals("if");
    if (open < 0 && condition && !value.isBlank()) {
      use(scalar, keys, job, step, 0, value.length(), value.strip());
    }
    while (open >= 0) {
      int close = closing(value, open + 3);
      if (close < 0) {
        return;
      }
      use(scalar, keys, job, step, open, close + 2, value.substring(open + 3, close).strip());
      open = value.indexOf("${{", close);
    }
  }

  private void use(
      YamlNode.Scalar scalar,
      List<String> keys,
      @Nullable JobNode job,
      @Nullable StepNode step,
      int start,
      int end,
      String source) {
    Expression expression;
    try {
      expression = Expression.compile(source, ANY);
    } catch (ExpressionException e) {
      // The reader reports what is wrong with it.
      return;
    }
    ExpressionUse use =
        new ExpressionUse(List.copyOf(keys), job, step, scalar, start, end, expression);
    expressions.add(use);
    if (keys.size() > 1 && keys.get(keys.size() - 2).equals("env")) {
      YamlNode owner = step != null ? step.body() : job != null ? job.body() : root;
      if (owner != null) {
        variables.computeIfAbsent(owner, o -> new ArrayList<>()).add(use);
      }
    }
  }

  private static int closing(String text, int from) {
    boolean quoted = false;
    for (int i = from; i + 1 < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\'') {
        quoted = !quoted;
      } else if (!quoted && c == '}' && text.charAt(i + 1) == '}') {
        return i;
      }
    }
    return -1;
  }

  String path() {
    return path;
  }

  String text() {
    return text;
  }

  /** How its lines end. */
  String newline() {
    String known = newline;
    if (known == null) {
      known = text.contains("\r\n") ? "\r\n" : "\n";
      newline = known;
    }
    return known;
  }

  /** Whether it names the file by which steps set variables for later ones. */
  boolean namesEnvironmentFile() {
    Boolean known = namesEnvironmentFile;
    if (known == null) {
      known = text.contains("GITHUB_ENV");
      namesEnvironmentFile = known;
    }
    return known;
  }

  FileKind kind() {
    return kind;
  }

  /** Whether it is the manifest of an action, not a workflow. */
  boolean action() {
    return kind == FileKind.ACTION;
  }

  /** What it is part of. */
  Project project() {
    return project;
  }

  YamlDocument document() {
    return document;
  }

  /** The top mapping; null when the file is no YAML mapping. */
  YamlNode.@Nullable Mapping root() {
    return root;
  }

  List<JobNode> jobs() {
    return jobs;
  }

  /** Steps of all jobs, or of the action. */
  List<StepNode> steps() {
    return steps;
  }

  /** All scalars, keys too, in the order of the tree. */
  List<YamlNode.Scalar> scalars() {
    return scalars;
  }

  List<ExpressionUse> expressions() {
    return expressions;
  }

  /** The expressions of a job, in the order of the text. */
  List<ExpressionUse> expressions(JobNode job) {
    if (expressionsByJob == null) {
      expressionsByJob = new IdentityHashMap<>();
      for (ExpressionUse use : expressions) {
        if (use.job() != null) {
          expressionsByJob.computeIfAbsent(use.job(), j -> new ArrayList<>()).add(use);
        }
      }
    }
    List<ExpressionUse> uses = expressionsByJob.get(job);
    return uses == null ? List.of() : uses;
  }

  /** What is wrong with the types of its expressions; worked out when first asked for. */
  List<ExpressionCheck.Problem> expressionProblems() {
    if (expressionProblems == null) {
      expressionProblems = ExpressionCheck.of(this);
    }
    return expressionProblems;
  }

  /** What flows where in it; for the thread alone that looks through this file. */
  Taint taint() {
    if (taint == null) {
      taint = new Taint(this);
    }
    return taint;
  }

  private Object owner(@Nullable JobNode job) {
    return job == null ? this : job;
  }

  /** The first step of a job, or of the action, with this id. */
  @Nullable StepNode step(@Nullable JobNode job, String id) {
    Map<String, StepNode> byId = stepsById.get(owner(job));
    return byId == null ? null : byId.get(id.toLowerCase(Locale.ROOT));
  }

  /** The expressions in variables under {@code env} of a step, a job or the file itself. */
  List<ExpressionUse> variables(@Nullable YamlNode owner) {
    List<ExpressionUse> found = owner == null ? null : variables.get(owner);
    return found == null ? List.of() : found;
  }

  @Nullable JobNode job(String id) {
    return jobsById.get(id.toLowerCase(Locale.ROOT));
  }

  /** Whether an event triggers it. */
  boolean on(String event) {
    YamlNode on = Trees.get(root, "on");
    if (on != null && on.mapping() != null) {
      return Trees.get(on, event) != null;
    }
    for (YamlNode item : Trees.items(on)) {
      YamlNode.Scalar scalar = item.scalar();
      if (scalar != null && scalar.text().equals(event)) {
        return true;
      }
    }
    return false;
  }

  /** The filters of an event; null when it has none. */
  YamlNode.@Nullable Mapping filters(String event) {
    return Trees.mapping(Trees.get(Trees.get(root, "on"), event));
  }

  /** The index of an offset of a scalar's text. */
  int index(YamlNode.Scalar scalar, int offset) {
    return document.index(scalar, offset);
  }
}
