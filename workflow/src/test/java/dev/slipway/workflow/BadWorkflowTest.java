package dev.slipway.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of workflow files that are wrong, and where. */
@NullUnmarked
class BadWorkflowTest {
  private static final String JOB =
      """
      on: push
      jobs:
        a:
          runs-on: x
      """;

  static List<String> problems(String text) {
    return WorkflowReader.read("w.yml", text).problems().stream().map(Problem::text).toList();
  }

  private static Arguments job(String lines, String... expected) {
    return Arguments.of(JOB + lines.indent(4), List.of(expected));
  }

  private static Arguments step(String lines, String... expected) {
    return Arguments.of(JOB + "    steps:\n" + lines.indent(6), List.of(expected));
  }

  private static Arguments on(String lines, String... expected) {
    return Arguments.of(
        "on:\n" + lines.indent(2) + "jobs:\n  a:\n    runs-on: x\n", List.of(expected));
  }

  static List<Arguments> jobs() {
    return List.of(
        job("stpes: []", "w.yml:5:5: Unexpected value 'stpes' (did you mean 'steps'?)"),
        job("Steps: []", "w.yml:5:5: Unexpected value 'Steps' (did you mean 'steps'?)"),
        job("runs-on: y", "w.yml:5:5: 'runs-on' is already defined"),
        job(
            "RUNS-ON: y",
            "w.yml:5:5: 'RUNS-ON' is already defined (remove one of the two; keys that differ only"
                + " in case are the same)"),
        job("timeout-minutes: '5'", "w.yml:5:22: Unexpected value '5' (remove the quotes)"),
        job("continue-on-error: 'true'", "w.yml:5:24: Unexpected value 'true' (remove the quotes)"),
        job(
            "continue-on-error: ${{ 'true' }}",
            "w.yml:5:24: Unexpected value 'true' (expected true or false)"),
        job("name: ${{ insert }}", "w.yml:5:11: Unexpected value '${{ insert }}'"),
        job(
            "strategy: {matrix: {v: [\"${{ insert }}\"]}}",
            "w.yml:5:29: Unexpected value '${{ insert }}'"),
        job("\"${{ 'steps' }}\": []", "w.yml:5:6: An expression is not allowed here"),
        job(
            "continue-on-error: yes",
            "w.yml:5:24: Unexpected value 'yes' (expected true or false)"),
        job("env: text", "w.yml:5:10: Unexpected value 'text' (expected a mapping)"),
        job(
            "env:",
            "w.yml:5:9: Unexpected value '' (expected a mapping; give a value or remove the key)"),
        job("env: [a]", "w.yml:5:10: A sequence was not expected (expected a mapping)"),
        job("env: {a: [b]}", "w.yml:5:14: A sequence was not expected (expected a string)"),
        job("name: {a: b}", "w.yml:5:11: A mapping was not expected (expected a string)"),
        job(
            "needs: b",
            "w.yml:3:3: The workflow must contain at least one job with no dependencies.",
            "w.yml:5:12: Job 'a' depends on unknown job 'b'."),
        job(
            "needs: a",
            "w.yml:3:3: The workflow must contain at least one job with no dependencies. (every job"
                + " needs another one: a → a)"),
        job("if: ${{ }}", "w.yml:5:12: An expression was expected"),
        job("if: github.ref ==", "w.yml:5:20: Unexpected end of expression: '=='"),
        job("if: secrets.x == 'y'", "w.yml:5:9: Unrecognized named-value: 'secrets'"),
        job("if: ${{ matrix.x }}", "w.yml:5:13: Unrecognized named-value: 'matrix'"),
        job("if: hashFiles('x')", "w.yml:5:9: Unrecognized function: 'hashFiles'"),
        job("if: [a]", "w.yml:5:9: A sequence was not expected"),
        job("env: {A: \"${{ runner.os }}\"}", "w.yml:5:19: Unrecognized named-value: 'runner'"),
        job("outputs: ${{ vars.o }}", "w.yml:5:14: An expression is not allowed here"),
        job("outputs: {\"${{ vars.o }}\": x}", "w.yml:5:16: An expression is not allowed here"),
        job(
            "container: {image: i, env: \"${{ env.all }}\"}",
            "w.yml:5:37: Unrecognized named-value: 'env'"),
        job(
            "services: {s: {image: i, env: \"${{ secrets.all }}\"}}",
            "w.yml:5:40: Unrecognized named-value: 'secrets'"),
        job(
            "permissions: read",
            "w.yml:5:18: Unexpected value 'read' (expected one of read-all, write-all or a"
                + " mapping)"),
        job(
            "permissions: {contents: raed}",
            "w.yml:5:29: Unexpected value 'raed' (did you mean 'read'?)"),
        job(
            "permissions: {id-token: read}",
            "w.yml:5:29: Unexpected value 'read' (expected one of write, none)"),
        job(
            "permissions: {content: read}",
            "w.yml:5:19: Unexpected value 'content' (did you mean 'contents'?)"),
        job(
            "strategy: {matrix: {v: []}}",
            "w.yml:5:28: Matrix vector 'v' does not contain any values"),
        job("strategy: {matrix: {v: 1}}", "w.yml:5:28: Unexpected value '1' (expected a list)"),
        job(
            "strategy: {matrix: {exclude: [{v: 1}]}}",
            "w.yml:5:24: Matrix must define at least one vector",
            "w.yml:5:36: Matrix exclude key 'v' does not match any key within the matrix"),
        job(
            "strategy: {matrix: {v: [1], exclude: [{}]}}",
            "w.yml:5:43: Matrix exclude filter must not be empty"),
        job(
            "strategy: {matrix: {v: [1], include: [{}]}}",
            "w.yml:5:43: Matrix include mapping does not contain any values"),
        job(
            "strategy: {fail-fast: 1}",
            "w.yml:5:27: Unexpected value '1' (expected true or false)"),
        job(
            "concurrency: {cancel-in-progress: true}",
            "w.yml:5:18: Required property is missing: group"),
        job(
            "concurrency: {group: g, queue: maxi}",
            "w.yml:5:36: Unexpected value 'maxi' (did you mean 'max'?)"),
        job("concurrency: ''", "w.yml:5:18: Unexpected value ''"),
        job(
            "concurrency: {group: g, cancel-in-progress: true, queue: max}",
            "w.yml:5:62: 'queue: max' cannot be combined with 'cancel-in-progress: true'"),
        job(
            "concurrency: " + "g".repeat(401),
            "w.yml:5:18: Concurrency group name must be less than 400 characters"),
        job("environment: {url: x}", "w.yml:5:18: Required property is missing: name"),
        job(
            "environment: {name: x, url: \"${{ secrets.x }}\"}",
            "w.yml:5:38: Unrecognized named-value: 'secrets'"),
        job("services: {db: ''}", "w.yml:5:20: Container image cannot be empty"),
        job("services: {db: {image: ''}}", "w.yml:5:28: Container image cannot be empty"),
        job("container: {image: ''}"),
        job("container: {image: 'docker://'}", "w.yml:5:24: Container image cannot be empty"),
        job("services: {db: 'docker://'}", "w.yml:5:20: Container image cannot be empty"),
        job("services: {db: {ports: [1]}}", "w.yml:5:20: Container image cannot be empty"),
        job("container: docker://", "w.yml:5:16: Container image cannot be empty"),
        job(
            "snapshot: {image-name: i, version: 1}",
            "w.yml:5:40: Expected format '{major-version}.*' Actual '1'"),
        job(
            "uses: ./.github/workflows/b.yml",
            "w.yml:5:5: Unexpected value 'uses' ('uses' cannot be combined with 'runs-on')"),
        job(
            "with: {a: b}",
            "w.yml:5:5: Unexpected value 'with' ('with' cannot be combined with 'runs-on')"),
        job(
            "defaults: {run: {shel: x}}",
            "w.yml:5:22: Unexpected value 'shel' (did you mean 'shell'?)"),
        job("<<: {}", "w.yml:5:5: Unexpected value '<<'"),
        job("? [a]\n: b", "w.yml:5:7: A key must be a scalar"));
  }

