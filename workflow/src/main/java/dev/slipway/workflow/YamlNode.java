package dev.slipway.workflow;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node of a YAML document with its place. An alias is the very node its anchor names, so a
 * document is a graph without cycles; {@link #events} and {@link #bytes} count it as if every alias
 * were written out.
 */
public abstract sealed class YamlNode permits YamlNode.Scalar, YamlNode.Sequence, YamlNode.Mapping {
  private final Position at;
  private final long events;
  private final long bytes;
  private final int height;

  private YamlNode(Position at, long events, long bytes, int height) {
    this.at = at;
    this.events = events;
    this.bytes = bytes;
    this.height = height;
  }

  /** Where it begins. */
  public Position at() {
    return at;
  }

  long events() {
    return events;
  }

  long bytes() {
    return bytes;
  }

  /** How many collections lie one inside the other: 0 for a scalar. */
  int height() {
    return height;
  }

  /** This, when it is a scalar. */
  public @Nullable Scalar scalar() {
    return null;
  }

  /** This, when it is a sequence. */
  public @Nullable Sequence sequence() {
    return null;
  }

  /** This, when it is a mapping. */
  public @Nullable Mapping mapping() {
    return null;
  }

  /** Kinds of scalars in the core schema. */
  public enum Kind {
    NULL,
    BOOLEAN,
    NUMBER,
    STRING
  }

  /** How a scalar was written. */
  public enum Style {
    PLAIN,
    SINGLE_QUOTED,
    DOUBLE_QUOTED,
    LITERAL,
    FOLDED
  }

  /** A scalar. */
  public static final class Scalar extends YamlNode {
    private final Kind kind;
    private final String text;
    private final double number;
    private final Style style;
    private final int start;
    private final int end;

    Scalar(Position at, Kind kind, String text, double number, Style style, int start, int end) {
      super(at, 1, 24 + 2L * text.length(), 0);
      this.kind = kind;
      this.text = text;
      this.number = number;
      this.style = style;
      this.start = start;
      this.end = end;
    }

    /** Its kind. */
    public Kind kind() {
      return kind;
    }

    /** As written, without quotes and indentation; empty for null. */
    public String text() {
      return kind == Kind.NULL ? "" : text;
    }

    double number() {
      return number;
    }

    boolean truth() {
      return text.length() == 4;
    }

    /** How it was written. */
    public Style style() {
      return style;
    }

    /** Where its source begins, an index into the file's text. */
    public int start() {
      return start;
    }

    /** Where its source ends. */
    public int end() {
      return end;
    }

    boolean blank() {
      return text().isBlank();
    }

    @Override
    public Scalar scalar() {
      return this;
    }
  }

  /** A sequence. */
  public static final class Sequence extends YamlNode {
    private final List<YamlNode> items;

    Sequence(Position at, List<YamlNode> items, long events, long bytes, int height) {
      super(at, events, bytes, height);
      this.items = items;
    }

    /** Its items, in order. */
    public List<YamlNode> items() {
      return items;
    }

    @Override
    public Sequence sequence() {
      return this;
    }
  }

  /** A mapping; keys are different without regard to case. */
  public static final class Mapping extends YamlNode {
    private final List<Member> members;

    Mapping(Position at, List<Member> members, long events, long bytes, int height) {
      super(at, events, bytes, height);
      this.members = members;
    }

    /** Its members, in the order written. */
    public List<Member> members() {
      return members;
    }

    /** The value of exactly this key. */
    public @Nullable YamlNode get(String key) {
      for (Member member : members) {
        if (member.key().text().equals(key)) {
          return member.value();
        }
      }
      return null;
    }

    @Override
    public Mapping mapping() {
      return this;
    }
  }

  /** A member of a mapping. */
  public record Member(Scalar key, YamlNode value) {}
}
