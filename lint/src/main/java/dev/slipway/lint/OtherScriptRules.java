package dev.slipway.lint;

import dev.slipway.workflow.YamlNode;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rules about scripts in Python, PowerShell and JavaScript: few, and certain. */
final class OtherScriptRules {
  private static final String HEAD =
      "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n";

  /** Programs that are not PowerShell's, whose failure is a status and no error. */
  private static final Set<String> NATIVE =
      Set.of(
          "npm", "npx", "pnpm", "yarn", "dotnet", "cargo", "go", "cmake", "ctest", "msbuild", "mvn",
          "gradle", "pytest", "pip", "nuget", "vcpkg", "meson", "ninja");

  private OtherScriptRules() {}

  static List<Rule> all() {
    return List.of(SYNTAX, SUBPROCESS, NATIVE_FAILURE, CURL, AWAIT, LOGGED);
  }

  private static String run(String shell, String... lines) {
    return HEAD
        + "      - shell: "
        + shell
        + "\n        run: |\n          "
        + String.join("\n          ", lines)
        + "\n";
  }

  private static String script(String... lines) {
    return HEAD
        + "      - uses: actions/github-script@v8\n        with:\n          script: |\n            "
        + String.join("\n            ", lines)
        + "\n";
  }

  private static final Rule SYNTAX =
      Rule.of(
              "script-syntax",
              Topic.CORRECTNESS,
              Severity.ERROR,
              Profile.DEFAULT,
              "A bracket or a text in a script that is not closed")
          .covers("actionlint:pyflakes")
          .why(
              "The interpreter refuses the whole script, and the step fails before its first line.")
          .example(run("python", "print(len([1, 2, 3])"), run("python", "print(len([1, 2, 3]))"))
          .check(OtherScriptRules::syntax);

  private static void syntax(LintFile file, Found found) {
    for (StepNode step : file.steps()) {
      YamlNode.Scalar script = scalar(step);
      CodeText.Kind kind = kind(file, step);
      if (script == null || kind == null) {
        continue;
      }
      CodeText code = CodeText.of(script.text(), kind);
      if (code.broken() >= 0) {
        String problem = code.problem();
        int at = file.index(script, code.broken());
        found.at(
            Severity.ERROR,
            Confidence.HIGH,
            at,
            at + 1,
            Character.toUpperCase(problem.charAt(0)) + problem.substring(1),
            "correct the syntax; the interpreter refuses the script",
            kind == CodeText.Kind.PYTHON ? List.of("actionlint:pyflakes") : List.of(),
            null);
      }
    }
  }

  private static YamlNode.@Nullable Scalar scalar(StepNode step) {
    return step.uses("actions/github-script") ? step.with("script") : step.run();
  }

  static CodeText.@Nullable Kind kind(LintFile file, StepNode step) {
    if (step.uses("actions/github-script")) {
      return CodeText.Kind.JAVASCRIPT;
    }
    StepScript script = step.script(file);
    if (script == null || script.shell().mixed()) {
      return null;
    }
    return switch (script.shell().language()) {
      case PYTHON -> CodeText.Kind.PYTHON;
      case POWERSHELL -> CodeText.Kind.POWERSHELL;
      default -> null;
    };
  }

  private static final Rule SUBPROCESS =
      Rule.of(
              "unchecked-subprocess",
              Topic.HONESTY,
              Severity.WARNING,
              Profile.STRICT,
              "A command started from Python whose failure is not looked at")
          .why(
              """
              `subprocess.run` and `subprocess.call` return the status, and `os.system` does too; none of them raises an error
              when the command fails. Unless the script looks at it, the step is green.
              """)
          .example(
              run("python", "import subprocess", "subprocess.run(['make', 'test'])"),
              run("python", "import subprocess", "subprocess.run(['make', 'test'], check=True)"))
          .check(OtherScriptRules::subprocess);

  private static void subprocess(LintFile file, Found found) {
    for (StepNode step : file.steps()) {
      YamlNode.Scalar script = step.run();
      if (script == null || kind(file, step) != CodeText.Kind.PYTHON) {
        continue;
      }
      CodeText code = CodeText.of(script.text(), CodeText.Kind.PYTHON);
      for (String call : List.of("subprocess.run", "subprocess.call", "os.system")) {
        int at = code.find(call, 0);
        while (at >= 0) {
          int open = at + call.length();
          int close =
              open < code.code().length() && code.code().charAt(open) == '('
                  ? code.closing(open)
                  : -1;
          if (close > 0
              && statement(code.code(), at, close)
              && !code.code().substring(open, close).contains("check")
              && !code.code().substring(open, close).contains("**")) {
            found.at(
                script,
                at,
                open,
                "The script goes on when the command of this '" + call + "' fails",
                call.equals("os.system")
                    ? "use subprocess.run(…, check=True)"
                    : "add check=True, or use subprocess.check_call",
                null);
          }
          at = code.find(call, open);
        }
      }
    }
  }

