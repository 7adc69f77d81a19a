package dev.slipway.cache.step;

import dev.slipway.trace.Access;
import dev.slipway.trace.Ending;
import dev.slipway.trace.Observer;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What steps did before, on this machine. {@link #find} tells whether a step can be spared and
 * {@link Lookup.Hit#restore} puts back what it made; {@link #record} watches one that runs. Reading
 * never fails: what cannot be read, is damaged or is missing is a miss. Thread-safe, and safe with
 * other processes on the same folder: files are written beside their places and renamed, and of two
 * that write the same the last one stays, which is the same.
 */
public final class StepCache {
  private static final int MAX_TRACES = 16;
  private static final String UNRELIABLE = "unreliable";
  private static final int SECOND_THREAD_FROM = 1500;
  private static final long HOUR = 3_600_000;

  private final Path folder;
  private final Contents contents;
  private final Unfinished unfinished;
  private final FileIndex index;
  private final Ignored ignored;
  private final Keyed secretKey;
  private final @Nullable Remote remote;
  private final String system;
  private final Histories histories;

  private StepCache(Path folder, @Nullable Remote remote) {
    this.remote = remote;
    this.folder = folder;
    Path slipway = folder.toAbsolutePath().getParent();
    Path caches = slipway == null ? null : slipway.getParent();
    this.ignored = new Ignored(caches == null ? "/root/.cache" : caches.toString());
    this.contents = new Contents(folder.resolve("contents"));
    this.unfinished = new Unfinished(folder.resolve("unfinished"));
    this.index = new FileIndex(folder.resolve("files.idx"));
    this.secretKey = new Keyed(folder.resolve("secret.key"));
    this.system = system();
    this.histories = new Histories(folder.resolve("history"));
  }

  /**
   * A cache in a folder, which is made when something is stored.
   *
   * @param folder for this cache alone
   */
  public static StepCache in(Path folder) {
    return new StepCache(folder, null);
  }

  /** The same, shared with other machines. Who made the shared part closes it. */
  public static StepCache in(Path folder, Remote shared) {
    return new StepCache(folder, shared);
  }

  /**
   * Uploads what was kept here and is not shared yet, as long as the time lasts; what is left waits
   * for the next time.
   */
  public Remote.Pushed push(long milliseconds) {
    Remote shared = remote;
    return shared == null
        ? new Remote.Pushed(0, 0)
        : shared.push(folder.resolve("queue"), contents, milliseconds);
  }

  /**
   * Fetches all that is shared and not here.
   *
   * @return how many runs of steps are new here
   * @throws IOException when the store cannot be used
   */
  public int pull() throws IOException {
    Remote shared = remote;
    return shared == null ? 0 : shared.pull(folder.resolve("steps"), contents);
  }

  /** Whether these contents are here, or could be fetched. */
  boolean have(List<Digest> digests) {
    Remote shared = remote;
    return shared == null || shared.fetch(digests, contents);
  }

  private static String system() {
    String mask = "";
    String user = "";
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith("Umask:")) {
          mask = line;
        } else if (line.startsWith("Uid:")) {
          user = line.split("\\s+", 4)[2].equals("0") ? "root" : "user";
        }
      }
    } catch (IOException notLinux) {
      mask = "unknown";
    }
    return System.getProperty("os.name")
        + " "
        + System.getProperty("os.arch")
        + " "
        + mask
        + " "
        + user;
  }

  /**
   * The key of a step that runs a script.
   *
   * @param name what people call the step
   * @param command what runs the script, with its arguments but without the script's file
   * @param working the folder that it runs in
   * @param environment all variables of its process
   * @param secrets values that must not be found out from what is stored
   */
  public StepKey key(
      String name,
      String script,
      Collection<String> command,
      Path working,
      Map<String, String> environment,
      Collection<String> secrets,
      Roots roots) {
    return key(name, script, command, working, environment, secrets, roots, Map.of());
  }

  /**
   * The same of a step that is more than its script.
   *
   * @param more parts of what it is, by what they are called
   */
  public StepKey key(
      String name,
      String script,
      Collection<String> command,
      Path working,
      Map<String, String> environment,
      Collection<String> secrets,
      Roots roots,
      Map<String, String> more) {
    return StepKey.of(
        name,
        script,
        command,
        working.toString(),
        environment,
        secrets,
        roots,
        secretKey,
        system,
        more);
  }

  /** Whether a step with this script can never be spared; the reason, or null. */
  public static @Nullable String never(String script) {
    return Variables.needsChance(script) ? "its script asks for the time or for chance" : null;
  }

  /** What is known of a step. */
  public Lookup find(StepKey key, Roots roots, Map<String, String> environment) {
    return find(key, View.here(), roots, environment);
  }

  /** What is known of a step whose processes see these files. */
  public Lookup find(StepKey key, View view, Roots roots, Map<String, String> environment) {
    return find(key, view, roots, environment, null);
  }

  /**
   * Looks for several steps in a row.
   *
   * @param paths about how many paths they will ask about
   */
  public Glance glance(int paths) {
    return new Glance(this, Statuses.once(View.here(), paths));
  }

  /**
   * Writes down what all of these steps have to find as it is now to be spared, so that one look
   * tells it of all. When it cannot be told of all, what is in the file stays.
   *
   * @param file which has another one beside it
   */
  public void together(
      Path file, Collection<StepKey> keys, Roots roots, Map<String, String> environment) {
    Together together = Together.of(keys, this, roots, environment);
    if (together != null) {
      together.write(file, roots);
    }
  }

  /**
   * The digests of the steps that were written down so, when nothing of it has changed; else none.
   * None either when that was long ago, so that what is of use is known to be.
   */
  public Set<String> unchanged(Path file, Roots roots, Map<String, String> environment) {
    long age = System.currentTimeMillis() - file.toFile().lastModified();
    return age < 0 || age > HOUR
        ? Set.of()
        : Together.unchanged(file, roots, environment, secretKey);
  }

  /** The head of a trace that is of these variables and roots; null when there is none. */
  @Nullable Trace head(Path file, Roots roots, Map<String, String> environment) {
    try {
      Trace head = Trace.head(Files.readAllBytes(file));
      return head == null || otherVariable(head, roots, environment) != null ? null : head;
    } catch (IOException none) {
      return null;
    }
  }

  Lookup find(
      StepKey key,
      View view,
      Roots roots,
      Map<String, String> environment,
      @Nullable Statuses once) {
    List<Path> traces = traces(key);
    List<String> reasons = new ArrayList<>();
    Lookup.Hit here = first(traces, view, roots, environment, reasons, once);
    if (here != null) {
      return here;
    }
    Remote shared = remote;
    if (shared != null && shared.fetch(key, folder(key)) > 0) {
      List<Path> fetched = new ArrayList<>(traces(key));
      fetched.removeAll(traces);
      Lookup.Hit there = first(fetched, view, roots, environment, reasons, once);
      if (there != null) {
        return there;
      }
    }
    return new Lookup.Miss(reasons.isEmpty() ? histories.otherParts(key) : reasons);
  }

  private Lookup.@Nullable Hit first(
      List<Path> traces,
      View view,
      Roots roots,
      Map<String, String> environment,
      List<String> reasons,
      @Nullable Statuses once) {
    if (traces.isEmpty()) {
      return null;
    }
    for (Path file : traces) {
      Lookup.Hit hit = check(file, view, roots, environment, reasons, once);
      if (hit != null) {
        touch(file, traces.size() == 1);
        index.save();
        return hit;
      }
    }
    index.save();
    return null;
  }

  /** Notes that a step was spared. */
  public void spared(StepKey key, Lookup.Hit hit) {
    histories.add(key, true, List.of(), List.of(), hit.durationMs());
  }

  /**
   * Notes that a step ran.
   *
   * @param missed why it was not spared
   * @param notKept why what came of it was not kept; empty when it was
   */
  public void ran(StepKey key, List<String> missed, List<String> notKept) {
    histories.add(key, false, missed, notKept, 0);
  }

  /** What became of a step when it was last asked for; null when it never was. */
  public @Nullable StepHistory history(String name) {
    return histories.of(name);
  }

  /**
   * A digest of those variables that every step depends on, and of what else is part of every key:
   * as long as it is the same, the same step has the same key.
   */
  public String surroundings(Map<String, String> environment, Roots roots) {
    StringBuilder all = new StringBuilder(4096).append(system);
    for (Map.Entry<String, String> variable : new java.util.TreeMap<>(environment).entrySet()) {
      if (Variables.use(variable.getKey()) == Variables.Use.ALWAYS) {
        all.append('\0')
            .append(variable.getKey())
            .append('=')
            .append(roots.named(variable.getValue()));
      }
    }
    return Digest.of(Names.bytes(all.toString())).hex();
  }

  /** What became of steps, the last first. */
  public List<StepHistory> histories() {
    return histories.all();
  }

  /** Notes that a trace was of use; a lone one only now and then. */
  private static void touch(Path file, boolean alone) {
    long now = System.currentTimeMillis();
    if (alone && now - file.toFile().lastModified() < HOUR) {
      return;
    }
    try {
      Files.setLastModifiedTime(file, FileTime.fromMillis(now));
    } catch (IOException onlyTheOrder) {
      return;
    }
  }

  List<Path> traces(StepKey key) {
    Path of = folder(key);
    String[] names = of.toFile().list();
    if (names == null) {
      return List.of();
    }
    List<Path> traces = new ArrayList<>();
    for (String name : names) {
      if (name.endsWith(".trace")) {
        traces.add(of.resolve(name));
      }
    }
    if (traces.size() > 1) {
      Map<Path, Long> times = new LinkedHashMap<>();
      for (Path trace : traces) {
        times.put(trace, trace.toFile().lastModified());
      }
      traces.sort((a, b) -> Long.compare(times.getOrDefault(b, 0L), times.getOrDefault(a, 0L)));
    }
    return traces.size() > MAX_TRACES ? traces.subList(0, MAX_TRACES) : traces;
  }

  private Path folder(StepKey key) {
    return folder.resolve("steps").resolve(key.folder());
  }

  private Lookup.@Nullable Hit check(
      Path file,
      View view,
      Roots roots,
      Map<String, String> environment,
      List<String> reasons,
      @Nullable Statuses once) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException gone) {
      reasons.add("what is known of it cannot be read");
      return null;
    }
    Trace head = Trace.head(bytes);
    if (head == null) {
      boolean removed = file.toFile().delete();
      reasons.add("what is known of it was damaged" + (removed ? "" : ", and stays so"));
      return null;
    }
    String other = otherVariable(head, roots, environment);
    if (other != null) {
      reasons.add(other);
      return null;
    }
    WatchList watched = WatchList.open(watchFile(file), Check.hash(roots));
    boolean[] same = watched == null ? new boolean[0] : unchanged(watched, view, once);
    Lookup.Hit hit = new Lookup.Hit(this, head, bytes, view, roots, file, watched);
    if (watched != null && all(same)) {
      return hit;
    }
    Check check = hit.check();
    if (check == null) {
      reasons.add("what is known of it does not fit here");
      return null;
    }
    int count = check.count();
    for (int i = 0; i < count && !check.enough(); i++) {
      if (watched != null && watched.count() == count && same[i]) {
        check.known(i, watched);
      } else {
        check.look(i);
      }
    }
    if (!check.differences().isEmpty()) {
      reasons.addAll(check.differences());
      return null;
    }
    check.save(watchFile(file));
    return hit;
  }

  static boolean all(boolean[] same) {
    for (boolean one : same) {
      if (!one) {
        return false;
      }
    }
    return true;
  }

  /** Which paths are as they were; large traces are looked at by two threads. */
  static boolean[] unchanged(WatchList watched, View view, @Nullable Statuses once) {
    int count = watched.count();
    boolean[] same = new boolean[count];
    if (count < SECOND_THREAD_FROM) {
      unchanged(watched, once == null ? new Statuses(view, count) : once, 0, count, same);
      return same;
    }
    int half = count / 2;
    Statuses first = new Statuses(view, count);
    Thread second =
        Thread.ofPlatform()
            .daemon()
            .start(() -> unchanged(watched, new Statuses(view, count), half, count, same));
    unchanged(watched, first, 0, half, same);
    try {
      second.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new boolean[count];
    }
    return same;
  }

  private static void unchanged(
      WatchList watched, Statuses statuses, int from, int to, boolean[] same) {
    Status status = new Status();
    for (int i = from; i < to; i++) {
      same[i] = watched.same(i, statuses, status);
    }
  }

  /** A look at things that knows what files are. */
  Looking looking(View view) {
    return new Looking(view, null, index, ignored);
  }

  private @Nullable String otherVariable(
      Trace trace, Roots roots, Map<String, String> environment) {
    for (Map.Entry<String, @Nullable Digest> variable : trace.variables().entrySet()) {
      String now = environment.get(variable.getKey());
      Digest digest = now == null ? null : secretKey.digest(roots.named(now));
      Digest then = variable.getValue();
      if (!Objects.equals(then, digest)) {
        return "the variable " + variable.getKey() + " has another value";
      }
    }
    for (Map.Entry<String, String> bound : trace.bound().entrySet()) {
      Roots.Root root = roots.root(bound.getKey());
      if (root == null || !root.text().equals(bound.getValue())) {
        return "what it made names " + bound.getValue() + ", which is elsewhere now";
      }
    }
    return null;
  }

  static Path watchFile(Path trace) {
    String name = trace.getFileName().toString();
    return trace.resolveSibling(name.substring(0, name.lastIndexOf('.')) + ".watch");
  }

  /** Notes what was put back, so that it need not be read to be known. */
  void settle(Check check, List<Integer> places, Path watchFile, Posix posix) {
    for (int place : places) {
      check.restored(place, posix);
    }
    check.save(watchFile);
    index.save();
  }

  /** Removes what is damaged of a step's results, so that its next run stores them anew. */
  void mend(Trace trace) throws IOException {
    for (Digest digest : trace.contents()) {
      contents.get(digest, (bytes, length) -> {});
    }
  }

  Contents contents() {
    return contents;
  }

  Unfinished unfinished() {
    return unfinished;
  }

  /**
   * Begins to watch a step.
   *
   * @param own files that are made for the step by who starts it, which count for nothing
   */
  public Recording record(
      StepKey key, Roots roots, Map<String, String> environment, Set<Path> own) {
    return record(key, View.here(), roots, environment, own);
  }

  /** The same of a step whose processes see these files. */
  public Recording record(
      StepKey key, View view, Roots roots, Map<String, String> environment, Set<Path> own) {
    Set<PathKey> ownPaths = new HashSet<>();
    for (Path path : own) {
      ownPaths.add(new PathKey(Names.bytes(path.toString())));
    }
    Recorder recorder = new Recorder(view, index, roots, ignored, ownPaths);
    if (!view.ofContainer()) {
      try {
        unfinished.remove(recorder.posix());
      } catch (IOException e) {
        recorder.problem(String.valueOf(e.getMessage()));
      }
    }
    return new Recording(key, view, roots, environment, recorder);
  }

  /** One run of a step that is watched. */
  public final class Recording implements AutoCloseable {
    private final StepKey key;
    private final View view;
    private final Roots roots;
    private final Map<String, String> environment;
    private final Recorder recorder;
    private Lookup.@Nullable Hit known;
    private String other = "";

    private Recording(
        StepKey key, View view, Roots roots, Map<String, String> environment, Recorder recorder) {
      this.key = key;
      this.view = view;
      this.roots = roots;
      this.environment = environment;
      this.recorder = recorder;
    }

    /**
     * Notes what the step is said to read and write, before it runs and is not watched.
     *
     * @param working where patterns begin
     */
    public void declare(Path working, List<String> inputs, List<String> outputs) {
      Declared.walk(
          working,
          inputs,
          (path, folder) ->
              recorder.access(folder ? Access.LIST : Access.READ, path, path.length, true));
      Declared.walk(
          working,
          outputs,
          (path, folder) -> {
            if (!folder) {
              recorder.access(Access.REPLACE, path, path.length, true);
            }
          });
    }

    /** Notes what the step is said to have made, after it ran. */
    public void declareMade(Path working, List<String> outputs) {
      Declared.walk(
          working,
          outputs,
          (path, folder) -> {
            if (!folder) {
              recorder.made(path);
            }
          });
    }

    /** Has the results compared with those that are known, for steps that should give the same. */
    public void compareWith(Lookup.@Nullable Hit known) {
      this.known = known;
    }

    /** What is other than known; empty when it is the same, or when nothing was compared. */
    public String otherThanKnown() {
      return other;
    }

    /** Takes what the tracer sees. */
    public Observer observer() {
      return recorder;
    }

    /**
     * Keeps what came of the step, if that is right.
     *
     * @param files what it wrote for the runner, by name
     * @param secret whether bytes hold a secret; such results are not kept
     * @return why it is not kept; empty when it is
     */
    public List<String> finish(
        Ending ending,
        int exitCode,
        long durationMs,
        StepLog log,
        Map<String, byte[]> files,
        Secrets secret) {
      List<String> reasons = new ArrayList<>();
      if (exitCode != 0) {
        reasons.add("it failed");
      }
      for (String gap : ending.gaps()) {
        reasons.add("not all of it was seen: " + gap);
      }
      if (ending.left()) {
        reasons.add("it left processes running");
      }
      ending.contacts().stream()
          .limit(3)
          .forEach(contact ->
              reasons.add(
                  switch (contact.kind()) {
                    case NETWORK -> "it used the network (" + contact.address() + ")";
                    case LOOPBACK, UNIX ->
                        "it spoke to another process (" + contact.address() + ")";
                  }));
      if (log.full()) {
        reasons.add("it printed more than is kept");
      }
      if (!reasons.isEmpty()) {
        return reasons;
      }
      Recorder.Result result = recorder.finish();
      reasons.addAll(result.problems());
      long estimate = 1 + result.facts().size() * 3L / 1000;
      if (reasons.isEmpty() && durationMs < 3 * estimate && durationMs > 0 && estimate > 5) {
        reasons.add("to run it takes no longer than to see whether it has to");
      }
      if (!reasons.isEmpty()) {
        return reasons;
      }
      try {
        store(result, exitCode, durationMs, log, files, secret, reasons);
      } catch (IOException e) {
        reasons.add("it could not be stored: " + e.getMessage());
      }
      index.save();
      return reasons;
    }

    private void store(
        Recorder.Result result,
        int exitCode,
        long durationMs,
        StepLog log,
        Map<String, byte[]> files,
        Secrets secret,
        List<String> reasons)
        throws IOException {
      byte[] printed = log.toBytes();
      if (secret.in(log.text())) {
        reasons.add("it printed a secret");
        return;
      }
      Map<String, String> bound = new LinkedHashMap<>();
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        if (secret.in(file.getValue())) {
          reasons.add("it gave a secret on by " + file.getKey());
          return;
        }
        bind(file.getValue(), file.getValue().length, bound);
      }
      Looking looking = new Looking(view, recorder.posix(), index, ignored);
      Parts parts =
          new Parts(part -> {
            bind(part, part.length, bound);
            return secret.in(part);
          });
      List<Fact> named = new ArrayList<>(result.facts().size());
      Map<PathKey, Integer> places = new LinkedHashMap<>();
      for (Fact fact : result.facts()) {
        Node after = fact.after();
        if (after != null && after.kind() == Node.Kind.FILE && after.digest() != null) {
          Contents.Kept kept = contents.put(fact.path(), after.digest(), recorder.posix(), parts);
          if (kept != Contents.Kept.YES) {
            reasons.add(
                kept == Contents.Kept.REFUSED
                    ? "it wrote a secret to " + Names.text(fact.path())
                    : Names.text(fact.path()) + " was changed while it was stored");
            return;
          }
        }
        places.put(new PathKey(fact.path()), named.size());
        named.add(
            new Fact(
                roots.named(fact.path()),
                fact.before(),
                after,
                fact.replaceable(),
                fact.kept(),
                fact.names()));
      }
      int[] order = new int[result.order().size()];
      for (int i = 0; i < order.length; i++) {
        order[i] = places.getOrDefault(new PathKey(result.order().get(i)), 0);
      }
      Trace trace =
          new Trace(
              exitCode,
              durationMs,
              System.currentTimeMillis(),
              variables(key.mentions() | result.mentions()),
              bound,
              named,
              order,
              contents.put(printed),
              new LinkedHashMap<>(files));
      Path stepFolder = folder(key);
      Files.createDirectories(stepFolder);
      Lookup.Hit expected = known;
      if (expected != null) {
        other = trace.differenceTo(expected.trace());
        if (!other.isEmpty()) {
          quarantine(stepFolder, other);
        }
      }
      if (Files.exists(stepFolder.resolve(UNRELIABLE))) {
        reasons.add("it gave different results from the same inputs: " + unreliable(stepFolder));
        return;
      }
      Path file = stepFolder.resolve(trace.identity().hex().substring(0, 32) + ".trace");
      WholeFile.write(file, trace.toBytes());
      watch(trace, looking, file);
      Remote shared = remote;
      if (shared != null) {
        shared.queue(StepCache.this.folder.resolve("queue"), key, file);
      }
      prune(stepFolder);
    }

    /** Notes how everything is now, which is how the next lookup will most likely find it. */
    private void watch(Trace trace, Looking looking, Path file) throws IOException {
      Check check = new Check(trace, roots, looking);
      for (int i = 0; i < trace.facts().size(); i++) {
        // Where it does not hold any more, it will when the path is as it was before.
        check.look(i);
      }
      check.save(watchFile(file));
    }

    /** Forgets all runs of a step, and that it can ever be spared. */
    private void quarantine(Path stepFolder, String why) throws IOException {
      Files.writeString(stepFolder.resolve(UNRELIABLE), why);
      try (DirectoryStream<Path> files = Files.newDirectoryStream(stepFolder, "*.{trace,watch}")) {
        for (Path file : files) {
          Files.deleteIfExists(file);
        }
      }
    }

    private String unreliable(Path stepFolder) {
      try {
        return Files.readString(stepFolder.resolve(UNRELIABLE));
      } catch (IOException e) {
        return "";
      }
    }

    private void bind(byte[] content, int length, Map<String, String> bound) {
      for (Roots.Root root : roots.in(content, length)) {
        bound.put(root.name(), root.text());
      }
    }

    private Map<String, @Nullable Digest> variables(long mentions) {
      Map<String, @Nullable Digest> variables = new LinkedHashMap<>();
      for (String name : Variables.named(mentions)) {
        String value = environment.get(name);
        variables.put(name, value == null ? null : secretKey.digest(roots.named(value)));
      }
      return variables;
    }

    private void prune(Path stepFolder) {
      List<Path> traces = traces(key);
      if (traces.size() < MAX_TRACES) {
        return;
      }
      Set<Path> kept = new HashSet<>(traces);
      try (DirectoryStream<Path> files = Files.newDirectoryStream(stepFolder, "*.trace")) {
        for (Path file : files) {
          if (!kept.contains(file)) {
            Files.deleteIfExists(file);
            Files.deleteIfExists(watchFile(file));
          }
        }
      } catch (NoSuchFileException gone) {
        return;
      } catch (IOException prunedNextTime) {
        return;
      }
    }

    @Override
    public void close() {
      recorder.close();
    }
  }

  /** Tells whether bytes hold a secret. */
  public interface Secrets {
    boolean in(byte[] bytes);
  }
}