  static List<Arguments> steps() {
    return List.of(
        step(
            "- name: x",
            "w.yml:6:9: Expected one of these keys here: cancel, parallel, run, uses, wait,"
                + " wait-all"),
        step(
            "- rn: x",
            "w.yml:6:9: Expected one of these keys here: cancel, parallel, run, uses, wait,"
                + " wait-all (did you mean 'run' for 'rn'?)"),
        step(
            "- uses: a/b@v1\n  run: x",
            "w.yml:7:9: Unexpected value 'run' ('run' cannot be combined with 'uses')"),
        step(
            "- run: x\n  with: {a: b}",
            "w.yml:7:9: Unexpected value 'with' ('with' cannot be combined with 'run')"),
        step("- x", "w.yml:6:9: Unexpected value 'x' (expected a mapping)"),
        step(
            "- uses: actions/checkout",
            "w.yml:6:15: Expected format {org}/{repo}[/path]@ref. Actual 'actions/checkout' (add"
                + " the version after @, such as actions/checkout@v1)"),
        step(
            "- uses: checkout@v4",
            "w.yml:6:15: Expected format {org}/{repo}[/path]@ref. Actual 'checkout@v4'"),
        step(
            "- uses: a/b@c@d",
            "w.yml:6:15: Expected format {org}/{repo}[/path]@ref. Actual 'a/b@c@d'"),
        step(
            "- uses: ../x",
            "w.yml:6:15: Expected format {org}/{repo}[/path]@ref. Actual '../x' (an action of this"
                + " repository begins with ./)"),
        step(
            "- uses: ${{ matrix.x }}",
            "w.yml:6:15: An expression is not allowed here: '${{ matrix.x }}'"),
        step("- {run: x, id: 1a}", "w.yml:6:22: The identifier '1a' is invalid."),
        step(
            "- {run: x, id: __a}",
            "w.yml:6:22: The identifier '__a' is invalid. IDs starting with '__' are reserved."),
        step(
            "- {run: x, id: a}\n- {run: x, id: A}",
            "w.yml:7:22: The identifier 'A' may not be used more than once within the same scope."),
        step("- wait: x", "w.yml:6:15: Step references unknown step ID 'x'"),
        step(
            "- wait: [b]\n- {run: x, id: b, background: true}",
            "w.yml:6:16: Step references unknown step ID 'b'"),
        step("- {id: w, wait: w}", "w.yml:6:23: Step 'w' cannot reference itself"),
        step(
            "- cancel: __run",
            "w.yml:6:17: The identifier '__run' is invalid. IDs starting with '__' are reserved."),
        step(
            "- {run: x, id: b, background: true}\n- wait: bb",
            "w.yml:7:15: Step references unknown step ID 'bb' (did you mean 'b'?)"),
        step(
            "- {run: x, id: b}\n- wait: b",
            "w.yml:7:15: The step 'b' does not run in the background"),
        step("- wait-all: false", "w.yml:6:19: The value of 'wait-all' must be true or omitted"),
        step("- {wait-all: , if: true}", "w.yml:6:22: Unexpected value 'if'"),
        step(
            "- parallel:\n  - {run: x, background: true}",
            "w.yml:7:20: 'background' is not allowed inside 'parallel'"),
        step(
            "- parallel:\n  - wait-all:",
            "w.yml:7:11: 'wait-all' is not allowed inside 'parallel'"),
        step(
            "- parallel:\n  - parallel: []",
            "w.yml:7:11: 'parallel' is not allowed inside 'parallel'"),
        step(
            "- {run: x, background: \"${{ true }}\"}",
            "w.yml:6:31: An expression is not allowed here"),
        step("- run: ${{ bogus.x }}", "w.yml:6:18: Unrecognized named-value: 'bogus'"),
        step("- run: x ${{ github.ref", "w.yml:6:16: The expression is not closed."),
        step("- run: ${{ }}", "w.yml:6:17: An expression was expected"),
        step("- run: ${{ always() }}", "w.yml:6:18: Unrecognized function: 'always'"),
        step("- {run: x, if: secrets.a}", "w.yml:6:22: Unrecognized named-value: 'secrets'"),
        step("- {run: x, if: success('a')}", "w.yml:6:29: Too many parameters supplied: '('"),
        step(
            "- run: x\n  if: success('a')",
            "w.yml:7:20: Too many parameters supplied: '('. Located at position 8 within"
                + " expression: success('a')"),
        step(
            "- run: x\n  if: ${{ !failure('a', 'b') && true }}",
            "w.yml:7:25: Too many parameters supplied: '('"),
        step(
            "- run: |\n    echo a\n      echo ${{ 1 +\n      2 }}",
            "w.yml:8:24: Unexpected symbol: '+'"),
        step(
            "- run: >-\n    echo a\n    b\n\n    c ${{ bogus }}",
            "w.yml:10:17: Unrecognized named-value: 'bogus'"),
        step(
            "- run: |2\n     # x\n     ${{ bogus }}",
            "w.yml:8:16: Unrecognized named-value: 'bogus'"),
        step("- run: \"a\\tb\\n ${{ bogus }}\"", "w.yml:6:26: Unrecognized named-value: 'bogus'"),
        step("- run: 'it''s ${{ bogus }}'", "w.yml:6:25: Unrecognized named-value: 'bogus'"),
        step("- run: \"äöü🚀 ${{ bogus }}\"", "w.yml:6:24: Unrecognized named-value: 'bogus'"),
        step(
            "- run: some text\n    over lines ${{ bogus }}",
            "w.yml:7:26: Unrecognized named-value: 'bogus'"),
        step("- run: &x !!str a ${{ bogus }}", "w.yml:6:29: Unrecognized named-value: 'bogus'"));
  }

