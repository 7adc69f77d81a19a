package dev.slipway.workflow;

import dev.slipway.workflow.expression.Vocabulary;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The syntax of a kind of file as data: which keys a mapping has, of which type each value is, and
 * which contexts and functions its expressions may use.
 *
 * <p>Notation of the tables: a line without indentation names a definition, the lines below it are
 * its keys, {@code key!: type @contexts -- what it is for}, where {@code !} marks a required key
 * and the key {@code *} any other. A type is a list of alternatives divided by {@code |}: a
 * built-in ({@code string}, {@code text} for one that is not empty, {@code boolean}, {@code
 * number}, {@code scalar}, {@code null}, {@code any}, {@code condition}), a constant in quotes, or
 * a definition. {@code name = type} gives a type a name; {@code [type]} is a sequence. Without
 * contexts a key has those of the key around it; without any, expressions are not allowed.
 */
public final class Schema {
  private final String root;
  private final Map<String, Definition> definitions = new LinkedHashMap<>();
  private final Map<String, String> named = new HashMap<>();
  private final Map<String, Vocabulary> vocabularies;

  private Schema(String table) {
    this.vocabularies = vocabularies(WorkflowSyntax.CONTEXTS);
    this.root = table.substring(0, table.indexOf('\n'));
    define(table);
  }

  /** The syntax of workflow files, each event as the definition {@code on.EVENT}. */
  public static Schema workflow() {
    return WorkflowHolder.SCHEMA;
  }

  /** The syntax of action manifests. */
  public static Schema action() {
    return ActionHolder.SCHEMA;
  }

  private static final class WorkflowHolder {
    private static final Schema SCHEMA = withEvents(new Schema(WorkflowSyntax.WORKFLOW));
  }

  private static final class ActionHolder {
    private static final Schema SCHEMA = new Schema(WorkflowSyntax.ACTION);
  }

  /** The definition of the whole file. */
  public Definition root() {
    return definition(root);
  }

  /**
   * The definition of this name.
   *
   * @throws IllegalArgumentException when there is none
   */
  public Definition definition(String name) {
    Definition definition = definitions.get(name);
    if (definition == null) {
      throw new IllegalArgumentException("no definition " + name);
    }
    return definition;
  }

  /** All definitions of mappings. */
  public Collection<Definition> definitions() {
    return Collections.unmodifiableCollection(definitions.values());
  }

  /** A mapping: its keys in the order of the documentation. */
  public static final class Definition {
    private final String name;
    private final Map<String, Key> keys = new LinkedHashMap<>();
    private @Nullable Key other;

    private Definition(String name) {
      this.name = name;
    }

    public String name() {
      return name;
    }

    /** The keys by name. */
    public Map<String, Key> keys() {
      return Collections.unmodifiableMap(keys);
    }

    /**
     * The key of this name; null when it is unknown or one of those that the file's author names.
     */
    public @Nullable Key key(String key) {
      return keys.get(key);
    }

    /** What keys that are not listed hold; null when they are not allowed. */
    public @Nullable Key other() {
      return other;
    }
  }

  /** A key of a mapping; {@code *} stands for those that the file's author names. */
  public record Key(String name, Type type, boolean required, String doc) {}

  /** What a value may be. */
  public static final class Type {
    static final int NULL = 1;
    static final int BOOLEAN = 2;
    static final int NUMBER = 4;
    static final int STRING = 8;
    static final int TEXT = 16;
    static final int CONDITION = 32;
    static final int ANY = 64;

    private int kinds;
    private final List<String> constants = new ArrayList<>();
    private final List<Definition> mappings = new ArrayList<>();
    private @Nullable Type item;
    private @Nullable Vocabulary vocabulary;

    private Type() {}

    boolean is(int kind) {
      return (kinds & kind) != 0;
    }

    /** The values it is restricted to; empty when any text will do. */
    public List<String> constants() {
      return Collections.unmodifiableList(constants);
    }

    /** The mappings it may be. */
    public List<Definition> mappings() {
      return Collections.unmodifiableList(mappings);
    }

    /** The type of its items when it may be a sequence. */
    public @Nullable Type item() {
      return item;
    }

    /** What expressions in it may use; null when that is decided by the key around it. */
    public @Nullable Vocabulary vocabulary() {
      return vocabulary;
    }

    /** In words. */
    public String description() {
      List<String> words = new ArrayList<>();
      if (is(STRING | TEXT)) {
        words.add("a string");
      }
      if (is(BOOLEAN)) {
        words.add("true or false");
      }
      if (is(NUMBER)) {
        words.add("a number");
      }
      if (is(CONDITION)) {
        words.add("a condition");
      }
      if (!constants.isEmpty()) {
        words.add("one of " + String.join(", ", constants));
      }
      if (item != null) {
        words.add("a list");
      }
      if (!mappings.isEmpty()) {
        words.add("a mapping");
      }
      if (words.isEmpty()) {
        words.add(is(NULL) ? "nothing" : "any value");
      }
      return String.join(" or ", words);
    }

    private void add(Type other) {
      kinds |= other.kinds;
      constants.addAll(other.constants);
      mappings.addAll(other.mappings);
      if (other.item != null) {
        item = other.item;
      }
    }
  }

