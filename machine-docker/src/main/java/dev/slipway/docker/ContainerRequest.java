package dev.slipway.docker;

import dev.slipway.engine.ContainerSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A container that is to be made: what the engine is asked for, and how. */
final class ContainerRequest {
  /** The network of containers for which none is named. */
  static final String DEFAULT_NETWORK = "default";

  /** When an image is pulled. */
  enum Pull {
    ALWAYS,
    MISSING,
    NEVER
  }

  final Members config = new Members();
  final Members host = new Members();
  final Members endpoint = new Members();
  String name = "";
  String platform = "";
  Pull pull = Pull.MISSING;

  private final ContainerSpec spec;
  private final Map<String, String> environment = new LinkedHashMap<>();

  /**
   * What a job asks for, its options read.
   *
   * @throws dev.slipway.engine.ContainerException when they cannot be
   */
  ContainerRequest(ContainerSpec spec) {
    this.spec = spec;
    config.put("Image", spec.image());
    host.members("RestartPolicy").put("Name", "no");
    for (String mapping : spec.ports()) {
      PortMappings.add(mapping.strip(), config, host);
    }
    for (String volume : spec.volumes()) {
      volume(volume);
    }
    for (ContainerSpec.Mount mount : spec.mounts()) {
      mount(mount.source(), mount.target(), mount.readOnly());
    }
    new CreateOptions(this).read(spec.options());
    environment.putAll(spec.environment());
    if (!spec.directory().isEmpty()) {
      config.put("WorkingDir", spec.directory());
    }
    spec.entrypoint().ifPresent(program -> config.put("Entrypoint", List.of(program)));
    if (!spec.command().isEmpty()) {
      config.put("Cmd", spec.command());
    }
  }

  ContainerSpec spec() {
    return spec;
  }

  void environment(String name, String value) {
    environment.put(name, value);
  }

  void environmentIfAbsent(String name, String value) {
    environment.putIfAbsent(name, value);
  }

  /** Mounts a file or folder of this machine, which has to exist. */
  void mount(String source, String target, boolean readOnly) {
    host.add(
        "Mounts",
        new Members()
            .put("Type", "bind")
            .put("Source", source)
            .put("Target", target)
            .put("ReadOnly", readOnly));
  }

  /** Takes a mount back. */
  void unmount(String target) {
    host.list("Mounts")
        .removeIf(mount ->
            mount instanceof Members members && target.equals(members.values().get("Target")));
  }

  /** Whether something is mounted there already. */
  boolean mounted(String target) {
    for (Object mount : host.list("Mounts")) {
      if (mount instanceof Members members && target.equals(members.values().get("Target"))) {
        return true;
      }
    }
    for (Object bind : host.list("Binds")) {
      String[] parts = bind.toString().split(":", -1);
      if (parts.length > 1 && parts[1].equals(target)) {
        return true;
      }
    }
    return false;
  }

  /** A volume as {@code docker create -v} takes it: without a source it is the container's own. */
  void volume(String volume) {
    if (volume.indexOf(':') < 0) {
      config.members("Volumes").put(volume, Map.of());
    } else {
      host.add("Binds", volume);
    }
  }

  /** What the engine is sent. */
  Members body(String network, List<String> aliases, Map<String, String> labels) {
    List<String> variables = new ArrayList<>();
    environment.forEach((name, value) -> variables.add(name + "=" + value));
    config.put("Env", variables);
    for (Map.Entry<String, String> label : labels.entrySet()) {
      config.members("Labels").put(label.getKey(), label.getValue());
    }
    Members body = new Members();
    body.values().putAll(config.values());
    host.put("NetworkMode", network);
    body.put("HostConfig", host);
    if (!network.equals(DEFAULT_NETWORK)) {
      Members settings = new Members();
      settings.values().putAll(endpoint.values());
      List<Object> names = new ArrayList<>(endpoint.list("Aliases"));
      names.addAll(aliases);
      settings.put("Aliases", names);
      body.members("NetworkingConfig").members("EndpointsConfig").put(network, settings);
    }
    return body;
  }
}
