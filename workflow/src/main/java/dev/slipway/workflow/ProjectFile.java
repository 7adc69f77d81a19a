package dev.slipway.workflow;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The project file, {@code slipway.yml}. Its section {@code lint} is read by the analyser of
 * workflows, {@code gates}, {@code flaky} and {@code slo} by whoever checks the project.
 *
 * @param machines the machine of each label that it names, in the order written; labels keep their
 *     case
 * @param cache what it says of sparing steps
 * @param services the process that runs in place of a service's container, by image
 */
public record ProjectFile(
    Map<String, String> machines, Map<String, Service> services, CacheRules cache) {
  private static final int DEEPEST = 50;
  private static final String MACHINES = "machines";
  private static final String SERVICES = "services";
  private static final String CACHE = "cache";
  private static final String NO_NETWORK = ":no-network";
  private static final List<String> OF_MACHINES = List.of("machine", "network");
  private static final List<String> OF_SERVICES = List.of("process", "health", "port");

  /** Sections that the file may have. */
  private static final List<String> SECTIONS =
      List.of(
          MACHINES,
          SERVICES,
          "lint",
          "gates",
          "flaky",
          "slo",
          "environments",
          CACHE,
          "policy",
          "inputs",
          "outputs");

  /** A project without a file. */
  public static final ProjectFile NONE = new ProjectFile(Map.of(), Map.of(), CacheRules.NONE);

  public ProjectFile {
    machines = Collections.unmodifiableMap(new LinkedHashMap<>(machines));
    services = Collections.unmodifiableMap(new LinkedHashMap<>(services));
  }

  /**
   * A process in place of a service's container.
   *
   * @param process a recipe's name, or a command line for the shell
   * @param health a command line that succeeds when the service can be used; empty for none
   * @param port where the service listens in its container; 0 when the file does not say
   */
  public record Service(String process, String health, int port) {}

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
    Map<String, Service> services = new LinkedHashMap<>();
    CacheRules cache = CacheRules.NONE;
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
      } else if (section.equals(SERVICES)) {
        services(member.value(), services, problems);
      } else if (section.equals(CACHE)) {
        cache = CacheSection.read(member.value(), problems);
      } else if (!SECTIONS.contains(section)) {
        problems.error(
            member.key().at(),
            "Unexpected value '" + section + "'",
            Spelling.hint(section, SECTIONS));
      }
    }
    return problems.reading(new ProjectFile(machines, services, cache));
  }

  private static void machines(YamlNode node, Map<String, String> machines, Problems problems) {
    YamlNode.Mapping mapping = node.mapping();
    if (mapping == null) {
      problems.error(
          node.at(), "'machines' is no mapping", "write lines such as 'ubuntu-latest: host'");
      return;
    }
    for (YamlNode.Member member : mapping.members()) {
      String machine = machine(member.value(), problems);
      if (machine.isBlank()) {
        problems.error(
            member.value().at(),
            "The label '" + member.key().text() + "' has no machine",
            "name one, such as host or skip");
      } else {
        machines.put(member.key().text(), machine);
      }
    }
  }

  /** A machine by its name, or by its name with settings. */
  private static String machine(YamlNode node, Problems problems) {
    YamlNode.Mapping settings = node.mapping();
    if (settings == null) {
      return text(node);
    }
    known(settings, OF_MACHINES, problems);
    YamlNode network = settings.get("network");
    boolean without = network != null && text(network).equals("none");
    if (network != null && !without && !text(network).equals("host")) {
      problems.error(network.at(), "Unexpected network '" + text(network) + "'", "host or none");
    }
    YamlNode name = settings.get("machine");
    String machine = name == null ? "" : text(name);
    return without && !machine.isEmpty() ? machine + NO_NETWORK : machine;
  }

  private static void services(YamlNode node, Map<String, Service> services, Problems problems) {
    YamlNode.Mapping mapping = node.mapping();
    if (mapping == null) {
      problems.error(
          node.at(),
          "'services' is no mapping",
          "write lines such as 'postgres: {process: postgres}'");
      return;
    }
    for (YamlNode.Member member : mapping.members()) {
      YamlNode.Mapping settings = member.value().mapping();
      YamlNode process = settings == null ? null : settings.get("process");
      if (settings == null || process == null || text(process).isBlank()) {
        problems.error(
            member.value().at(),
            "The service '" + member.key().text() + "' has no process",
            "write '{process: COMMAND}', or postgres or redis as the process");
        continue;
      }
      known(settings, OF_SERVICES, problems);
      YamlNode health = settings.get("health");
      services.put(
          member.key().text(),
          new Service(text(process), health == null ? "" : text(health), port(settings, problems)));
    }
  }

  private static int port(YamlNode.Mapping settings, Problems problems) {
    YamlNode node = settings.get("port");
    YamlNode.Scalar port = node == null ? null : node.scalar();
    if (port != null
        && port.kind() == YamlNode.Kind.NUMBER
        && port.number() >= 1
        && port.number() <= 65535
        && port.number() == Math.rint(port.number())) {
      return (int) port.number();
    }
    if (node != null) {
      problems.error(node.at(), "The port is no number from 1 to 65535", null);
    }
    return 0;
  }

  static void known(YamlNode.Mapping settings, List<String> names, Problems problems) {
    for (YamlNode.Member member : settings.members()) {
      String name = member.key().text();
      if (!names.contains(name)) {
        problems.error(
            member.key().at(), "Unexpected value '" + name + "'", Spelling.hint(name, names));
      }
    }
  }

  private static String text(YamlNode node) {
    YamlNode.Scalar scalar = node.scalar();
    return scalar == null ? "" : scalar.text();
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
