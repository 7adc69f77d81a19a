package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Required;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workflows with containers, run on the Docker engine of this machine. */
final class ContainerRunsTest {
  @TempDir Path directory;

  @BeforeEach
  void engine() {
    Required.containers();
  }

  private CommandLine.Result run(String workflow, String... words) throws Exception {
    file(".github/workflows/ci.yml", workflow);
    git("init", "-q", "-b", "main");
    git("add", "-A");
    git("-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-q", "-m", "first");
    List<String> all = new ArrayList<>(List.of("run"));
    all.addAll(List.of(words));
    return CommandLine.in(directory).run(all.toArray(String[]::new));
  }

  private void file(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void git(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    assertThat(new ProcessBuilder(command).directory(directory.toFile()).start().waitFor())
        .isZero();
  }

  @Test
  void stepsRunInTheContainerOfTheJob_withItsServicesBesideThem() throws Exception {
    file("src/a.c", "int a;\n");
    CommandLine.Result result =
        run(
            """
            on: push
            jobs:
              build:
                runs-on: ubuntu-latest
                container:
                  image: slipway-test/debian
                  env: {COLOR: blue}
                services:
                  cache: {image: slipway-test/redis, ports: [6379]}
                outputs: {made: '${{ steps.make.outputs.made }}'}
                steps:
                  - uses: actions/checkout@v4
                  - run: echo "$COLOR $HOME $GITHUB_WORKSPACE $(cat src/a.c)"
                  - id: make
                    run: |
                      echo "made=it" >> "$GITHUB_OUTPUT"
                      echo "LATER=yes" >> "$GITHUB_ENV"
                      echo /opt/first >> "$GITHUB_PATH"
                  - run: echo "$LATER ${PATH%%:*}"
                  - run: exec 3<>/dev/tcp/cache/6379 && printf 'PING\\r\\n' >&3 && head -n1 <&3
                    shell: bash
                  - run: echo "port ${{ job.services.cache.ports['6379'] > 0 }}, id ${{ job.container.id != '' }}"
                  - run: echo "::warning file=$GITHUB_WORKSPACE/src/a.c,line=1::odd"
                  - run: exit 3
                    continue-on-error: true
              after:
                needs: build
                runs-on: ubuntu-latest
                steps: [{run: 'echo "got ${{ needs.build.outputs.made }}"'}]
            """,
            "--json");
    assertThat(result.exit()).as(result.out() + result.err()).isZero();
    String name = directory.getFileName().toString();
    assertThat(result.out())
        .contains("blue /github/home /__w/" + name + "/" + name + " int a;")
        .contains("yes /opt/first")
        .contains("+PONG")
        .contains("port true, id true")
        .contains("\"file\":\"src/a.c\"")
        .contains("got it");
  }

  @Test
  void unhealthyService_failsTheJob_andShowsItsLog() throws Exception {
    CommandLine.Result result =
        run(
            """
            on: push
            jobs:
              a:
                runs-on: ubuntu-latest
                services:
                  sick: {image: slipway-test/health, env: {HEALTH: bad}}
                steps: [{run: echo never}]
            """);
    assertThat(result.exit()).isEqualTo(Exit.FAILED);
    assertThat(result.out())
        .contains("starting")
        .contains("One or more containers failed to start")
        .doesNotContain("never");
  }

  @Test
  void userOfTheImage_writesWhatStepsWrite() throws Exception {
    file("sub/given", "x\n");
    CommandLine.Result result =
        run(
            """
            on: push
            jobs:
              a:
                runs-on: ubuntu-latest
                container: slipway-test/worker
                steps:
                  - uses: actions/checkout@v4
                  - id: a
                    run: |
                      echo "user $(id -u)"
                      echo made > sub/new
                      echo more >> sub/given
                      echo "out=1" >> "$GITHUB_OUTPUT"
                  - run: echo "output ${{ steps.a.outputs.out }}"
            """);
    assertThat(result.exit()).as(result.out()).isZero();
    assertThat(result.out()).contains("user 1234").contains("output 1");
    assertThat(CommandLine.in(directory).run("run").exit()).as("again, in the same place").isZero();
  }

  @Test
  void label_canMeanAContainer() throws Exception {
    CommandLine.Result result =
        run(
            """
            on: push
            jobs:
              a:
                runs-on: ubuntu-latest
                steps: [{run: 'test -x /bin/busybox && echo "in ${{ job.container.id != null }}"'}]
            """,
            "-P",
            "ubuntu-latest=docker:slipway-test/busybox");
    assertThat(result.exit()).as(result.out() + result.err()).isZero();
    assertThat(result.out()).contains("in true");
  }

  @Test
  void containerActions_areBuilt_andRunBeforeAndAfter() throws Exception {
    file(
        "act/action.yml",
        """
        name: act
        inputs: {who: {default: you}}
        outputs: {said: {description: what}}
        runs:
          using: docker
          image: Dockerfile
          args: ['hello ${{ inputs.who }}', two words]
          env: {MOOD: good}
          post-entrypoint: /post.sh
        """);
    file(
        "act/Dockerfile",
        """
        FROM slipway-test/busybox
        COPY main.sh post.sh /
        RUN chmod +x /*.sh
        ENTRYPOINT ["/main.sh"]
        """);
    file(
        "act/main.sh",
        """
        #!/bin/sh
        echo "$1|$2|$INPUT_WHO|$MOOD|$(pwd)|$HOME"
        echo "said=$1" >> "$GITHUB_OUTPUT"
        echo "kept=state" >> "$GITHUB_STATE"
        echo made > made.txt
        """);
    file("act/post.sh", "#!/bin/sh\necho \"after: $STATE_kept\"\n");
    CommandLine.Result result =
        run(
            """
            on: push
            jobs:
              a:
                runs-on: ubuntu-latest
                steps:
                  - uses: actions/checkout@v4
                  - uses: ./act
                    id: act
                    with: {who: me}
                  - run: echo "${{ steps.act.outputs.said }}, $(cat made.txt)"
                  - uses: docker://slipway-test/busybox
                    with: {entrypoint: /bin/sh, args: -c "echo 'from the image' $GITHUB_WORKSPACE"}
                  - uses: docker://slipway-test/busybox
                    continue-on-error: true
                    with: {args: sh -c "exit 7"}
            """);
    assertThat(result.exit()).as(result.out()).isZero();
    assertThat(result.out())
        .contains("hello me|two words|me|good|/github/workspace|/github/home")
        .contains("hello me, made")
        .contains("from the image /github/workspace")
        .contains("exit code 7")
        .contains("after: state");
  }

  @Test
  void actionsInContainers_reachTheServicesOfThisMachine() throws Exception {
    Required.program("node");
    file("js/action.yml", "name: js\nruns: {using: node20, main: main.js}\n");
    file(
        "js/main.js",
        """
        const url = process.env.ACTIONS_ID_TOKEN_REQUEST_URL + '&audience=me'
        fetch(url, {headers: {Authorization: 'Bearer ' + process.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN}})
          .then(answer => answer.json())
          .then(json => console.log('token of ' + json.value.split('.').length + ' parts in ' + process.cwd()))
          .catch(error => { console.log(error); process.exit(1) })
        """);
    CommandLine.Result result =
        run(
            """
            on: push
            permissions: {id-token: write}
            jobs:
              a:
                runs-on: ubuntu-latest
                container: slipway-test/debian
                steps:
                  - uses: actions/checkout@v4
                  - uses: ./js
            """);
    assertThat(result.exit()).as(result.out()).isZero();
    assertThat(result.out()).contains("token of 3 parts in /__w/");
  }

  @Test
  void missingImage_isOneClearError() throws Exception {
    CommandLine.Result result =
        run(
            """
            on: push
            jobs:
              a:
                runs-on: ubuntu-latest
                container: "localhost:1/there-is/none:1"
                steps: [{run: echo never}]
            """);
    assertThat(result.exit()).isEqualTo(Exit.FAILED);
    assertThat(result.out()).contains("localhost:1/there-is/none:1").doesNotContain("\tat ");
  }
}
