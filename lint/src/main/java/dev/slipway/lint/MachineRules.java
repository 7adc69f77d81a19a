package dev.slipway.lint;

import dev.slipway.workflow.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rules about the machines that jobs ask for, and the shells those have. */
final class MachineRules {
  private static final Set<String> SHELLS =
      Set.of("bash", "sh", "pwsh", "powershell", "cmd", "python");

  private MachineRules() {}

  /** Labels of GitHub's machines; read when a label is first looked at. */
  private static final class Hosted {
    private static final Set<String> LABELS = NameTable.read("labels.txt");
  }

  static List<Rule> all() {
    return List.of(MISSPELT, UNKNOWN, CONFLICT, ENDING, SHELL);
  }

  private static Rule rule(String id, Profile profile, String title, String covers) {
    return Rule.of(id, Topic.CORRECTNESS, Severity.WARNING, profile, title).covers(covers);
  }

  private static String job(String runsOn, String step) {
    return "on: push\njobs:\n  test:\n    runs-on: "
        + runsOn
        + "\n    steps:\n      - "
        + step
        + "\n";
  }

  /** Labels as written out under {@code runs-on}, those of a group too. */
  private static List<YamlNode.Scalar> labels(JobNode job) {
    YamlNode runsOn = Trees.get(job.body(), "runs-on");
    YamlNode list =
        runsOn != null && runsOn.mapping() != null ? Trees.get(runsOn, "labels") : runsOn;
    List<YamlNode.Scalar> labels = new ArrayList<>();
    for (YamlNode item : Trees.items(list)) {
      YamlNode.Scalar label = item.scalar();
      if (label != null && !label.text().contains("${{")) {
        labels.add(label);
      }
    }
    return labels;
  }

  private static final Rule MISSPELT =
      rule(
              "misspelt-runner",
              Profile.DEFAULT,
              "A label that is nearly one of GitHub's machines",
              "actionlint:runner-label")
          .why(
              "A job for a label that no machine has waits for a day and is cancelled. Labels of"
                  + " machines of one's own are not known here and never reported.")
          .example(job("ubuntu-lastest", "run: make"), job("ubuntu-latest", "run: make"))
          .check((file, found) -> {
            for (JobNode job : file.jobs()) {
              List<YamlNode.Scalar> labels = labels(job);
              if (labels.size() != 1) {
                continue;
              }
              String label = labels.getFirst().text().toLowerCase(Locale.ROOT);
              String meant = meant(label);
              if (meant != null && !file.project().settings().label(label)) {
                found.at(
                    labels.getFirst(),
                    "No machine of GitHub is called '" + label + "'",
                    "did you mean '" + meant + "'?");
              }
            }
          });

  private static final Rule UNKNOWN =
      rule(
              "unknown-runner",
              Profile.DEFAULT,
              "A label that neither GitHub's machines nor the settings have",
              "actionlint:runner-label")
          .why(
              "A job for a label that no machine has waits for a day and is cancelled. Found only"
                  + " where the project's settings list the labels of its own machines"
                  + " (`runner-labels`).")
          .example(job("big-machine", "run: make"), job("own-machine", "run: make"))
          .check((file, found) -> {
            LintSettings settings = file.project().settings();
            for (JobNode job : settings.knowsLabels() ? file.jobs() : List.<JobNode>of()) {
              for (YamlNode.Scalar label : labels(job)) {
                String name = label.text().toLowerCase(Locale.ROOT);
                boolean known =
                    settings.label(name)
                        || Hosted.LABELS.contains(name)
                        || Retirements.end(name) != null
                        || meant(name) != null;
                if (!known) {
                  found.at(
                      label,
                      "No machine of GitHub or of the settings has the label '" + name + "'",
                      "correct it, or add it to 'runner-labels'");
                }
              }
            }
          });

  private static @Nullable String meant(String label) {
    if (Hosted.LABELS.contains(label) || Retirements.end(label) != null) {
      return null;
    }
    String nearest = NearName.nearest(label, Hosted.LABELS);
    // Longer names and other numbers are what larger machines are called.
    boolean alike =
        nearest != null
            && Math.abs(nearest.length() - label.length()) <= 1
            && digits(nearest).equals(digits(label))
            && !label.startsWith(nearest)
            && !nearest.startsWith(label);
    return alike ? nearest : null;
  }

