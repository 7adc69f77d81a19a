package dev.slipway.engine;

import dev.slipway.workflow.ProjectFile;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs the services of jobs as processes of this machine where another engine cannot be had and the
 * project file maps their images to such.
 *
 * <p>A service listens on the host port that the job asks for, or on a free one; {@code
 * job.services.NAME.ports} tells which. It ends with its job, and its data with it. What a killed
 * Slipway left running is found by its environment as the processes of steps are; its data goes
 * when services are next started.
 *
 * <p>Services of a job that runs in a container stay with the other engine: they share a network
 * with it.
 */
public final class LocalServices implements ContainerEngine {
  private final ContainerEngine others;
  private final Map<String, ProjectFile.Service> mapped;
  private final ServicePorts ports = new ServicePorts();
  private final ServiceFolders folders = new ServiceFolders();

  private LocalServices(ContainerEngine others, Map<String, ProjectFile.Service> mapped) {
    this.others = others;
    this.mapped = new LinkedHashMap<>(mapped);
  }

  /**
   * Processes where another engine cannot be had.
   *
   * @param others runs everything when it is there; closed with this one
   * @param mapped the process for each image
   */
  public static LocalServices before(
      ContainerEngine others, Map<String, ProjectFile.Service> mapped) {
    return new LocalServices(others, mapped);
  }

  @Override
  public String name() {
    return others.name();
  }

  @Override
  public JobContainers open(Owner owner) {
    return new JobServices(owner, this);
  }

  @Override
  public void close() {
    others.close();
  }

  ContainerEngine others() {
    return others;
  }

  ServicePorts ports() {
    return ports;
  }

  ServiceFolders folders() {
    return folders;
  }

  /** What runs in place of an image's container; null when the project file does not say. */
  @Nullable ServiceRecipe recipe(String image) {
    for (String name : names(image)) {
      ProjectFile.Service service = mapped.get(name);
      if (service != null) {
        return switch (service.process()) {
          case "postgres" -> new PostgresRecipe();
          case "redis" -> new RedisRecipe();
          default -> new CommandRecipe(service);
        };
      }
    }
    return null;
  }

  /** The names by which a project file may mean an image, the most exact first. */
  static Set<String> names(String image) {
    String tagged = image.indexOf('@') < 0 ? image : image.substring(0, image.indexOf('@'));
    int colon = tagged.lastIndexOf(':');
    String plain = colon > tagged.lastIndexOf('/') ? tagged.substring(0, colon) : tagged;
    Set<String> names = new LinkedHashSet<>();
    names.add(image);
    for (String form : new String[] {tagged, plain}) {
      names.add(form);
      String local = form.substring(registry(form));
      names.add(local);
      names.add(local.startsWith("library/") ? local.substring(8) : local);
    }
    return names;
  }

  /** How long the registry at the start of an image's name is. */
  private static int registry(String image) {
    int slash = image.indexOf('/');
    String first = slash < 0 ? "" : image.substring(0, slash);
    return first.contains(".") || first.contains(":") || first.equals("localhost") ? slash + 1 : 0;
  }
}
