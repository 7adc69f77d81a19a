package dev.slipway.docker;

import dev.slipway.engine.ContainerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads the options of {@code docker create} into a request. */
final class CreateOptions {
  private static final String SHORT_SWITCHES = "itPq";

  private final ContainerRequest request;
  private final Members config;
  private final Members host;
  private final Members healthcheck = new Members();
  private String healthCommand = "";
  private boolean noHealthcheck;

  CreateOptions(ContainerRequest request) {
    this.request = request;
    this.config = request.config;
    this.host = request.host;
  }

  /**
   * Reads all of them.
   *
   * @throws ContainerException naming the first that is unknown, refused or wrong
   */
  void read(String text) {
    List<String> words = ShellWords.split(text);
    int at = 0;
    while (at < words.size()) {
      String word = words.get(at++);
      if (word.startsWith("--") && word.length() > 2) {
        int equals = word.indexOf('=');
        String name = equals < 0 ? word : word.substring(0, equals);
        if (isSwitch(name)) {
          set(name, equals < 0 ? "true" : word.substring(equals + 1));
        } else if (equals >= 0) {
          set(name, word.substring(equals + 1));
        } else {
          set(name, value(name, words, at++));
        }
      } else if (word.startsWith("-") && word.length() > 1) {
        at = readShort(word, words, at);
      } else {
        throw new ContainerException(
            "options of a container: '" + word + "' is no option of docker create");
      }
    }
    finishHealthcheck();
  }

  /** A word as {@code -it}, {@code -e A=B}, {@code -eA=B}. @return where to read on */
  private int readShort(String word, List<String> words, int next) {
    int at = next;
    for (int i = 1; i < word.length(); i++) {
      char letter = word.charAt(i);
      String name = longName(letter, word);
      if (SHORT_SWITCHES.indexOf(letter) >= 0) {
        set(name, "true");
        continue;
      }
      String rest = word.substring(i + 1);
      if (rest.startsWith("=")) {
        set(name, rest.substring(1));
      } else if (!rest.isEmpty()) {
        set(name, rest);
      } else {
        set(name, value("-" + letter, words, at++));
      }
      return at;
    }
    return at;
  }

  private static String longName(char letter, String word) {
    return switch (letter) {
      case 'a' -> "--attach";
      case 'c' -> "--cpu-shares";
      case 'e' -> "--env";
      case 'h' -> "--hostname";
      case 'i' -> "--interactive";
      case 'l' -> "--label";
      case 'm' -> "--memory";
      case 'p' -> "--publish";
      case 'P' -> "--publish-all";
      case 'q' -> "--quiet";
      case 't' -> "--tty";
      case 'u' -> "--user";
      case 'v' -> "--volume";
      case 'w' -> "--workdir";
      default -> throw unknown(word);
    };
  }

  private static String value(String name, List<String> words, int at) {
    if (at >= words.size()) {
      throw new ContainerException("options of a container: " + name + " needs a value");
    }
    return words.get(at);
  }

  private static ContainerException unknown(String word) {
    return new ContainerException(
        "options of a container: unknown option '" + word + "' of docker create");
  }

  private static boolean isSwitch(String name) {
    return switch (name) {
      case "--disable-content-trust",
          "--init",
          "--interactive",
          "--no-healthcheck",
          "--oom-kill-disable",
          "--privileged",
          "--publish-all",
          "--quiet",
          "--read-only",
          "--rm",
          "--tty" ->
          true;
      default -> false;
    };
  }

