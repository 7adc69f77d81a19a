package dev.slipway.workflow;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the steps of one job or composite action. */
final class StepReading {
  private final Typed typed;
  private final Problems problems;
  private final Ids ids = new Ids();

  /** Steps so far by lower-case id, with whether each runs in the background. */
  private final Map<String, Boolean> earlier = new HashMap<>();

  private int number;

  StepReading(Typed typed, Problems problems) {
    this.typed = typed;
    this.problems = problems;
  }

  /** A step before it is known which generated ids are free. */
  private record Draft(
      int number,
      Typed.Fields fields,
      @Nullable String id,
      String idBase,
      Condition condition,
      boolean background,
      Step.@Nullable Body body,
      List<Draft> group) {}

  List<Step> read(Typed.Field list) {
    List<Draft> drafts = drafts(list, false);
    return steps(drafts);
  }

  private List<Draft> drafts(Typed.Field list, boolean inParallel) {
    YamlNode.Sequence sequence = list.take().sequence();
    Schema.Type item = list.type().item();
    if (sequence == null || item == null) {
      typed.unexpected(list.take(), list.type());
      return List.of();
    }
    List<Draft> drafts = new ArrayList<>(sequence.items().size());
    for (YamlNode each : sequence.items()) {
      number++;
      YamlNode.Mapping mapping = each.mapping();
      if (mapping == null) {
        typed.unexpected(each, item);
        continue;
      }
      Typed.Fields fields = typed.fields(mapping, item.mappings(), null);
      if (fields != null) {
        drafts.add(draft(fields, inParallel));
      }
    }
    return drafts;
  }

  private Draft draft(Typed.Fields fields, boolean inParallel) {
    int own = number;
    String id = id(fields);
    boolean background = fields.flag("background");
    if (inParallel) {
      checkInParallel(fields);
    }
    String idBase = "run";
    Step.Body body = null;
    List<Draft> group = List.of();
    switch (fields.definition()) {
      case "run-step" -> body = run(fields);
      case "uses-step" -> {
        Node uses = fields.node("uses");
        String text = uses instanceof Node.Scalar scalar ? scalar.source() : "";
        idBase = ActionReferences.idBase(text);
        body = uses == null ? null : uses(uses.at(), text, fields);
      }
      case "wait-step" -> {
        idBase = "wait";
        body = wait(fields, id);
      }
      case "wait-all-step" -> {
        idBase = "wait-all";
        body = waitAll(fields);
      }
      case "cancel-step" -> {
        idBase = "cancel";
        body = cancel(fields, id);
      }
      default -> {
        idBase = "parallel";
        Typed.Field list = fields.field("parallel");
        group = list == null ? List.of() : drafts(list, true);
      }
    }
    if (id != null) {
      earlier.put(id.toLowerCase(Locale.ROOT), background);
    }
    Condition condition = condition(fields);
    return new Draft(own, fields, id, idBase, condition, background, body, group);
  }

  private Condition condition(Typed.Fields fields) {
    return fields.allows("if") ? fields.condition("if", "success()") : typed.always(fields.at());
  }

  private @Nullable String id(Typed.Fields fields) {
    Node node = fields.node("id");
    if (!(node instanceof Node.Scalar scalar) || scalar.source().isEmpty()) {
      return null;
    }
    String wrong = ids.take(scalar.source());
    if (wrong != null) {
      problems.error(node.at(), wrong, null);
    }
    return scalar.source();
  }

  private void checkInParallel(Typed.Fields fields) {
    if (fields.has("background")) {
      problems.error(
          fields.keyAt("background"),
          "'background' is not allowed inside 'parallel'",
          "steps in 'parallel' already run at the same time; remove it");
    }
    for (String key : List.of("wait", "wait-all", "cancel", "parallel")) {
      if (fields.has(key)) {
        problems.error(
            fields.keyAt(key),
            "'" + key + "' is not allowed inside 'parallel'",
            "only steps with 'run' or 'uses' are");
      }
    }
  }

