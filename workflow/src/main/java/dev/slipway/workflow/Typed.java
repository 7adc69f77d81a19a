package dev.slipway.workflow;

import dev.slipway.workflow.expression.ExpressionException;
import dev.slipway.workflow.expression.Template;
import dev.slipway.workflow.expression.Value;
import dev.slipway.workflow.expression.Vocabulary;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads YAML as the types of a {@link Schema}: what does not fit is a problem, what fits becomes
 * nodes.
 */
final class Typed {
  private static final String OPEN = "${{";
  private static final Vocabulary NOTHING = Vocabulary.of(Set.of(), Set.of());

  private final Source source;
  private final Problems problems;
  private final Conditions conditions;

  Typed(Source source, Problems problems) {
    this.source = source;
    this.problems = problems;
    this.conditions = new Conditions(source, problems);
  }

  /**
   * The members of a mapping that fit its definition; those read by nobody are checked by {@link
   * #close}.
   */
  final class Fields {
    private final YamlNode.Mapping mapping;
    private final Schema.Definition definition;
    private final Map<String, Field> known = new LinkedHashMap<>();
    private final List<Field> others = new ArrayList<>();

    private Fields(YamlNode.Mapping mapping, Schema.Definition definition) {
      this.mapping = mapping;
      this.definition = definition;
    }

    Position at() {
      return mapping.at();
    }

    String definition() {
      return definition.name();
    }

    boolean has(String key) {
      return known.containsKey(key);
    }

    @Nullable Field field(String key) {
      return known.get(key);
    }

    /** The value of a key as it was written, not to be checked any further. */
    @Nullable YamlNode take(String key) {
      Field field = known.get(key);
      return field == null ? null : field.take();
    }

    /** Where a key stands. */
    Position keyAt(String key) {
      Field field = known.get(key);
      return field == null ? at() : field.key.at();
    }

    @Nullable Node node(String key) {
      Field field = known.get(key);
      return field == null ? null : field.node();
    }

    /** The mapping under a key, also one that an expression yields; null when there is none. */
    Node.@Nullable Mapping mapping(String key) {
      Node node = node(key);
      if (node instanceof Node.Scalar scalar && !scalar.literal()) {
        Node.Scalar insert =
            new Node.Scalar(scalar.at(), Template.compile(OPEN + " insert }}", NOTHING));
        return new Node.Mapping(scalar.at(), List.of(new Node.Member(insert, scalar)));
      }
      return node instanceof Node.Mapping found ? found : null;
    }

    /**
     * The text of a scalar without expressions; null when the key is not there or holds something
     * else.
     */
    @Nullable String text(String key) {
      return node(key) instanceof Node.Scalar scalar && scalar.literal() ? scalar.source() : null;
    }

    /** Whether a key holds the boolean true. */
    boolean flag(String key) {
      return "true".equalsIgnoreCase(text(key));
    }

    /** Texts under a key that holds one or a list of them. */
    List<String> texts(String key) {
      return Typed.texts(node(key));
    }

    /** The mapping under a key; null when the key is not there or holds something else. */
    @Nullable Fields fields(String key) {
      Field field = known.get(key);
      return field == null ? null : field.fields();
    }

    /** Whether the mapping may have this key. */
    boolean allows(String key) {
      return definition.key(key) != null;
    }

    Condition condition(String key, String otherwise) {
      Field field = known.get(key);
      Schema.Key defined = definition.key(key);
      if (defined == null || defined.type().vocabulary() == null) {
        throw new IllegalArgumentException(key + " is no condition");
      }
      Vocabulary vocabulary = defined.type().vocabulary();
      if (field == null) {
        return conditions.standard(at(), otherwise, vocabulary);
      }
      return conditions.read(field.take(), otherwise, vocabulary);
    }

    /** The members whose names the author chose. */
    List<Field> others() {
      return others;
    }

    /** Checks what nobody has read. */
    void close() {
      for (Field field : known.values()) {
        field.check();
      }
      for (Field field : others) {
        field.check();
      }
    }
  }

