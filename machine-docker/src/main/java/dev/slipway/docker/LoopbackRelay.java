package dev.slipway.docker;

import static java.util.Objects.requireNonNull;

import dev.slipway.engine.StopSignal;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Lets a container reach what listens on this machine's 127.0.0.1, under the same address, although
 * nothing listens on any other interface: listens on 127.0.0.1 in the container's network, and
 * hands each connection on to this one's.
 *
 * <p>A thread of its own enters the container's network (setns(2)), opens the listening sockets,
 * which stay in that network wherever they are used later, and ends.
 */
final class LoopbackRelay implements DockerContainers.Part {
  private static final int BUFFER = 64 * 1024;
  private static final int BACKLOG = 128;
  private static final int PATIENCE_STEPS = 150;
  private static final long PATIENCE_STEP_MILLIS = 20;

  /** What runs in the container: Node.js, wherever JavaScript actions have it, or Perl. */
  private static final String WITHIN =
      """
      for node in node /__e/*/bin/node; do
        command -v "$node" >/dev/null && exec "$node" relay.js%s
      done
      command -v perl >/dev/null && exec perl relay.pl%s
      : >failed
      """;

  private final List<ServerSocketChannel> listening = new ArrayList<>();
  private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();

  private LoopbackRelay() {}

  /**
   * Listens in the network of a container.
   *
   * @param pid of the container's first process on this machine
   * @return empty where this process may not enter that network
   */
  static Optional<LoopbackRelay> enter(
      long pid, String container, List<Integer> ports, Consumer<String> log) {
    if (!Libc.supported() || !HostProcesses.belongs(pid, container)) {
      return Optional.empty();
    }
    LoopbackRelay relay = new LoopbackRelay();
    boolean[] entered = {false};
    Thread thread = Thread.ofPlatform().unstarted(() -> entered[0] = relay.listen(pid, ports, log));
    thread.start();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return entered[0] ? Optional.of(relay) : Optional.empty();
  }

  /** In the thread that is to leave this network. @return whether it could */
  private boolean listen(long pid, List<Integer> ports, Consumer<String> log) {
    int network = Libc.open(Path.of("/proc/" + pid + "/ns/net"), Libc.O_RDONLY);
    if (network < 0) {
      return false;
    }
    int entered = Libc.enterNetwork(network);
    Libc.close(network);
    if (entered < 0) {
      return false;
    }
    for (int port : ports) {
      try {
        ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.INET);
        socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        socket.bind(here(port), BACKLOG);
        listening.add(socket);
        Thread.ofVirtual().start(() -> accept(socket, port));
      } catch (IOException e) {
        log.accept(
            "##[warning]Actions in this container cannot reach Slipway: port "
                + port
                + " is taken there ("
                + e.getMessage()
                + ")");
      }
    }
    return true;
  }

  /**
   * Has a program of the container listen there, and hand connections on through sockets in a
   * folder that it shares with this machine: for users who may not enter networks, as long as the
   * image has one of the programs that can.
   *
   * @param folder where it is here
   * @param inside where the container sees it
   * @return empty where the image has no such program
   */
  static Optional<LoopbackRelay> within(
      EngineProcess engine, Path folder, String inside, List<Integer> ports) {
    LoopbackRelay relay = new LoopbackRelay();
    StringBuilder arguments = new StringBuilder();
    try {
      Files.createDirectory(folder);
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
      for (String script : List.of("relay.js", "relay.pl")) {
        try (InputStream in = LoopbackRelay.class.getResourceAsStream(script)) {
          Files.copy(requireNonNull(in), folder.resolve(script));
        }
      }
      for (int port : ports) {
        Path path = folder.resolve(Integer.toString(port));
        ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        relay.listening.add(socket);
        socket.bind(UnixDomainSocketAddress.of(path));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-rw-"));
        Thread.ofVirtual().start(() -> relay.accept(socket, port));
        arguments.append(' ').append(port);
      }
    } catch (IOException e) {
      relay.close();
      return Optional.empty();
    }
    engine.start(
        List.of(
            "sh", "-c", "cd " + inside + " || exit; " + WITHIN.formatted(arguments, arguments)));
    Path ready = folder.resolve("ready");
    Path failed = folder.resolve("failed");
    for (int i = 0; i < PATIENCE_STEPS && !Files.exists(failed); i++) {
      if (Files.exists(ready)) {
        return Optional.of(relay);
      }
      if (Images.pause(new StopSignal(), PATIENCE_STEP_MILLIS)) {
        break;
      }
    }
    relay.close();
    return Optional.empty();
  }

  private static InetSocketAddress here(int port) {
    return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
  }

  private void accept(ServerSocketChannel socket, int port) {
    try {
      while (true) {
        SocketChannel theirs = socket.accept();
        open.add(theirs);
        Thread.ofVirtual().start(() -> relay(theirs, port));
      }
    } catch (IOException closed) {
      // The container is over.
    }
  }

  private void relay(SocketChannel theirs, int port) {
    try (theirs;
        SocketChannel ours = SocketChannel.open(here(port))) {
      open.add(ours);
      Thread back = Thread.ofVirtual().start(() -> copy(ours, theirs));
      copy(theirs, ours);
      back.join();
      open.remove(ours);
    } catch (IOException refused) {
      // Nobody listens any more; the client sees its connection end.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(theirs);
    }
  }

  /** Copies to the end of what one side says. */
  private static void copy(SocketChannel from, SocketChannel to) {
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    try {
      while (from.read(buffer) >= 0) {
        buffer.flip();
        while (buffer.hasRemaining()) {
          to.write(buffer);
        }
        buffer.clear();
      }
      to.shutdownOutput();
    } catch (IOException broken) {
      closeQuietly(from);
      closeQuietly(to);
    }
  }

  private static void closeQuietly(java.nio.channels.Channel channel) {
    try {
      channel.close();
    } catch (IOException gone) {
      // Nothing is lost: it is not used again.
    }
  }

  @Override
  public void close() {
    listening.forEach(LoopbackRelay::closeQuietly);
    open.forEach(LoopbackRelay::closeQuietly);
  }
}
