package dev.slipway.workflow;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the section {@code cache} of {@code slipway.yml}. */
final class CacheSection {
  private static final List<String> NAMES =
      List.of("s3", "endpoint", "region", "trust", "verify", "steps");
  private static final List<String> OF_STEPS =
      List.of("step", "never", "network", "inputs", "outputs");

  private CacheSection() {}

  static CacheRules read(YamlNode node, Problems problems) {
    YamlNode.Mapping mapping = node.mapping();
    if (mapping == null) {
      problems.error(
          node.at(), "'cache' is no mapping", "write lines such as 's3: s3://bucket/prefix'");
      return CacheRules.NONE;
    }
    ProjectFile.known(mapping, NAMES, problems);
    String s3 = text(mapping, "s3");
    if (!s3.isEmpty() && !s3.startsWith("s3://")) {
      YamlNode at = mapping.get("s3");
      problems.error(
          at == null ? node.at() : at.at(), "'" + s3 + "' is no bucket", "s3://BUCKET/PREFIX");
    }
    List<CacheRules.StepRule> steps = new ArrayList<>();
    YamlNode listed = mapping.get("steps");
    YamlNode.Sequence sequence = listed == null ? null : listed.sequence();
    if (listed != null && sequence == null) {
      problems.error(listed.at(), "'steps' is no list", "write '- step: PART OF ITS NAME'");
    }
    if (sequence != null) {
      for (YamlNode item : sequence.items()) {
        step(item, steps, problems);
      }
    }
    return new CacheRules(
        s3,
        text(mapping, "endpoint"),
        text(mapping, "region"),
        texts(mapping.get("trust")),
        percent(mapping, problems),
        steps);
  }

  private static void step(YamlNode item, List<CacheRules.StepRule> steps, Problems problems) {
    YamlNode.Mapping rule = item.mapping();
    String name = rule == null ? "" : text(rule, "step");
    if (rule == null || name.isBlank()) {
      problems.error(item.at(), "It is not said which step", "write 'step: PART OF ITS NAME'");
      return;
    }
    ProjectFile.known(rule, OF_STEPS, problems);
    String network = text(rule, "network");
    YamlNode given = rule.get("network");
    if (given != null && !network.equals("allowed") && !network.equals("refused")) {
      problems.error(given.at(), "Unexpected network '" + network + "'", "allowed or refused");
    }
    List<String> inputs = texts(rule.get("inputs"));
    List<String> outputs = texts(rule.get("outputs"));
    YamlNode made = rule.get("outputs");
    if (made != null && inputs.isEmpty()) {
      problems.error(
          made.at(),
          "Outputs are only declared together with inputs",
          "add 'inputs:', or leave both out to have the step watched");
    }
    steps.add(
        new CacheRules.StepRule(
            name, text(rule, "never").equals("true"), network.equals("allowed"), inputs, outputs));
  }

  private static int percent(YamlNode.Mapping mapping, Problems problems) {
    YamlNode node = mapping.get("verify");
    YamlNode.Scalar scalar = node == null ? null : node.scalar();
    if (node == null) {
      return 0;
    }
    if (scalar == null
        || scalar.kind() != YamlNode.Kind.NUMBER
        || scalar.number() < 0
        || scalar.number() > 100) {
      problems.error(node.at(), "'verify' is no number from 0 to 100", null);
      return 0;
    }
    return (int) scalar.number();
  }

  private static String text(YamlNode.Mapping mapping, String name) {
    YamlNode node = mapping.get(name);
    YamlNode.Scalar scalar = node == null ? null : node.scalar();
    return scalar == null ? "" : scalar.text();
  }

  private static List<String> texts(@Nullable YamlNode node) {
    List<String> texts = new ArrayList<>();
    YamlNode.Sequence sequence = node == null ? null : node.sequence();
    if (sequence != null) {
      for (YamlNode item : sequence.items()) {
        YamlNode.Scalar scalar = item.scalar();
        if (scalar != null) {
          texts.add(scalar.text());
        }
      }
    } else if (node != null && node.scalar() != null) {
      YamlNode.Scalar scalar = node.scalar();
      if (scalar != null) {
        texts.add(scalar.text());
      }
    }
    return texts;
  }
}