  private void set(String name, String value) {
    switch (name) {
      case "--add-host" -> host.add("ExtraHosts", value.replaceFirst("^([^:=]+)=", "$1:"));
      case "--annotation" -> pair(host.members("Annotations"), value);
      case "--attach", "--disable-content-trust", "--quiet", "--rm" -> {
        // Who attaches, whether content is trusted and when it is removed is not the container's.
      }
      case "--blkio-weight" -> host.put("BlkioWeight", Amounts.integer(name, value));
      case "--blkio-weight-device" -> weightDevice(name, value);
      case "--cap-add" -> host.add("CapAdd", capability(value));
      case "--cap-drop" -> host.add("CapDrop", capability(value));
      case "--cgroup-parent" -> host.put("CgroupParent", value);
      case "--cgroupns" -> host.put("CgroupnsMode", value);
      case "--cpu-period" -> host.put("CpuPeriod", Amounts.integer(name, value));
      case "--cpu-quota" -> host.put("CpuQuota", Amounts.integer(name, value));
      case "--cpu-rt-period" -> host.put("CpuRealtimePeriod", Amounts.integer(name, value));
      case "--cpu-rt-runtime" -> host.put("CpuRealtimeRuntime", Amounts.integer(name, value));
      case "--cpu-shares" -> host.put("CpuShares", Amounts.integer(name, value));
      case "--cpus" -> host.put("NanoCpus", Math.round(Amounts.decimal(name, value) * 1e9));
      case "--cpuset-cpus" -> host.put("CpusetCpus", value);
      case "--cpuset-mems" -> host.put("CpusetMems", value);
      case "--device" -> device(value);
      case "--device-cgroup-rule" -> host.add("DeviceCgroupRules", value);
      case "--device-read-bps" -> rate("BlkioDeviceReadBps", name, value, true);
      case "--device-write-bps" -> rate("BlkioDeviceWriteBps", name, value, true);
      case "--device-read-iops" -> rate("BlkioDeviceReadIOps", name, value, false);
      case "--device-write-iops" -> rate("BlkioDeviceWriteIOps", name, value, false);
      case "--dns" -> host.add("Dns", value);
      case "--dns-option", "--dns-opt" -> host.add("DnsOptions", value);
      case "--dns-search" -> host.add("DnsSearch", value);
      case "--domainname" -> config.put("Domainname", value);
      case "--entrypoint" ->
          config.put("Entrypoint", value.isEmpty() ? List.of("") : List.of(value));
      case "--env" -> environment(value);
      case "--env-file" -> lines(name, value).forEach(this::environment);
      case "--expose" -> PortMappings.expose(value, config);
      case "--gpus" -> gpus(value);
      case "--group-add" -> host.add("GroupAdd", value);
      case "--health-cmd" -> healthCommand = value;
      case "--health-interval" -> healthcheck.put("Interval", Amounts.nanos(name, value));
      case "--health-retries" -> healthcheck.put("Retries", Amounts.integer(name, value));
      case "--health-start-interval" ->
          healthcheck.put("StartInterval", Amounts.nanos(name, value));
      case "--health-start-period" -> healthcheck.put("StartPeriod", Amounts.nanos(name, value));
      case "--health-timeout" -> healthcheck.put("Timeout", Amounts.nanos(name, value));
      case "--hostname" -> config.put("Hostname", value);
      case "--init" -> host.put("Init", Amounts.truth(name, value));
      case "--interactive" -> config.put("OpenStdin", Amounts.truth(name, value));
      case "--ip" -> request.endpoint.members("IPAMConfig").put("IPv4Address", value);
      case "--ip6" -> request.endpoint.members("IPAMConfig").put("IPv6Address", value);
      case "--ipc" -> host.put("IpcMode", value);
      case "--isolation" -> host.put("Isolation", value);
      case "--kernel-memory" -> host.put("KernelMemory", Amounts.bytes(name, value));
      case "--label" -> pair(config.members("Labels"), value);
      case "--label-file" ->
          lines(name, value).forEach(line -> pair(config.members("Labels"), line));
      case "--link" -> request.endpoint.add("Links", value);
      case "--link-local-ip" -> request.endpoint.members("IPAMConfig").add("LinkLocalIPs", value);
      case "--log-driver" -> host.members("LogConfig").put("Type", value);
      case "--log-opt" -> pair(host.members("LogConfig").members("Config"), value);
      case "--mac-address" -> {
        config.put("MacAddress", value);
        request.endpoint.put("MacAddress", value);
      }
      case "--memory" -> host.put("Memory", Amounts.bytes(name, value));
      case "--memory-reservation" -> host.put("MemoryReservation", Amounts.bytes(name, value));
      case "--memory-swap" ->
          host.put("MemorySwap", value.equals("-1") ? -1L : Amounts.bytes(name, value));
      case "--memory-swappiness" -> host.put("MemorySwappiness", Amounts.integer(name, value));
      case "--mount" -> mount(value);
      case "--name" -> request.name = value;
      case "--network", "--net" ->
          throw new ContainerException(
              "options of a container: "
                  + name
                  + " is not supported, as on GitHub; every job has a network of its own");
      case "--network-alias", "--net-alias" -> request.endpoint.add("Aliases", value);
      case "--no-healthcheck" -> noHealthcheck = Amounts.truth(name, value);
      case "--oom-kill-disable" -> host.put("OomKillDisable", Amounts.truth(name, value));
      case "--oom-score-adj" -> host.put("OomScoreAdj", Amounts.integer(name, value));
      case "--pid" -> host.put("PidMode", value);
      case "--pids-limit" -> host.put("PidsLimit", Amounts.integer(name, value));
      case "--platform" -> request.platform = value;
      case "--privileged" -> host.put("Privileged", Amounts.truth(name, value));
      case "--publish" -> PortMappings.add(value, config, host);
      case "--publish-all" -> host.put("PublishAllPorts", Amounts.truth(name, value));
      case "--pull" -> pull(name, value);
      case "--read-only" -> host.put("ReadonlyRootfs", Amounts.truth(name, value));
      case "--restart" -> restart(name, value);
      case "--runtime" -> host.put("Runtime", value);
      case "--security-opt" -> host.add("SecurityOpt", securityOption(name, value));
      case "--shm-size" -> host.put("ShmSize", Amounts.bytes(name, value));
      case "--stop-signal" -> config.put("StopSignal", value);
      case "--stop-timeout" -> config.put("StopTimeout", Amounts.integer(name, value));
      case "--storage-opt" -> pair(host.members("StorageOpt"), value);
      case "--sysctl" -> pair(host.members("Sysctls"), value);
      case "--tmpfs" -> tmpfs(value);
      case "--tty" -> config.put("Tty", Amounts.truth(name, value));
      case "--ulimit" -> ulimit(name, value);
      case "--user" -> config.put("User", value);
      case "--userns" -> host.put("UsernsMode", value);
      case "--uts" -> host.put("UTSMode", value);
      case "--volume" -> request.volume(value);
      case "--volume-driver" -> host.put("VolumeDriver", value);
      case "--volumes-from" -> host.add("VolumesFrom", value);
      case "--workdir" -> config.put("WorkingDir", value);
      default -> throw unknown(name);
    }
  }

