package dev.slipway.check;

import java.util.List;

/** What guards a repository as such: spelling, secrets, prose, containers, infrastructure. */
final class TextGates implements Family {
  @Override
  public void detect(Detection found) {
    named(
        found,
        "typos",
        "typos --format brief --color never",
        "cargo install --locked typos-cli",
        "typos.toml",
        ".typos.toml",
        "_typos.toml");
    named(
        found,
        "yamllint",
        "yamllint -f parsable .",
        "pip install yamllint",
        ".yamllint",
        ".yamllint.yml",
        ".yamllint.yaml");
    named(
        found,
        "markdownlint",
        "markdownlint .",
        "npm install -g markdownlint-cli",
        ".markdownlint.json",
        ".markdownlint.yaml",
        ".markdownlint.yml",
        ".markdownlintrc");
    named(
        found,
        "editorconfig-checker",
        "editorconfig-checker -no-color",
        "see the releases of editorconfig-checker",
        ".ecrc",
        ".editorconfig-checker.json");
    secrets(found);
    containers(found);
    terraform(found);
  }

  /** A tool that a project names by a file of settings. */
  private static void named(
      Detection found, String tool, String script, String install, String... settings) {
    String file = found.first("", settings);
    if (file != null) {
      found
          .gate("", tool)
          .because(file)
          .program(found.tools.onPath(tool))
          .install(install)
          .version(tool + " --version")
          .runs(script)
          .add();
    }
  }

  private static void secrets(Detection found) {
    String settings = found.first("", ".gitleaks.toml", "gitleaks.toml");
    String program = found.tools.onPath("gitleaks");
    if (settings != null || program != null) {
      found
          .gate("", "gitleaks")
          .tier(Tier.STRICT)
          .kind(settings == null ? Kind.OPTIONAL : Kind.REQUIRED)
          .because(settings == null ? "gitleaks is installed" : settings)
          .program(program)
          .install("see the releases of gitleaks")
          .runs("gitleaks dir --no-banner --no-color --redact .")
          .report(Report.LAST_LINE)
          .add();
    }
  }

  private static void containers(Detection found) {
    List<String> files = found.tree.named("Dockerfile");
    String settings = found.first("", ".hadolint.yaml", ".hadolint.yml");
    String program = found.tools.onPath("hadolint");
    if (!files.isEmpty() && (settings != null || program != null)) {
      StringBuilder script = new StringBuilder("hadolint --no-color");
      for (String file : files) {
        script.append(" './").append(file.replace("'", "'\\''")).append('\'');
      }
      found
          .gate("", "hadolint")
          .kind(settings == null ? Kind.ADVISORY : Kind.REQUIRED)
          .because(settings == null ? files.getFirst() + ", and hadolint is installed" : settings)
          .program(program)
          .install("see the releases of hadolint")
          .runs(script.toString())
          .reads(Inputs.of("", List.of("Dockerfile"), List.of("Dockerfile", ".hadolint.yaml")))
          .add();
    }
  }

  private static void terraform(Detection found) {
    String program = found.tools.onPath("terraform");
    if (program != null && found.tree.hasBelow("", ".tf")) {
      found
          .gate("", "terraform-fmt")
          .tool("terraform")
          .because("Terraform files, and terraform is installed")
          .program(program)
          .runs("terraform fmt -check -recursive -no-color")
          .reads(List.of("tf", "tfvars"), List.of())
          .report(Report.UNFORMATTED)
          .add();
    }
  }
}
