package dev.slipway.docker;

import java.io.InputStream;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A value of the engine's JSON, asked without regard to whether it is there: a member of something
 * absent is absent, and absent text is empty.
 */
final class Json {
  private static final JsonFactory FACTORY = JsonFactory.builder().build();
  private static final Json ABSENT = new Json(null);

  private final @Nullable Object value;

  private Json(@Nullable Object value) {
    this.value = value;
  }

  /**
   * Reads one value.
   *
   * @throws DockerException when it is none
   */
  static Json parse(byte[] text) {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      JsonToken first = parser.nextToken();
      return first == null ? ABSENT : new Json(read(parser, first));
    } catch (JacksonException e) {
      throw new DockerException(0, "what the Docker engine answered is no JSON");
    }
  }

  /** Reads values that follow each other, each when it is asked for; the stream may be endless. */
  static Iterator<Json> stream(InputStream in) {
    JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), in);
    return new Iterator<>() {
      private @Nullable JsonToken next;
      private boolean ended;

      @Override
      public boolean hasNext() {
        if (next == null && !ended) {
          try {
            next = parser.nextToken();
          } catch (JacksonException e) {
            throw new DockerException(0, "the Docker engine broke off its answer");
          }
          ended = next == null;
        }
        return next != null;
      }

      @Override
      public Json next() {
        if (!hasNext() || next == null) {
          throw new java.util.NoSuchElementException();
        }
        JsonToken token = next;
        next = null;
        try {
          return new Json(read(parser, token));
        } catch (JacksonException e) {
          throw new DockerException(0, "the Docker engine broke off its answer");
        }
      }
    };
  }

  private static @Nullable Object read(JsonParser parser, JsonToken token) {
    if (token == JsonToken.START_OBJECT) {
      Map<String, @Nullable Object> members = new LinkedHashMap<>();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        members.put(name, read(parser, parser.nextToken()));
      }
      return members;
    }
    if (token == JsonToken.START_ARRAY) {
      List<@Nullable Object> items = new ArrayList<>();
      for (JsonToken next = parser.nextToken();
          next != JsonToken.END_ARRAY;
          next = parser.nextToken()) {
        items.add(read(parser, next));
      }
      return items;
    }
    return switch (token) {
      case VALUE_STRING -> parser.getString();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getNumberValue();
      default -> null;
    };
  }

  /** Maps, lists, texts, numbers and truth values as one JSON text. */
  static String write(Object value) {
    return new Json(value).toString();
  }

  private static void write(JsonGenerator generator, @Nullable Object value) {
    switch (value) {
      case null -> generator.writeNull();
      case Map<?, ?> members -> {
        generator.writeStartObject();
        for (Map.Entry<?, ?> member : members.entrySet()) {
          generator.writeName(String.valueOf(member.getKey()));
          write(generator, member.getValue());
        }
        generator.writeEndObject();
      }
      case Members members -> write(generator, members.values());
      case Members.Items list -> write(generator, list.items());
      case Iterable<?> items -> {
        generator.writeStartArray();
        for (Object item : items) {
          write(generator, item);
        }
        generator.writeEndArray();
      }
      case Boolean truth -> generator.writeBoolean(truth);
      case Integer number -> generator.writeNumber(number);
      case Long number -> generator.writeNumber(number);
      case Double number -> generator.writeNumber(number);
      default -> generator.writeString(value.toString());
    }
  }

  /** The value as JSON. */
  @Override
  public String toString() {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
      write(generator, value);
    }
    return text.toString();
  }

  Json get(String name) {
    Object member = value instanceof Map<?, ?> members ? members.get(name) : null;
    return member == null ? ABSENT : new Json(member);
  }

  /** Whether it is there, and not null. */
  boolean present() {
    return value != null;
  }

  /** The text; empty for what is none. */
  String text() {
    return value instanceof String text ? text : "";
  }

  boolean truthy() {
    return Boolean.TRUE.equals(value);
  }

  /** The number; 0 for what is none. */
  long number() {
    return value instanceof Number number ? number.longValue() : 0;
  }

  List<Json> items() {
    List<Json> items = new ArrayList<>();
    if (value instanceof List<?> list) {
      for (Object item : list) {
        items.add(new Json(item));
      }
    }
    return items;
  }

  List<String> texts() {
    List<String> texts = new ArrayList<>();
    for (Json item : items()) {
      texts.add(item.text());
    }
    return texts;
  }

  Set<String> names() {
    Map<String, Boolean> names = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> members) {
      for (Object name : members.keySet()) {
        names.put(String.valueOf(name), true);
      }
    }
    return names.keySet();
  }
}