  /** Whether a call stands alone, so that nothing takes what it returns. */
  private static boolean statement(String code, int from, int close) {
    int line = code.lastIndexOf('\n', from) + 1;
    int end = code.indexOf('\n', close);
    return code.substring(line, from).isBlank()
        && code.substring(close + 1, end < 0 ? code.length() : end).isBlank();
  }

  private static final Rule NATIVE_FAILURE =
      Rule.of(
              "unchecked-native-command",
              Topic.HONESTY,
              Severity.WARNING,
              Profile.STRICT,
              "A program in PowerShell whose failure does not end the script")
          .why(
              """
              `$ErrorActionPreference = 'stop'`, which the runner sets, is about PowerShell's own errors. A program that ends
              with a status other than 0 does not stop the script; only the last one's status becomes that of the step.
              """)
          .example(
              run("pwsh", "npm test", "npm run report"),
              run(
                  "pwsh",
                  "npm test",
                  "if ($LASTEXITCODE) { exit $LASTEXITCODE }",
                  "npm run report"))
          .check(OtherScriptRules::nativeFailure);

  private static void nativeFailure(LintFile file, Found found) {
    for (StepNode step : file.steps()) {
      YamlNode.Scalar script = step.run();
      if (script == null
          || kind(file, step) != CodeText.Kind.POWERSHELL
          || script.text().contains("LASTEXITCODE")
          || script.text().contains("PSNativeCommandUseErrorActionPreference")
          || script.text().contains("$?")) {
        continue;
      }
      String code = CodeText.of(script.text(), CodeText.Kind.POWERSHELL).code();
      int depth = 0;
      int from = 0;
      int seen = -1;
      int until = 0;
      while (from < code.length()) {
        int end = code.indexOf('\n', from);
        end = end < 0 ? code.length() : end;
        String line = code.substring(from, end).strip();
        if (!line.isEmpty() && seen >= 0) {
          List<ShellCommand> one = ShellCommands.of(script.text().substring(seen, until));
          String head = one.isEmpty() ? "" : one.getFirst().head();
          found.at(
              script,
              seen,
              until,
              "When '" + head + "' fails here, the script goes on",
              "ask for its status behind it: if ($LASTEXITCODE) { exit $LASTEXITCODE }",
              null);
          seen = -1;
        }
        if (depth == 0 && checks(line)) {
          seen = from + code.substring(from, end).indexOf(line);
          until = seen + line.length();
        }
        for (int i = from; i < end; i++) {
          char c = code.charAt(i);
          depth += c == '{' || c == '(' ? 1 : c == '}' || c == ')' ? -1 : 0;
        }
        from = end + 1;
      }
    }
  }

  /** Whether a line is a plain call of a program that checks something. */
  private static boolean checks(String line) {
    int blank = line.indexOf(' ');
    String head = blank < 0 ? line : line.substring(0, blank);
    if (!NATIVE.contains(head)
        || line.endsWith("`")
        || line.contains("||")
        || line.contains("&&")) {
      return false;
    }
    List<ShellCommand> commands = ShellCommands.of(line);
    return commands.size() == 1 && Checks.matters(commands.getFirst());
  }

  private static final Rule CURL =
      Rule.of(
              "powershell-curl",
              Topic.CORRECTNESS,
              Severity.WARNING,
              Profile.DEFAULT,
              "curl with options in Windows PowerShell")
          .why(
              """
              In Windows PowerShell (`shell: powershell`) `curl` and `wget` are other names of Invoke-WebRequest, which knows
              none of their options. The programs are called `curl.exe` and `wget.exe`.
              """)
          .example(
              onWindows("curl -sSfL https://example.com/x -o x"),
              onWindows("curl.exe -sSfL https://example.com/x -o x"))
          .check(OtherScriptRules::curl);

  private static String onWindows(String script) {
    return run("powershell", script).replace("ubuntu-latest", "windows-latest");
  }

