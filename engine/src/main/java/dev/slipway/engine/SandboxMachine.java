package dev.slipway.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * This machine's tools without its user: jobs see the system, but cannot write to it, and have
 * homes, temporary folders and processes of their own ({@link Sandbox}). All else is as on the
 * machine itself.
 */
final class SandboxMachine implements Machine {
  /** As labels are mapped to it. */
  static final String NAME = "sandbox";

  /** The same without a network. */
  static final String WITHOUT_NETWORK = NAME + ":no-network";

  /** What leads to the user's session. */
  private static final List<String> NOT_INHERITED =
      List.of(
          "TMPDIR",
          "TMP",
          "TEMP",
          "XDG_RUNTIME_DIR",
          "SSH_AUTH_SOCK",
          "SSH_AGENT_PID",
          "GPG_AGENT_INFO",
          "DBUS_SESSION_BUS_ADDRESS",
          "DOCKER_HOST");

  private final String name;
  private final HostMachine host;
  private final Sandbox.Machine shown;

  /**
   * @param name {@link #NAME} or {@link #WITHOUT_NETWORK}
   * @param host makes the folders
   * @param shown what jobs see of the machine
   */
  SandboxMachine(String name, HostMachine host, Sandbox.Machine shown) {
    this.name = name;
    this.host = host;
    this.shown = shown;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Place open(String jobKey) throws IOException {
    Place place = host.open(jobKey);
    try {
      Map<String, String> environment = new LinkedHashMap<>(place.environment());
      environment.keySet().removeAll(NOT_INHERITED);
      Sandbox sandbox =
          Sandbox.start(shown, folders(place), environment, name.equals(WITHOUT_NETWORK));
      return new Inside(place, sandbox, environment);
    } catch (IOException e) {
      place.close();
      throw e;
    }
  }

  /** The job's own, which it may write to. */
  private List<Path> folders(Place place) {
    List<Path> folders = new ArrayList<>(host.caches());
    Path around = place.workspace().getParent();
    boolean own = around != null && around.startsWith(host.folder());
    folders.add(own ? around : place.workspace());
    folders.add(place.temp());
    folders.add(place.home());
    folders.add(place.toolCache());
    return folders;
  }

  /** A place on the machine whose processes run in a sandbox. */
  private record Inside(Place place, Sandbox sandbox, Map<String, String> environment)
      implements Place {
    @Override
    public Path workspace() {
      return place.workspace();
    }

    @Override
    public Path temp() {
      return place.temp();
    }

    @Override
    public Path toolCache() {
      return place.toolCache();
    }

    @Override
    public void offerTools() throws IOException {
      place.offerTools();
    }

    @Override
    public Path home() {
      return place.home();
    }

    @Override
    public void adapt(Map<String, String> variables) {
      place.adapt(variables);
    }

    @Override
    public CommandFiles.Untouched untouchedFiles() {
      return place.untouchedFiles();
    }

    @Override
    public Launcher launcher() {
      return sandbox.launcher();
    }

    @Override
    public Checkout checkout(Path target, Submodules submodules) throws IOException {
      return place.checkout(target, submodules);
    }

    @Override
    public JobContainers containers() {
      return place.containers();
    }

    @Override
    public void close() {
      sandbox.close();
      place.close();
    }
  }
}
