package dev.slipway.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.workflow.expression.ExpressionException;
import dev.slipway.workflow.expression.Json;
import dev.slipway.workflow.expression.Scope;
import dev.slipway.workflow.expression.Value;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@NullUnmarked
class WorkflowReaderTest {
  private static Workflow read(String text) {
    Reading<Workflow> reading = WorkflowReader.read("w.yml", text);
    assertThat(reading.problems()).isEmpty();
    return reading.value();
  }

  private static Job job(String lines) {
    return read("on: push\njobs:\n  a:\n    runs-on: x\n" + lines.indent(4)).jobs().getFirst();
  }

  private static List<Step> steps(String lines) {
    return ((Job.Steps) job("steps:\n" + lines.indent(2)).body()).steps();
  }

  private static Scope scope(boolean success, Map<String, ? extends Value> contexts) {
    return new Scope() {
      @Override
      public @Nullable Value context(String name) {
        return contexts.get(name);
      }

      @Override
      public boolean success(List<String> jobs) {
        return success;
      }
    };
  }

  @Test
  void everything_isAccepted() {
    Workflow workflow =
        read(
            """
            name: All
            description: all of it
            run-name: by ${{ github.actor }}
            on:
              push: {branches: [main, 'v[0-9]+'], tags-ignore: x, paths: ['**.java']}
              pull_request: {types: [opened, stacked]}
              schedule: [{cron: '*/5 0 * jan mon-fri', timezone: Europe/Berlin}, {cron: 0 0 1 1 0}]
              workflow_dispatch:
                inputs:
                  a:
                  level: {type: choice, options: [x, y], default: x, required: true, description: d}
                  dry: {type: boolean, default: false}
              workflow_call:
                inputs: {n: {type: number, default: 3}}
                secrets: {s: {required: true}, t: }
                outputs: {o: {value: "${{ jobs.a.outputs.x }}"}}
              workflow_run: {workflows: [Other], types: completed, branches-ignore: [x]}
              repository_dispatch: {types: [go]}
              merge_group:
              image_version: {names: [a], versions: ['1.*']}
            permissions: {contents: read, id-token: write, models: none}
            env: {A: 1.10, B: true, C: ~, D: "${{ secrets.x }}"}
            defaults: {run: {shell: bash, working-directory: d}}
            concurrency: {group: "g-${{ github.ref }}", cancel-in-progress: "${{ true }}", queue: max}
            jobs:
              a:
                name: A ${{ matrix.v }}
                runs-on: [self-hosted, "${{ matrix.os }}"]
                strategy:
                  fail-fast: false
                  max-parallel: 2
                  matrix: {v: [1.10, '1.10', true], include: [{v: 9, extra: {deep: [1]}}], exclude: [{v: true}]}
                environment: {name: prod, url: "https://x/${{ steps.s.outputs.u }}", deployment: false}
                outputs: {x: "${{ steps.s.outputs.x }}"}
                env: {A: b}
                defaults: {run: {working-directory: "${{ env.A }}"}}
                timeout-minutes: ${{ fromJSON('5') }}
                cancel-timeout-minutes: 2
                continue-on-error: ${{ matrix.v == 1 }}
                container: {image: i, env: {A: "${{ job.status }}"}, ports: [80], volumes: [a:b], options: -x, credentials: {username: u, password: "${{ secrets.p }}"}}
                services: {db: {image: d, entrypoint: e, command: c}, q: "${{ matrix.q }}"}
                snapshot: {image-name: "${{ matrix.v }}", version: 1.*, if: "steps.s.outcome == 'success'"}
                permissions: read-all
                concurrency: one
                steps:
                  - {id: s, name: n, run: x, shell: bash, working-directory: d, env: {A: b}, continue-on-error: true, timeout-minutes: 3, background: true}
                  - {uses: o/r/p/q@v1, with: {python-version: 3.10, x: }}
                  - wait: [s]
                  - cancel: s
                  - {wait-all: true, name: all, continue-on-error: true}
                  - parallel: [{run: x}, {uses: $/b}]
              b: {needs: [a, A], if: "!cancelled()", runs-on: {group: org/g, labels: [x]}}
              c: {needs: a, uses: ./.github/workflows/c.yml, with: {n: 1}, secrets: inherit}
              d: {needs: c, uses: o/r/.github/workflows/d.yaml@main, secrets: {t: "${{ secrets.x }}"}, strategy: {matrix: "${{ fromJSON(vars.x) }}"}}
            """);
    assertThat(workflow.name()).isEqualTo("All");
    assertThat(workflow.on().triggers())
        .extracting(Triggers.Trigger::event)
        .containsExactly(
            "push",
            "pull_request",
            "schedule",
            "workflow_dispatch",
            "workflow_call",
            "workflow_run",
            "repository_dispatch",
            "merge_group",
            "image_version");
    assertThat(workflow.job("B").needs()).containsExactly("a");
    assertThat(((Job.Call) workflow.job("c").body()).inheritSecrets()).isTrue();
    assertThat(((Job.Call) workflow.job("d").body()).inheritSecrets()).isFalse();
    assertThat(workflow.jobs().getFirst().permissions().of("contents"))
        .isEqualTo(Permissions.Access.READ);
    assertThat(workflow.permissions().of("issues")).isEqualTo(Permissions.Access.NONE);
    Triggers.Trigger push = workflow.on().trigger("push");
    assertThat(push.branches().patterns()).containsExactly("main", "v[0-9]+");
    assertThat(push.tags().ignore()).isTrue();
    assertThat(workflow.on().trigger("schedule").schedules())
        .extracting(Triggers.Schedule::timezone)
        .containsExactly("Europe/Berlin", null);
    assertThat(workflow.on().trigger("workflow_dispatch").inputs())
        .extracting(InputDefinition::type)
        .containsExactly(
            InputDefinition.Type.STRING, InputDefinition.Type.CHOICE, InputDefinition.Type.BOOLEAN);
    assertThat(workflow.on().trigger("workflow_call").secrets())
        .extracting(Triggers.SecretDefinition::required)
        .containsExactly(true, false);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1.10        | String | 1.1
          0x10        | String | 16
          3.0         | String | 3
          true        | String | true
          True        | String | true
          ~           | String | ''
          on          | String | on
          yes         | String | yes
          2026-01-01  | String | 2026-01-01
          '1'         | String | 1
          """)
  void stringValue_isTheTextOfItsValue(String written, String kind, String text) {
    Node value =
        read("on: push\nenv: {A: " + written + "}\njobs: {a: {runs-on: x}}\n").env().get("A");
    assertThat(value.text(scope(true, Map.of()))).isEqualTo(text);
    assertThat(value.evaluate(scope(true, Map.of())).kind().name()).isEqualToIgnoringCase(kind);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1.10   | NUMBER  | 1.1
          0x1F   | NUMBER  | 31
          0o17   | NUMBER  | 15
          1e3    | NUMBER  | 1000
          .inf   | NUMBER  | Infinity
          -.Inf  | NUMBER  | -Infinity
          .nan   | NUMBER  | NaN
          012    | NUMBER  | 12
          +5     | NUMBER  | 5
          TRUE   | BOOLEAN | true
          False  | BOOLEAN | false
          Null   | NULL    | ''
          no     | STRING  | no
          1_000  | STRING  | 1_000
          0b1    | STRING  | 0b1
          !!str 1 | STRING | 1
          !!float 1 | NUMBER | 1
          """)
  void freeValue_hasItsCoreType(String written, String kind, String text) {
    Node matrix = job("strategy: {matrix: {v: [" + written + "]}}").strategy().matrix();
    Value value =
        ((Node.Sequence) ((Node.Mapping) matrix).get("v"))
            .items()
            .getFirst()
            .evaluate(scope(true, Map.of()));
    assertThat(value.kind().name()).isEqualTo(kind);
    assertThat(value.toText()).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          true                               ; true ; true
          true                               ; false ; false
          false                              ; true ; false
          ''                                 ; true ; true
          ''                                 ; false ; false
          github.ref == 'main'               ; true ; true
          github.ref == 'main'               ; false ; false
          ${{ github.ref == 'main' }}        ; true ; true
          ${{ github.ref == 'other' }}       ; true ; false
          ${{ always() }}                    ; false ; true
          always() && github.ref == 'other'  ; false ; false
          ${{ github.ref == 'other' }} || x  ; true ; true
          ${{ github.ref == 'other' }} || x  ; false ; false
          ${{ always() }} && false           ; false ; true
          ${{ 'false' }}                     ; true ; false
          0                                  ; true ; false
          TRUE                               ; true ; true
          False                              ; true ; false
          0o17                               ; true ; true
          .nan                               ; true ; false
          -.inf                              ; true ; true
          ~                                  ; true ; true
          ~                                  ; false ; false
          ${{ '' }}                          ; false ; false
          """)
  void condition_isEvaluatedAsGitHubDoes(String condition, boolean success, boolean expected) {
    Step step = steps("- run: x\n  if: " + (condition.isEmpty() ? "''" : condition)).getFirst();
    Scope scope = scope(success, Map.of("github", Value.object(Map.of("ref", Value.of("main")))));
    assertThat(step.condition().expression().evaluate(scope).truthy()).isEqualTo(expected);
  }

  @Test
  void conditionSource_isWithoutTheBraces() {
    List<Step> steps =
        steps("- {run: x, if: \"${{ github.x }}\"}\n- {run: x, if: github.y}\n- run: x");
    assertThat(steps)
        .extracting(s -> s.condition().source())
        .containsExactly("github.x", "github.y", null);
    assertThat(steps.get(2).condition().expression().source()).isEqualTo("success()");
  }

  @Test
  void steps_getNumbersAndNames() {
    List<Step> steps =
        steps(
            """
            - run: a
            - uses: actions/checkout@v4
            - uses: actions/checkout/sub@v4
            - uses: docker://alpine:3.8
            - uses: ./x
            - uses: $/y
            - {run: b, id: __}
            """
                .replace("id: __", "id: own"));
    assertThat(steps)
        .extracting(Step::contextName)
        .containsExactly(
            "__run",
            "__actions_checkout",
            "__actions_checkout_2",
            "__alpine_3_8",
            "__self",
            "__selfRepository",
            "own");
    assertThat(steps).extracting(Step::number).containsExactly(1, 2, 3, 4, 5, 6, 7);
    List<Step> group = steps("- parallel: [{run: a}, {run: b}]\n- run: c");
    assertThat(group).extracting(Step::number).containsExactly(1, 4);
    assertThat(((Step.Parallel) group.getFirst().body()).steps())
        .extracting(Step::number)
        .containsExactly(2, 3);
  }

  @ParameterizedTest
  @CsvSource({
    "o/r@v1, Repository, o/r, '', v1",
    "o/r/a/b@main, Repository, o/r, a/b, main",
  })
  void uses_namesARepository(String uses, String kind, String slug, String path, String ref) {
    Step.Uses body = (Step.Uses) steps("- uses: " + uses).getFirst().body();
    assertThat(body.action()).isEqualTo(new ActionReference.Repository(uses, "o", "r", path, ref));
    assertThat(((ActionReference.Repository) body.action()).slug()).isEqualTo(slug);
    assertThat(body.action().getClass().getSimpleName()).isEqualTo(kind);
  }

  @Test
  void anchors_areExpanded() {
    Workflow workflow =
        read(
            """
            on: push
            env: &env {A: b}
            jobs:
              a: &job
                runs-on: x
                env: *env
                steps: [&step {run: x}, *step]
              b: *job
            """);
    assertThat(workflow.jobs()).extracting(Job::id).containsExactly("a", "b");
    assertThat(((Job.Steps) workflow.job("b").body()).steps())
        .extracting(Step::contextName)
        .containsExactly("__run", "__run_2");
    assertThat(workflow.job("b").env().get("A").text(scope(true, Map.of()))).isEqualTo("b");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          continue-on-error: ${{ vars.x }}          | true      | true
          continue-on-error: ${{ vars.x }}          | "true"    | Unexpected value 'true'
          continue-on-error: ${{ vars.x }}          | 1         | Unexpected value '1'
          continue-on-error: ${{ vars.x }}          | null      | Unexpected value ''
          continue-on-error: x${{ vars.x }}         | true      | Unexpected value 'xtrue'
          timeout-minutes: ${{ vars.x }}            | 1.5       | 1.5
          timeout-minutes: ${{ vars.x }}            | "5"       | Unexpected value '5'
          name: ${{ vars.x }}                       | null      | ""
          name: ${{ vars.x }}                       | 1.50      | "1.5"
          name: ${{ vars.x }}                       | [1]       | A sequence was not expected
          name: ${{ vars.x }}                       | {}        | A mapping was not expected
          name: a ${{ vars.x }}                     | {}        | "a Object"
          concurrency: ${{ vars.x }}                | ""        | Unexpected value ''
          concurrency: ${{ vars.x }}                | {"group": "g"} | {"group":"g"}
          concurrency: ${{ vars.x }}                | {}        | Required property is missing: group
          concurrency: ${{ vars.x }}                | {"group": "g", "size": 1} | Unexpected value 'size'
          concurrency: {group: g, queue: "${{ vars.x }}"} | "maxi" | Unexpected value 'maxi'
          container: ${{ vars.x }}                  | {"image": "i", "ports": [80]} | {"image":"i","ports":["80"]}
          container: ${{ vars.x }}                  | ["i"]     | A sequence was not expected
          container: {image: i, ports: "${{ vars.x }}"} | [""]  | Unexpected value ''
          container: {image: i, ports: [1, "${{ vars.x }}"]} | [2, 3] | {"image":"i","ports":["1","2","3"]}
          container: {image: i, ports: [1, "${{ vars.x }}"]} | [[2]] | A sequence was not expected
          container: {image: i, env: {"A${{ vars.x }}": "${{ vars.x }}"}} | 1 | {"image":"i","env":{"A1":"1"}}
          """)
  void value_mustFitTheTypeOfItsKey(String line, String given, String expected) {
    Job job = job(line);
    Node node =
        switch (line.substring(0, line.indexOf(':'))) {
          case "continue-on-error" -> job.continueOnError();
          case "timeout-minutes" -> job.timeoutMinutes();
          case "name" -> job.name();
          case "concurrency" -> job.concurrency();
          default -> ((Job.Steps) job.body()).container();
        };
    Scope scope = scope(true, Map.of("vars", Value.object(Map.of("x", Json.parse(given)))));
    String found;
    try {
      found = Json.writeCompact(node.evaluate(scope));
    } catch (ExpressionException e) {
      found = e.getMessage();
    }
    assertThat(found).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          env: ${{ vars.x }}                              | {"A": 1, "B": "c"} | {"A":"1","B":"c"}
          env: ${{ vars.x }}                              | null               | Unexpected value ''
          env: ${{ vars.x }}                              | "text"             | Unexpected value 'text'
          env: ${{ vars.x }}                              | {"A": {}}          | A mapping was not expected
          env: {A: b, "${{ insert }}": "${{ vars.x }}"}   | {"a": "c"}         | 'a' is already defined
          env: {"${{ insert }}": "${{ vars.x }}", A: b}   | {"B": "c"}         | {"B":"c","A":"b"}
          env: {"${{ insert }}": "${{ vars.x }}", A: b}   | [1]                | A sequence was not expected
          env: {A: b, "${{ vars.x }}": c}                 | "a"                | 'a' is already defined
          """)
  void mapping_mayBeMadeByExpressions(String line, String given, String expected) {
    Scope scope = scope(true, Map.of("vars", Value.object(Map.of("x", Json.parse(given)))));
    String found;
    try {
      found = Json.writeCompact(job(line).env().evaluate(scope));
    } catch (ExpressionException e) {
      found = e.getMessage();
    }
    assertThat(found).isEqualTo(expected);
  }

  @Test
  void defaultsOfAnExpression_areItsMembers() {
    Defaults defaults = job("defaults: {run: \"${{ vars.x }}\"}").defaults();
    Value given = Json.parse("{\"shell\": \"bash\"}");
    Scope scope = scope(true, Map.of("vars", Value.object(Map.of("x", given))));
    assertThat(defaults.shell().text(scope)).isEqualTo("bash");
    assertThat(defaults.workingDirectory().text(scope)).isEmpty();
  }

  @Test
  void loneStringInBraces_isReadAsIfWrittenWithout() {
    Workflow workflow =
        read(
            "name: ${{ 'all ${{ of it' }}\n"
                + "on: push\n"
                + "jobs: {a: {runs-on: \"${{ 'x' }}\", steps: [{run: x, id: \"${{ 'own'"
                + " }}\"}]}}\n");
    assertThat(workflow.name()).isEqualTo("all ${{ of it");
    assertThat(((Job.Steps) workflow.jobs().getFirst().body()).steps().getFirst().id())
        .isEqualTo("own");
  }

  @Test
  void insertedMappingsAndFlattenedSequences_areMerged() {
    Scope scope =
        scope(
            true,
            Map.of(
                "vars",
                Value.object(
                    Map.of(
                        "m", Value.object(Map.of("B", Value.of("c"))),
                        "l", Value.array(List.of(Value.of(2), Value.of(3)))))));
    Node env = job("env: {A: b, \"${{ insert }}\": \"${{ vars.m }}\"}").env();
    assertThat(Json.writeCompact(env.evaluate(scope))).isEqualTo("{\"A\":\"b\",\"B\":\"c\"}");
    Node matrix = job("strategy: {matrix: {v: [1, \"${{ vars.l }}\"]}}").strategy().matrix();
    assertThat(Json.writeCompact(((Node.Mapping) matrix).get("v").evaluate(scope)))
        .isEqualTo("[1,2,3]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\uFEFFon: push\njobs: {a: {runs-on: x}}",
        "on: push\r\njobs:\r\n  a:\r\n    runs-on: x\r\n",
        "---\non: push\njobs: {a: {runs-on: x}}\n...\n",
        "{\"on\": \"push\", \"jobs\": {\"a\": {\"runs-on\": \"x\"}}}",
        "%YAML 1.2\n---\non: push\njobs: {a: {runs-on: x}}"
      })
  void unusualButValidFiles_areRead(String text) {
    assertThat(read(text).jobs()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"read", "write", "write-only", "none", "${{ inputs.mode }}"})
  void cacheMode_isAcceptedOfWorkflowsJobsAndCalls(String mode) {
    String text =
        """
        on: workflow_dispatch
        cache-mode: MODE
        jobs:
          a:
            runs-on: x
            cache-mode: MODE
            steps: [run: x]
          b:
            cache-mode: MODE
            uses: ./.github/workflows/b.yml
        """;
    assertThat(read(text.replace("MODE", mode)).jobs()).hasSize(2);
  }

  @Test
  void blockScalars_keepTheirText() {
    Step step = steps("- run: |\n    a\n      b\n\n    c\n- run: >-\n    d\n    e").getFirst();
    assertThat(((Step.Run) step.body()).script().text(scope(true, Map.of())))
        .isEqualTo("a\n  b\n\nc\n");
  }
}
