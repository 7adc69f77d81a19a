package dev.slipway.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a command line gave to its command. */
final class Arguments {
  private final List<String> names = new ArrayList<>();
  private final List<String> values = new ArrayList<>();
  private final List<String> operands = new ArrayList<>();

  void option(String name, String value) {
    names.add(name);
    values.add(value);
  }

  void operand(String value) {
    operands.add(value);
  }

  /** Whether the option was given. */
  boolean has(String name) {
    return names.contains(name);
  }

  /** The option's last value, or null. */
  @Nullable String value(String name) {
    int index = names.lastIndexOf(name);
    return index < 0 ? null : values.get(index);
  }

  /** The option's last value, or this. */
  String value(String name, String otherwise) {
    String value = value(name);
    return value == null ? otherwise : value;
  }

  /** All values of the option, in order. */
  List<String> values(String name) {
    List<String> found = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).equals(name)) {
        found.add(values.get(i));
      }
    }
    return found;
  }

  /** The option's value as a whole number from {@code least} on, or this. */
  int number(String name, int least, int otherwise) {
    String value = value(name);
    if (value == null) {
      return otherwise;
    }
    int number = -1;
    if (!value.isEmpty()
        && value.length() <= 9
        && value.chars().allMatch(c -> c >= '0' && c <= '9')) {
      number = Integer.parseInt(value);
    }
    if (number < least) {
      throw CommandException.usage(
          "--" + name + " needs a whole number from " + least + " on, not '" + value + "'", null);
    }
    return number;
  }

  List<String> operands() {
    return operands;
  }

  /** The operand at this place, or null. */
  @Nullable String operand(int index) {
    return index < operands.size() ? operands.get(index) : null;
  }

  /** The operand at this place, which the table requires. */
  String required(int index) {
    return operands.get(index);
  }
}
