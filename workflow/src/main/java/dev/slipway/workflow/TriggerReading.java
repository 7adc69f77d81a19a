package dev.slipway.workflow;

import dev.slipway.workflow.expression.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;

/** Reads {@code on}. */
final class TriggerReading {
  private static final int MOST_INPUTS = 25;
  private static final List<String> FILTERS = List.of("branches", "tags", "paths");

  private final Typed typed;
  private final Problems problems;
  private final Schema.Definition events = Schema.workflow().definition("on");

  TriggerReading(Typed typed, Problems problems) {
    this.typed = typed;
    this.problems = problems;
  }

  Triggers read(YamlNode on) {
    List<Triggers.Trigger> triggers = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    YamlNode.Scalar one = on.scalar();
    YamlNode.Sequence several = on.sequence();
    YamlNode.Mapping mapping = on.mapping();
    if (one != null) {
      bare(one, triggers, seen);
    } else if (several != null) {
      for (YamlNode item : several.items()) {
        YamlNode.Scalar name = item.scalar();
        if (name == null) {
          problems.error(
              item.at(),
              "A " + (item.mapping() != null ? "mapping" : "sequence") + " was not expected",
              "to give an event filters, write 'on' as a mapping of events");
        } else {
          bare(name, triggers, seen);
        }
      }
    } else if (mapping != null) {
      Typed.Fields fields = typed.fields(mapping, List.of(events), null);
      if (fields != null) {
        for (YamlNode.Member member : mapping.members()) {
          String event = member.key().text();
          if (fields.has(event)) {
            triggers.add(trigger(event, member.key().at(), fields));
          }
        }
        fields.close();
      }
    }
    if (triggers.isEmpty()
        && (several == null
            ? mapping != null && mapping.members().isEmpty()
            : several.items().isEmpty())) {
      problems.error(on.at(), "No event triggers defined in 'on'", "name an event, such as push");
    }
    return new Triggers(on.at(), triggers);
  }

  private void bare(YamlNode.Scalar name, List<Triggers.Trigger> triggers, Set<String> seen) {
    String event = name.text();
    if (events.key(event) == null) {
      problems.error(
          name.at(),
          "Unexpected value '" + event + "'",
          Spelling.hint(event, events.keys().keySet()));
    } else if (seen.add(event)) {
      if (event.equals("schedule")) {
        problems.warning(
            name.at(),
            "'schedule' without a cron line never starts the workflow",
            "write 'on' as a mapping with schedule: [{cron: …}]");
      }
      triggers.add(
          new Triggers.Trigger(
              name.at(), event, List.of(), null, null, null, List.of(), List.of(), List.of(),
              List.of(), List.of()));
    }
  }

  private Triggers.Trigger trigger(String event, Position at, Typed.Fields parent) {
    if (event.equals("schedule")) {
      return new Triggers.Trigger(
          at,
          event,
          List.of(),
          null,
          null,
          null,
          List.of(),
          schedules(parent),
          List.of(),
          List.of(),
          List.of());
    }
    Typed.Fields fields = parent.fields(event);
    if (fields == null) {
      return new Triggers.Trigger(
          at, event, List.of(), null, null, null, List.of(), List.of(), List.of(), List.of(),
          List.of());
    }
    Triggers.Filter branches = filter(fields, FILTERS.get(0));
    Triggers.Filter tags = filter(fields, FILTERS.get(1));
    Triggers.Filter paths = filter(fields, FILTERS.get(2));
    List<InputDefinition> inputs = inputs(event, fields);
    Triggers.Trigger trigger =
        new Triggers.Trigger(
            at,
            event,
            List.copyOf(fields.texts("types")),
            branches,
            tags,
            paths,
            List.copyOf(fields.texts("workflows")),
            List.of(),
            inputs,
            secrets(fields),
            outputs(fields));
    fields.close();
    return trigger;
  }

