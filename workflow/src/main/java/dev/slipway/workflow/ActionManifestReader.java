package dev.slipway.workflow;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads action manifests: every independent problem at once, else an {@link ActionManifest}. */
public final class ActionManifestReader {
  private static final int DEEPEST = 100;
  private static final String NODE = "node";

  private final Problems problems;
  private final Typed typed;

  private ActionManifestReader(Source source, Problems problems) {
    this.problems = problems;
    this.typed = new Typed(source, problems);
  }

  /**
   * Reads an {@code action.yml}.
   *
   * @param file its path, as problems shall name it
   */
  public static Reading<ActionManifest> read(String file, String text) {
    Problems problems = new Problems(file);
    String content = text.startsWith("\uFEFF") ? text.substring(1) : text;
    Source source = new Source(content);
    YamlNode root = YamlReader.read(content, source, problems, DEEPEST);
    if (root == null) {
      return problems.reading(null);
    }
    return problems.reading(new ActionManifestReader(source, problems).manifest(file, root));
  }

  /** All that is wrong with a file whose YAML has been read already. */
  public static List<Problem> problems(String file, YamlDocument document) {
    Problems problems = document.problems(file);
    YamlNode root = document.root();
    return root == null
        ? problems.reading(null).problems()
        : problems
            .reading(new ActionManifestReader(document.source(), problems).manifest(file, root))
            .problems();
  }

  private @Nullable ActionManifest manifest(String file, YamlNode root) {
    Typed.Fields fields = typed.root(root, Schema.action().root());
    if (fields == null) {
      return null;
    }
    String name = fields.text("name");
    List<ActionManifest.Input> inputs = inputs(fields);
    List<ActionManifest.Output> outputs = outputs(fields);
    ActionManifest.Runs runs = runs(fields);
    fields.close();
    return runs == null
        ? null
        : new ActionManifest(file, name == null ? "" : name, inputs, outputs, runs);
  }

  private static List<ActionManifest.Input> inputs(Typed.Fields fields) {
    List<ActionManifest.Input> inputs = new ArrayList<>();
    Typed.Fields members = fields.fields("inputs");
    if (members == null) {
      return inputs;
    }
    for (Typed.Field member : members.others()) {
      Typed.Fields input = member.fields();
      String id = member.key().text();
      if (input == null) {
        inputs.add(new ActionManifest.Input(id, null, false, null));
      } else {
        inputs.add(
            new ActionManifest.Input(
                id,
                input.node("default"),
                input.flag("required"),
                input.text("deprecationMessage")));
        input.close();
      }
    }
    return inputs;
  }

  private static List<ActionManifest.Output> outputs(Typed.Fields fields) {
    List<ActionManifest.Output> outputs = new ArrayList<>();
    Typed.Fields members = fields.fields("outputs");
    if (members == null) {
      return outputs;
    }
    for (Typed.Field member : members.others()) {
      Typed.Fields output = member.fields();
      outputs.add(
          new ActionManifest.Output(
              member.key().text(), output == null ? null : output.node("value")));
      if (output != null) {
        output.close();
      }
    }
    return outputs;
  }

  private ActionManifest.@Nullable Runs runs(Typed.Fields fields) {
    Typed.Field field = fields.field("runs");
    if (field == null) {
      return null;
    }
    YamlNode node = field.take();
    YamlNode.Mapping mapping = node.mapping();
    if (mapping == null) {
      typed.unexpected(node, field.type());
      return null;
    }
    YamlNode using = mapping.get("using");
    String definition = mapping.get("plugin") != null ? "plugin-runs" : definition(mapping, using);
    if (definition == null) {
      return null;
    }
    Typed.Fields runs =
        typed.fields(mapping, List.of(Schema.action().definition(definition)), null);
    if (runs == null) {
      return null;
    }
    ActionManifest.Runs result =
        switch (definition) {
          case "plugin-runs" -> plugin(runs);
          case "composite-runs" -> composite(runs);
          case "container-runs" -> container(runs);
          default -> script(runs);
        };
    runs.close();
    return result;
  }

  private @Nullable String definition(YamlNode.Mapping runs, @Nullable YamlNode using) {
    String text = using != null && using.scalar() != null ? using.scalar().text() : "";
    if (text.equals("composite")) {
      return "composite-runs";
    }
    if (text.equals("docker")) {
      return "container-runs";
    }
    if (text.startsWith(NODE) && text.length() > NODE.length()) {
      boolean number = text.substring(NODE.length()).chars().allMatch(c -> c >= '0' && c <= '9');
      if (number) {
        return "node-runs";
      }
    }
    if (using == null) {
      problems.error(
          runs.at(),
          "Required property is missing: using",
          "add 'using': node24, docker or composite");
    } else {
      Set<String> known =
          new TreeSet<>(List.of("composite", "docker", "node12", "node16", "node20", "node24"));
      problems.error(using.at(), "Unexpected value '" + text + "'", Spelling.hint(text, known));
    }
    return null;
  }

  private static ActionManifest.@Nullable Runs plugin(Typed.Fields runs) {
    String plugin = runs.text("plugin");
    return plugin == null ? null : new ActionManifest.Plugin(plugin);
  }

  private ActionManifest.Runs composite(Typed.Fields runs) {
    Typed.Field steps = runs.field("steps");
    return new ActionManifest.Composite(
        steps == null ? List.of() : new StepReading(typed, problems).read(steps));
  }

  private static ActionManifest.@Nullable Runs container(Typed.Fields runs) {
    String image = runs.text("image");
    return image == null
        ? null
        : new ActionManifest.Docker(
            image,
            runs.text("entrypoint"),
            runs.text("pre-entrypoint"),
            runs.condition("pre-if", "always()"),
            runs.text("post-entrypoint"),
            runs.condition("post-if", "always()"),
            runs.node("args"),
            runs.mapping("env"));
  }

  private static ActionManifest.@Nullable Runs script(Typed.Fields runs) {
    String using = runs.text("using");
    String main = runs.text("main");
    return using == null || main == null
        ? null
        : new ActionManifest.JavaScript(
            using,
            main,
            runs.text("pre"),
            runs.condition("pre-if", "always()"),
            runs.text("post"),
            runs.condition("post-if", "always()"));
  }
}