  static List<Arguments> triggers() {
    return List.of(
        on("psh:", "w.yml:2:3: Unexpected value 'psh' (did you mean 'push'?)"),
        on(
            "push: {brnches: [a]}",
            "w.yml:2:10: Unexpected value 'brnches' (did you mean 'branches'?)"),
        on("push: {types: [a]}", "w.yml:2:10: Unexpected value 'types'"),
        on(
            "push: {branches: [a], branches-ignore: [b]}",
            "w.yml:2:25: 'branches' and 'branches-ignore' cannot be used for the same event"),
        on(
            "push: {tags: [a], tags-ignore: [b]}",
            "w.yml:2:21: 'tags' and 'tags-ignore' cannot be used for the same event"),
        on(
            "push: {paths: [a], paths-ignore: [b]}",
            "w.yml:2:22: 'paths' and 'paths-ignore' cannot be used for the same event"),
        on("push: {branches: ['[a']}", "w.yml:2:21: Invalid pattern '[a': '[' is never closed"),
        on(
            "push: {branches: ['[b-a]']}",
            "w.yml:2:21: Invalid pattern '[b-a]': the range b-a ends before it begins"),
        on(
            "push: {branches: ['+a']}",
            "w.yml:2:21: Invalid pattern '+a': '+' must follow a character that it repeats"),
        on("push: {branches: ['!']}", "w.yml:2:21: Invalid pattern '!': it is empty"),
        on(
            "push: {branches: ['!a']}",
            "w.yml:2:20: 'branches' holds only patterns that begin with !"),
        on(
            "pull_request: {types: [openend]}",
            "w.yml:2:26: Unexpected value 'openend' (did you mean 'opened'?)"),
        on("pull_request: {tags: [a]}", "w.yml:2:18: Unexpected value 'tags'"),
        on("create: {a: b}", "w.yml:2:11: A mapping was not expected (expected nothing)"),
        on(
            "schedule: [{cron: '* * * *'}]",
            "w.yml:2:21: Invalid cron expression '* * * *': it has 4 fields, not 5"),
        on(
            "schedule: [{cron: '60 * * * *'}]",
            "w.yml:2:21: Invalid cron expression '60 * * * *': '60' is no minute (0-59)"),
        on(
            "schedule: [{cron: '5 4 * * 7'}]",
            "w.yml:2:21: Invalid cron expression '5 4 * * 7': '7' is no day of week (0-6)"),
        on(
            "schedule: [{cron: '@daily'}]",
            "w.yml:2:21: Invalid cron expression '@daily': shorthands are not supported (write 0 0"
                + " * * *)"),
        on(
            "schedule: [{cron: '*/2 * * * *'}]",
            "w.yml:2:21: The cron expression '*/2 * * * *' asks for runs less than 5 minutes"
                + " apart"),
        on(
            "schedule: [{cron: '0 0 * * *', timezone: Mars/Base}]",
            "w.yml:2:44: Unknown time zone 'Mars/Base'"),
        on("schedule: [{timezone: UTC}]", "w.yml:2:14: Required property is missing: cron"),
        on("workflow_dispatch: {inputs: {a: {type: text}}}", "w.yml:2:42: Unexpected value 'text'"),
        on(
            "workflow_dispatch: {inputs: {a: {required: 'true'}}}",
            "w.yml:2:46: Unexpected value 'true' (remove the quotes)"),
        on("workflow_call: {inputs: {a: {}}}", "w.yml:2:31: Required property is missing: type"),
        on(
            "workflow_call: {inputs: {a: {type: number, default: x}}}",
            "w.yml:2:55: The default 'x' of the input 'a' is not a number"),
        on(
            "workflow_call: {inputs: {a: {type: boolean, default: 'true'}}}",
            "w.yml:2:56: The default 'true' of the input 'a' is not a boolean (remove the quotes)"),
        on("workflow_dispatch: {inputs: {a: {type: boolean, default: 'true'}}}"),
        on("workflow_call: {outputs: {a: {}}}", "w.yml:2:32: Required property is missing: value"),
        on(
            "workflow_call: {outputs: {a: {value: \"${{ steps.x }}\"}}}",
            "w.yml:2:45: Unrecognized named-value: 'steps'"));
  }

