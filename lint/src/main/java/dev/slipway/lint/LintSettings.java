package dev.slipway.lint;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a project wants to be looked through: section {@code lint} of its {@code slipway.yml}, and
 * what it has told actionlint and zizmor. The project's own file wins.
 */
public final class LintSettings {
  /** Where settings are, the project's own last. */
  static final List<String> FILES =
      List.of(
          ".github/actionlint.yaml",
          ".github/actionlint.yml",
          ".github/zizmor.yml",
          ".github/zizmor.yaml",
          "zizmor.yml",
          "zizmor.yaml",
          "slipway.yml");

  /** A project without settings. */
  public static final LintSettings NONE = new LintSettings(new SettingsDraft(), List.of());

  private static final Set<String> OF_EVERY_MACHINE =
      Set.of("self-hosted", "linux", "windows", "macos", "x64", "arm", "arm64", "gpu");

  private final List<String> files;
  private final @Nullable Profile profile;
  private final String failOn;
  private final Map<String, Optional<Severity>> levels;
  private final List<SettingsDraft.Place> places;
  private final List<SettingIgnore> ignores;
  private final List<PathGlob> labels;
  private final @Nullable Set<String> variables;
  private final Map<ActionPattern, ActionPin> pins;
  private final List<ActionPattern> allowed;
  private final List<ActionPattern> denied;
  private final int cooldown;
  private final Map<String, Double> rates;

  private LintSettings(SettingsDraft draft, List<String> files) {
    this.files = List.copyOf(files);
    this.profile = draft.profile;
    this.failOn = draft.failOn;
    this.levels = Map.copyOf(draft.levels);
    this.places = List.copyOf(draft.places);
    this.ignores = List.copyOf(draft.ignores);
    this.labels = List.copyOf(draft.labels);
    this.variables = draft.variables == null ? null : Set.copyOf(draft.variables);
    this.pins = Collections.unmodifiableMap(new LinkedHashMap<>(draft.pins));
    this.allowed = List.copyOf(draft.allowed);
    this.denied = List.copyOf(draft.denied);
    this.cooldown = draft.cooldown;
    this.rates = Collections.unmodifiableMap(new LinkedHashMap<>(draft.rates));
  }

  /**
   * Reads the settings of a project. What is wrong with them is found by looking through {@link
   * #files()} as through others; the rest holds.
   */
  public static LintSettings of(ProjectFiles project) {
    SettingsDraft draft = new SettingsDraft();
    List<String> read = new ArrayList<>();
    boolean actionlint = false;
    boolean zizmor = false;
    for (String path : FILES) {
      boolean second =
          (actionlint && path.contains("actionlint")) || (zizmor && path.contains("zizmor"));
      String text = second ? null : project.text(path);
      if (text == null) {
        continue;
      }
      actionlint |= path.contains("actionlint");
      zizmor |= path.contains("zizmor");
      String content = text.startsWith("\uFEFF") ? text.substring(1) : text;
      if (path.equals("slipway.yml") && !content.contains("lint")) {
        continue;
      }
      LintFile file = LintFile.read(path, content, new Project(project, null));
      // One that cannot be read must not be passed over in silence.
      boolean about =
          !path.equals("slipway.yml")
              || file.root() == null
              || Trees.get(file.root(), "lint") != null;
      if (about) {
        read.add(path);
        SettingRules.read(file, new Found(file, SettingRules.SETTINGS, new ArrayList<>()), draft);
      }
    }
    return read.isEmpty() ? NONE : new LintSettings(draft, read);
  }

  /** The files that they come from, by their paths from the project's root. */
  public List<String> files() {
    return files;
  }

  /** How much to look for. */
  public Optional<Profile> profile() {
    return Optional.ofNullable(profile);
  }

  /** The least severity that counts as a failure, or {@code never}. */
  public Optional<String> failOn() {
    return failOn.isEmpty() ? Optional.empty() : Optional.of(failOn);
  }

  /** What a minute costs on machines with a label, in US dollars. */
  public Map<String, Double> rates() {
    return rates;
  }

  /** Which rules are off or on, and how bad, for one file. */
  Map<String, Optional<Severity>> levels(String path) {
    if (places.isEmpty()) {
      return levels;
    }
    Map<String, Optional<Severity>> found = new LinkedHashMap<>(levels);
    for (SettingsDraft.Place place : places) {
      if (place.path().about(path)) {
        found.putAll(place.levels());
      }
    }
    return found;
  }

  /** The ignores that are about a file, and the paths that name it. */
  List<SettingIgnore> ignores(String path) {
    List<SettingIgnore> about = new ArrayList<>();
    for (SettingIgnore ignore : ignores) {
      if (ignore.about(path)) {
        about.add(ignore);
      }
    }
    return about;
  }

  /** All ignores, and all paths that are named. */
  List<SettingIgnore> ignores() {
    return ignores;
  }

  /** Whether the settings say which labels machines of one's own have. */
  boolean knowsLabels() {
    return !labels.isEmpty();
  }

  /** Whether machines of one's own have a label. */
  boolean label(String label) {
    String plain = label.toLowerCase(Locale.ROOT);
    if (OF_EVERY_MACHINE.contains(plain)) {
      return true;
    }
    for (PathGlob one : labels) {
      if (one.matches(plain)) {
        return true;
      }
    }
    return false;
  }

  /** The configuration variables there are, in lower case; null when nobody says. */
  @Nullable Set<String> variables() {
    return variables;
  }

  /** How exactly an action must be named; null when the settings do not say. */
  @Nullable ActionPin pin(String slug, String ref) {
    ActionPattern best = null;
    for (ActionPattern pattern : pins.keySet()) {
      boolean better = best == null || pattern.precision() > best.precision();
      if (better && pattern.matches(slug, ref)) {
        best = pattern;
      }
    }
    return best == null ? null : pins.get(best);
  }

  /** Whether actions may come from somewhere only, or not from somewhere. */
  boolean restrictsActions() {
    return !allowed.isEmpty() || !denied.isEmpty();
  }

  /** Whether an action may be used. */
  boolean allows(String slug, String ref) {
    for (ActionPattern pattern : denied) {
      if (pattern.matches(slug, ref)) {
        return false;
      }
    }
    for (ActionPattern pattern : allowed) {
      if (pattern.matches(slug, ref)) {
        return true;
      }
    }
    return allowed.isEmpty();
  }

  /** How many days new versions wait. */
  int cooldown() {
    return cooldown;
  }
}
