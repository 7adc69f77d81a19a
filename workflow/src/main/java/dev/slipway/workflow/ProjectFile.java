package dev.slipway.workflow;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The project file, {@code slipway.yml}.
 *
 * @param machines the machine of each label that it names, in the order written; labels keep their
 *     case
 */
public record ProjectFile(Map<String, String> machines) {
  private static final int DEEPEST = 50;
  private static final String MACHINES = "machines";

  /** Sections that the file may have. */
  private static final List<String> SECTIONS =
      List.of(MACHINES, "gates", "environments", "cache", "policy", "inputs", "outputs");

  /** A project without a file. */
  public static final ProjectFile NONE = new ProjectFile(Map.of());

  public ProjectFile {
    machines = Collections.unmodifiableMap(new LinkedHashMap<>(machines));
  }

  /** Reads the file; an empty one is a project without settings. */
  public static Reading<ProjectFile> read(String file, String text) {
    String content = text.startsWith("\uFEFF") ? text.substring(1) : text;
    Problems problems = new Problems(file);
    if (content.isBlank()) {
      return problems.reading(NONE);
    }
    YamlNode root = YamlReader.read(content, new Source(content), problems, DEEPEST);
    if (root == null) {
      return problems.reading(null);
    }
    Map<String, String> machines = new LinkedHashMap<>();
    YamlNode.Mapping mapping = root.mapping();
    if (mapping == null) {
      problems.error(
          root.at(), "The file is no mapping of sections", "begin with, say, 'machines:'");
      return problems.reading(null);
    }
    for (YamlNode.Member member : mapping.members()) {
      String section = member.key().text();
      if (section.equals(MACHINES)) {
        machines(member.value(), machines, problems);
      } else if (!SECTIONS.contains(section)) {
        problems.error(
            member.key().at(),
            "Unexpected value '" + section + "'",
            Spelling.hint(section, SECTIONS));
      }
    }
    return problems.reading(new ProjectFile(machines));
  }

  private static void machines(YamlNode node, Map<String, String> machines, Problems problems) {
    YamlNode.Mapping mapping = node.mapping();
    if (mapping == null) {
      problems.error(
          node.at(), "'machines' is no mapping", "write lines such as 'ubuntu-latest: host'");
      return;
    }
    for (YamlNode.Member member : mapping.members()) {
      YamlNode.Scalar machine = member.value().scalar();
      if (machine == null || machine.text().isBlank()) {
        problems.error(
            member.value().at(),
            "The label '" + member.key().text() + "' has no machine",
            "name one, such as host or skip");
      } else {
        machines.put(member.key().text(), machine.text());
      }
    }
  }

  /**
   * The machine that a label is mapped to, without regard to case; null when the file does not say.
   */
  public @Nullable String machine(String label) {
    String wanted = label.toLowerCase(Locale.ROOT);
    for (Map.Entry<String, String> entry : machines.entrySet()) {
      if (entry.getKey().toLowerCase(Locale.ROOT).equals(wanted)) {
        return entry.getValue();
      }
    }
    return null;
  }
}
