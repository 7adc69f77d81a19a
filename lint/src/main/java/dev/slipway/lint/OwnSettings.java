package dev.slipway.lint;

import dev.slipway.workflow.YamlNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Section {@code lint} of {@code slipway.yml}. */
final class OwnSettings {
  private static final List<String> KEYS =
      List.of(
          "profile",
          "fail-on",
          "rules",
          "runner-labels",
          "config-variables",
          "paths",
          "rates",
          "actions",
          "cooldown-days");
  private static final List<String> LEVELS = List.of("off", "error", "warning", "info", "style");

  private OwnSettings() {}

  static void read(SettingsReader reader, SettingsDraft draft) {
    YamlNode.Member section = Trees.member(reader.file().root(), "lint");
    if (section == null) {
      return;
    }
    for (YamlNode.Member member : reader.members(section)) {
      String key = member.key().text();
      switch (key) {
        case "profile" -> draft.profile = profile(reader, member);
        case "fail-on" -> draft.failOn = failOn(reader, member);
        case "rules" -> draft.levels.putAll(levels(reader, member));
        case "runner-labels" -> ForeignSettings.labels(reader, reader.texts(member), draft);
        case "config-variables" -> ForeignSettings.variables(reader, member, draft);
        case "paths" -> paths(reader, member, draft);
        case "rates" -> rates(reader, member, draft);
        case "actions" -> actions(reader, member, draft);
        case "cooldown-days" -> {
          draft.cooldown = reader.number(member, draft.cooldown);
          draft.wanted(DependabotRules.COOLDOWN);
        }
        default -> reader.unknown(member.key(), key, KEYS);
      }
    }
  }

  private static @Nullable Profile profile(SettingsReader reader, YamlNode.Member member) {
    String name = reader.text(member);
    List<String> names = new ArrayList<>();
    for (Profile one : Profile.values()) {
      if (one.text().equals(name)) {
        return one;
      }
      names.add(one.text());
    }
    if (!name.isEmpty()) {
      reader.unknown(reader.place(member), name, names);
    }
    return null;
  }

  private static String failOn(SettingsReader reader, YamlNode.Member member) {
    String name = reader.text(member);
    List<String> names = List.of("error", "warning", "info", "style", "never");
    if (name.isEmpty() || names.contains(name)) {
      return name;
    }
    reader.unknown(reader.place(member), name, names);
    return "";
  }

  private static Map<String, Optional<Severity>> levels(
      SettingsReader reader, YamlNode.Member section) {
    Map<String, Optional<Severity>> levels = new LinkedHashMap<>();
    for (YamlNode.Member member : reader.members(section)) {
      String name = member.key().text();
      if (Rules.named(name) == null) {
        List<String> names = new ArrayList<>();
        for (Rule rule : Rules.all()) {
          names.add(rule.id());
        }
        String nearest = NearName.nearest(name, names);
        reader.wrong(
            member.key(),
            "No rule is called '" + name + "'",
            nearest == null
                ? "slipway lint --explain RULE knows them, by other tools' names too"
                : "did you mean '" + nearest + "'?");
        continue;
      }
      String level = reader.text(member);
      if (level.equals("off")) {
        levels.put(name, Optional.empty());
      } else if (LEVELS.contains(level)) {
        for (Severity severity : Severity.values()) {
          if (severity.text().equals(level)) {
            levels.put(name, Optional.of(severity));
          }
        }
      } else if (!level.isEmpty()) {
        reader.unknown(reader.place(member), level, LEVELS);
      }
    }
    return levels;
  }

  private static void paths(SettingsReader reader, YamlNode.Member section, SettingsDraft draft) {
    if (section.value().sequence() == null) {
      reader.wrong(section.key(), "'paths' is no list", "write lines such as '- glob: ci-*.yml'");
      return;
    }
    for (YamlNode item : Trees.items(section.value())) {
      YamlNode.Scalar where = Trees.scalar(item, "glob");
      PathGlob glob = where == null ? null : reader.glob(where);
      if (where == null) {
        reader.wrong(
            section.key(), "An item of 'paths' names no files", "give it a 'glob: PATTERN'");
      }
      if (where == null || glob == null) {
        continue;
      }
      SettingIgnore place = SettingIgnore.place(reader.file(), where, glob);
      draft.ignores.add(place);
      for (YamlNode.Member member : Trees.members(item)) {
        switch (member.key().text()) {
          case "glob" -> {}
          case "rules" -> draft.places.add(new SettingsDraft.Place(place, levels(reader, member)));
          case "ignore" -> ForeignSettings.messages(reader, glob, member, draft);
          default ->
              reader.unknown(member.key(), member.key().text(), List.of("glob", "rules", "ignore"));
        }
      }
    }
  }

  private static void rates(SettingsReader reader, YamlNode.Member section, SettingsDraft draft) {
    for (YamlNode.Member member : reader.members(section)) {
      String text = reader.text(member);
      double rate = -1;
      try {
        rate = Double.parseDouble(text);
      } catch (NumberFormatException e) {
        rate = -1;
      }
      if (rate >= 0 && rate <= 1_000_000) {
        draft.rates.put(member.key().text(), rate);
      } else if (!text.isEmpty()) {
        reader.wrong(
            reader.place(member), "'" + text + "' is no price", "write dollars a minute: 0.01");
      }
    }
  }

  private static void actions(SettingsReader reader, YamlNode.Member section, SettingsDraft draft) {
    for (YamlNode.Member member : reader.members(section)) {
      switch (member.key().text()) {
        case "allow" -> ForeignSettings.actions(reader, member, draft.allowed);
        case "deny" -> ForeignSettings.actions(reader, member, draft.denied);
        case "pins" -> ForeignSettings.pins(reader, member, draft);
        default ->
            reader.unknown(member.key(), member.key().text(), List.of("allow", "deny", "pins"));
      }
    }
  }
}
