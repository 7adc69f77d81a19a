package dev.slipway.docker;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.engine.ContainerEngine;
import dev.slipway.engine.ContainerException;
import dev.slipway.engine.JobContainers;
import dev.slipway.engine.StopSignal;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is said where there is no engine that can be used. */
@Timeout(60)
class EngineAbsentTest {
  @TempDir Path folder;

  private void pull(String dockerHost) {
    try (DockerEngine engine =
            DockerEngine.create(
                folder, Map.of("DOCKER_HOST", dockerHost, "HOME", folder.toString()));
        JobContainers containers =
            engine.open(new ContainerEngine.Owner("/project", "absent", "job"))) {
      containers.pull("image", Optional.empty(), line -> {}, new StopSignal());
    }
  }

  @Test
  void noEngine_saysWhereAndWhatToDo() {
    Path socket = folder.resolve("none.sock");
    assertThatThrownBy(() -> pull("unix://" + socket))
        .isInstanceOf(ContainerException.class)
        .hasMessageContaining("no Docker engine at " + socket)
        .hasMessageContaining("install Docker or start it")
        .hasMessageContaining("slipway.yml");
  }

  @Test
  void anEngineOfAnotherMachine_saysThatItIsNone() {
    assertThatThrownBy(() -> pull("tcp://example.com:2375"))
        .isInstanceOf(ContainerException.class)
        .hasMessageContaining("DOCKER_HOST is 'tcp://example.com:2375'");
  }

  @Test
  void anEngineThatIsTooOld_saysSo() throws IOException {
    assertThatThrownBy(() ->
            answering("HTTP/1.1 200 OK\r\nContent-Length: 22\r\n\r\n{\"ApiVersion\": \"1.24\"}"))
        .isInstanceOf(ContainerException.class)
        .hasMessageContaining("too old")
        .hasMessageContaining("1.24");
  }

  @Test
  void somethingElseOnTheSocket_saysSo() {
    assertThatThrownBy(() -> answering("220 ready for mail\r\n"))
        .isInstanceOf(ContainerException.class)
        .hasMessageContaining("does not speak HTTP");
  }

  @Test
  void anAnswerThatBreaksOff_saysSo() {
    assertThatThrownBy(() -> answering("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"Api"))
        .isInstanceOf(ContainerException.class)
        .hasMessageContaining("broke off");
  }

  private void answering(String answer) throws IOException {
    Path socket = folder.resolve("fake.sock");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      Thread.ofVirtual()
          .start(() -> {
            try (SocketChannel client = server.accept()) {
              client.read(ByteBuffer.allocate(4096));
              client.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.US_ASCII)));
            } catch (IOException closed) {
              // The test is over.
            }
          });
      pull("unix://" + socket);
    }
  }
}
