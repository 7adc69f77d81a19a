package dev.slipway.lint;

import dev.slipway.shell.ShellRedirect;
import dev.slipway.shell.ShellWord;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rule about outputs of scripts that are read and never written.
 *
 * <p>Every program that a script starts could write to the file of outputs, so a script is judged
 * only when all of its commands are known not to, and each place where it names the file is an
 * {@code echo} or {@code printf} whose text begins with the name of the output.
 */
final class OutputRules {
  private static final String VARIABLE = "GITHUB_OUTPUT";

  /** Commands that write nothing but to what they are told to. */
  private static final Set<String> HARMLESS =
      Set.of(
          ("echo printf : true false test [ [[ exit set export cd pushd popd sleep basename dirname"
                  + " cat cut date grep head tail sort uniq wc tr sed jq yq curl wget git ls mkdir"
                  + " rmdir cp mv rm ln touch chmod chown read local declare typeset readonly"
                  + " return shift break continue unset wait kill pwd id whoami uname hostname"
                  + " sha256sum sha1sum md5sum base64 realpath readlink mktemp diff comm paste rev"
                  + " tac nl column seq expr let stat du df mapfile readarray shopt which type"
                  + " gh tar unzip zip gzip gunzip")
              .split(" "));

  private OutputRules() {}

  static List<Rule> all() {
    return List.of(UNWRITTEN);
  }

  private static String example(String written) {
    return "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n"
        + "      - id: version\n        run: echo \""
        + written
        + "=1.2\" >> \"$GITHUB_OUTPUT\"\n"
        + "      - run: make VERSION=${{ steps.version.outputs.number }}\n";
  }

  private static final Rule UNWRITTEN =
      Rule.of(
              "unwritten-output",
              Topic.CORRECTNESS,
              Severity.WARNING,
              Profile.DEFAULT,
              "An output of a script that the script never writes")
          .why(
              "What no command writes to `$GITHUB_OUTPUT` is empty, without a word. Said only of"
                  + " scripts all of whose commands are known.")
          .example(example("nmuber"), example("number"))
          .in(FileKind.WORKFLOW, FileKind.ACTION)
          .check(OutputRules::unwritten);

  private static void unwritten(LintFile file, Found found) {
    IdentityHashMap<StepNode, Optional<Set<String>>> known = new IdentityHashMap<>();
    for (ExpressionUse use : file.expressions()) {
      if (found.full()) {
        return;
      }
      if (use.job() == null && !file.action()) {
        continue;
      }
      for (List<String> path : use.paths()) {
        if (path.size() < 4
            || !ExpressionUse.begins(path, "steps")
            || !path.get(2).equalsIgnoreCase("outputs")) {
          continue;
        }
        StepNode step = file.step(use.job(), path.get(1));
        Set<String> written =
            step == null
                ? null
                : known
                    .computeIfAbsent(step, s -> Optional.ofNullable(written(file, s)))
                    .orElse(null);
        String name = path.get(3);
        if (written == null || name.equals("*") || name.isEmpty() || has(written, name)) {
          continue;
        }
        found.at(
            use,
            "The script of step '" + path.get(1) + "' never writes the output '" + name + "'",
            written.isEmpty()
                ? "write it: echo \"" + name + "=…\" >> \"$GITHUB_OUTPUT\""
                : NearName.hint(name, written));
      }
    }
  }

  private static boolean has(Set<String> written, String name) {
    for (String one : written) {
      if (one.equalsIgnoreCase(name)) {
        return true;
      }
    }
    return false;
  }

  /** The outputs that a step writes; null when that cannot be told. */
  private static @Nullable Set<String> written(LintFile file, StepNode step) {
    StepScript script = step.script(file);
    if (script == null
        || step.uses() != null
        || !script.shell().posix()
        || script.shell().mixed()
        || !script.parsed().sound()
        || script.text().contains("set-output")
        || script.text().contains("github.output")) {
      return null;
    }
    Set<String> names = new HashSet<>();
    Set<String> functions = new HashSet<>();
    List<ShellCommand> commands = script.commands();
    for (ShellCommand command : commands) {
      functions.add(command.call().function());
    }
    Set<Integer> places = new HashSet<>();
    for (ShellCommand command : commands) {
      if (!command.call().words().isEmpty() && !harmless(command, functions)) {
        return null;
      }
      boolean named = false;
      for (ShellRedirect redirect : command.call().redirects()) {
        if (redirect.target().written().contains(VARIABLE)) {
          // All commands of a group have its redirection.
          places.add(redirect.target().start());
          named = true;
        }
      }
      if (named && !writes(command, names)) {
        return null;
      }
    }
    return occurrences(script.text()) == places.size() ? names : null;
  }

  private static boolean harmless(ShellCommand command, Set<String> functions) {
    ShellWord first = command.call().words().getFirst();
    if (!first.constant()) {
      return false;
    }
    String program = first.value().substring(first.value().lastIndexOf('/') + 1);
    if (program.equals("git") || program.equals("gh")) {
      return !aliased(command);
    }
    return HARMLESS.contains(program)
        || (functions.contains(first.value()) && !first.value().isEmpty());
  }

  /** Whether a program may start another: hooks, extensions, pagers. */
  private static boolean aliased(ShellCommand command) {
    String verb = command.argument(0);
    return !Set.of(
            "rev-parse",
            "describe",
            "log",
            "diff",
            "show",
            "status",
            "ls-files",
            "ls-remote",
            "tag",
            "branch",
            "fetch",
            "config",
            "cat-file",
            "rev-list",
            "api",
            "pr",
            "release",
            "issue",
            "run",
            "repo",
            "workflow")
        .contains(verb);
  }

  private static int occurrences(String text) {
    int count = 0;
    for (int at = text.indexOf(VARIABLE); at >= 0; at = text.indexOf(VARIABLE, at + 1)) {
      count++;
    }
    return count;
  }

  /** Adds the name that a command writes; false when it cannot be told. */
  private static boolean writes(ShellCommand command, Set<String> names) {
    if (!command.call().assignments().isEmpty()) {
      return false;
    }
    String program = command.call().words().isEmpty() ? "" : command.head();
    if (!program.equals("echo") && !program.equals("printf")) {
      return false;
    }
    List<ShellWord> words = command.call().words();
    int at = 1;
    while (at < words.size() && words.get(at).written().startsWith("-")) {
      at++;
    }
    if (at >= words.size()) {
      return false;
    }
    String text = unquoted(words.get(at).written());
    int equals = text.indexOf('=');
    int here = text.indexOf("<<");
    int end = equals < 0 || (here >= 0 && here < equals) ? here : equals;
    // A line break may begin another output, and what follows << is written by other commands.
    if (end <= 0 || end == here || text.contains("\\n") || text.indexOf('\n') >= 0) {
      return false;
    }
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      if (c != '_' && c != '-' && !Character.isLetterOrDigit(c)) {
        return false;
      }
    }
    names.add(text.substring(0, end));
    return true;
  }

  private static String unquoted(String word) {
    boolean quoted = word.startsWith("\"") || word.startsWith("'");
    return quoted ? word.substring(1) : word;
  }
}