  /** A member of a mapping with the type of its value. */
  final class Field {
    private final YamlNode.Scalar key;
    private final YamlNode value;
    private final Schema.Type type;
    private final @Nullable Vocabulary vocabulary;
    private boolean taken;

    private Field(
        YamlNode.Scalar key, YamlNode value, Schema.Type type, @Nullable Vocabulary vocabulary) {
      this.key = key;
      this.value = value;
      this.type = type;
      this.vocabulary = type.vocabulary() == null ? vocabulary : type.vocabulary();
    }

    YamlNode.Scalar key() {
      return key;
    }

    Schema.Type type() {
      return type;
    }

    YamlNode take() {
      taken = true;
      return value;
    }

    @Nullable Node node() {
      taken = true;
      return read(value, type, vocabulary);
    }

    @Nullable Fields fields() {
      taken = true;
      YamlNode.Mapping found = value.mapping();
      if (found == null || type.mappings().isEmpty()) {
        read(value, type, vocabulary);
        return null;
      }
      return Typed.this.fields(found, type.mappings(), vocabulary);
    }

    private void check() {
      if (!taken) {
        read(value, type, vocabulary);
      }
    }
  }

  /** The condition of a step that runs whatever happened before. */
  Condition always(Position at) {
    return conditions.always(at);
  }

  /** Texts of a scalar or of the scalars in a sequence. */
  static List<String> texts(@Nullable Node node) {
    List<String> texts = new ArrayList<>();
    if (node instanceof Node.Scalar scalar) {
      texts.add(scalar.source());
    } else if (node instanceof Node.Sequence sequence) {
      for (Node item : sequence.items()) {
        if (item instanceof Node.Scalar scalar) {
          texts.add(scalar.source());
        }
      }
    }
    return texts;
  }

  /** The root of a file as a mapping. */
  @Nullable Fields root(YamlNode node, Schema.Definition definition) {
    YamlNode.Mapping mapping = node.mapping();
    if (mapping == null) {
      unexpected(node, null);
      return null;
    }
    return fields(mapping, List.of(definition), null);
  }

  /** A mapping that must fit one of some definitions. */
  @Nullable Fields fields(
      YamlNode.Mapping mapping,
      List<Schema.Definition> candidates,
      @Nullable Vocabulary vocabulary) {
    Schema.Definition definition = choose(mapping, candidates);
    if (definition == null) {
      return null;
    }
    Fields fields = new Fields(mapping, definition);
    boolean complete = true;
    for (YamlNode.Member member : mapping.members()) {
      YamlNode.Scalar key = member.key();
      String name = key.text();
      Schema.Key known = definition.key(name);
      Schema.Key other = definition.other();
      if (name.contains(OPEN)) {
        complete = false;
        template(key, vocabulary);
        generic(member.value(), vocabulary);
      } else if (known != null) {
        fields.known.put(name, new Field(key, member.value(), known.type(), vocabulary));
      } else if (other != null) {
        if (name.isEmpty()) {
          problems.error(key.at(), "Unexpected value ''", "a key must not be empty");
        }
        fields.others.add(new Field(key, member.value(), other.type(), vocabulary));
      } else {
        problems.error(
            key.at(), "Unexpected value '" + name + "'", keyHint(name, definition, candidates));
      }
    }
    if (complete) {
      require(fields, definition);
    }
    return fields;
  }

  private void require(Fields fields, Schema.Definition definition) {
    for (Schema.Key key : definition.keys().values()) {
      if (key.required() && !fields.has(key.name())) {
        problems.error(
            fields.at(),
            "Required property is missing: " + key.name(),
            key.doc().isEmpty() ? null : "add '" + key.name() + "': " + key.doc());
      }
    }
  }