  /** A capability as the engine names it: {@code CAP_NET_ADMIN} for {@code net_admin}. */
  private static String capability(String value) {
    String name = value.toUpperCase(Locale.ROOT);
    return name.equals("ALL") || name.startsWith("CAP_") ? name : "CAP_" + name;
  }

  private static void pair(Members members, String value) {
    int equals = value.indexOf('=');
    members.put(
        equals < 0 ? value : value.substring(0, equals),
        equals < 0 ? "" : value.substring(equals + 1));
  }

  private void environment(String value) {
    int equals = value.indexOf('=');
    if (equals >= 0) {
      request.environment(value.substring(0, equals), value.substring(equals + 1));
      return;
    }
    String inherited = System.getenv(value);
    if (inherited != null) {
      request.environment(value, inherited);
    }
  }

  private static List<String> lines(String option, String file) {
    List<String> lines = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(Path.of(file))) {
        String text = line.stripLeading();
        if (!text.isEmpty() && !text.startsWith("#")) {
          lines.add(text);
        }
      }
    } catch (IOException e) {
      throw new ContainerException(
          "options of a container: the file " + file + " for " + option + " cannot be read", e);
    }
    return lines;
  }

  private void device(String value) {
    String[] parts = value.split(":", -1);
    String inside = parts.length > 1 && parts[1].startsWith("/") ? parts[1] : parts[0];
    String permissions = "rwm";
    if (parts.length == 2 && !parts[1].startsWith("/")) {
      permissions = parts[1];
    } else if (parts.length > 2) {
      permissions = parts[2];
    }
    host.add(
        "Devices",
        new Members()
            .put("PathOnHost", parts[0])
            .put("PathInContainer", inside)
            .put("CgroupPermissions", permissions));
  }

  private void weightDevice(String name, String value) {
    int colon = value.lastIndexOf(':');
    if (colon < 0) {
      throw Amounts.wrong(name, value, "a device and a weight as /dev/sda:200");
    }
    host.add(
        "BlkioWeightDevice",
        new Members()
            .put("Path", value.substring(0, colon))
            .put("Weight", Amounts.integer(name, value.substring(colon + 1))));
  }

  private void rate(String member, String name, String value, boolean bytes) {
    int colon = value.lastIndexOf(':');
    if (colon < 0) {
      throw Amounts.wrong(name, value, "a device and a rate as /dev/sda:1mb");
    }
    String rate = value.substring(colon + 1);
    host.add(
        member,
        new Members()
            .put("Path", value.substring(0, colon))
            .put("Rate", bytes ? Amounts.bytes(name, rate) : Amounts.integer(name, rate)));
  }

  private void gpus(String value) {
    Members devices = new Members();
    devices.put("Options", new Members());
    List<Object> capabilities = new ArrayList<>(List.of("gpu"));
    for (String field : CommaList.split(value)) {
      int equals = field.indexOf('=');
      String key = equals < 0 ? "count" : field.substring(0, equals);
      String of = field.substring(equals + 1);
      switch (key) {
        case "count" ->
            devices.put("Count", of.equals("all") ? -1L : Amounts.integer("--gpus", of));
        case "device" -> devices.put("DeviceIDs", List.of(of.split(",")));
        case "driver" -> devices.put("Driver", of);
        case "capabilities" -> capabilities.addAll(List.of(of.split(",")));
        case "options" -> CommaList.split(of).forEach(o -> pair(devices.members("Options"), o));
        default -> throw Amounts.wrong("--gpus", value, "all, a number or device=ID");
      }
    }
    devices.put("Capabilities", List.of(capabilities));
    host.add("DeviceRequests", devices);
  }

  private void mount(String value) {
    Members mount = new Members().put("Type", "volume");
    for (String field : CommaList.split(value)) {
      int equals = field.indexOf('=');
      String key = equals < 0 ? field : field.substring(0, equals);
      String of = equals < 0 ? "true" : field.substring(equals + 1);
      switch (key) {
        case "type" -> mount.put("Type", of);
        case "source", "src" -> mount.put("Source", of);
        case "target", "dst", "destination" -> mount.put("Target", of);
        case "readonly", "ro" -> mount.put("ReadOnly", Amounts.truth("--mount", of));
        case "consistency" -> mount.put("Consistency", of);
        case "bind-propagation" -> mount.members("BindOptions").put("Propagation", of);
        case "bind-nonrecursive" ->
            mount.members("BindOptions").put("NonRecursive", Amounts.truth("--mount", of));
        case "volume-subpath" -> mount.members("VolumeOptions").put("Subpath", of);
        case "volume-nocopy" ->
            mount.members("VolumeOptions").put("NoCopy", Amounts.truth("--mount", of));
        case "volume-label" -> pair(mount.members("VolumeOptions").members("Labels"), of);
        case "volume-driver" ->
            mount.members("VolumeOptions").members("DriverConfig").put("Name", of);
        case "volume-opt" ->
            pair(mount.members("VolumeOptions").members("DriverConfig").members("Options"), of);
        case "tmpfs-size" ->
            mount.members("TmpfsOptions").put("SizeBytes", Amounts.bytes("--mount", of));
        case "tmpfs-mode" -> mount.members("TmpfsOptions").put("Mode", octal(of));
        default ->
            throw new ContainerException(
                "options of a container: unknown '" + key + "' in --mount " + value);
      }
    }
    host.add("Mounts", mount);
  }

  private static long octal(String text) {
    try {
      return Long.parseLong(text, 8);
    } catch (NumberFormatException e) {
      throw Amounts.wrong("tmpfs-mode", text, "an octal number");
    }
  }

  private void pull(String name, String value) {
    request.pull =
        switch (value) {
          case "always" -> ContainerRequest.Pull.ALWAYS;
          case "missing" -> ContainerRequest.Pull.MISSING;
          case "never" -> ContainerRequest.Pull.NEVER;
          default -> throw Amounts.wrong(name, value, "always, missing or never");
        };
  }

  private void restart(String name, String value) {
    int colon = value.indexOf(':');
    Members policy = host.members("RestartPolicy");
    policy.put("Name", colon < 0 ? value : value.substring(0, colon));
    if (colon >= 0) {
      policy.put("MaximumRetryCount", Amounts.integer(name, value.substring(colon + 1)));
    }
  }

  /** A security option; as Docker's own client does, the profile of a file is sent as its text. */
  private static String securityOption(String name, String value) {
    int equals = value.indexOf('=');
    String key = equals < 0 ? "" : value.substring(0, equals);
    String of = value.substring(equals + 1);
    if (!key.equals("seccomp") || of.equals("unconfined") || of.equals("builtin")) {
      return value;
    }
    try {
      return "seccomp=" + Files.readString(Path.of(of));
    } catch (IOException e) {
      throw new ContainerException(
          "options of a container: the file " + of + " for " + name + " cannot be read", e);
    }
  }

  private void tmpfs(String value) {
    int colon = value.indexOf(':');
    host.members("Tmpfs")
        .put(
            colon < 0 ? value : value.substring(0, colon),
            colon < 0 ? "" : value.substring(colon + 1));
  }

  private void ulimit(String name, String value) {
    int equals = value.indexOf('=');
    if (equals < 0) {
      throw Amounts.wrong(name, value, "a limit as nofile=1024:2048");
    }
    String limits = value.substring(equals + 1);
    int colon = limits.indexOf(':');
    String soft = colon < 0 ? limits : limits.substring(0, colon);
    String hard = colon < 0 ? limits : limits.substring(colon + 1);
    host.add(
        "Ulimits",
        new Members()
            .put("Name", value.substring(0, equals))
            .put("Soft", Amounts.integer(name, soft))
            .put("Hard", Amounts.integer(name, hard)));
  }

  private void finishHealthcheck() {
    if (noHealthcheck) {
      config.put("Healthcheck", Map.of("Test", List.of("NONE")));
      return;
    }
    if (!healthCommand.isEmpty()) {
      healthcheck.put("Test", List.of("CMD-SHELL", healthCommand));
    }
    if (!healthcheck.values().isEmpty()) {
      config.put("Healthcheck", healthcheck);
    }
  }
}
