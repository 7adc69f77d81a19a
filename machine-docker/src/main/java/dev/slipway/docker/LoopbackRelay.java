package dev.slipway.docker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

  private final List<ServerSocketChannel> listening = new ArrayList<>();
  private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();

  private LoopbackRelay() {}

  /**
   * Listens in the network of a container.
   *
   * @param pid of the container's first process on this machine
   * @param log gets a line for each port that cannot be had
   */
  static LoopbackRelay into(long pid, List<Integer> ports, Consumer<String> log) {
    LoopbackRelay relay = new LoopbackRelay();
    if (pid <= 0 || !Libc.supported()) {
      warn(log, "its network is not one of this machine");
      return relay;
    }
    Thread thread = Thread.ofPlatform().unstarted(() -> relay.listen(pid, ports, log));
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
    for (ServerSocketChannel socket : relay.listening) {
      Thread.ofVirtual().start(() -> relay.accept(socket));
    }
    return relay;
  }

  private static void warn(Consumer<String> log, String why) {
    log.accept(
        "##[warning]Actions in this container cannot reach the cache and the artifacts that Slipway"
            + " serves: "
            + why);
  }

  /** In the thread that is to leave this network. */
  private void listen(long pid, List<Integer> ports, Consumer<String> log) {
    int network = Libc.open(Path.of("/proc/" + pid + "/ns/net"), Libc.O_RDONLY);
    if (network < 0) {
      warn(log, network == -2 ? "it has ended" : "to enter its network takes root");
      return;
    }
    int entered = Libc.enterNetwork(network);
    Libc.close(network);
    if (entered < 0) {
      warn(log, "to enter its network takes root");
      return;
    }
    for (int port : ports) {
      try {
        ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.INET);
        socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), BACKLOG);
        listening.add(socket);
      } catch (IOException e) {
        warn(log, "port " + port + " is taken there (" + e.getMessage() + ")");
      }
    }
  }

  private void accept(ServerSocketChannel socket) {
    try {
      InetSocketAddress here = (InetSocketAddress) socket.getLocalAddress();
      while (true) {
        SocketChannel theirs = socket.accept();
        open.add(theirs);
        Thread.ofVirtual().start(() -> relay(theirs, here));
      }
    } catch (IOException closed) {
      // The container is over.
    }
  }

  private void relay(SocketChannel theirs, InetSocketAddress here) {
    try (theirs;
        SocketChannel ours = SocketChannel.open(here)) {
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
