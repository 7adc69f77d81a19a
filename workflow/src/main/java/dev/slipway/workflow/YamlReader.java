package dev.slipway.workflow;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlVersionException;

/**
 * Reads a YAML 1.2 document of the core schema into nodes with places. Budgets bound what a small
 * file can make of itself: aliases count as if they were written out.
 */
final class YamlReader {
  private static final int LARGEST_FILE = 1024 * 1024;
  private static final long MOST_EVENTS = 1_000_000;
  private static final long MOST_BYTES = 10L * 1024 * 1024;
  private static final String CORE_TAG = "tag:yaml.org,2002:";

  private final Source source;
  private final Problems problems;
  private final int deepest;
  private final Iterator<Event> events;
  private final String text;
  private final Map<String, YamlNode> anchors = new HashMap<>();
  private final Set<String> open = new HashSet<>();
  private long counted;

  /** Stops the reading at an error after which nothing sensible can be read. */
  private static final class Stop extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient Position at;
    private final transient @Nullable String hint;

    Stop(Position at, String message, @Nullable String hint) {
      super(message, null, false, false);
      this.at = at;
      this.hint = hint;
    }

    String message() {
      return String.valueOf(getMessage());
    }
  }

  private YamlReader(String text, Source source, Problems problems, int deepest) {
    this.text = text;
    this.source = source;
    this.problems = problems;
    this.deepest = deepest;
    LoadSettings settings =
        LoadSettings.builder().setUseMarks(true).setCodePointLimit(4 * LARGEST_FILE).build();
    this.events = new Parse(settings).parseString(text).iterator();
  }

  /** The document's root; null after an error that ends the reading, and for an empty document. */
  static @Nullable YamlNode read(String text, Source source, Problems problems, int deepest) {
    if (text.length() > LARGEST_FILE) {
      problems.error(
          Position.START,
          "The file is larger than 1 MiB",
          "split it, or move long scripts into files of their own");
      return null;
    }
    YamlNode everyday = BlockYaml.read(text);
    return everyday != null ? everyday : parse(text, source, problems, deepest);
  }

  /** The same by the full parser. */
  static @Nullable YamlNode parse(String text, Source source, Problems problems, int deepest) {
    try {
      return new YamlReader(text, source, problems, deepest).document();
    } catch (Stop stop) {
      problems.error(stop.at, stop.message(), stop.hint);
    } catch (ReaderException e) {
      problems.error(
          source.position(
              source.index(Math.min(e.getPosition(), text.codePointCount(0, text.length())))),
          "The character U+"
              + Integer.toHexString(e.getCodePoint()).toUpperCase(Locale.ROOT)
              + " is not allowed in YAML",
          "remove it, or write it as an escape inside double quotes");
    } catch (MarkedYamlEngineException e) {
      YamlSyntax.report(e, text, problems);
    } catch (YamlVersionException e) {
      problems.error(
          Position.START,
          "Invalid YAML: the version that %YAML names is not supported",
          "remove the line, or name version 1.2");
    } catch (YamlEngineException e) {
      problems.error(Position.START, "Invalid YAML: " + e.getMessage(), null);
    }
    return null;
  }

  private @Nullable YamlNode document() {
    Event event = next();
    while (event.getEventId() == Event.ID.StreamStart) {
      event = next();
    }
    if (event.getEventId() == Event.ID.StreamEnd) {
      problems.error(Position.START, "The file is empty", null);
      return null;
    }
    YamlNode root = node(next(), 0);
    next();
    Event after = next();
    if (after.getEventId() != Event.ID.StreamEnd) {
      throw new Stop(
          at(after),
          "The file holds more than one YAML document",
          "remove the line '---' that starts the second");
    }
    if (root instanceof YamlNode.Scalar scalar && scalar.kind() == YamlNode.Kind.NULL) {
      problems.error(Position.START, "The file is empty", null);
      return null;
    }
    return root;
  }

  private Event next() {
    return events.next();
  }

  private YamlNode node(Event event, int depth) {
    if (event instanceof AliasEvent alias) {
      return alias(alias, depth);
    }
    String anchor = event instanceof NodeEvent named ? name(named.getAnchor()) : null;
    if (anchor != null) {
      open.add(anchor);
    }
    YamlNode node =
        event instanceof ScalarEvent scalar
            ? scalar(scalar)
            : collection((CollectionStartEvent) event, depth);
    if (anchor != null) {
      open.remove(anchor);
      anchors.put(anchor, node);
    }
    return node;
  }

  private static @Nullable String name(Optional<Anchor> anchor) {
    return anchor.isPresent() ? anchor.get().getValue() : null;
  }

  private YamlNode alias(AliasEvent event, int depth) {
    String name = event.getAlias().getValue();
    YamlNode target = open.contains(name) ? null : anchors.get(name);
    if (target == null) {
      throw new Stop(
          at(event),
          open.contains(name)
              ? "The alias '*" + name + "' lies inside the node that it names"
              : "Unknown anchor '" + name + "'",
          open.contains(name)
              ? "a node cannot contain itself"
              : "an anchor '&"
                  + name
                  + "' must come before its first use; quote a value that begins with *");
    }
    count(event, target.events());
    if (depth + target.height() > deepest) {
      throw tooDeep(event);
    }
    return target;
  }

  private YamlNode collection(CollectionStartEvent event, int depth) {
    count(event, 2);
    if (depth >= deepest) {
      throw tooDeep(event);
    }
    boolean mapping = event.getEventId() == Event.ID.MappingStart;
    String tag = event.getTag().orElse(null);
    if (tag != null && !tag.equals(CORE_TAG + (mapping ? "map" : "seq"))) {
      throw unexpectedTag(at(event), tag);
    }
    return mapping ? mapping(event, depth + 1) : sequence(event, depth + 1);
  }

  private Stop tooDeep(Event event) {
    return new Stop(at(event), "The file is nested more than " + deepest + " levels deep", null);
  }

  private YamlNode sequence(CollectionStartEvent start, int depth) {
    Position at = at(start);
    List<YamlNode> items = new ArrayList<>();
    long size = 2;
    long bytes = 24;
    int height = 0;
    for (Event event = next(); event.getEventId() != Event.ID.SequenceEnd; event = next()) {
      YamlNode item = node(event, depth);
      items.add(item);
      size += item.events();
      bytes += item.bytes();
      height = Math.max(height, item.height());
      checkBytes(event, bytes);
    }
    return new YamlNode.Sequence(at, items, size, bytes, height + 1);
  }

  private YamlNode mapping(CollectionStartEvent start, int depth) {
    Position at = at(start);
    List<YamlNode.Member> members = new ArrayList<>();
    Set<String> keys = new HashSet<>();
    long size = 2;
    long bytes = 24;
    int height = 0;
    for (Event event = next(); event.getEventId() != Event.ID.MappingEnd; event = next()) {
      YamlNode key = node(event, depth);
      YamlNode value = node(next(), depth);
      size += key.events() + value.events();
      bytes += key.bytes() + value.bytes();
      height = Math.max(height, Math.max(key.height(), value.height()));
      checkBytes(event, bytes);
      if (!(key instanceof YamlNode.Scalar scalar)) {
        problems.error(key.at(), "A key must be a scalar", "quote a key that begins with { or [");
      } else if (!scalar.text().contains("${{")
          && !keys.add(scalar.text().toLowerCase(Locale.ROOT))) {
        problems.error(
            scalar.at(),
            "'" + scalar.text() + "' is already defined",
            "remove one of the two; keys that differ only in case are the same");
      } else {
        members.add(new YamlNode.Member(scalar, value));
      }
    }
    return new YamlNode.Mapping(at, members, size, bytes, height + 1);
  }

  private void checkBytes(Event event, long bytes) {
    if (bytes > MOST_BYTES) {
      throw new Stop(
          at(event),
          "The file takes more than 10 MiB when its aliases are written out",
          "use fewer aliases");
    }
  }

  private void count(Event event, long more) {
    counted += more;
    if (counted > MOST_EVENTS) {
      throw new Stop(
          at(event),
          "The file has more than 1,000,000 nodes when its aliases are written out",
          "use fewer aliases");
    }
  }

  private YamlNode.Scalar scalar(ScalarEvent event) {
    count(event, 1);
    int end =
        event.getEndMark().isPresent() ? source.index(event.getEndMark().get().getIndex()) : 0;
    int start = contentStart(event, end);
    Position at = at(event);
    YamlNode.Style style = style(event);
    String value = event.getValue();
    String tag = event.getTag().orElse(null);
    if (tag == null) {
      return style == YamlNode.Style.PLAIN
          ? plain(at, value, start, end)
          : new YamlNode.Scalar(at, YamlNode.Kind.STRING, value, 0, style, start, end);
    }
    return tagged(at, tag, style, value, start, end);
  }

  /** Where a scalar itself begins, after its anchor and tag. */
  private int contentStart(ScalarEvent event, int end) {
    int i =
        event.getStartMark().isPresent() ? source.index(event.getStartMark().get().getIndex()) : 0;
    if (event.getAnchor().isEmpty() && event.getTag().isEmpty()) {
      return i;
    }
    while (i < end) {
      char c = text.charAt(i);
      if (c == '&' || c == '!') {
        while (i < end && !Character.isWhitespace(text.charAt(i))) {
          i++;
        }
      } else if (c == '#') {
        while (i < end && text.charAt(i) != '\n') {
          i++;
        }
      } else if (Character.isWhitespace(c)) {
        i++;
      } else {
        break;
      }
    }
    return i;
  }

  private static YamlNode.Style style(ScalarEvent event) {
    if (event.isPlain()) {
      return YamlNode.Style.PLAIN;
    }
    if (event.isLiteral()) {
      return YamlNode.Style.LITERAL;
    }
    if (event.isFolded()) {
      return YamlNode.Style.FOLDED;
    }
    return event.isSQuoted() ? YamlNode.Style.SINGLE_QUOTED : YamlNode.Style.DOUBLE_QUOTED;
  }

  static YamlNode.Scalar plain(Position at, String value, int start, int end) {
    if (!value.isEmpty() && CoreSchema.isString(value.charAt(0))) {
      return new YamlNode.Scalar(
          at, YamlNode.Kind.STRING, value, 0, YamlNode.Style.PLAIN, start, end);
    }
    YamlNode.Kind kind = YamlNode.Kind.STRING;
    double number = 0;
    if (CoreSchema.isNull(value)) {
      kind = YamlNode.Kind.NULL;
    } else if (CoreSchema.isBoolean(value)) {
      kind = YamlNode.Kind.BOOLEAN;
    } else if (CoreSchema.isInteger(value)) {
      kind = YamlNode.Kind.NUMBER;
      number = CoreSchema.integer(value);
    } else if (CoreSchema.isFloat(value)) {
      kind = YamlNode.Kind.NUMBER;
      number = CoreSchema.floating(value);
    }
    if (Double.isNaN(number) && !value.toLowerCase(Locale.ROOT).endsWith("nan")) {
      throw invalid(at, value, "int");
    }
    return new YamlNode.Scalar(at, kind, value, number, YamlNode.Style.PLAIN, start, end);
  }

  private static YamlNode.Scalar tagged(
      Position at, String tag, YamlNode.Style style, String value, int start, int end) {
    if (tag.equals(CORE_TAG + "str")) {
      return new YamlNode.Scalar(at, YamlNode.Kind.STRING, value, 0, style, start, end);
    }
    String type = tag.startsWith(CORE_TAG) ? tag.substring(CORE_TAG.length()) : "";
    boolean known =
        type.equals("bool") || type.equals("int") || type.equals("float") || type.equals("null");
    if (!known) {
      throw unexpectedTag(at, tag);
    }
    if (style != YamlNode.Style.PLAIN) {
      throw new Stop(
          at,
          "A quoted value is not valid with the tag '" + tag + "'",
          "remove the quotes or the tag");
    }
    YamlNode.Scalar plain = plain(at, value, start, end);
    boolean valid =
        type.equals("bool")
            ? plain.kind() == YamlNode.Kind.BOOLEAN
            : type.equals("null")
                ? plain.kind() == YamlNode.Kind.NULL
                : type.equals("int") ? CoreSchema.isInteger(value) : CoreSchema.isFloat(value);
    if (!valid) {
      throw invalid(at, value, type);
    }
    return plain;
  }

  private static Stop unexpectedTag(Position at, String tag) {
    return new Stop(
        at,
        "Unexpected tag '" + tag + "'",
        tag.startsWith("!") ? YamlSyntax.TAG_HINT : "remove the tag");
  }

  private static Stop invalid(Position at, String value, String type) {
    return new Stop(
        at,
        "The value '"
            + value
            + "' on line "
            + at.line()
            + " and column "
            + at.column()
            + " is invalid for the type '"
            + CORE_TAG
            + type
            + "'",
        "quote the value to make it a string");
  }

  private static Position at(Event event) {
    if (event.getStartMark().isEmpty()) {
      return Position.START;
    }
    Mark mark = event.getStartMark().get();
    return new Position(mark.getLine() + 1, mark.getColumn() + 1);
  }
}
