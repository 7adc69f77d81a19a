package dev.slipway.lint;

import dev.slipway.workflow.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What rules about security ask of a file, and how their pages begin. */
final class Security {
  private Security() {}

  static Rule rule(String id, Severity severity, Profile profile, String title, String... covers) {
    return Rule.of(id, Topic.SECURITY, severity, profile, title).covers(covers);
  }

  /** A workflow of one job with these steps. */
  static String workflow(String on, String steps) {
    return "on: "
        + on
        + "\npermissions: {}\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n"
        + steps;
  }

  /** A workflow of one job whose body this is, indented by four. */
  static String job(String on, String body) {
    return "on: " + on + "\npermissions: {}\njobs:\n  test:\n" + body;
  }

  static String newline(LintFile file) {
    int first = file.text().indexOf('\n');
    return first > 0 && file.text().charAt(first - 1) == '\r' ? "\r\n" : "\n";
  }

  /** The names of the events that trigger a workflow, where they are written. */
  static List<YamlNode.Scalar> events(LintFile file) {
    List<YamlNode.Scalar> names = new ArrayList<>();
    YamlNode on = Trees.get(file.root(), "on");
    if (on != null && on.mapping() != null) {
      for (YamlNode.Member member : Trees.members(on)) {
        names.add(member.key());
      }
      return names;
    }
    for (YamlNode item : Trees.items(on)) {
      YamlNode.Scalar name = item.scalar();
      if (name != null) {
        names.add(name);
      }
    }
    return names;
  }

  /** Whether runs that outsiders start have the repository's secrets and token. */
  static boolean privileged(LintFile file) {
    return file.on("pull_request_target") || file.on("workflow_run");
  }

  /** The same, also for what a comment starts. */
  static boolean privilegedOrCommented(LintFile file) {
    return privileged(file) || file.on("issue_comment");
  }

  /** Whether nothing but other workflows starts it. */
  static boolean onlyCalled(LintFile file) {
    return file.on("workflow_call") && events(file).size() == 1;
  }

  /** The values of {@code uses:} of all steps and jobs. */
  static List<YamlNode.Scalar> uses(LintFile file) {
    List<YamlNode.Scalar> uses = new ArrayList<>();
    for (StepNode step : file.steps()) {
      if (step.uses() != null) {
        uses.add(step.uses());
      }
    }
    for (JobNode job : file.jobs()) {
      YamlNode.Scalar call = job.scalar("uses");
      if (call != null) {
        uses.add(call);
      }
    }
    return uses;
  }

  /** The {@code owner/name/path} of what is used, in lower case; empty for what is no action. */
  static String slug(String uses) {
    if (local(uses) || uses.startsWith("docker:") || uses.contains("${{")) {
      return "";
    }
    int at = uses.indexOf('@');
    return at < 0 ? "" : uses.substring(0, at).toLowerCase(Locale.ROOT);
  }

  /** The {@code owner/name} of a slug. */
  static String repository(String slug) {
    int owner = slug.indexOf('/');
    int end = owner < 0 ? -1 : slug.indexOf('/', owner + 1);
    return end < 0 ? slug : slug.substring(0, end);
  }

  /** What stands behind {@code @}; empty when nothing does. */
  static String ref(String uses) {
    int at = uses.indexOf('@');
    return at < 0 ? "" : uses.substring(at + 1);
  }

  static boolean local(String uses) {
    return uses.startsWith("./") || uses.startsWith("$/");
  }

  /** Whether a reference is the hash of a commit. */
  static boolean commit(String ref) {
    if (ref.length() != 40 && ref.length() != 64) {
      return false;
    }
    for (int i = 0; i < ref.length(); i++) {
      char c = ref.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  /** The major version that a tag such as {@code v4.1} names; -1 when it names none. */
  static int major(String ref) {
    int i = ref.startsWith("v") ? 1 : 0;
    int from = i;
    while (i < ref.length() && i - from < 6 && Character.isDigit(ref.charAt(i))) {
      i++;
    }
    return i == from || (i < ref.length() && ref.charAt(i) != '.')
        ? -1
        : Integer.parseInt(ref.substring(from, i));
  }

  /** The comment behind a value on its line, without its sign; empty when there is none. */
  static String comment(LintFile file, YamlNode.Scalar value) {
    int end = file.text().indexOf('\n', value.end());
    String rest = file.text().substring(value.end(), end < 0 ? file.text().length() : end).strip();
    return rest.startsWith("#") ? rest.substring(1).strip() : "";
  }

  /** The conditions of a step and of its job, as one text in lower case. */
  static String conditions(@Nullable JobNode job, @Nullable StepNode step) {
    String ofStep = step == null ? "" : step.text("if");
    String ofJob = job == null ? "" : job.text("if");
    return (ofJob + "\n" + ofStep).toLowerCase(Locale.ROOT);
  }

  /** Whether conditions let only the repository's own branches or trusted people pass. */
  static boolean trustedOnly(String conditions) {
    String plain = conditions.replace(" ", "").replace("\"", "'");
    return plain.contains("head.repo.full_name==github.repository")
        || plain.contains("github.repository==github.event.pull_request.head.repo.full_name")
        || plain.contains("head_repository.full_name==github.repository")
        || plain.contains("head.repo.fork==false")
        || plain.contains("!github.event.pull_request.head.repo.fork")
        || plain.contains("head.repo.owner.login==github.repository_owner")
        || plain.contains("author_association")
        || plain.contains("workflow_run.event=='push'")
        || plain.contains("workflow_run.event!='pull_request'")
        || plain.contains("workflow_run.event=='schedule'")
        || plain.contains("event_name=='push'")
        || plain.contains("event_name=='workflow_dispatch'")
        || plain.contains("event_name=='pull_request'&&")
        || (plain.contains("user.login=='") && !plain.contains("user.login!='"));
  }
}
