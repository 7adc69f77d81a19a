package dev.slipway.check;

import dev.slipway.cache.step.Glance;
import dev.slipway.cache.step.Lookup;
import dev.slipway.cache.step.Roots;
import dev.slipway.cache.step.StepCache;
import dev.slipway.cache.step.StepHistory;
import dev.slipway.cache.step.StepKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Remembers results of gates for as long as nothing has changed of what they were seen to read,
 * look for or list when they ran: what the step cache knows decides, and this keeps what the gate
 * told beside it.
 */
public final class TracedMemory implements GateMemory {
  /** The name of the workflow that {@link GateWorkflow} makes. */
  private static final String WORKFLOW = "check";

  private final StepCache cache;
  private final String repository;
  private final Roots roots;
  private final Map<String, String> environment;
  private final String surroundings;
  private final ResultFile results;
  private final Path watched;

  /** The steps of which nothing has changed, as was found out for all at once. */
  private final Set<String> unchanged;

  /** The steps that are known now, by their gates. */
  private final Map<String, StepKey> current = new ConcurrentHashMap<>();

  private volatile boolean lookedUp;

  private TracedMemory(
      StepCache cache,
      String repository,
      Roots roots,
      Map<String, String> environment,
      ResultFile results,
      Path watched) {
    this.repository = repository;
    this.cache = cache;
    this.roots = roots;
    this.environment = environment;
    this.surroundings = cache.surroundings(environment, roots);
    this.results = results;
    this.watched = watched;
    this.unchanged = cache.unchanged(watched, roots, environment);
  }

  /**
   * The memory of a project.
   *
   * @param repository {@code owner/name}
   * @param steps the folder of the step cache
   * @param environment the user's
   */
  public static TracedMemory open(
      Path root, String repository, Path steps, Path userHome, Map<String, String> environment) {
    Roots roots = Roots.of(Map.of("ws", root, "home", userHome));
    return new TracedMemory(
        StepCache.in(steps),
        repository,
        roots,
        environment,
        ResultFile.open(root),
        OwnFolder.of(root).file("watched"));
  }

  @Override
  public Look look(int files) {
    Glance glance = cache.glance(files);
    return gate -> find(gate, glance);
  }

  private @Nullable GateResult find(Gate gate, Glance glance) {
    ResultFile.Entry entry = results.find(gate.id());
    if (entry == null || !entry.key().startsWith(fingerprint(gate))) {
      return null;
    }
    String step = entry.key().substring(entry.key().indexOf(' ') + 1);
    StepKey key = StepKey.known(name(gate), step);
    if (unchanged.contains(step)) {
      current.put(gate.id(), key);
      return entry.result(gate);
    }
    lookedUp = true;
    Lookup lookup = glance.find(key, roots, environment);
    if (!(lookup instanceof Lookup.Hit hit)) {
      return null;
    }
    if (hit.missing() > 0) {
      boolean whole = hit.restore((error, bytes, length) -> {});
      glance.forget();
      return whole ? entry.result(gate) : null;
    }
    current.put(gate.id(), key);
    return entry.result(gate);
  }

  private String fingerprint(Gate gate) {
    Key key = new Key();
    key.add(surroundings);
    key.add(gate.script());
    key.add(gate.directory());
    key.add(gate.tool());
    key.add(gate.versionCommand());
    return Long.toHexString(key.first()) + "-" + Long.toHexString(key.second()) + " ";
  }

  private String name(Gate gate) {
    return repository + " " + WORKFLOW + " " + gate.id() + " " + gate.tool();
  }

  @Override
  public void keep(GateResult result) {
    Gate gate = result.gate();
    StepHistory step = cache.history(name(gate));
    boolean known =
        result.status() == Status.PASSED
            && result.flaky().isEmpty()
            && step != null
            && step.notKept().isEmpty();
    if (known && step != null) {
      results.put(fingerprint(gate) + step.key(), result);
      current.put(gate.id(), StepKey.known(name(gate), step.key()));
      lookedUp = true;
    } else {
      current.remove(gate.id());
      results.remove(gate.id());
    }
  }

  @Override
  public void save() throws IOException {
    results.save();
    if (lookedUp && !current.isEmpty()) {
      cache.together(watched, current.values(), roots, environment);
    }
  }
}