  static List<Arguments> files() {
    String jobs = "jobs:\n  a:\n    runs-on: x\n";
    return List.of(
        Arguments.of("", List.of("w.yml:1:1: The file is empty")),
        Arguments.of("# only a comment\n", List.of("w.yml:1:1: The file is empty")),
        Arguments.of("text", List.of("w.yml:1:1: Unexpected value 'text' (expected a mapping)")),
        Arguments.of("[a]", List.of("w.yml:1:1: A sequence was not expected (expected a mapping)")),
        Arguments.of("on: push\n", List.of("w.yml:1:1: Required property is missing: jobs")),
        Arguments.of(jobs, List.of("w.yml:1:1: Required property is missing: on")),
        Arguments.of("on: {}\n" + jobs, List.of("w.yml:1:5: No event triggers defined in 'on'")),
        Arguments.of("on: []\n" + jobs, List.of("w.yml:1:5: No event triggers defined in 'on'")),
        Arguments.of(
            "on: [push, {a: b}]\n" + jobs, List.of("w.yml:1:12: A mapping was not expected")),
        Arguments.of(
            "on: pusch\n" + jobs,
            List.of("w.yml:1:5: Unexpected value 'pusch' (did you mean 'push'?)")),
        Arguments.of(
            "on: push\njobs: {}\n",
            List.of("w.yml:2:7: The workflow must contain at least one job with no dependencies.")),
        Arguments.of(
            "on: push\njobs: {a: {}}\n",
            List.of("w.yml:2:11: Expected one of these keys here: runs-on, uses")),
        Arguments.of(
            "on: push\njobs: {a: {steps: []}}\n",
            List.of("w.yml:2:11: Required property is missing: runs-on")),
        Arguments.of(
            "on: push\njobs: {1a: {runs-on: x}}\n",
            List.of("w.yml:2:8: The identifier '1a' is invalid.")),
        Arguments.of(
            "on: push\njobs: {__a: {runs-on: x}}\n",
            List.of(
                "w.yml:2:8: The identifier '__a' is invalid. IDs starting with '__' are"
                    + " reserved.")),
        Arguments.of(
            "on: push\njobs: {a: {uses: b.yml}}\n",
            List.of("w.yml:2:18: Invalid workflow reference 'b.yml'")),
        Arguments.of(
            "on: push\njobs: {a: {uses: o/r/.github/workflows/b.yml}}\n",
            List.of(
                "w.yml:2:18: Invalid workflow reference 'o/r/.github/workflows/b.yml': no version"
                    + " specified")),
        Arguments.of(
            "on: push\njobs: {a: {uses: ./.github/workflows/x/b.yml}}\n",
            List.of("w.yml:2:18: Invalid workflow reference './.github/workflows/x/b.yml'")),
        Arguments.of(
            "on: push\njobs: {a: {uses: ./.github/workflows/b.yml, env: {}}}\n",
            List.of("w.yml:2:45: Unexpected value 'env' ('env' cannot be combined with 'uses')")),
        Arguments.of(
            "on: push\njobs: {a: {uses: ./.github/workflows/b.yml, with: \"${{ vars.x }}\"}}\n",
            List.of("w.yml:2:52: An expression is not allowed here")),
        Arguments.of(
            "on: push\njobs: {a: {uses: ./.github/workflows/b.yml, secrets: all}}\n",
            List.of("w.yml:2:54: Unexpected value 'all'")),
        Arguments.of(
            "name: ${{ github.ref }}\non: push\n" + jobs,
            List.of("w.yml:1:7: An expression is not allowed here: '${{ github.ref }}'")),
        Arguments.of(
            "run-name: ${{ secrets.x }}\non: push\n" + jobs,
            List.of("w.yml:1:15: Unrecognized named-value: 'secrets'")),
        Arguments.of(
            """
            on: push
            jobs:
              a: {runs-on: x, needs: b}
              b: {runs-on: x, needs: c}
              c: {runs-on: x, needs: b}
              d: {runs-on: x}
            """,
            List.of(
                "w.yml:3:26: Job 'a' depends on job 'b' which creates a cycle",
                "w.yml:4:26: Job 'b' depends on job 'c' which creates a cycle in the dependency"
                    + " graph. (b → c → b)",
                "w.yml:5:26: Job 'c' depends on job 'b' which creates a cycle in the dependency"
                    + " graph. (b → c → b)")),
        Arguments.of(
            "on: push\njobs:\n  build: {runs-on: x}\n  b: {runs-on: x, needs: [biuld]}\n",
            List.of(
                "w.yml:4:27: Job 'b' depends on unknown job 'biuld'. (did you mean 'build'?)")));
  }