  private Triggers.@Nullable Filter filter(Typed.Fields fields, String kind) {
    String ignoring = kind + "-ignore";
    Node included = fields.node(kind);
    Node ignored = fields.node(ignoring);
    if (included != null && ignored != null) {
      problems.error(
          fields.keyAt(ignoring),
          "'" + kind + "' and '" + ignoring + "' cannot be used for the same event",
          "use '" + kind + "' with patterns that begin with !");
    }
    check(included, kind);
    check(ignored, ignoring);
    if (included != null) {
      return new Triggers.Filter(included.at(), false, List.copyOf(Typed.texts(included)));
    }
    return ignored == null
        ? null
        : new Triggers.Filter(ignored.at(), true, List.copyOf(Typed.texts(ignored)));
  }

  private void check(@Nullable Node node, String kind) {
    boolean positive = false;
    boolean negative = false;
    List<Node> items =
        node instanceof Node.Sequence sequence
            ? sequence.items()
            : node == null ? List.of() : List.of(node);
    for (Node item : items) {
      if (item instanceof Node.Scalar scalar) {
        String pattern = scalar.source();
        String wrong = Glob.check(pattern);
        if (wrong != null) {
          problems.error(item.at(), "Invalid pattern '" + pattern + "': " + wrong, null);
        }
        negative |= pattern.startsWith("!") && wrong == null;
        positive |= !pattern.startsWith("!");
      }
    }
    if (node != null && negative && !positive && !kind.endsWith("-ignore")) {
      problems.warning(
          node.at(),
          "'" + kind + "' holds only patterns that begin with !, so nothing matches",
          "put '**' before them");
    }
  }

  private List<Triggers.Schedule> schedules(Typed.Fields parent) {
    Node node = parent.node("schedule");
    List<Triggers.Schedule> schedules = new ArrayList<>();
    if (!(node instanceof Node.Sequence sequence)) {
      return schedules;
    }
    for (Node item : sequence.items()) {
      if (!(item instanceof Node.Mapping mapping)
          || !(mapping.get("cron") instanceof Node.Scalar cron)) {
        continue;
      }
      String wrong = Cron.check(cron.source());
      if (wrong != null) {
        problems.error(
            cron.at(),
            "Invalid cron expression '" + cron.source() + "': " + wrong,
            Cron.hint(cron.source()));
      } else if (Cron.tooOften(cron.source())) {
        problems.warning(
            cron.at(),
            "The cron expression '" + cron.source() + "' asks for runs less than 5 minutes apart",
            "GitHub starts scheduled runs at most every 5 minutes");
      }
      String timezone = null;
      if (mapping.get("timezone") instanceof Node.Scalar zone) {
        timezone = zone.source();
        if (!zoned(timezone)) {
          problems.error(
              zone.at(),
              "Unknown time zone '" + timezone + "'",
              "use an IANA name, such as Europe/Berlin");
        }
      }
      schedules.add(new Triggers.Schedule(cron.at(), cron.source(), timezone));
    }
    return schedules;
  }

  private static boolean zoned(String name) {
    // A name that is unknown gives GMT.
    return TimeZone.getTimeZone(name).getID().equals(name)
        && (name.equals("GMT") || !name.startsWith("GMT"));
  }

  private List<InputDefinition> inputs(String event, Typed.Fields fields) {
    Typed.Fields members = fields.fields("inputs");
    if (members == null) {
      return List.of();
    }
    boolean dispatch = event.equals("workflow_dispatch");
    if (dispatch && members.others().size() > MOST_INPUTS) {
      problems.error(
          members.others().get(MOST_INPUTS).key().at(),
          "'workflow_dispatch' has "
              + members.others().size()
              + " inputs; at most "
              + MOST_INPUTS
              + " are allowed",
          null);
    }
    List<InputDefinition> inputs = new ArrayList<>();
    for (Typed.Field member : members.others()) {
      Typed.Fields input = member.fields();
      if (input == null) {
        inputs.add(
            new InputDefinition(
                member.key().at(),
                member.key().text(),
                InputDefinition.Type.STRING,
                false,
                null,
                List.of(),
                null));
      } else {
        inputs.add(input(member.key(), input, dispatch));
      }
    }
    return inputs;
  }

