package dev.slipway.lint;

import static dev.slipway.lint.Security.rule;

import dev.slipway.workflow.YamlNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rules about what the token of a run, or of an app, may do. */
final class PermissionRules {
  private static final String ZIZMOR = "zizmor:excessive-permissions";

  private PermissionRules() {}

  static List<Rule> all() {
    return List.of(WRITE_ALL, NO_PERMISSIONS, BROAD, ABOVE, READ_ALL, UNDOCUMENTED, APP);
  }

  /** A workflow with these permissions and a job. */
  private static String with(String permissions) {
    return "on: push\n"
        + permissions
        + "jobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n";
  }

  private static final Rule WRITE_ALL =
      rule(
              "write-all-permissions",
              Severity.ERROR,
              Profile.DEFAULT,
              "A token that may do everything",
              ZIZMOR)
          .why("Every step, and every action that a step uses, may push, release and approve.")
          .example(with("permissions: write-all\n"), with("permissions:\n  contents: read\n"))
          .check((file, found) -> {
            all(file, Trees.scalar(file.root(), "permissions"), "write-all", found);
            for (JobNode job : file.jobs()) {
              all(file, job.scalar("permissions"), "write-all", found);
            }
          });

  private static final Rule READ_ALL =
      rule(
              "read-all-permissions",
              Severity.INFO,
              Profile.STRICT,
              "A token that may read everything",
              ZIZMOR)
          .why("In a private repository that is every issue, package and alert, for every action.")
          .example(with("permissions: read-all\n"), with("permissions:\n  contents: read\n"))
          .check((file, found) -> {
            all(file, Trees.scalar(file.root(), "permissions"), "read-all", found);
            for (JobNode job : file.jobs()) {
              all(file, job.scalar("permissions"), "read-all", found);
            }
          });

  private static void all(
      LintFile file, YamlNode.@Nullable Scalar permissions, String word, Found found) {
    if (permissions == null || !permissions.text().equals(word)) {
      return;
    }
    boolean top =
        permissions.at().column() > 1 && Trees.get(file.root(), "permissions") == permissions;
    Fix fix = null;
    if (top && permissions.style() == YamlNode.Style.PLAIN) {
      String newline = Security.newline(file);
      String indent = " ".repeat(Insertion.unit(file));
      int start = permissions.start();
      while (start > 0 && file.text().charAt(start - 1) == ' ') {
        start--;
      }
      fix =
          new Fix(
              "Let the token read the code only",
              Fix.Safety.UNSAFE,
              List.of(new Edit(start, permissions.end(), newline + indent + "contents: read")));
    }
    found.at(
        permissions,
        word.equals("write-all") ? "The token may do everything" : "The token may read everything",
        "name the scopes that are needed",
        fix);
  }

  private static final Rule NO_PERMISSIONS =
      rule(
              "missing-permissions",
              Severity.WARNING,
              Profile.STRICT,
              "A workflow that takes whatever permissions the repository gives",
              ZIZMOR)
          .why(
              """
              Without `permissions` the token has what the repository's settings say, in many that is write access to
              everything, and it changes when somebody changes the setting.
              """)
          .example(with(""), with("permissions:\n  contents: read\n"))
          .check(PermissionRules::missing);

  private static void missing(LintFile file, Found found) {
    YamlNode.Member jobs = Trees.member(file.root(), "jobs");
    if (jobs == null
        || Trees.get(file.root(), "permissions") != null
        || Security.onlyCalled(file)) {
      return;
    }
    for (JobNode job : file.jobs()) {
      if (job.body().get("permissions") == null) {
        int line = jobs.key().start();
        String newline = Security.newline(file);
        found.at(
            jobs.key(),
            "Job '" + job.id() + "' has whatever permissions the repository's settings give",
            "add 'permissions:' with 'contents: read' above, and more where a job needs it",
            new Fix(
                "Let the token read only",
                Fix.Safety.UNSAFE,
                List.of(
                    new Edit(
                        line,
                        line,
                        "permissions:"
                            + newline
                            + " ".repeat(Insertion.unit(file))
                            + "contents: read"
                            + newline))));
        return;
      }
    }
  }

  private static final Rule BROAD =
      rule(
              "workflow-wide-permission",
              Severity.WARNING,
              Profile.STRICT,
              "A permission to write that all jobs get",
              ZIZMOR)
          .why(
              """
              What stands at the top holds for every job, also for those that come later. A job that needs to write says so
              itself, and the others cannot be misused for it.
              """)
          .example(
              "on: push\npermissions:\n  contents: write\n" + jobs("", ""),
              "on: push\npermissions:\n  contents: read\n"
                  + jobs("", "    permissions:\n      contents: write\n"))
          .check((file, found) -> {
            if (widely(file)) {
              writes(
                  file,
                  found,
                  "All " + file.jobs().size() + " jobs may write ",
                  "give it to the jobs that need it, and here only what all need");
            }
          });

