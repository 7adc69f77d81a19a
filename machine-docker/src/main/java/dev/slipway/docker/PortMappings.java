package dev.slipway.docker;

import dev.slipway.engine.ContainerException;
import java.util.Map;

/**
 * Ports as {@code docker create -p} takes them: {@code
 * [[ip:][port[-port]]:]port[-port][/protocol]}.
 *
 * <p>Where neither an address nor a port of this machine is named, the port is bound to 127.0.0.1
 * only: nobody but this machine can know which one it became, and services of jobs often have a
 * password that everybody knows.
 */
final class PortMappings {
  private PortMappings() {}

  /** Adds what a mapping says to a container's settings. */
  static void add(String mapping, Members config, Members host) {
    String ports = mapping;
    String protocol = "tcp";
    int slash = mapping.lastIndexOf('/');
    if (slash >= 0) {
      protocol = mapping.substring(slash + 1);
      ports = mapping.substring(0, slash);
      if (!protocol.equals("tcp") && !protocol.equals("udp") && !protocol.equals("sctp")) {
        throw wrong(mapping);
      }
    }
    int last = ports.lastIndexOf(':');
    String container = ports.substring(last + 1);
    String rest = last < 0 ? "" : ports.substring(0, last);
    int colon = rest.endsWith("]") ? rest.length() : rest.lastIndexOf(':');
    String address = "";
    String published = rest;
    if (colon >= 0) {
      address = rest.substring(0, colon);
      published = colon >= rest.length() ? "" : rest.substring(colon + 1);
    }
    if (address.startsWith("[") && address.endsWith("]")) {
      address = address.substring(1, address.length() - 1);
    }
    int[] inside = range(container, mapping);
    int[] outside = published.isEmpty() ? new int[0] : range(published, mapping);
    if (outside.length > 0 && length(inside) > 1 && length(inside) != length(outside)) {
      throw new ContainerException(
          "port mapping '" + mapping + "': both ranges need the same length");
    }
    String hostAddress = address.isEmpty() && outside.length == 0 ? "127.0.0.1" : address;
    for (int port = inside[0]; port <= inside[1]; port++) {
      String key = port + "/" + protocol;
      String hostPort = "";
      if (outside.length > 0) {
        hostPort =
            length(inside) == 1 && length(outside) > 1
                ? published
                : Integer.toString(outside[0] + port - inside[0]);
      }
      config.members("ExposedPorts").put(key, Map.of());
      host.members("PortBindings").add(key, Map.of("HostIp", hostAddress, "HostPort", hostPort));
    }
  }

  /** Adds a port, or a range of ports, that is told to others but not mapped. */
  static void expose(String ports, Members config) {
    int slash = ports.indexOf('/');
    String protocol = slash < 0 ? "tcp" : ports.substring(slash + 1);
    int[] range = range(slash < 0 ? ports : ports.substring(0, slash), ports);
    for (int port = range[0]; port <= range[1]; port++) {
      config.members("ExposedPorts").put(port + "/" + protocol, Map.of());
    }
  }

  private static int length(int[] range) {
    return range[1] - range[0] + 1;
  }

  private static int[] range(String text, String mapping) {
    int dash = text.indexOf('-');
    int first = port(dash < 0 ? text : text.substring(0, dash), mapping);
    int last = dash < 0 ? first : port(text.substring(dash + 1), mapping);
    if (last < first) {
      throw wrong(mapping);
    }
    return new int[] {first, last};
  }

  private static int port(String text, String mapping) {
    try {
      int port = Integer.parseInt(text);
      if (port >= 0 && port <= 65535 && text.charAt(0) != '+') {
        return port;
      }
    } catch (NumberFormatException e) {
      throw wrong(mapping);
    }
    throw wrong(mapping);
  }

  private static ContainerException wrong(String mapping) {
    return new ContainerException(
        "'"
            + mapping
            + "' is no port mapping; write 5432, 8080:80, 127.0.0.1:8080:80 or 53:53/udp");
  }
}