  private static @Nullable String keyHint(
      String name, Schema.Definition definition, List<Schema.Definition> candidates) {
    for (Schema.Definition candidate : candidates) {
      if (candidate != definition && candidate.key(name) != null) {
        for (Schema.Key key : definition.keys().values()) {
          if (key.required() && distinguishes(key.name(), candidates)) {
            return "'" + name + "' cannot be combined with '" + key.name() + "'";
          }
        }
      }
    }
    return Spelling.hint(name, definition.keys().keySet());
  }

  private static boolean distinguishes(String key, List<Schema.Definition> candidates) {
    int count = 0;
    for (Schema.Definition candidate : candidates) {
      count += candidate.key(key) != null ? 1 : 0;
    }
    return count == 1;
  }

  /** The definition that a mapping is meant to fit: the keys that only one of them has decide. */
  private Schema.@Nullable Definition choose(
      YamlNode.Mapping mapping, List<Schema.Definition> candidates) {
    if (candidates.size() == 1) {
      return candidates.getFirst();
    }
    for (int pass = 0; pass < 2; pass++) {
      for (YamlNode.Member member : mapping.members()) {
        String name = member.key().text();
        if (!distinguishes(name, candidates)) {
          continue;
        }
        for (Schema.Definition candidate : candidates) {
          Schema.Key key = candidate.key(name);
          if (key != null && (key.required() || pass == 1)) {
            return candidate;
          }
        }
      }
    }
    Set<String> deciding = new TreeSet<>();
    for (Schema.Definition candidate : candidates) {
      for (Schema.Key key : candidate.keys().values()) {
        if (key.required() && distinguishes(key.name(), candidates)) {
          deciding.add(key.name());
        }
      }
    }
    String meant = null;
    for (YamlNode.Member member : mapping.members()) {
      String nearest = Spelling.nearest(member.key().text(), deciding);
      meant =
          nearest == null
              ? meant
              : "did you mean '" + nearest + "' for '" + member.key().text() + "'?";
    }
    problems.error(
        mapping.at(), "Expected one of these keys here: " + String.join(", ", deciding), meant);
    return null;
  }

  /** A value of a type; null after an error. */
  @Nullable Node read(YamlNode node, Schema.Type type, @Nullable Vocabulary inherited) {
    return read(node, type, inherited, false);
  }

  private @Nullable Node read(
      YamlNode node, Schema.Type type, @Nullable Vocabulary inherited, boolean inSequence) {
    Vocabulary vocabulary = type.vocabulary() == null ? inherited : type.vocabulary();
    if (type.is(Schema.Type.ANY)) {
      return generic(node, vocabulary);
    }
    YamlNode.Scalar scalar = node.scalar();
    if (scalar != null) {
      return expression(scalar) && !type.is(Schema.Type.CONDITION)
          ? expression(scalar, type, vocabulary, inSequence)
          : scalar(scalar, type, vocabulary);
    }
    YamlNode.Sequence sequence = node.sequence();
    Schema.Type item = type.item();
    if (sequence != null && item != null) {
      List<Node> items = new ArrayList<>(sequence.items().size());
      for (YamlNode each : sequence.items()) {
        Node read = read(each, item, vocabulary, true);
        if (read != null) {
          items.add(read);
        }
      }
      return new Node.Sequence(node.at(), items);
    }
    YamlNode.Mapping mapping = node.mapping();
    if (mapping != null && !type.mappings().isEmpty()) {
      return mapping(mapping, type.mappings(), vocabulary);
    }
    unexpected(node, type);
    return null;
  }

