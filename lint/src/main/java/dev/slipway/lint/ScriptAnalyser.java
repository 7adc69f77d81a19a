package dev.slipway.lint;

import java.util.List;

/** Analyses the scripts of {@code run:} steps. */
public interface ScriptAnalyser {
  /** The rules whose findings it makes. */
  List<Rule> rules();

  /** What it finds in one script. */
  List<ScriptFinding> analyse(Script script);

  /**
   * A script as the shell gets it, but that expressions stand in it as written.
   *
   * @param text decoded from YAML
   * @param shell as written, such as {@code bash}; empty where the machine's default is used
   * @param expressions the {@code ${{ }}} in it, in order
   */
  record Script(String text, String shell, List<Span> expressions) {
    public Script {
      expressions = List.copyOf(expressions);
    }
  }

  /** A stretch of the script's text. */
  record Span(int start, int end) {}

  /**
   * Something found in a script; its place becomes one of the file, whatever the style of the YAML
   * scalar.
   *
   * @param covers what other tools call exactly this
   */
  record ScriptFinding(Rule rule, Span at, String message, String hint, List<String> covers) {
    public ScriptFinding {
      covers = List.copyOf(covers);
    }
  }
}