  private static final Rule ABOVE =
      rule(
              "permission-above-job",
              Severity.STYLE,
              Profile.PEDANTIC,
              "A permission to write stands at the top, not with the job",
              ZIZMOR)
          .why("The next job that somebody adds has it too, needed or not.")
          .example(
              with("permissions:\n  contents: write\n"),
              "on: push\npermissions: {}\njobs:\n  test:\n    runs-on: ubuntu-latest\n"
                  + "    permissions:\n      contents: write\n    steps:\n      - run: make\n")
          .check((file, found) -> {
            if (!widely(file)) {
              writes(
                  file,
                  found,
                  "Every job that comes later may write ",
                  "move it to the job that needs it");
            }
          });

  /** Whether what stands at the top holds for several jobs. */
  private static boolean widely(LintFile file) {
    boolean told = true;
    for (JobNode job : file.jobs()) {
      told &= job.body().get("permissions") != null;
    }
    return file.jobs().size() > 1 && !told && !Security.onlyCalled(file);
  }

  private static void writes(LintFile file, Found found, String message, String hint) {
    for (YamlNode.Member member : Trees.members(Trees.get(file.root(), "permissions"))) {
      YamlNode.Scalar level = member.value().scalar();
      if (level != null && level.text().equals("write")) {
        found.at(member.key(), message + "'" + member.key().text() + "'", hint);
      }
    }
  }

  private static String jobs(String first, String second) {
    return "jobs:\n  test:\n    runs-on: ubuntu-latest\n"
        + first
        + "    steps:\n      - run: make\n  release:\n    runs-on: ubuntu-latest\n"
        + second
        + "    steps:\n      - run: make release\n";
  }

  private static final Rule UNDOCUMENTED =
      rule(
              "undocumented-permission",
              Severity.STYLE,
              Profile.PEDANTIC,
              "A permission without a word on what needs it",
              "zizmor:undocumented-permissions")
          .why("Nobody dares to take away a permission of which nobody knows what it is for.")
          .example(
              with("permissions:\n  packages: write\n"),
              with("permissions:\n  packages: write # push the image\n"))
          .check((file, found) -> {
            undocumented(file, Trees.get(file.root(), "permissions"), found);
            for (JobNode job : file.jobs()) {
              undocumented(file, Trees.get(job.body(), "permissions"), found);
            }
          });

  private static void undocumented(LintFile file, @Nullable YamlNode permissions, Found found) {
    for (YamlNode.Member member : Trees.members(permissions)) {
      YamlNode.Scalar level = member.value().scalar();
      boolean plain =
          member.key().text().equals("contents") && level != null && level.text().equals("read");
      if (level == null
          || plain
          || level.text().equals("none")
          || documented(file, member, level)) {
        continue;
      }
      found.at(
          member.key(),
          "Nothing says what needs '" + member.key().text() + "'",
          "say it in a comment behind");
    }
  }

  private static boolean documented(LintFile file, YamlNode.Member member, YamlNode.Scalar level) {
    if (!Security.comment(file, level).isEmpty()) {
      return true;
    }
    String text = file.text();
    int line = text.lastIndexOf('\n', member.key().start()) + 1;
    int before = line < 2 ? 0 : text.lastIndexOf('\n', line - 2) + 1;
    return text.substring(before, line).stripLeading().startsWith("#");
  }

  private static final Rule APP =
      rule(
              "broad-app-token",
              Severity.WARNING,
              Profile.STRICT,
              "A token of an app that may more, or lives longer, than it must",
              "zizmor:github-app")
          .why(
              """
              Without `permission-…` the token has all that the app has, with `owner` and no `repositories` for all that the app
              is installed in, and with `skip-token-revoke` it lives on after the job.
              """)
          .example(
              Security.workflow(
                  "push",
                  "      - uses: actions/create-github-app-token@v3\n"
                      + "        with:\n"
                      + "          client-id: ${{ vars.APP }}\n"
                      + "          private-key: ${{ secrets.KEY }}\n"),
              Security.workflow(
                  "push",
                  "      - uses: actions/create-github-app-token@v3\n"
                      + "        with:\n"
                      + "          client-id: ${{ vars.APP }}\n"
                      + "          private-key: ${{ secrets.KEY }}\n"
                      + "          permission-contents: read\n"))
          .check((file, found) -> {
            for (StepNode step : file.steps()) {
              YamlNode.Scalar uses = step.uses();
              if (uses != null && step.uses("actions/create-github-app-token")) {
                for (String wrong : wrongs(step)) {
                  found.at(uses, wrong, "let the token do only what the job needs");
                }
              }
            }
          });

  private static List<String> wrongs(StepNode step) {
    List<String> wrongs = new ArrayList<>();
    YamlNode.Scalar skip = step.with("skip-token-revoke");
    if (skip != null && !skip.text().isBlank() && !Trees.is(skip, false)) {
      wrongs.add("The token is not taken back when the job ends");
    }
    if (step.with("owner") != null && step.with("repositories") == null) {
      wrongs.add("The token is good for all repositories that the app is installed in");
    }
    boolean limited = false;
    for (YamlNode.Member input : Trees.members(Trees.get(step.body(), "with"))) {
      limited |= input.key().text().startsWith("permission-");
    }
    if (!limited) {
      wrongs.add("The token has all permissions that the app has");
    }
    return wrongs;
  }
}