  static List<Arguments> yaml() {
    return List.of(
        Arguments.of(
            "on: push\njobs:\n\ta: b\n",
            "w.yml:3:1: Invalid YAML: a tab is used for indentation (YAML is indented with"
                + " spaces)"),
        Arguments.of(
            "name: a: b\n",
            "w.yml:1:8: Invalid YAML: ':' starts a value where none is allowed in 'name: a: b'"),
        Arguments.of(
            "name: \"a\non: push\n",
            "w.yml:1:7: Invalid YAML: the quoted text that begins here never ends (close the"
                + " quote)"),
        Arguments.of(
            "name: 'a\non: push\n",
            "w.yml:1:7: Invalid YAML: the quoted text that begins here never ends"),
        Arguments.of(
            "on: [push\njobs: {}\n",
            "w.yml:1:5: Invalid YAML: the list '[' that begins here is never closed"),
        Arguments.of(
            "on: {push: a\n",
            "w.yml:1:5: Invalid YAML: the mapping '{' that begins here is never closed"),
        Arguments.of(
            "on:\n  push:\n a: b\n",
            "w.yml:3:2: Invalid YAML: 'a: b' does not fit the block around it"),
        Arguments.of("on: push\njobs\n", "w.yml:2:1: Invalid YAML: 'jobs' is no key with a value"),
        Arguments.of(
            "name: @x\n", "w.yml:1:7: Invalid YAML: a value cannot begin as in 'name: @x'"),
        Arguments.of("name: *x\n", "w.yml:1:7: Unknown anchor 'x'"),
        Arguments.of(
            "name: &x [*x]\n", "w.yml:1:11: The alias '*x' lies inside the node that it names"),
        Arguments.of(
            "name: !x y\n",
            "w.yml:1:7: Unexpected tag '!x' (a value that begins with ! is a tag in YAML; quote it,"
                + " or write it in ${{ }})"),
        Arguments.of("name: ! y\n", "w.yml:1:7: Unexpected tag '!'"),
        Arguments.of(
            "name: !!binary eA==\n", "w.yml:1:7: Unexpected tag 'tag:yaml.org,2002:binary'"),
        Arguments.of(
            "name: !contains(a, 'b')\n",
            "w.yml:1:18: Invalid YAML: expected ' ', but found ',' (44) while scanning a tag (a"
                + " value that begins with ! is a tag in YAML"),
        Arguments.of(
            "%YAML 2.0\n---\nname: x\n",
            "w.yml:1:1: Invalid YAML: the version that %YAML names is not supported"),
        Arguments.of(
            "name: !!bool test\n",
            "w.yml:1:7: The value 'test' on line 1 and column 7 is invalid for the type"
                + " 'tag:yaml.org,2002:bool'"),
        Arguments.of(
            "name: !!int 1.5\n",
            "w.yml:1:7: The value '1.5' on line 1 and column 7 is invalid for the type"
                + " 'tag:yaml.org,2002:int'"),
        Arguments.of(
            "name: !!bool 'true'\n",
            "w.yml:1:7: A quoted value is not valid with the tag 'tag:yaml.org,2002:bool'"),
        Arguments.of(
            "name: a\n---\nname: b\n", "w.yml:2:1: The file holds more than one YAML document"),
        Arguments.of("name: a\u0001b\n", "w.yml:1:8: The character U+1 is not allowed in YAML"));
  }