  private @Nullable Node mapping(
      YamlNode.Mapping mapping,
      List<Schema.Definition> candidates,
      @Nullable Vocabulary vocabulary) {
    Fields fields = fields(mapping, candidates, vocabulary);
    if (fields == null) {
      return null;
    }
    List<Node.Member> members = new ArrayList<>(mapping.members().size());
    int other = 0;
    for (YamlNode.Member member : mapping.members()) {
      YamlNode.Scalar key = member.key();
      Field field = fields.known.get(key.text());
      if (field == null && other < fields.others.size() && fields.others.get(other).key == key) {
        field = fields.others.get(other++);
      }
      if (field != null) {
        Node value = field.node();
        if (value != null) {
          members.add(new Node.Member(literal(key, Value.of(key.text())), value));
        }
      } else if (key.text().contains(OPEN) && vocabulary != null) {
        Node.Scalar template = template(key, vocabulary);
        Schema.Key named = fields.definition.other();
        Node value =
            template == null || template.template().insert() || named == null
                ? generic(member.value(), vocabulary)
                : read(member.value(), named.type(), vocabulary);
        if (template != null && value != null) {
          members.add(new Node.Member(template, value));
        }
      }
    }
    return new Node.Mapping(mapping.at(), members);
  }

  /** A value of any type: scalars keep their own. */
  private @Nullable Node generic(YamlNode node, @Nullable Vocabulary vocabulary) {
    YamlNode.Scalar scalar = node.scalar();
    if (scalar != null) {
      return expression(scalar) ? value(scalar, vocabulary) : literal(scalar, value(scalar));
    }
    YamlNode.Sequence sequence = node.sequence();
    if (sequence != null) {
      List<Node> items = new ArrayList<>(sequence.items().size());
      for (YamlNode each : sequence.items()) {
        Node read = generic(each, vocabulary);
        if (read != null) {
          items.add(read);
        }
      }
      return new Node.Sequence(node.at(), items);
    }
    YamlNode.Mapping mapping = node.mapping();
    List<Node.Member> members = new ArrayList<>();
    if (mapping != null) {
      for (YamlNode.Member member : mapping.members()) {
        Node.Scalar key =
            expression(member.key())
                ? template(member.key(), vocabulary)
                : literal(member.key(), Value.of(member.key().text()));
        Node value = generic(member.value(), vocabulary);
        if (key != null && value != null) {
          members.add(new Node.Member(key, value));
        }
      }
    }
    return new Node.Mapping(node.at(), members);
  }

  static boolean expression(YamlNode.Scalar scalar) {
    return scalar.kind() == YamlNode.Kind.STRING && scalar.text().contains(OPEN);
  }

  private Node.@Nullable Scalar scalar(
      YamlNode.Scalar scalar, Schema.Type type, @Nullable Vocabulary vocabulary) {
    if (type.is(Schema.Type.CONDITION) && vocabulary != null) {
      Condition condition = conditions.read(scalar, "success()", vocabulary);
      return literal(scalar, Value.of(condition.source() == null ? "" : condition.source()));
    }
    boolean fits =
        switch (scalar.kind()) {
          case NULL -> type.is(Schema.Type.NULL);
          case BOOLEAN -> type.is(Schema.Type.BOOLEAN);
          case NUMBER -> type.is(Schema.Type.NUMBER);
          case STRING -> false;
        };
    if (fits) {
      return literal(scalar, value(scalar));
    }
    String text = scalar.text();
    if (fits(text, type)) {
      // A number or boolean where text is wanted becomes the text of its value: 3.10 is 3.1
      // (TemplateReader).
      return literal(
          scalar,
          scalar.kind() == YamlNode.Kind.STRING
              ? Value.of(text)
              : Value.of(value(scalar).toText()));
    }
    unexpected(scalar, type);
    return null;
  }

  private static boolean fits(String text, Schema.Type type) {
    return type.is(Schema.Type.STRING)
        || (type.is(Schema.Type.TEXT) && !text.isEmpty())
        || type.constants().contains(text);
  }

  /** Text with expressions; a lone string in {@code ${{ }}} is read as if it were written so. */
  private Node.@Nullable Scalar expression(
      YamlNode.Scalar scalar,
      Schema.Type type,
      @Nullable Vocabulary vocabulary,
      boolean inSequence) {
    Node.Scalar read = value(scalar, vocabulary);
    if (read == null) {
      return null;
    }
    Template template = read.template();
    if (!template.literal()) {
      return new Node.Scalar(
          read.at(), template.checked(inSequence ? Expected.item(type) : Expected.of(type)));
    }
    if (fits(template.source(), type)) {
      return read;
    }
    problems.error(
        scalar.at(),
        "Unexpected value '" + firstLine(template.source()) + "'",
        "expected " + type.description());
    return null;
  }

