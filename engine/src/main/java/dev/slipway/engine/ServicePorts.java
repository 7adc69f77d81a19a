package dev.slipway.engine;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;

/**
 * The ports of this machine that services have. On GitHub each job has a machine, and so every
 * port, to itself: here a job that asks for a port waits until no other job has it. It gets all
 * that it asks for at once, so that no two wait for each other. Thread-safe.
 */
final class ServicePorts {
  private static final long LOOK_AGAIN_MILLIS = 100;

  private final Set<Integer> taken = new HashSet<>();

  /**
   * Takes these ports, when they are free.
   *
   * @throws ContainerException when something else has one of them, or when stopped
   */
  void take(Collection<Integer> wanted, StopSignal stop) {
    synchronized (taken) {
      while (!Collections.disjoint(taken, wanted)) {
        if (stop.stopped()) {
          throw new ContainerException("stopped before its ports were free");
        }
        try {
          taken.wait(LOOK_AGAIN_MILLIS);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new ContainerException("interrupted", e);
        }
      }
      for (int port : wanted) {
        if (!free(port)) {
          throw new ContainerException(
              "The port "
                  + port
                  + " of this machine, which a service asks for, is taken by another program. End"
                  + " it, or write '- CONTAINER_PORT' without a host port and use"
                  + " job.services.NAME.ports");
        }
      }
      taken.addAll(wanted);
    }
  }

  /** A port that nothing has. */
  int any() {
    synchronized (taken) {
      while (true) {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
          if (taken.add(socket.getLocalPort())) {
            return socket.getLocalPort();
          }
        } catch (IOException e) {
          throw new ContainerException("no port is free on this machine: " + e.getMessage(), e);
        }
      }
    }
  }

  void release(Collection<Integer> ports) {
    synchronized (taken) {
      taken.removeAll(ports);
      taken.notifyAll();
    }
  }

  private static boolean free(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      // A port whose last connections linger is free all the same.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
      return true;
    } catch (IOException inUse) {
      return false;
    }
  }
}
