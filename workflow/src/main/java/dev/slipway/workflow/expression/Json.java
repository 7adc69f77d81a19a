package dev.slipway.workflow.expression;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/** Values as JSON, both ways, as {@code toJSON} and {@code fromJSON} do it. */
public final class Json {
  private static final int MAX_DEPTH = 100;

  private Json() {}

  /** Holds the parser factory, loaded with the first text to read. */
  private static final class Reader {
    static final JsonFactory FACTORY = JsonFactory.builder().build();
  }

  /** Holds the factory for what is nearly JSON, loaded with the first text that is none. */
  private static final class LenientReader {
    static final JsonFactory FACTORY =
        JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
            .enable(JsonReadFeature.ALLOW_UNQUOTED_PROPERTY_NAMES)
            .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .build();
  }

  /**
   * Reads one value.
   *
   * @throws ExpressionException of kind evaluation when the text is no JSON
   */
  public static Value parse(String json) {
    return parse(json, Reader.FACTORY);
  }

  /**
   * Reads one value as {@code fromJSON} does. GitHub's reader, Newtonsoft.Json, also takes single
   * quotes, names without quotes, a comma after the last member and comments.
   *
   * @throws ExpressionException of kind evaluation when the text is not even that
   */
  static Value parseLeniently(String json) {
    try {
      return parse(json);
    } catch (ExpressionException strict) {
      try {
        return parse(json, LenientReader.FACTORY);
      } catch (ExpressionException lenient) {
        throw strict;
      }
    }
  }

  private static Value parse(String json, JsonFactory factory) {
    try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), json)) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        throw ExpressionException.evaluation("Error parsing fromJson: the text is empty");
      }
      Value value = value(parser, first, 0);
      if (parser.nextToken() != null) {
        throw ExpressionException.evaluation(
            "Error parsing fromJson: additional text after the value");
      }
      return value;
    } catch (JacksonException e) {
      String where =
          e.getLocation() == null
              ? ""
              : " (line "
                  + e.getLocation().getLineNr()
                  + ", column "
                  + e.getLocation().getColumnNr()
                  + ")";
      throw ExpressionException.evaluation(
          "Error parsing fromJson: " + withoutSource(e.getOriginalMessage()) + where);
    }
  }

  /** The reader names a source it does not know; the place follows in other words. */
  private static String withoutSource(String message) {
    int start = message.indexOf(" (start marker at [Source");
    int end = message.indexOf(')', message.indexOf(']', Math.max(0, start)));
    return start < 0 || end < 0
        ? message
        : message.substring(0, start) + message.substring(end + 1);
  }

  private static Value value(JsonParser parser, JsonToken token, int depth) {
    if (depth > MAX_DEPTH) {
      throw ExpressionException.evaluation(
          "Error parsing fromJson: the text is nested more than " + MAX_DEPTH + " deep");
    }
    return switch (token) {
      case START_OBJECT -> {
        Map<String, Value> members = new LinkedHashMap<>();
        Map<String, String> spelled = new HashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          String first = spelled.putIfAbsent(Characters.fold(name), name);
          members.put(first == null ? name : first, value(parser, parser.nextToken(), depth + 1));
        }
        yield Value.object(members);
      }
      case START_ARRAY -> {
        List<Value> items = new ArrayList<>();
        JsonToken next;
        while ((next = parser.nextToken()) != JsonToken.END_ARRAY) {
          items.add(value(parser, next, depth + 1));
        }
        yield Value.array(items);
      }
      case VALUE_STRING -> Value.of(parser.getString());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> Value.of(Double.parseDouble(parser.getString()));
      case VALUE_TRUE -> Value.TRUE;
      case VALUE_FALSE -> Value.FALSE;
      case VALUE_NULL -> Value.NULL;
      default ->
          throw ExpressionException.evaluation("Error parsing fromJson: unexpected " + token);
    };
  }

  /**
   * What {@code toJSON} prints: two blanks a level.
   *
   * @throws ExpressionException of kind evaluation when it gets too large
   */
  public static String write(Value value) {
    Writer writer = new Writer(new Budget());
    writer.write(value, 0);
    return writer.text.toString();
  }

  /** On one line, without blanks. Numbers that JSON lacks become null. */
  public static String writeCompact(Value value) {
    Writer writer = new Writer(null);
    writer.write(value, 0);
    return writer.text.toString();
  }

  /** Writes for people where it has a budget, compactly where it has none. */
  private static final class Writer {
    final StringBuilder text = new StringBuilder();
    private final @Nullable Budget budget;
    private int counted;

    Writer(@Nullable Budget budget) {
      this.budget = budget;
    }

    void write(Value value, int depth) {
      if (value instanceof ObjectValue object) {
        object(object, depth);
      } else if (value instanceof ArrayValue array) {
        array(array, depth);
      } else if (value.kind() == Value.Kind.STRING) {
        quote(value.toText(), text);
      } else if (value.kind() == Value.Kind.NULL) {
        text.append("null");
      } else {
        boolean finite = value.kind() != Value.Kind.NUMBER || Double.isFinite(value.toNumber());
        text.append(budget != null || finite ? value.toText() : "null");
      }
      count();
    }

    private void object(ObjectValue object, int depth) {
      if (object.size() == 0) {
        text.append("{}");
        return;
      }
      text.append('{');
      count();
      boolean[] first = {true};
      object.forEach((name, member) -> {
        if (!first[0]) {
          text.append(',');
        }
        first[0] = false;
        line(depth + 1);
        quote(name, text);
        count();
        text.append(budget != null ? ": " : ":");
        write(member, depth + 1);
      });
      line(depth);
      text.append('}');
    }

    private void array(ArrayValue array, int depth) {
      if (array.items().isEmpty()) {
        text.append("[]");
        return;
      }
      text.append('[');
      count();
      boolean first = true;
      for (Value item : array.items()) {
        if (!first) {
          text.append(',');
        }
        first = false;
        line(depth + 1);
        write(item, depth + 1);
      }
      line(depth);
      text.append(']');
    }

    private void line(int depth) {
      if (budget != null) {
        text.append('\n');
        text.repeat("  ", depth);
      }
    }

    /** What was written since the last time is a piece. */
    private void count() {
      if (budget != null) {
        budget.add(text.length() - counted);
        counted = text.length();
      }
    }
  }

  private static void quote(String string, StringBuilder text) {
    text.append('"');
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      switch (c) {
        case '"' -> text.append("\\\"");
        case '\\' -> text.append("\\\\");
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        case '\b' -> text.append("\\b");
        case '\f' -> text.append("\\f");
        default -> {
          if (c < 0x20 || c == 0x85 || c == 0x2028 || c == 0x2029) {
            text.append("\\u");
            String hex = Integer.toHexString(c);
            text.repeat("0", 4 - hex.length()).append(hex);
          } else {
            text.append(c);
          }
        }
      }
    }
    text.append('"');
  }
}