  @ParameterizedTest
  @MethodSource({"jobs", "steps", "triggers", "files"})
  void problems_areFoundWithPlaceMessageAndHint(String text, List<String> expected) {
    List<String> found = problems(text);
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(found.get(i)).startsWith(expected.get(i));
    }
  }

  @ParameterizedTest
  @MethodSource("yaml")
  void invalidYaml_isOneProblem(String text, String expected) {
    List<String> found = problems(text);
    assertThat(found).hasSize(1);
    assertThat(found.getFirst()).startsWith(expected);
  }

  @Test
  void independentProblems_areReportedTogether() {
    String text =
        """
        on: {push: {branches: [main, '[x']}}
        permissions: {contents: all}
        jobs:
          a:
            runs-on: x
            needs: [nobody]
            if: bogus
            steps:
              - run: ${{ nothing }}
              - uses: checkout
          b:
            steps: []
        """;
    assertThat(problems(text))
        .extracting(p -> p.substring(0, p.indexOf(": ")))
        .containsExactly(
            "w.yml:1:30",
            "w.yml:2:25",
            "w.yml:6:13",
            "w.yml:7:9",
            "w.yml:9:18",
            "w.yml:10:15",
            "w.yml:12:5");
  }

  @Test
  void errors_areCappedAtTenAndMessagesCutAt500() {
    StringBuilder text = new StringBuilder(JOB);
    for (int i = 0; i < 30; i++) {
      text.append("    ").append("k".repeat(600)).append(i).append(": x\n");
    }
    Reading<Workflow> reading = WorkflowReader.read("w.yml", text.toString());
    assertThat(reading.ok()).isFalse();
    assertThat(reading.problems()).hasSize(10);
    assertThat(reading.problems()).allMatch(p -> p.message().length() == 500 && p.refused());
  }

  @Test
  void warnings_leaveTheWorkflowUsable() {
    Reading<Workflow> reading =
        WorkflowReader.read(
            "w.yml",
            """
            on: {schedule: [{cron: '* * * * *'}]}
            jobs: {a: {runs-on: x}}
            """);
    assertThat(reading.ok()).isTrue();
    assertThat(reading.problems()).hasSize(1);
    assertThat(reading.problems().getFirst().refused()).isFalse();
  }

  @Test
  void moreThan25DispatchInputs_areRefused() {
    StringBuilder text = new StringBuilder("on:\n  workflow_dispatch:\n    inputs:\n");
    for (int i = 0; i < 26; i++) {
      text.append("      i").append(i).append(":\n");
    }
    assertThat(problems(text + "jobs: {a: {runs-on: x}}\n"))
        .containsExactly("w.yml:29:7: 'workflow_dispatch' has 26 inputs; at most 25 are allowed");
  }

  @ParameterizedTest
  @ValueSource(ints = {48, 60, 5_000, 200_000})
  void deepNesting_isRefusedWithoutHarm(int depth) {
    String text = "name: " + "[".repeat(depth) + "]".repeat(depth) + "\n";
    assertThat(String.join("|", problems(text)))
        .contains(depth < 50 ? "A sequence was not expected" : "nested more than 50 levels deep");
  }

  @Test
  void aliasesThatMultiply_areStoppedByTheBudget() {
    StringBuilder text = new StringBuilder("a: &a [x, x, x, x, x, x, x, x, x, x]\n");
    for (char c = 'b'; c < 'k'; c++) {
      char before = (char) (c - 1);
      text.append(c)
          .append(": &")
          .append(c)
          .append(" [")
          .append(("*" + before + ", ").repeat(9))
          .append('*')
          .append(before)
          .append("]\n");
    }
    assertThat(problems(text.toString()))
        .hasSize(1)
        .first()
        .asString()
        .contains("aliases are written out");
  }

  @Test
  void largeTextsRepeatedByAliases_areStoppedByTheBudget() {
    String text = "a: &a " + "x".repeat(900_000) + "\nb: [" + "*a, ".repeat(20) + "*a]\n";
    assertThat(problems(text)).hasSize(1).first().asString().contains("10 MiB");
  }

  @Test
  void thousandsOfUnknownNeeds_areAnswered() {
    StringBuilder text = new StringBuilder("on: push\njobs:\n");
    for (int i = 0; i < 15_000; i++) {
      text.append("  job-with-a-name-")
          .append(i)
          .append(": {runs-on: x, needs: ")
          .append(100_000 + i)
          .append("}\n");
    }
    assertThat(problems(text.toString())).hasSize(10);
  }

  @Test
  void fileOverOneMebibyte_isRefused() {
    assertThat(problems("# " + "x".repeat(1024 * 1024)))
        .hasSize(1)
        .first()
        .asString()
        .contains("larger than 1 MiB");
  }
}
