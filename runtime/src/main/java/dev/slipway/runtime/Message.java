package dev.slipway.runtime;

import dev.slipway.workflow.expression.ArrayValue;
import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * A request message in protobuf's JSON: members that have their default are left out, 64-bit
 * integers are strings, and wrapped values stand for themselves.
 */
record Message(ObjectValue members) {
  /** A text, or the empty string. */
  String text(String name) {
    Value value = members.get(name);
    if (value instanceof ObjectValue wrapper) {
      value = wrapper.get("value");
    }
    if (value == null || value.kind() == Value.Kind.NULL) {
      return "";
    }
    if (value.kind() != Value.Kind.STRING && value.kind() != Value.Kind.NUMBER) {
      throw RefusedException.malformed(name + " is not text");
    }
    return value.toText();
  }

  /** Texts in order. */
  List<String> texts(String name) {
    Value value = members.get(name);
    if (value == null || value.kind() == Value.Kind.NULL) {
      return List.of();
    }
    if (!(value instanceof ArrayValue array)) {
      throw RefusedException.malformed(name + " is not a list");
    }
    List<String> texts = new ArrayList<>(array.items().size());
    for (Value item : array.items()) {
      if (item.kind() != Value.Kind.STRING) {
        throw RefusedException.malformed(name + " has something else than text");
      }
      texts.add(item.toText());
    }
    return texts;
  }

  /** A whole number from 0 on. */
  long number(String name) {
    String text = text(name);
    if (text.isEmpty()) {
      return 0;
    }
    boolean digits = text.length() <= 18;
    for (int i = 0; digits && i < text.length(); i++) {
      digits = text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }
    if (!digits) {
      throw RefusedException.malformed(name + " is not a whole number");
    }
    return Long.parseLong(text);
  }
}
