package dev.slipway.lint;

import dev.slipway.workflow.YamlNode;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Settings that were made for actionlint and zizmor. */
final class ForeignSettings {
  private ForeignSettings() {}

  static void actionlint(SettingsReader reader, SettingsDraft draft) {
    for (YamlNode.Member member : Trees.members(reader.file().root())) {
      switch (member.key().text()) {
        case "self-hosted-runner" -> {
          for (YamlNode.Member own : reader.members(member)) {
            if (own.key().text().equals("labels")) {
              labels(reader, reader.texts(own), draft);
            }
          }
        }
        case "config-variables" -> variables(reader, member, draft);
        case "paths" -> {
          for (YamlNode.Member path : reader.members(member)) {
            PathGlob glob = reader.glob(path.key());
            YamlNode.Member ignore = Trees.member(path.value(), "ignore");
            if (glob != null && ignore != null) {
              messages(reader, glob, ignore, draft);
            }
          }
        }
        default -> {}
      }
    }
  }

  static void labels(SettingsReader reader, List<YamlNode.Scalar> labels, SettingsDraft draft) {
    for (YamlNode.Scalar label : labels) {
      PathGlob glob = PathGlob.of(label.text().toLowerCase(Locale.ROOT));
      if (glob == null) {
        reader.wrong(label, "'" + label.text() + "' is no pattern for labels", "correct it");
      } else {
        draft.labels.add(glob);
      }
    }
  }

  /** No list at all means that there may be any. */
  static void variables(SettingsReader reader, YamlNode.Member member, SettingsDraft draft) {
    YamlNode.Scalar scalar = member.value().scalar();
    if (scalar != null && scalar.kind() == YamlNode.Kind.NULL) {
      draft.variables = null;
      return;
    }
    if (member.value().sequence() != null) {
      draft.variables = new HashSet<>();
    }
    for (YamlNode.Scalar name : reader.texts(member)) {
      draft.variable(name.text());
    }
  }

  static void messages(
      SettingsReader reader, PathGlob glob, YamlNode.Member list, SettingsDraft draft) {
    for (YamlNode.Scalar text : reader.texts(list)) {
      Pattern pattern = reader.pattern(text);
      if (pattern != null) {
        draft.ignores.add(SettingIgnore.messages(reader.file(), text, glob, pattern));
      }
    }
  }

  static void zizmor(SettingsReader reader, SettingsDraft draft) {
    YamlNode.Member rules = Trees.member(reader.file().root(), "rules");
    if (rules == null) {
      return;
    }
    for (YamlNode.Member audit : reader.members(rules)) {
      String name = audit.key().text();
      for (YamlNode.Member member : reader.members(audit)) {
        switch (member.key().text()) {
          case "disable" -> disable(reader, audit, member, draft);
          case "ignore" -> {
            for (YamlNode.Scalar place : reader.texts(member)) {
              ignore(reader, name, place, draft);
            }
          }
          case "config" -> configuration(reader, name, member, draft);
          default -> {}
        }
      }
    }
  }

  private static void disable(
      SettingsReader reader, YamlNode.Member audit, YamlNode.Member member, SettingsDraft draft) {
    PathGlob everywhere = PathGlob.of("**");
    if (everywhere != null && Trees.is(member.value().scalar(), true)) {
      draft.ignores.add(
          SettingIgnore.audit(
              reader.file(), audit.key(), everywhere, "zizmor:" + audit.key().text(), 0));
    }
  }

  /** {@code FILE}, {@code FILE:LINE} or {@code FILE:LINE:COLUMN}; columns differ between tools. */
  private static void ignore(
      SettingsReader reader, String audit, YamlNode.Scalar place, SettingsDraft draft) {
    String text = place.text();
    int colon = text.indexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    int line = 0;
    if (colon >= 0) {
      int second = text.indexOf(':', colon + 1);
      String number = text.substring(colon + 1, second < 0 ? text.length() : second);
      for (int i = 0; i < number.length() && line >= 0; i++) {
        int digit = Character.digit(number.charAt(i), 10);
        line = digit < 0 || line > 10_000_000 ? -1 : 10 * line + digit;
      }
      line = line == 0 ? -1 : line;
    }
    PathGlob glob = line < 0 ? null : exact(name);
    if (glob == null) {
      reader.wrong(place, "'" + text + "' names no place", "write FILE, FILE:LINE or nothing");
      return;
    }
    draft.ignores.add(SettingIgnore.audit(reader.file(), place, glob, "zizmor:" + audit, line));
  }

  /**
   * A file by its name, wherever it lies; what a pattern would read otherwise stands for itself.
   */
  private static @Nullable PathGlob exact(String name) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean special = "*?{}[],".indexOf(c) >= 0;
      plain.append(special ? "?" : String.valueOf(c));
    }
    return PathGlob.of(name.indexOf('/') < 0 ? plain.toString() : "**/" + plain);
  }

  private static void configuration(
      SettingsReader reader, String audit, YamlNode.Member section, SettingsDraft draft) {
    for (YamlNode.Member member : reader.members(section)) {
      String key = member.key().text();
      if (audit.equals("unpinned-uses") && key.equals("policies")) {
        pins(reader, member, draft);
      } else if (audit.equals("dependabot-cooldown") && key.equals("days")) {
        draft.cooldown = reader.number(member, draft.cooldown);
        draft.wanted(DependabotRules.COOLDOWN);
      } else if (audit.equals("forbidden-uses") && (key.equals("allow") || key.equals("deny"))) {
        actions(reader, member, key.equals("allow") ? draft.allowed : draft.denied);
      }
    }
  }

  static void actions(SettingsReader reader, YamlNode.Member list, List<ActionPattern> into) {
    for (YamlNode.Scalar text : reader.texts(list)) {
      ActionPattern pattern = reader.action(text);
      if (pattern != null) {
        into.add(pattern);
      }
    }
  }

  static void pins(SettingsReader reader, YamlNode.Member section, SettingsDraft draft) {
    for (YamlNode.Member member : reader.members(section)) {
      ActionPattern pattern = reader.action(member.key());
      String policy = reader.text(member);
      ActionPin pin =
          switch (policy) {
            case "hash-pin" -> ActionPin.HASH;
            case "ref-pin" -> ActionPin.REF;
            case "any" -> ActionPin.ANY;
            default -> null;
          };
      if (pin == null && !policy.isEmpty()) {
        reader.unknown(reader.place(member), policy, List.of("hash-pin", "ref-pin", "any"));
      }
      if (pattern != null && pin != null) {
        draft.pins.put(pattern, pin);
      }
    }
    draft.wanted(ActionSourceRules.UNPINNED);
  }
}
