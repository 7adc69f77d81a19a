package dev.slipway.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.engine.ContainerException;
import dev.slipway.testing.Required;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Options of {@code docker create}: they make the same container as Docker's own client does. */
@Timeout(120)
class CreateOptionsTest {
  static List<String> accepted() {
    return List.of(
        "",
        "--add-host db:10.0.0.5 --add-host=web=10.0.0.6",
        "--blkio-weight 300",
        "--cap-add NET_ADMIN --cap-add=SYS_PTRACE --cap-drop ALL",
        "--cgroup-parent /mine --cgroupns host",
        "--cpu-period 50000 --cpu-quota 25000 -c 512",
        "--cpus 1.5 --cpuset-cpus 0 --cpuset-mems 0",
        "--cpus=.5",
        "--device /dev/null --device /dev/zero:/dev/nothing --device /dev/full:/dev/f:r",
        "--device-cgroup-rule 'c 1:3 mr'",
        "--device-read-bps /dev/null:1mb --device-write-iops /dev/null:100",
        "--dns 10.0.0.1 --dns-search example.com --dns-option ndots:2 --domainname inner",
        "--entrypoint /bin/echo",
        "-e A=b --env \"C=d e\" -eF=g -e=H=i --env=J='k l' --env EMPTY=",
        "--expose 80 --expose 90-92/udp",
        "--gpus all",
        "--gpus 2",
        "--gpus '\"device=0,1\"'",
        "--group-add 123 --group-add audio",
        "--health-cmd 'curl -f http://localhost || exit 1' --health-interval 10s"
            + " --health-timeout=5s --health-retries 5 --health-start-period 1m30s",
        "--health-cmd \"pg_isready -U postgres\" --health-interval 1.5s",
        "--no-healthcheck",
        "-h myhost --init",
        "--hostname=other --init=false",
        "--ipc host --pid host --uts host",
        "--ipc=shareable",
        "-it",
        "-i -t",
        "-l a=b --label c --label 'd=e f'",
        "--log-driver json-file --log-opt max-size=10m --log-opt max-file=3",
        "-m 512m --memory-reservation 256m --memory-swap 1g --memory-swappiness 10",
        "--memory 1.5GiB --memory-swap -1",
        "--memory=67108864b",
        "--mount type=bind,source=/tmp,target=/x,readonly",
        "--mount type=tmpfs,destination=/y,tmpfs-size=64m,tmpfs-mode=1770",
        "--mount type=volume,src=slipway-test-options,dst=/z,volume-nocopy",
        "--oom-kill-disable --memory 64m --oom-score-adj 500 --pids-limit 100",
        "-p 80 -p 8080:81 -p 127.0.0.1:8081:82 -p 9000-9002:90-92 -p 53:53/udp -p [::1]:8083:83",
        "-p 7000-7005:70",
        "-P",
        "--privileged",
        "--privileged=false --read-only",
        "--restart on-failure:3",
        "--restart always",
        "--security-opt seccomp=unconfined --security-opt no-new-privileges",
        "--shm-size 2g --stop-signal SIGINT --stop-timeout 30",
        "--sysctl net.ipv4.ip_forward=1 --sysctl=net.core.somaxconn=1024",
        "--tmpfs /run --tmpfs /tmp:rw,size=64m",
        "--ulimit core=0 --ulimit nofile=1024:2048",
        "-u 1000:1000 -w /work",
        "--user root --workdir=/other --userns host",
        "-v /tmp:/a -v /tmp:/b:ro -v slipway-test-options:/c -v /anonymous");
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void create_isWhatDockersClientMakes(String options) throws Exception {
    Dock.require();
    Required.program("docker");
    DockerApi api =
        DockerApi.connect(Endpoint.find(System.getenv(), DockerConfig.read(System.getenv())));
    ContainerRequest request =
        new ContainerRequest(Dock.options(Dock.spec("job", Dock.BUSYBOX), options));
    String ours =
        api.post(
                "/containers/create",
                request.body(ContainerRequest.DEFAULT_NETWORK, List.of(), Map.of()))
            .get("Id")
            .text();
    try {
      String theirs = dockerCreate(options);
      try {
        Json mine = api.get("/containers/" + ours + "/json");
        Json other = api.get("/containers/" + theirs + "/json");
        assertThat(comparable(mine)).isEqualTo(comparable(other));
      } finally {
        api.delete("/containers/" + theirs + "?v=1");
      }
    } finally {
      api.delete("/containers/" + ours + "?v=1");
      api.deleteIfThere("/volumes/slipway-test-options");
    }
  }

  /** What was asked for, without what is different each time or only who attaches. */
  private static String comparable(Json container) {
    StringBuilder text = new StringBuilder();
    for (String part : List.of("Config", "HostConfig")) {
      for (String name : container.get(part).names()) {
        Json member = container.get(part).get(name);
        // The engine keeps variables in no order, and its client mounts.
        String value =
            name.equals("Env") || name.equals("Binds")
                ? member.texts().stream().sorted().toList().toString()
                : member.toString();
        boolean random =
            name.equals("Hostname")
                && container.get("Id").text().startsWith(container.get(part).get(name).text());
        boolean attaching =
            name.startsWith("Attach") || name.equals("StdinOnce") || name.equals("ConsoleSize");
        boolean nothing = List.of("null", "[]", "{}", "\"\"", "0", "false").contains(value);
        if (!random && !attaching && !nothing) {
          text.append(part).append('.').append(name).append(" = ").append(value).append('\n');
        }
      }
    }
    // Where no address is named, a port that the engine chooses is bound to the loopback only.
    return text.toString()
        .replace("\"HostIp\":\"127.0.0.1\",\"HostPort\":\"\"", "\"HostIp\":\"\",\"HostPort\":\"\"")
        .replace(",\"DriverConfig\":{}", "");
  }

  private static String dockerCreate(String options) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                "bash", "-c", "exec docker create --pull never " + options + " " + Dock.BUSYBOX)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String printed =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor()).isZero();
    return printed.substring(printed.lastIndexOf('\n') + 1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          --network host           | --network
          --net=bridge             | --net
          --frobnicate             | --frobnicate
          --cpus                   | needs a value
          --cpus many              | 'many' for --cpus
          --memory 1x              | '1x' for --memory
          --health-interval 10     | '10' for --health-interval
          --init=maybe             | 'maybe' for --init
          --env "A=b               | is not closed
          -z                       | -z
          -p 99999                 | 99999
          -p 1-3:1-2               | same length
          --pull sometimes         | 'sometimes' for --pull
          --ulimit nofile          | 'nofile' for --ulimit
          --mount type=bind,what=x | 'what' in --mount
          image                    | 'image' is no option
          """)
  void read_whatIsWrong_isNamed(String options, String message) {
    assertThatThrownBy(
            () -> new ContainerRequest(Dock.options(Dock.spec("job", Dock.BUSYBOX), options)))
        .isInstanceOf(ContainerException.class)
        .hasMessageContaining(message);
  }

  @Test
  void options_haveAShellsQuotes() {
    ContainerRequest request =
        new ContainerRequest(
            Dock.options(
                Dock.spec("job", Dock.BUSYBOX),
                "-e A='single \"$x\"'\\ joined -e \"B=double \\\"q\\\" \\n\" \\\n  -e C=a\\ b"));
    Json body =
        Json.parse(
            Json.write(request.body(ContainerRequest.DEFAULT_NETWORK, List.of(), Map.of()))
                .getBytes(StandardCharsets.UTF_8));
    assertThat(body.get("Env").texts())
        .containsExactly("A=single \"$x\" joined", "B=double \"q\" \\n", "C=a b");
  }
}
