package dev.slipway.lint;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What {@code github.event} has, by the events that start the workflow: the members of all their
 * payloads. The table names each shape once; a member is {@code NAME:TYPE}, where a type is {@code
 * s}, {@code n}, {@code b} or {@code *} for a string, number, boolean or anything, {@code @SHAPE},
 * or one of these behind {@code [} for an array of it.
 */
final class Payloads extends ValueType {
  private static final class Table {
    private static final Map<String, Map<String, String>> SHAPES = read();

    private static Map<String, Map<String, String>> read() {
      Map<String, Map<String, String>> shapes = new HashMap<>();
      try (InputStream in = Payloads.class.getResourceAsStream("payloads.txt")) {
        String text = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        for (String line : text.split("\n", -1)) {
          List<String> words = ActionFacts.words(line);
          Map<String, String> members = new HashMap<>();
          for (int i = 1; i < words.size(); i++) {
            int colon = words.get(i).indexOf(':');
            members.put(
                words.get(i).substring(0, colon).toLowerCase(Locale.ROOT),
                words.get(i).substring(colon + 1));
          }
          if (!words.isEmpty()) {
            shapes.put(words.getFirst(), members);
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return shapes;
    }
  }

  private final Set<String> shapes;

  private Payloads(Set<String> shapes) {
    this.shapes = shapes;
  }

  /** What the payloads of these events have; anything when one of them is not known. */
  static ValueType of(Collection<String> events) {
    Set<String> shapes = new TreeSet<>();
    for (String event : events) {
      String name = event.equals("pull_request_target") ? "%pull_request" : "%" + event;
      if (!Table.SHAPES.containsKey(name)) {
        return ANY;
      }
      shapes.add(name);
    }
    return shapes.isEmpty() ? ANY : new Payloads(shapes);
  }

  /** Whether the payload of any event has a member of this name. */
  static boolean known(String name) {
    for (Map.Entry<String, Map<String, String>> shape : Table.SHAPES.entrySet()) {
      if (shape.getKey().startsWith("%")
          && shape.getValue().containsKey(name.toLowerCase(Locale.ROOT))) {
        return true;
      }
    }
    return false;
  }

  @Override
  Sort sort() {
    return Sort.OBJECT;
  }

  @Override
  @Nullable ValueType member(String name) {
    List<String> types = new ArrayList<>();
    for (String shape : shapes) {
      Map<String, String> members = Table.SHAPES.get(shape);
      String type = members == null ? "*" : members.get(name.toLowerCase(Locale.ROOT));
      if (type != null) {
        types.add(type);
      }
    }
    return types.isEmpty() ? null : type(types);
  }

  private static ValueType type(List<String> types) {
    Set<String> objects = new TreeSet<>();
    List<String> items = new ArrayList<>();
    for (String type : types) {
      if (type.startsWith("[")) {
        items.add(type.substring(1));
      } else if (type.startsWith("@")) {
        objects.add(type);
      }
    }
    if (objects.size() == types.size()) {
      return new Payloads(objects);
    }
    if (items.size() == types.size()) {
      return array(type(items));
    }
    for (String type : types) {
      if (!type.equals(types.getFirst())) {
        return ANY;
      }
    }
    return switch (types.getFirst()) {
      case "s" -> STRING;
      case "n" -> NUMBER;
      case "b" -> BOOLEAN;
      default -> ANY;
    };
  }

  @Override
  Collection<String> names() {
    Set<String> names = new TreeSet<>();
    for (String shape : shapes) {
      Map<String, String> members = Table.SHAPES.get(shape);
      if (members != null) {
        names.addAll(members.keySet());
      }
    }
    return names;
  }
}