  /** Text with expressions that is a value and no key. */
  private Node.@Nullable Scalar value(YamlNode.Scalar scalar, @Nullable Vocabulary vocabulary) {
    Node.Scalar string = vocabulary == null ? string(scalar) : null;
    Node.Scalar read = string == null ? template(scalar, vocabulary) : string;
    if (read != null && read.template().insert()) {
      problems.error(
          scalar.at(),
          "Unexpected value '" + scalar.text() + "'",
          "${{ insert }} is a key; its value is the mapping to insert");
      return null;
    }
    return read;
  }

  private Node.@Nullable Scalar template(YamlNode.Scalar scalar, @Nullable Vocabulary vocabulary) {
    if (vocabulary == null) {
      problems.error(
          source.position(scalar, scalar.text().indexOf(OPEN)),
          "An expression is not allowed here: '" + firstLine(scalar.text()) + "'",
          "this value is read before any context exists; write it out");
      return null;
    }
    try {
      return new Node.Scalar(scalar.at(), Template.compile(scalar.text(), vocabulary));
    } catch (ExpressionException e) {
      problems.error(
          source.position(scalar, e.offset()), String.valueOf(e.getMessage()), Conditions.hint(e));
      return null;
    }
  }

  /** A lone string in {@code ${{ }}}, which needs no context; null for anything else. */
  private static Node.@Nullable Scalar string(YamlNode.Scalar scalar) {
    try {
      Template template = Template.compile(scalar.text(), NOTHING);
      return template.literal() ? new Node.Scalar(scalar.at(), template) : null;
    } catch (ExpressionException e) {
      return null;
    }
  }

  private static Node.Scalar literal(YamlNode.Scalar scalar, Value value) {
    return new Node.Scalar(scalar.at(), Template.literal(value, scalar.text()));
  }

  /** The value of a scalar as it is written. */
  static Value value(YamlNode.Scalar scalar) {
    return switch (scalar.kind()) {
      case NULL -> Value.NULL;
      case BOOLEAN -> Value.of(scalar.truth());
      case NUMBER -> Value.of(scalar.number());
      case STRING -> Value.of(scalar.text());
    };
  }

  /** Reports a value that has not the shape it must have. */
  void unexpected(YamlNode node, Schema.@Nullable Type type) {
    String wanted = type == null ? "a mapping" : type.description();
    YamlNode.Scalar scalar = node.scalar();
    if (scalar == null) {
      problems.error(
          node.at(),
          (node.sequence() != null ? "A sequence" : "A mapping") + " was not expected",
          "expected " + wanted);
    } else {
      problems.error(
          node.at(),
          "Unexpected value '" + firstLine(scalar.text()) + "'",
          valueHint(scalar, type, wanted));
    }
  }

  private static String valueHint(
      YamlNode.Scalar scalar, Schema.@Nullable Type type, String wanted) {
    String text = scalar.text();
    if (type != null && !type.constants().isEmpty()) {
      Collection<String> constants = type.constants();
      String nearest = Spelling.nearest(text, constants);
      return nearest == null ? "expected " + wanted : "did you mean '" + nearest + "'?";
    }
    boolean quoted = scalar.style() != YamlNode.Style.PLAIN;
    if (type != null && type.is(Schema.Type.BOOLEAN) && quoted && CoreSchema.isBoolean(text)) {
      return "remove the quotes";
    }
    if (type != null && type.is(Schema.Type.NUMBER) && quoted && CoreSchema.isFloat(text)) {
      return "remove the quotes";
    }
    return text.isEmpty()
        ? "expected " + wanted + "; give a value or remove the key"
        : "expected " + wanted;
  }

  private static String firstLine(String text) {
    int end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end) + "…";
  }
}
