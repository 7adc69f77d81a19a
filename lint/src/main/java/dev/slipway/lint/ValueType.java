package dev.slipway.lint;

import dev.slipway.workflow.expression.ArrayValue;
import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is known of the value of an expression before it is evaluated. */
abstract class ValueType {
  /** Kinds of values; {@code ANY} when it is not known which. */
  enum Sort {
    ANY,
    NULL,
    BOOLEAN,
    NUMBER,
    STRING,
    ARRAY,
    OBJECT
  }

  static final ValueType ANY = new Plain(Sort.ANY);
  static final ValueType NULL = new Plain(Sort.NULL);
  static final ValueType BOOLEAN = new Plain(Sort.BOOLEAN);
  static final ValueType NUMBER = new Plain(Sort.NUMBER);
  static final ValueType STRING = new Plain(Sort.STRING);

  abstract Sort sort();

  /** The member of this name; null when there surely is none. */
  @Nullable ValueType member(String name) {
    return ANY;
  }

  /** What its items or members have in common, as {@code *} or a computed index gives them. */
  ValueType each() {
    return ANY;
  }

  /** The names of its members, as far as they are known. */
  Collection<String> names() {
    return List.of();
  }

  boolean collection() {
    return sort() == Sort.ARRAY || sort() == Sort.OBJECT;
  }

  private static final class Plain extends ValueType {
    private final Sort sort;

    Plain(Sort sort) {
      this.sort = sort;
    }

    @Override
    Sort sort() {
      return sort;
    }
  }

  /** An array of items of a type. */
  static ValueType array(ValueType item) {
    return new ValueType() {
      @Override
      Sort sort() {
        return Sort.ARRAY;
      }

      @Override
      ValueType each() {
        return item;
      }
    };
  }

  /** The same object with another member in place of one. */
  static ValueType replaced(ValueType object, String name, ValueType by) {
    return new ValueType() {
      @Override
      Sort sort() {
        return object.sort();
      }

      @Override
      @Nullable ValueType member(String wanted) {
        return wanted.equalsIgnoreCase(name) ? by : object.member(wanted);
      }

      @Override
      ValueType each() {
        return object.each();
      }

      @Override
      Collection<String> names() {
        return object.names();
      }
    };
  }

  /** What {@code *} or a computed index makes of some items: their members, but of unknown sort. */
  static ValueType some(ValueType item) {
    return new ValueType() {
      @Override
      Sort sort() {
        return Sort.ANY;
      }

      @Override
      @Nullable ValueType member(String name) {
        ValueType member = item.member(name);
        return member == null ? null : some(member);
      }

      @Override
      ValueType each() {
        return some(item.each());
      }

      @Override
      Collection<String> names() {
        return item.names();
      }
    };
  }

  /** An object with these members and no others, unless it is open. */
  static final class Members extends ValueType {
    private final Map<String, ValueType> members = new LinkedHashMap<>();
    private boolean open;

    /** Names are looked up without regard to case. */
    Members with(String name, ValueType type) {
      members.put(name.toLowerCase(Locale.ROOT), type);
      return this;
    }

    /** Strings of these names, divided by blanks. */
    Members strings(String names) {
      for (String name : ActionFacts.words(names)) {
        with(name, STRING);
      }
      return this;
    }

    /** May have members that are not known. */
    Members open() {
      open = true;
      return this;
    }

    boolean isOpen() {
      return open;
    }

    @Override
    Sort sort() {
      return Sort.OBJECT;
    }

    @Override
    @Nullable ValueType member(String name) {
      ValueType member = members.get(name.toLowerCase(Locale.ROOT));
      return member == null && open ? ANY : member;
    }

    @Override
    ValueType each() {
      ValueType each = null;
      for (ValueType member : members.values()) {
        each = each == null ? member : union(each, member);
      }
      return each == null || open ? ANY : each;
    }

    @Override
    Collection<String> names() {
      return members.keySet();
    }
  }

  /** What is either of two; objects keep the members of both. */
  static ValueType union(ValueType a, ValueType b) {
    if (a instanceof Members left && b instanceof Members right) {
      Members both = new Members();
      both.open = left.open || right.open;
      both.members.putAll(left.members);
      for (Map.Entry<String, ValueType> member : right.members.entrySet()) {
        ValueType known = left.members.get(member.getKey());
        both.members.put(
            member.getKey(), known == null ? member.getValue() : union(known, member.getValue()));
      }
      return both;
    }
    if (a.sort() == Sort.ARRAY && b.sort() == Sort.ARRAY) {
      return array(union(a.each(), b.each()));
    }
    return a.sort() == b.sort() && !a.collection() ? a : ANY;
  }

  /** The type of a value that is known. */
  static ValueType of(Value value) {
    return switch (value.kind()) {
      case NULL -> NULL;
      case BOOLEAN -> BOOLEAN;
      case NUMBER -> NUMBER;
      case STRING -> STRING;
      case ARRAY -> {
        ValueType item = null;
        List<Value> items = value instanceof ArrayValue array ? array.items() : new ArrayList<>();
        for (Value each : items) {
          item = item == null ? of(each) : union(item, of(each));
        }
        yield array(item == null ? ANY : item);
      }
      case OBJECT -> {
        Members members = new Members();
        if (value instanceof ObjectValue object) {
          object.forEach((name, member) -> members.with(name, of(member)));
        }
        yield members;
      }
    };
  }
}