  private static String digits(String text) {
    StringBuilder digits = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      if (Character.isDigit(text.charAt(i))) {
        digits.append(text.charAt(i));
      }
    }
    return digits.toString();
  }

  private static final Rule CONFLICT =
      rule(
              "conflicting-runners",
              Profile.DEFAULT,
              "Labels of different machines for one job",
              "actionlint:runner-label")
          .why("A machine must have all the labels; no machine of GitHub is two systems at once.")
          .example(
              job("[ubuntu-latest, windows-latest]", "run: make"),
              job("ubuntu-latest", "run: make"))
          .check((file, found) -> {
            for (JobNode job : file.jobs()) {
              String first = "";
              for (YamlNode.Scalar label : labels(job)) {
                String name = label.text().toLowerCase(Locale.ROOT);
                String system =
                    Hosted.LABELS.contains(name) ? name.substring(0, name.indexOf('-')) : "";
                if (!first.isEmpty() && !system.isEmpty() && !system.equals(first)) {
                  found.at(
                      label,
                      "No machine is both '" + first + "' and '" + system + "'",
                      "use a matrix to run on each of them");
                }
                first = first.isEmpty() ? system : first;
              }
            }
          });

  private static final Rule ENDING =
      rule(
              "ending-runner",
              Profile.STRICT,
              "A runner image whose end at GitHub is announced",
              "actionlint:runner-label")
          .why("From that day on the jobs fail; before it they fail for hours now and then.")
          .example(job("macos-14", "run: make"), job("macos-15", "run: make"))
          .check((file, found) -> {
            for (JobNode job : file.jobs()) {
              for (YamlNode.Scalar label : labels(job)) {
                String name = label.text().toLowerCase(Locale.ROOT);
                String end = Retirements.end("ending:" + name);
                if (end != null) {
                  found.at(
                      label,
                      "GitHub ends '" + name + "' on " + end,
                      "use " + Retirements.successor("ending:" + name));
                }
              }
            }
          });

  private static final Rule SHELL =
      rule(
              "unknown-shell",
              Profile.DEFAULT,
              "A shell that the machine does not have",
              "actionlint:shell-name")
          .why(
              "The step fails: a shell is bash, sh, pwsh, powershell (Windows), cmd (Windows),"
                  + " python or a command with {0} for the script.")
          .example(
              job("ubuntu-latest", "run: make\n        shell: cmd"),
              job("ubuntu-latest", "run: make\n        shell: bash"))
          .check((file, found) -> {
            shell(Trees.scalar(run(file.root()), "shell"), null, found);
            for (JobNode job : file.jobs()) {
              shell(Trees.scalar(run(job.body()), "shell"), job, found);
            }
            for (StepNode step : file.steps()) {
              shell(step.scalar("shell"), step.job(), found);
            }
          });

  private static @Nullable YamlNode run(@Nullable YamlNode owner) {
    return Trees.get(Trees.get(owner, "defaults"), "run");
  }

  private static void shell(YamlNode.@Nullable Scalar shell, @Nullable JobNode job, Found found) {
    String name = shell == null ? "" : shell.text().strip();
    if (shell == null || name.isEmpty() || name.contains("${{") || name.contains("{0}")) {
      return;
    }
    if (!SHELLS.contains(name.toLowerCase(Locale.ROOT))) {
      found.at(
          shell,
          "'" + name + "' is no shell that GitHub knows",
          name.indexOf(' ') > 0 || name.indexOf('/') >= 0
              ? "add {0} where the script's path belongs"
              : NearName.hint(name, new java.util.TreeSet<>(SHELLS)));
      return;
    }
    boolean windowsOnly = name.equals("cmd") || name.equals("powershell");
    List<YamlNode.Scalar> labels = job == null ? List.of() : labels(job);
    String label = labels.size() == 1 ? labels.getFirst().text().toLowerCase(Locale.ROOT) : "";
    boolean elsewhere = Hosted.LABELS.contains(label) && !label.startsWith("windows-");
    if (windowsOnly && elsewhere) {
      found.at(
          shell,
          "'" + label + "' has no shell '" + name + "'",
          name.equals("cmd") ? "use bash or pwsh" : "use pwsh");
    }
  }
}
