package dev.slipway.workflow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is known of the events that start workflows. */
public final class Events {
  private static final Map<String, Event> EVENTS = read(WorkflowSyntax.EVENTS);

  private Events() {}

  /**
   * An event.
   *
   * @param filters keys besides {@code types} that narrow it: {@code branches}, {@code
   *     branches-ignore} …
   * @param types activity types it has; empty when it has none, or when they are free
   * @param defaultTypes activity types that start a workflow which names none
   * @param type the type of its value in the schema, for events that take more than filters; else
   *     empty
   */
  public record Event(
      String name,
      List<String> filters,
      List<String> types,
      List<String> defaultTypes,
      String type) {
    public Event {
      filters = List.copyOf(filters);
      types = List.copyOf(types);
      defaultTypes = List.copyOf(defaultTypes);
    }
  }

  /** The event of this name, or null. */
  public static @Nullable Event event(String name) {
    return EVENTS.get(name);
  }

  /** All events. */
  public static List<Event> all() {
    return List.copyOf(EVENTS.values());
  }

  private static Map<String, Event> read(String table) {
    Map<String, Event> events = new LinkedHashMap<>();
    for (String line : table.lines().toList()) {
      String[] words = line.split(" ", -1);
      List<String> filters = new ArrayList<>();
      List<String> types = new ArrayList<>();
      List<String> defaults = new ArrayList<>();
      String type = words.length > 1 && words[1].charAt(0) == '=' ? words[1].substring(1) : "";
      if (words.length > 1 && type.isEmpty() && !words[1].equals("-")) {
        for (String filter : words[1].split(",", -1)) {
          filters.add(filter);
          if (filter.equals("branches") || filter.equals("tags") || filter.equals("paths")) {
            filters.add(filter + "-ignore");
          }
        }
      }
      for (int i = 2; i < words.length; i++) {
        boolean standard = words[i].endsWith("*");
        String name = standard ? words[i].substring(0, words[i].length() - 1) : words[i];
        types.add(name);
        if (standard) {
          defaults.add(name);
        }
      }
      events.put(words[0], new Event(words[0], filters, types, defaults, type));
    }
    return events;
  }
}
