package dev.slipway.lint;

import dev.slipway.workflow.YamlDocument;
import dev.slipway.workflow.YamlNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known of one version of an action: how it runs, what it takes and what it gives. */
final class ActionFacts {
  private final String using;
  private final List<Input> inputs;
  private final List<String> outputs;

  ActionFacts(String using, List<Input> inputs, List<String> outputs) {
    this.using = using;
    this.inputs = List.copyOf(inputs);
    this.outputs = List.copyOf(outputs);
  }

  /**
   * An input.
   *
   * @param required whether a step must give it, as it has no default either
   */
  record Input(String name, boolean required, boolean deprecated) {}

  /** How it runs: {@code node24}, {@code docker}, {@code composite} … */
  String using() {
    return using;
  }

  List<Input> inputs() {
    return inputs;
  }

  List<String> outputs() {
    return outputs;
  }

  @Nullable Input input(String name) {
    for (Input input : inputs) {
      if (input.name().equalsIgnoreCase(name)) {
        return input;
      }
    }
    return null;
  }

  boolean output(String name) {
    for (String output : outputs) {
      if (output.equalsIgnoreCase(name)) {
        return true;
      }
    }
    return false;
  }

  /** Reads a manifest leniently; null when it is none. */
  static @Nullable ActionFacts of(String manifest) {
    String text = manifest.startsWith("\uFEFF") ? manifest.substring(1) : manifest;
    return of(Trees.mapping(YamlDocument.read(text).root()));
  }

  static @Nullable ActionFacts of(YamlNode.@Nullable Mapping root) {
    YamlNode runs = Trees.get(root, "runs");
    String using = Trees.text(runs, "using");
    if (using.isEmpty()) {
      using = Trees.text(runs, "plugin").isEmpty() ? "" : "plugin";
    }
    if (using.isEmpty()) {
      return null;
    }
    List<Input> inputs = new ArrayList<>();
    for (YamlNode.Member member : Trees.members(Trees.get(root, "inputs"))) {
      boolean required =
          Trees.is(Trees.scalar(member.value(), "required"), true)
              && Trees.get(member.value(), "default") == null;
      boolean deprecated = !Trees.text(member.value(), "deprecationMessage").isEmpty();
      inputs.add(new Input(member.key().text(), required, deprecated));
    }
    List<String> outputs = new ArrayList<>();
    for (YamlNode.Member member : Trees.members(Trees.get(root, "outputs"))) {
      outputs.add(member.key().text());
    }
    return new ActionFacts(using, inputs, outputs);
  }

  /** As a line of the data keeps it: {@code node24|token path!|ref}. */
  String line() {
    StringBuilder line = new StringBuilder(using.toLowerCase(java.util.Locale.ROOT)).append('|');
    for (Input input : inputs) {
      if (plain(input.name())) {
        separate(line).append(input.name());
        line.append(input.required() ? "!" : "").append(input.deprecated() ? "~" : "");
      }
    }
    line.append('|');
    for (String output : outputs) {
      if (plain(output)) {
        separate(line).append(output);
      }
    }
    return line.toString();
  }

  private static StringBuilder separate(StringBuilder line) {
    return line.charAt(line.length() - 1) == '|' ? line : line.append(' ');
  }

  private static boolean plain(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c <= ' ' || c > '~' || c == '|' || c == '!' || c == '~') {
        return false;
      }
    }
    return !name.isEmpty();
  }

  static ActionFacts parse(String using, String inputs, String outputs) {
    List<Input> parsed = new ArrayList<>();
    for (String word : words(inputs)) {
      boolean deprecated = word.endsWith("~");
      String rest = deprecated ? word.substring(0, word.length() - 1) : word;
      boolean required = rest.endsWith("!");
      parsed.add(
          new Input(required ? rest.substring(0, rest.length() - 1) : rest, required, deprecated));
    }
    return new ActionFacts(using, parsed, words(outputs));
  }

  static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    int start = 0;
    while (start < text.length()) {
      int end = text.indexOf(' ', start);
      end = end < 0 ? text.length() : end;
      words.add(text.substring(start, end));
      start = end + 1;
    }
    return words;
  }
}
