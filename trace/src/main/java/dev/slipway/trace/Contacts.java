package dev.slipway.trace;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whom watched processes asked to be connected to, apart from each other.
 *
 * <p>Ports are not known from the calls alone: a server mostly asks for any free one. So the first
 * connection to each port of the loopback looks up who listens there. One of the watch's own is no
 * contact. Nobody is none either when a process of the watch asks for that port later: it was
 * waited for.
 *
 * <p>An address with port 0 is not called at all: that is how the C library asks which way packets
 * would go. Every other one counts, though a packet may never be sent: whether one is cannot be
 * seen. Port 53 is called to have a name looked up elsewhere, wherever the one who is asked first
 * may run.
 */
final class Contacts {
  private static final int UNIX = 1;
  private static final int INET = 2;
  private static final int INET6 = 10;
  private static final int VSOCK = 40;
  private static final int DNS = 53;

  private final Set<Contact> made = new LinkedHashSet<>();
  private final Map<Integer, Contact> unanswered = new LinkedHashMap<>();
  private final Set<Integer> askedFor = new HashSet<>();
  private final Set<Integer> own = new HashSet<>();
  private final Set<Integer> listeners = new LinkedHashSet<>();
  private final Set<String> ownNames = new HashSet<>();

  /** The family of a socket address; 0 for one too short. */
  static int family(byte[] address, int length) {
    return length < 2 ? 0 : (address[0] & 0xff) | ((address[1] & 0xff) << 8);
  }

  /** Where the path in a socket address ends; 2 when it has none: no name, or an abstract one. */
  static int pathEnd(byte[] address, int length) {
    int end = 2;
    if (family(address, length) == UNIX) {
      while (end < length && address[end] != 0) {
        end++;
      }
    }
    return end;
  }

  /** A process asks for a connection, other than to a path. */
  void connect(int task, byte[] address, int length) {
    switch (family(address, length)) {
      case UNIX -> {
        if (length > 3) {
          String name = abstractName(address, length);
          if (!ownNames.contains(name)) {
            made.add(new Contact(Contact.Kind.UNIX, name));
          }
        }
      }
      case INET -> {
        if (length >= 8) {
          internet(task, address, 4, 4);
        }
      }
      case INET6 -> {
        if (length >= 24) {
          internet(task, address, 8, 16);
        }
      }
      case VSOCK -> made.add(new Contact(Contact.Kind.NETWORK, "vsock"));
      default -> {
        // The kernel itself: netlink, algorithms. Address families of no one are refused.
      }
    }
  }

  /** A process asks for a connection to a socket that is there in the file system. */
  void connect(String path) {
    if (!ownNames.contains(real(path))) {
      made.add(new Contact(Contact.Kind.UNIX, path));
    }
  }

  /** A process is about to listen, other than on a path. */
  void bind(int task, byte[] address, int length) {
    switch (family(address, length)) {
      case UNIX -> {
        if (length > 3) {
          ownNames.add(abstractName(address, length));
        }
      }
      case INET, INET6 -> {
        listeners.add(process(task));
        int port = port(address);
        if (length >= 4 && port != 0) {
          askedFor.add(port);
        }
      }
      default -> {
        // As above.
      }
    }
  }

  /** A process is about to listen on a path where nothing is yet. */
  void bind(String path) {
    ownNames.add(real(path));
  }

  List<Contact> all() {
    Set<Contact> all = new LinkedHashSet<>(made);
    for (Map.Entry<Integer, Contact> entry : unanswered.entrySet()) {
      if (!askedFor.contains(entry.getKey())) {
        all.add(entry.getValue());
      }
    }
    return new ArrayList<>(all);
  }

  private void internet(int task, byte[] address, int at, int size) {
    int port = port(address);
    if (port == 0) {
      return;
    }
    byte[] host = new byte[size];
    System.arraycopy(address, at, host, 0, size);
    InetAddress there;
    try {
      there = InetAddress.getByAddress(host);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
    String text = there.getHostAddress();
    String name = (text.indexOf(':') < 0 ? text : "[" + text + "]") + ":" + port;
    if (!there.isLoopbackAddress() && !there.isAnyLocalAddress()) {
      made.add(new Contact(Contact.Kind.NETWORK, name));
      return;
    }
    if (own.contains(port)) {
      return;
    }
    Set<String> sockets = listening(task, port);
    if (ofWatch(sockets)) {
      own.add(port);
    } else if (port == DNS) {
      made.add(new Contact(Contact.Kind.NETWORK, name));
    } else if (sockets.isEmpty()) {
      unanswered.putIfAbsent(port, new Contact(Contact.Kind.LOOPBACK, name));
    } else {
      made.add(new Contact(Contact.Kind.LOOPBACK, name));
    }
  }

  private static int port(byte[] address) {
    return ((address[2] & 0xff) << 8) | (address[3] & 0xff);
  }

  private static String abstractName(byte[] address, int length) {
    return "@" + new String(address, 3, length - 3, StandardCharsets.UTF_8);
  }

  /** The sockets that take what comes to a port, named as the links to them are. */
  private static Set<String> listening(int task, int port) {
    Set<String> sockets = new HashSet<>();
    String hexPort = ":" + HexFormat.of().withUpperCase().toHexDigits((short) port);
    for (String table : List.of("tcp", "tcp6", "udp", "udp6")) {
      // Columns: number, local address, remote address, state, …, the tenth is the inode.
      String state = table.startsWith("tcp") ? "0A" : "07";
      for (String line : lines(Path.of("/proc/" + task + "/net/" + table))) {
        String[] columns = line.strip().split(" +");
        if (columns.length > 9 && columns[1].endsWith(hexPort) && columns[3].equals(state)) {
          sockets.add("socket:[" + columns[9] + "]");
        }
      }
    }
    return sockets;
  }

  private boolean ofWatch(Set<String> sockets) {
    if (sockets.isEmpty()) {
      return false;
    }
    for (int process : listeners) {
      try (DirectoryStream<Path> open =
          Files.newDirectoryStream(Path.of("/proc/" + process + "/fd"))) {
        for (Path fd : open) {
          if (sockets.contains(target(fd))) {
            return true;
          }
        }
      } catch (IOException e) {
        // It has ended, and what it listened on with it.
        continue;
      }
    }
    return false;
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return "";
    }
  }

  private static int process(int task) {
    for (String line : lines(Path.of("/proc/" + task + "/status"))) {
      if (line.startsWith("Tgid:")) {
        return Integer.parseInt(line.substring(5).strip());
      }
    }
    return task;
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return List.of();
    }
  }

  /** One name for a socket, however it is called; it need not be there yet. */
  private static String real(String path) {
    try {
      Path whole = Path.of(path);
      Path parent = whole.getParent();
      Path name = whole.getFileName();
      return parent == null || name == null ? path : parent.toRealPath().resolve(name).toString();
    } catch (IOException | InvalidPathException e) {
      return path;
    }
  }
}
