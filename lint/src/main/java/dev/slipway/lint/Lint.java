package dev.slipway.lint;

import dev.slipway.workflow.ActionManifestReader;
import dev.slipway.workflow.Problem;
import dev.slipway.workflow.WorkflowReader;
import dev.slipway.workflow.YamlNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Looks through files for what a selection of rules finds. Immutable. */
public final class Lint {
  private final Selection selection;
  private final List<ScriptAnalyser> analysers;

  private Lint(Selection selection, List<ScriptAnalyser> analysers) {
    this.selection = selection;
    this.analysers = List.copyOf(analysers);
  }

  /** Looks for these rules; scripts are looked through by these analysers besides. */
  public static Lint of(Selection selection, List<ScriptAnalyser> analysers) {
    return new Lint(selection, analysers);
  }

  /** All rules that can be found, selected or not. */
  public List<Rule> rules() {
    List<Rule> rules = new ArrayList<>(Rules.all());
    for (ScriptAnalyser analyser : analysers) {
      rules.addAll(analyser.rules());
    }
    return rules;
  }

  /**
   * What is found in a file, ignored findings too, in the order of their places.
   *
   * @param path relative to the project's root, with {@code /}; a file called {@code action.yml} or
   *     {@code action.yaml} is read as the manifest of an action
   */
  public List<Finding> file(String path, String text) {
    String content = text.startsWith("\uFEFF") ? text.substring(1) : text;
    boolean action =
        path.equals("action.yml")
            || path.equals("action.yaml")
            || path.endsWith("/action.yml")
            || path.endsWith("/action.yaml");
    List<Problem> problems =
        action
            ? ActionManifestReader.read(path, content).problems()
            : WorkflowReader.read(path, content).problems();
    LintFile file = LintFile.read(path, content, action);
    List<Finding> findings = new ArrayList<>();
    ReaderRules.add(file, problems, selection, findings);
    if (file.root() != null) {
      for (Rule rule : Rules.all()) {
        if (selection.has(rule)) {
          rule.check(file, new Found(file, rule, findings));
        }
      }
      scripts(file, findings);
    }
    return finished(file, findings);
  }

  private List<Finding> finished(LintFile file, List<Finding> findings) {
    Ignores ignores = Ignores.read(file.text());
    for (int i = 0; i < findings.size(); i++) {
      String reason = ignores.reason(findings.get(i));
      if (reason != null && !findings.get(i).refused()) {
        findings.set(i, findings.get(i).ignoredFor(reason));
      }
    }
    ignores.check(file.path(), rules(), selection, findings);
    findings.sort(
        Comparator.<Finding>comparingInt(f -> f.range().from().line())
            .thenComparingInt(f -> f.range().from().column()));
    return List.copyOf(findings);
  }

  private void scripts(LintFile file, List<Finding> findings) {
    if (analysers.isEmpty()) {
      return;
    }
    for (StepNode step : file.steps()) {
      YamlNode.Scalar run = step.run();
      if (run == null) {
        continue;
      }
      List<ScriptAnalyser.Span> spans = new ArrayList<>();
      for (ExpressionUse use : file.expressions()) {
        if (use.scalar() == run) {
          spans.add(new ScriptAnalyser.Span(use.start(), use.end()));
        }
      }
      ScriptAnalyser.Script script = new ScriptAnalyser.Script(run.text(), step.shell(file), spans);
      for (ScriptAnalyser analyser : analysers) {
        for (ScriptAnalyser.ScriptFinding finding : analyser.analyse(script)) {
          if (selection.has(finding.rule())) {
            int start = file.index(run, finding.at().start());
            int end =
                finding.at().end() > finding.at().start()
                    ? file.index(run, finding.at().end() - 1) + 1
                    : start;
            new Found(file, finding.rule(), findings)
                .at(
                    finding.rule().severity(),
                    Confidence.HIGH,
                    start,
                    end,
                    finding.message(),
                    finding.hint(),
                    finding.covers(),
                    null);
          }
        }
      }
    }
  }
}