  private static Step.@Nullable Body run(Typed.Fields fields) {
    Node script = fields.node("run");
    Node shell = fields.node("shell");
    Node directory = fields.node("working-directory");
    return script == null ? null : new Step.Run(script, shell, directory);
  }

  private Step.@Nullable Body uses(Position at, String text, Typed.Fields fields) {
    ActionReference reference = ActionReferences.read(text);
    if (reference == null) {
      problems.error(
          at, "Expected format {org}/{repo}[/path]@ref. Actual '" + text + "'", usesHint(text));
      return null;
    }
    return new Step.Uses(at, reference, fields.mapping("with"));
  }

  private static String usesHint(String text) {
    if (text.startsWith("/") || text.startsWith("../") || text.startsWith(".github")) {
      return "an action of this repository begins with ./";
    }
    return text.indexOf('@') < 0
        ? "add the version after @, such as " + text + "@v1"
        : "an action is OWNER/REPO@REF, ./PATH, $/PATH or docker://IMAGE";
  }

  private Step.Body wait(Typed.Fields fields, @Nullable String own) {
    Node targets = fields.node("wait");
    List<Node> items =
        targets instanceof Node.Sequence sequence
            ? sequence.items()
            : targets == null ? List.of() : List.of(targets);
    for (Node item : items) {
      checkTarget(item, own);
    }
    return new Step.Wait(Typed.texts(targets));
  }

  private Step.Body waitAll(Typed.Fields fields) {
    Node value = fields.node("wait-all");
    if (value instanceof Node.Scalar scalar && scalar.source().equalsIgnoreCase("false")) {
      problems.error(
          value.at(), "The value of 'wait-all' must be true or omitted", "remove the step");
    }
    return new Step.WaitAll();
  }

  private Step.@Nullable Body cancel(Typed.Fields fields, @Nullable String own) {
    Node target = fields.node("cancel");
    if (!(target instanceof Node.Scalar scalar)) {
      return null;
    }
    checkTarget(target, own);
    return new Step.Cancel(scalar.source());
  }

  private void checkTarget(Node node, @Nullable String own) {
    if (!(node instanceof Node.Scalar scalar)) {
      return;
    }
    String target = scalar.source();
    Boolean background = earlier.get(target.toLowerCase(Locale.ROOT));
    if (target.startsWith("__")) {
      problems.error(
          node.at(),
          "The identifier '" + target + "' is invalid. IDs starting with '__' are reserved.",
          null);
    } else if (target.equalsIgnoreCase(own)) {
      problems.error(node.at(), "Step '" + own + "' cannot reference itself", null);
    } else if (background == null) {
      problems.error(
          node.at(),
          "Step references unknown step ID '" + target + "'",
          problems.many() || Spelling.nearest(target, earlier.keySet()) == null
              ? "name the id of an earlier step"
              : Spelling.hint(target, earlier.keySet()));
    } else if (!background) {
      problems.warning(
          node.at(),
          "The step '" + target + "' does not run in the background",
          "add 'background: true' to it");
    }
  }

  private List<Step> steps(List<Draft> drafts) {
    List<Step> steps = new ArrayList<>(drafts.size());
    for (Draft draft : drafts) {
      String contextName = draft.id() == null ? ids.generate(draft.idBase()) : draft.id();
      Step.Body body =
          draft.fields().definition().equals("parallel-step")
              ? new Step.Parallel(steps(draft.group()))
              : draft.body();
      Typed.Fields fields = draft.fields();
      Node name = fields.node("name");
      Node.Mapping env = fields.mapping("env");
      Node continueOnError = fields.node("continue-on-error");
      Node timeout = fields.node("timeout-minutes");
      fields.close();
      if (body != null) {
        steps.add(
            new Step(
                draft.number(),
                fields.at(),
                draft.id(),
                contextName,
                name,
                draft.condition(),
                env,
                continueOnError,
                timeout,
                draft.background(),
                body));
      }
    }
    return steps;
  }
}