  private void define(String table) {
    List<String> lines = table.lines().toList();
    for (String line : lines) {
      if (line.charAt(0) != ' ') {
        int is = line.indexOf(" = ");
        if (is < 0) {
          definitions.put(line, new Definition(line));
        } else {
          named.put(line.substring(0, is), line.substring(is + 3));
        }
      }
    }
    Definition current = root();
    for (String line : lines) {
      if (line.charAt(0) == ' ') {
        addKey(current, line);
      } else if (!line.contains(" = ")) {
        current = definition(line);
      }
    }
  }

  private void addKey(Definition definition, String line) {
    int colon = line.indexOf(": ");
    int doc = line.indexOf(" -- ");
    boolean required = line.charAt(colon - 1) == '!';
    String name = line.substring(2, required ? colon - 1 : colon);
    Type type = type(line.substring(colon + 2, doc < 0 ? line.length() : doc));
    Key key = new Key(name, type, required, doc < 0 ? "" : line.substring(doc + 4));
    if (name.equals("*")) {
      definition.other = key;
    } else {
      definition.keys.put(name, key);
    }
  }

  private Type type(String text) {
    int at = text.indexOf(" @");
    Type type = new Type();
    String alternatives = at < 0 ? text : text.substring(0, at);
    int start = 0;
    while (start <= alternatives.length()) {
      int end = alternatives.indexOf('|', start);
      end = end < 0 ? alternatives.length() : end;
      add(type, alternatives.substring(start, end));
      start = end + 1;
    }
    if (at >= 0) {
      type.vocabulary = vocabularies.get(text.substring(at + 2));
    }
    return type;
  }

  private void add(Type type, String name) {
    if (name.charAt(0) == '\'') {
      type.constants.add(name.substring(1, name.length() - 1));
      return;
    }
    if (name.charAt(0) == '[') {
      type.item = type(name.substring(1, name.length() - 1));
      return;
    }
    Definition definition = definitions.get(name);
    String alias = named.get(name);
    if (definition != null) {
      type.mappings.add(definition);
    } else if (alias != null) {
      type.add(type(alias));
    } else {
      type.kinds |= builtIn(name);
    }
  }

  private static int builtIn(String name) {
    return switch (name) {
      case "null" -> Type.NULL;
      case "boolean" -> Type.BOOLEAN;
      case "number" -> Type.NUMBER;
      case "string" -> Type.STRING;
      case "text" -> Type.TEXT;
      case "scalar" -> Type.STRING | Type.BOOLEAN | Type.NUMBER;
      case "condition" -> Type.CONDITION;
      case "any" -> Type.ANY;
      default -> throw new IllegalArgumentException("no type " + name);
    };
  }

  private static Schema withEvents(Schema schema) {
    Type patterns = schema.type("text|texts");
    Definition triggers = new Definition("on");
    for (Events.Event event : Events.all()) {
      Definition definition = new Definition("on." + event.name());
      for (String filter : event.filters()) {
        definition.keys.put(filter, new Key(filter, patterns, false, ""));
      }
      if (!event.types().isEmpty()) {
        Type activity = new Type();
        activity.constants.addAll(event.types());
        Type activities = new Type();
        activities.constants.addAll(event.types());
        activities.item = activity;
        definition.keys.put("types", new Key("types", activities, false, "kinds of activity"));
      }
      Type type = new Type();
      if (!event.type().isEmpty()) {
        type = schema.type(event.type());
      } else {
        type.kinds = Type.NULL;
        if (!definition.keys.isEmpty()) {
          type.mappings.add(definition);
          schema.definitions.put(definition.name(), definition);
        }
      }
      triggers.keys.put(event.name(), new Key(event.name(), type, false, ""));
    }
    schema.definitions.put("on", triggers);
    return schema;
  }

  private static Map<String, Vocabulary> vocabularies(String table) {
    Map<String, Vocabulary> result = new HashMap<>();
    for (String line : table.lines().toList()) {
      String[] words = line.split(" ", -1);
      Set<String> contexts = new HashSet<>();
      Set<Vocabulary.Function> functions = new HashSet<>();
      boolean statusArguments = false;
      for (int i = 1; i < words.length; i++) {
        if (words[i].endsWith(")")) {
          functions.add(function(words[i]));
          statusArguments |= words[i].endsWith("(...)");
        } else {
          contexts.add(words[i]);
        }
      }
      Vocabulary vocabulary = Vocabulary.of(contexts, functions);
      result.put(words[0], statusArguments ? vocabulary : vocabulary.withoutStatusArguments());
    }
    return result;
  }

  private static Vocabulary.Function function(String word) {
    return switch (word.substring(0, word.indexOf('('))) {
      case "always" -> Vocabulary.Function.ALWAYS;
      case "cancelled" -> Vocabulary.Function.CANCELLED;
      case "success" -> Vocabulary.Function.SUCCESS;
      case "failure" -> Vocabulary.Function.FAILURE;
      case "hashFiles" -> Vocabulary.Function.HASH_FILES;
      default -> throw new IllegalArgumentException("no function " + word);
    };
  }
}