  private static void curl(LintFile file, Found found) {
    for (StepNode step : file.steps()) {
      YamlNode.Scalar script = step.run();
      if (script == null || !step.shell(file).equals("powershell")) {
        continue;
      }
      String code = CodeText.of(script.text(), CodeText.Kind.POWERSHELL).code();
      int from = 0;
      while (from < code.length()) {
        int end = code.indexOf('\n', from);
        end = end < 0 ? code.length() : end;
        int at = from;
        while (at < end && code.charAt(at) == ' ') {
          at++;
        }
        for (String name : List.of("curl", "wget")) {
          if (code.startsWith(name + " -", at) && ofProgram(code, at + name.length() + 1)) {
            found.at(
                script,
                at,
                at + name.length(),
                "'" + name + "' is Invoke-WebRequest here, and does not know this option",
                "write '" + name + ".exe'",
                null);
          }
        }
        from = end + 1;
      }
    }
  }

  /** Whether an option is one that only the program has: several letters in one, or two dashes. */
  private static boolean ofProgram(String code, int at) {
    return code.startsWith("--", at)
        || code.startsWith("-L", at)
        || code.startsWith("-s", at)
        || code.startsWith("-f", at)
        || code.startsWith("-q", at);
  }

  private static final Rule AWAIT =
      Rule.of(
              "missing-await",
              Topic.CORRECTNESS,
              Severity.WARNING,
              Profile.DEFAULT,
              "A call of GitHub's API in github-script that nothing waits for")
          .why(
              """
              The call gives a promise. Without `await` the script goes on before it is done, and ends the step; when the call
              fails nobody is told.
              """)
          .example(
              script(
                  "github.rest.issues.createComment({",
                  "  ...context.repo, issue_number: 1, body: 'x'",
                  "})"),
              script(
                  "await github.rest.issues.createComment({",
                  "  ...context.repo, issue_number: 1, body: 'x'",
                  "})"))
          .check(OtherScriptRules::await);

  private static void await(LintFile file, Found found) {
    for (StepNode step : file.steps()) {
      YamlNode.Scalar script = step.with("script");
      if (script == null || !step.uses("actions/github-script")) {
        continue;
      }
      CodeText code = CodeText.of(script.text(), CodeText.Kind.JAVASCRIPT);
      String text = code.code();
      for (int at = text.indexOf("github.rest.");
          at >= 0;
          at = text.indexOf("github.rest.", at + 1)) {
        int open = at;
        while (open < text.length()
            && (CodeText.part(text.charAt(open)) || text.charAt(open) == '.')) {
          open++;
        }
        int close = open < text.length() && text.charAt(open) == '(' ? code.closing(open) : -1;
        if (close > 0 && alone(text, at, close)) {
          found.at(
              script,
              at,
              open,
              "Nothing waits for this call, so its failure is lost",
              "write 'await' before it",
              null);
        }
      }
    }
  }

  /** Whether a call is a statement of its own, on which nothing is chained. */
  private static boolean alone(String text, int from, int close) {
    int before = from - 1;
    while (before >= 0 && (text.charAt(before) == ' ' || text.charAt(before) == '\n')) {
      before--;
    }
    int after = close + 1;
    while (after < text.length() && (text.charAt(after) == ' ' || text.charAt(after) == '\n')) {
      after++;
    }
    boolean begins = before < 0 || ";{}".indexOf(text.charAt(before)) >= 0;
    // A line that ends in a bracket ends a statement too, unless the bracket is a condition's.
    int line = text.lastIndexOf('\n', from - 1);
    boolean fresh = line >= 0 && text.substring(line, from).isBlank();
    boolean ends = after >= text.length() || text.charAt(after) != '.';
    return ends
        && begins
        && (fresh || before < 0 || text.charAt(before) == ';' || text.charAt(before) == '{');
  }

  private static final Rule LOGGED =
      Rule.of(
              "secret-in-script-log",
              Topic.SECURITY,
              Severity.WARNING,
              Profile.DEFAULT,
              "A secret printed by github-script")
          .why(
              """
              GitHub hides the exact text of a secret in logs, and nothing else: not a part of it, not an encoded form.
              """)
          .example(
              script("console.log('${{ secrets.TOKEN }}')"),
              script("core.info('the token is set')"))
          .check(OtherScriptRules::logged);

  private static void logged(LintFile file, Found found) {
    for (ExpressionUse use : file.expressions()) {
      StepNode step = use.step();
      if (step == null
          || !use.key().equals("script")
          || !step.uses("actions/github-script")
          || use.paths().stream().noneMatch(path -> ExpressionUse.begins(path, "secrets"))) {
        continue;
      }
      String text = use.scalar().text();
      int line = text.lastIndexOf('\n', use.start()) + 1;
      String before = text.substring(line, use.start());
      if (before.contains("console.log(") || before.contains("core.info(")) {
        found.at(use, "This prints a secret to the log", "leave it out of the message");
      }
    }
  }
}
