package dev.slipway.lsp;

/** Tells which documents are looked through: not every YAML file is a workflow. */
final class Watched {
  private Watched() {}

  static boolean is(String path, String language, String text) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    return switch (name) {
      case "action.yml", "action.yaml", ".pre-commit-config.yaml", ".pre-commit-config.yml" -> true;
      case "dependabot.yml", "dependabot.yaml" -> true;
      default -> language.contains("github") || (yaml(name) && workflow(path, text));
    };
  }

  private static boolean yaml(String name) {
    return name.endsWith(".yml") || name.endsWith(".yaml");
  }

  private static boolean workflow(String path, String text) {
    return path.contains(".github/workflows/") || (key(text, "on:") && key(text, "jobs:"));
  }

  private static boolean key(String text, String key) {
    return text.startsWith(key) || text.contains("\n" + key);
  }
}
