package dev.slipway.lint;

/** What a file that is looked through is; its name tells. */
enum FileKind {
  WORKFLOW,
  /** The manifest of an action. */
  ACTION,
  /** The configuration of Dependabot. */
  DEPENDABOT,
  /** The configuration of pre-commit. */
  PRE_COMMIT;

  static FileKind of(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    return switch (name) {
      case "action.yml", "action.yaml" -> ACTION;
      case "dependabot.yml", "dependabot.yaml" ->
          path.contains(".github/workflows/") ? WORKFLOW : DEPENDABOT;
      case ".pre-commit-config.yaml", ".pre-commit-config.yml" -> PRE_COMMIT;
      default -> WORKFLOW;
    };
  }
}
