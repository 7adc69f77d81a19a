package dev.slipway.lint;

/** What a file that is looked through is; its name tells. */
enum FileKind {
  WORKFLOW,
  /** The manifest of an action. */
  ACTION,
  /** The configuration of Dependabot. */
  DEPENDABOT,
  /** The configuration of pre-commit. */
  PRE_COMMIT,
  /** Settings of this analyser, or of one that came before it. */
  SETTINGS;

  static FileKind of(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    return switch (name) {
      case "action.yml", "action.yaml" -> ACTION;
      case "dependabot.yml", "dependabot.yaml" ->
          path.contains(".github/workflows/") ? WORKFLOW : DEPENDABOT;
      case "slipway.yml", "actionlint.yml", "actionlint.yaml", "zizmor.yml", "zizmor.yaml" ->
          LintSettings.FILES.contains(path) ? SETTINGS : WORKFLOW;
      case ".pre-commit-config.yaml", ".pre-commit-config.yml" -> PRE_COMMIT;
      default -> WORKFLOW;
    };
  }
}
