package dev.slipway.lint;

import static java.util.Objects.requireNonNull;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Something that can be found, and the page that explains it. A rule whose findings come from
 * elsewhere (the reader of workflow files, the ignore comments, an analyser of scripts) has a check
 * that does nothing.
 */
public final class Rule {
  private static final Set<FileKind> JOBS = Set.of(FileKind.WORKFLOW, FileKind.ACTION);

  private final String id;
  private final Topic topic;
  private final Severity severity;
  private final Profile profile;
  private final List<String> covers;
  private final String title;
  private final String why;
  private final String bad;
  private final String good;
  private final Set<FileKind> kinds;
  private final Check check;

  /** Looks for what a rule is about. */
  interface Check {
    /** Looks through one file. */
    void check(LintFile file, Found found);
  }

  private Rule(
      String id,
      Topic topic,
      Severity severity,
      Profile profile,
      List<String> covers,
      String title,
      String why,
      String bad,
      String good,
      Set<FileKind> kinds,
      Check check) {
    this.id = requireNonNull(id, "id is null");
    this.topic = topic;
    this.severity = severity;
    this.profile = profile;
    this.covers = List.copyOf(covers);
    this.title = title;
    this.why = why;
    this.bad = bad;
    this.good = good;
    this.kinds = kinds;
    this.check = check;
  }

  /** A rule that finds nothing by itself yet. */
  public static Rule of(String id, Topic topic, Severity severity, Profile profile, String title) {
    return new Rule(
        id, topic, severity, profile, List.of(), title, "", "", "", JOBS, (file, found) -> {});
  }

  /** What other tools call the same, as {@code TOOL:NAME}. */
  public Rule covers(String... names) {
    return new Rule(
        id, topic, severity, profile, List.of(names), title, why, bad, good, kinds, check);
  }

  /** Why it matters, in a paragraph. */
  public Rule why(String text) {
    return new Rule(
        id, topic, severity, profile, covers, title, text.strip(), bad, good, kinds, check);
  }

  /** A workflow in which it is found, and the same mended. */
  public Rule example(String before, String after) {
    return new Rule(id, topic, severity, profile, covers, title, why, before, after, kinds, check);
  }

  Rule check(Check with) {
    return new Rule(id, topic, severity, profile, covers, title, why, bad, good, kinds, with);
  }

  /** The same rule, about files of these kinds instead of workflows and actions. */
  Rule in(FileKind first, FileKind... more) {
    return new Rule(
        id,
        topic,
        severity,
        profile,
        covers,
        title,
        why,
        bad,
        good,
        Set.copyOf(EnumSet.of(first, more)),
        check);
  }

  /** Whether files of this kind are looked through for it. */
  boolean about(FileKind kind) {
    return kinds.contains(kind);
  }

  void check(LintFile file, Found found) {
    check.check(file, found);
  }

  /** Its name in options, ignores and reports. */
  public String id() {
    return id;
  }

  /** What it is about. */
  public Topic topic() {
    return topic;
  }

  /** How bad its findings are unless one says otherwise. */
  public Severity severity() {
    return severity;
  }

  /** The first profile that has it. */
  public Profile profile() {
    return profile;
  }

  /** What other tools call the same: {@code actionlint:KIND}, {@code zizmor:AUDIT} … */
  public List<String> covers() {
    return covers;
  }

  /** What it finds, in one line. */
  public String title() {
    return title;
  }

  /** Why that matters. */
  public String why() {
    return why;
  }

  /** What the files of the examples are called. */
  public String exampleFile() {
    if (kinds.contains(FileKind.WORKFLOW)) {
      return ".github/workflows/ci.yml";
    }
    if (kinds.contains(FileKind.ACTION)) {
      return "action.yml";
    }
    if (kinds.contains(FileKind.SETTINGS)) {
      return "slipway.yml";
    }
    return kinds.contains(FileKind.DEPENDABOT)
        ? ".github/dependabot.yml"
        : ".pre-commit-config.yaml";
  }

  /** A file in which it is found. */
  public String bad() {
    return bad;
  }

  /** The same file, mended. */
  public String good() {
    return good;
  }
}
