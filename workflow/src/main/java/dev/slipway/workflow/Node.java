package dev.slipway.workflow;

import dev.slipway.workflow.expression.ExpressionException;
import dev.slipway.workflow.expression.Scope;
import dev.slipway.workflow.expression.Template;
import dev.slipway.workflow.expression.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value of a workflow file as written, with its place: a scalar, a sequence or a mapping whose
 * scalars may hold expressions, compiled when the file was read.
 */
public sealed interface Node permits Node.Scalar, Node.Sequence, Node.Mapping {
  /** Where the node begins. */
  Position at();

  /** Whether no expression occurs in it. */
  boolean literal();

  /**
   * Its value: sequences that an expression yields inside a sequence are flattened, and {@code ${{
   * insert }}} members are merged.
   *
   * @throws ExpressionException when an expression cannot be evaluated
   */
  Value evaluate(Scope scope);

  /** The text of {@link #evaluate}, as expressions convert it. */
  default String text(Scope scope) {
    return evaluate(scope).toText();
  }

  /** A scalar: a literal value or a template. */
  record Scalar(Position at, Template template) implements Node {
    @Override
    public boolean literal() {
      return template.literal();
    }

    @Override
    public Value evaluate(Scope scope) {
      return template.evaluate(scope);
    }

    /** The text as written, expressions unevaluated. */
    public String source() {
      return template.source();
    }
  }

  /** A sequence. */
  record Sequence(Position at, List<Node> items) implements Node {
    public Sequence {
      items = List.copyOf(items);
    }

    @Override
    public boolean literal() {
      return items.stream().allMatch(Node::literal);
    }

    @Override
    public Value evaluate(Scope scope) {
      return NodeEvaluation.sequence(this, scope);
    }
  }

  /** A mapping, members in the order written. */
  record Mapping(Position at, List<Member> members) implements Node {
    public Mapping {
      members = List.copyOf(members);
    }

    @Override
    public boolean literal() {
      return members.stream().allMatch(m -> m.key().literal() && m.value().literal());
    }

    @Override
    public Value evaluate(Scope scope) {
      return NodeEvaluation.mapping(this, scope);
    }

    /** The member whose key is exactly this literal, without regard to case. */
    public @Nullable Node get(String key) {
      for (Member member : members) {
        if (member.key().literal() && member.key().source().equalsIgnoreCase(key)) {
          return member.value();
        }
      }
      return null;
    }
  }

  /** A member of a mapping; a key {@code ${{ insert }}} merges its value into the mapping. */
  record Member(Scalar key, Node value) {}
}