  private InputDefinition input(YamlNode.Scalar key, Typed.Fields fields, boolean dispatch) {
    String name = fields.text("type");
    InputDefinition.Type type = type(name == null ? "string" : name);
    Node standard = fields.node("default");
    List<String> options = fields.texts("options");
    if (standard instanceof Node.Scalar scalar && scalar.literal() && name != null) {
      checkDefault(key.text(), type, scalar, options, dispatch);
    }
    if (type == InputDefinition.Type.CHOICE && options.isEmpty()) {
      problems.warning(
          key.at(), "The input '" + key.text() + "' is a choice without options", "add 'options'");
    }
    InputDefinition input =
        new InputDefinition(
            key.at(),
            key.text(),
            type,
            fields.flag("required"),
            standard,
            options,
            fields.text("description"));
    fields.close();
    return input;
  }

  private void checkDefault(
      String input,
      InputDefinition.Type type,
      Node.Scalar value,
      List<String> options,
      boolean dispatch) {
    String text = value.source();
    boolean written = fits(type, text, options);
    // What a call gives is typed; the form of a dispatch gives texts.
    if (written && (dispatch || kindFits(type, value))) {
      return;
    }
    String wanted =
        switch (type) {
          case BOOLEAN -> "a boolean";
          case NUMBER -> "a number";
          default -> "one of its options";
        };
    String message = "The default '" + text + "' of the input '" + input + "' is not " + wanted;
    if (dispatch) {
      problems.warning(value.at(), message, null);
    } else {
      problems.error(value.at(), message, written ? "remove the quotes" : null);
    }
  }

  private static boolean fits(InputDefinition.Type type, String text, List<String> options) {
    return switch (type) {
      case BOOLEAN -> text.isEmpty() || CoreSchema.isBoolean(text);
      case NUMBER -> text.isEmpty() || CoreSchema.isFloat(text) || CoreSchema.isInteger(text);
      case CHOICE -> text.isEmpty() || options.isEmpty() || options.contains(text);
      default -> true;
    };
  }

  private static boolean kindFits(InputDefinition.Type type, Node.Scalar value) {
    Value.Kind kind = value.evaluate(name -> null).kind();
    return switch (type) {
      case BOOLEAN -> kind == Value.Kind.BOOLEAN || value.source().isEmpty();
      case NUMBER -> kind == Value.Kind.NUMBER || value.source().isEmpty();
      default -> true;
    };
  }

  private static InputDefinition.Type type(String name) {
    return switch (name) {
      case "boolean" -> InputDefinition.Type.BOOLEAN;
      case "number" -> InputDefinition.Type.NUMBER;
      case "choice" -> InputDefinition.Type.CHOICE;
      case "environment" -> InputDefinition.Type.ENVIRONMENT;
      default -> InputDefinition.Type.STRING;
    };
  }

  private static List<Triggers.SecretDefinition> secrets(Typed.Fields fields) {
    Typed.Fields members = fields.fields("secrets");
    List<Triggers.SecretDefinition> secrets = new ArrayList<>();
    if (members != null) {
      for (Typed.Field member : members.others()) {
        Typed.Fields secret = member.fields();
        secrets.add(
            new Triggers.SecretDefinition(
                member.key().at(), member.key().text(), secret != null && secret.flag("required")));
        if (secret != null) {
          secret.close();
        }
      }
    }
    return secrets;
  }

  private static List<Triggers.OutputDefinition> outputs(Typed.Fields fields) {
    Typed.Fields members = fields.fields("outputs");
    List<Triggers.OutputDefinition> outputs = new ArrayList<>();
    if (members != null) {
      for (Typed.Field member : members.others()) {
        Typed.Fields output = member.fields();
        Node value = output == null ? null : output.node("value");
        if (value != null) {
          outputs.add(new Triggers.OutputDefinition(member.key().at(), member.key().text(), value));
        }
        if (output != null) {
          output.close();
        }
      }
    }
    return outputs;
  }
}
