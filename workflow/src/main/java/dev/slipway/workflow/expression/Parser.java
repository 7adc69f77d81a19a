package dev.slipway.workflow.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Builds terms from tokens with two stacks, operands and operators (Dijkstra's shunting-yard), so
 * that no nesting, however deep, exhausts the thread's own stack. Errors come in the order of the
 * tokens, and depth is judged last, by the terms and not by the parentheses (actions/runner,
 * ExpressionParser).
 */
final class Parser {
  static final int MAX_LENGTH = 21_000;
  private static final int MAX_DEPTH = 50;

  /** An operator that waits for its right operand, or something open that waits for its end. */
  private static final class Pending {
    final Token token;
    final @Nullable Functions function;
    final int operandsBelow;
    boolean separated;

    Pending(Token token, @Nullable Functions function, int operandsBelow) {
      this.token = token;
      this.function = function;
      this.operandsBelow = operandsBelow;
    }

    boolean open() {
      return token.type() == Token.Type.OPEN || token.type() == Token.Type.OPEN_INDEX;
    }
  }

  private final String source;
  private final Vocabulary vocabulary;
  private final List<Token> tokens;
  private final ArrayList<Term> operands = new ArrayList<>();
  private final ArrayList<Pending> operators = new ArrayList<>();
  private int at;
  private boolean operandNext = true;
  private boolean indexable;

  private Parser(String source, Vocabulary vocabulary) {
    this.source = source;
    this.vocabulary = vocabulary;
    this.tokens = Lexer.tokens(source);
  }

  static Term parse(String source, Vocabulary vocabulary) {
    if (source.length() > MAX_LENGTH) {
      throw tooLong();
    }
    return checkDepth(new Parser(source, vocabulary).run());
  }

  static ExpressionException tooLong() {
    return new ExpressionException(
        ExpressionException.Kind.LEXING, "Exceeded max expression length " + MAX_LENGTH, 0, 0);
  }

  static ExpressionException empty() {
    return new ExpressionException(
        ExpressionException.Kind.PARSING, "An expression was expected", 0, 0);
  }

  static Term checkDepth(Term term) {
    if (term.depth() > MAX_DEPTH) {
      throw new ExpressionException(
          ExpressionException.Kind.PARSING, "Exceeded max expression depth " + MAX_DEPTH, 0, 0);
    }
    return term;
  }

  private Term run() {
    if (tokens.getFirst().type() == Token.Type.END) {
      throw empty();
    }
    while (tokens.get(at).type() != Token.Type.END) {
      token(tokens.get(at));
      at++;
    }
    flush(0);
    if (operandNext || !operators.isEmpty()) {
      throw unexpectedEnd();
    }
    return operands.getLast();
  }

  private void token(Token token) {
    switch (token.type()) {
      case STRING -> operand(token, new Term.Literal(Value.of(token.text())));
      case NUMBER -> operand(token, new Term.Literal(Value.of(token.number())));
      case NULL -> operand(token, new Term.Literal(Value.NULL));
      case TRUE -> operand(token, new Term.Literal(Value.TRUE));
      case FALSE -> operand(token, new Term.Literal(Value.FALSE));
      case NAME -> name(token);
      case FUNCTION -> function(token);
      case OPEN -> {
        expectOperand(token);
        operators.add(new Pending(token, null, operands.size()));
      }
      case OPEN_INDEX -> index(token);
      case DOT -> dereference(token);
      case NOT -> {
        expectOperand(token);
        operators.add(new Pending(token, null, operands.size()));
      }
      case OR, AND, EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL -> {
        expectOperator(token);
        flush(precedence(token.type()));
        operators.add(new Pending(token, null, operands.size()));
        operandNext = true;
      }
      case COMMA -> {
        expectOperator(token);
        Pending open = opened();
        if (open == null || open.function == null) {
          throw unexpected(token);
        }
        open.separated = true;
        operandNext = true;
      }
      case CLOSE -> close(token);
      case CLOSE_INDEX -> closeIndex(token);
      case WILDCARD, PROPERTY, END -> throw unexpected(token);
    }
  }

  private void expectOperand(Token token) {
    if (!operandNext) {
      throw unexpected(token);
    }
  }

  private void expectOperator(Token token) {
    if (operandNext) {
      throw unexpected(token);
    }
  }

  private void operand(Token token, Term term) {
    expectOperand(token);
    push(term, false);
  }

  private void push(Term term, boolean mayBeIndexed) {
    operands.add(term);
    operandNext = false;
    indexable = mayBeIndexed;
  }

  private void name(Token token) {
    expectOperand(token);
    String name = token.text().toLowerCase(Locale.ROOT);
    if (!vocabulary.context(name)) {
      throw problem("Unrecognized named-value", token);
    }
    push(new Term.Context(name), true);
  }

  private void function(Token token) {
    expectOperand(token);
    Functions function = Functions.named(token.text(), vocabulary);
    if (function == null) {
      throw problem("Unrecognized function", token);
    }
    at++;
    operators.add(new Pending(tokens.get(at), function, operands.size()));
  }

  private void index(Token token) {
    if (operandNext || !indexable) {
      throw unexpected(token);
    }
    if (tokens.get(at + 1).type() == Token.Type.WILDCARD) {
      at += 2;
      Token end = tokens.get(at);
      if (end.type() == Token.Type.END) {
        throw unexpectedEnd();
      }
      if (end.type() != Token.Type.CLOSE_INDEX) {
        throw unexpected(end);
      }
      push(new Term.Index(operands.removeLast(), null), true);
      return;
    }
    operators.add(new Pending(token, null, operands.size()));
    operandNext = true;
  }

  private void dereference(Token token) {
    if (operandNext || !indexable) {
      throw unexpected(token);
    }
    at++;
    Token name = tokens.get(at);
    switch (name.type()) {
      case PROPERTY ->
          push(
              new Term.Index(operands.removeLast(), new Term.Literal(Value.of(name.text()))), true);
      case WILDCARD -> push(new Term.Index(operands.removeLast(), null), true);
      case END -> throw unexpectedEnd();
      default -> throw unexpected(name);
    }
  }

  private void close(Token token) {
    boolean afterOpen = tokens.get(at - 1 < 0 ? 0 : at - 1).type() == Token.Type.OPEN;
    Pending top = operators.isEmpty() ? null : operators.getLast();
    boolean emptyCall = afterOpen && top != null && top.function != null && !top.separated;
    if (!emptyCall) {
      expectOperator(token);
    }
    Pending open = opened();
    if (open == null || open.token.type() != Token.Type.OPEN) {
      throw unexpected(token);
    }
    operators.removeLast();
    if (open.function == null) {
      indexable = true;
      return;
    }
    List<Term> below = operands.subList(open.operandsBelow, operands.size());
    List<Term> arguments = List.copyOf(below);
    below.clear();
    checkCount(open.function, arguments.size(), open.token);
    push(new Term.Call(open.function, arguments), true);
  }

  private void checkCount(Functions function, int count, Token open) {
    if (count < function.least()) {
      throw problem("Too few parameters supplied", open);
    }
    if (count > function.most(vocabulary)) {
      throw problem("Too many parameters supplied", open);
    }
    if (function == Functions.CASE && count % 2 == 0) {
      throw problem(
          "Even number of parameters supplied, requires an odd number of parameters", open);
    }
  }

  private void closeIndex(Token token) {
    expectOperator(token);
    Pending open = opened();
    if (open == null || open.token.type() != Token.Type.OPEN_INDEX) {
      throw unexpected(token);
    }
    operators.removeLast();
    Term index = operands.removeLast();
    push(new Term.Index(operands.removeLast(), index), true);
  }

  /** Finishes the operators above the last thing that is open; that thing, or null. */
  private @Nullable Pending opened() {
    flush(0);
    return operators.isEmpty() ? null : operators.getLast();
  }

  private void flush(int precedence) {
    while (!operators.isEmpty() && !operandNext) {
      Pending top = operators.getLast();
      if (top.open() || precedence(top.token.type()) < precedence) {
        return;
      }
      operators.removeLast();
      Term right = operands.removeLast();
      operands.add(
          switch (top.token.type()) {
            case NOT -> new Term.Not(right);
            case AND -> Term.Logic.of(true, operands.removeLast(), right);
            case OR -> Term.Logic.of(false, operands.removeLast(), right);
            default -> new Term.Comparison(top.token.type(), operands.removeLast(), right);
          });
    }
  }

  private static int precedence(Token.Type type) {
    return switch (type) {
      case OR -> 1;
      case AND -> 2;
      case EQUAL, NOT_EQUAL -> 3;
      case LESS, LESS_EQUAL, GREATER, GREATER_EQUAL -> 4;
      default -> 5;
    };
  }

  private ExpressionException problem(String text, Token token) {
    return Lexer.error(
        ExpressionException.Kind.PARSING, text + ": '" + raw(token) + "'", token.start(), source);
  }

  private ExpressionException unexpected(Token token) {
    return problem("Unexpected symbol", token);
  }

  private ExpressionException unexpectedEnd() {
    return problem("Unexpected end of expression", tokens.get(tokens.size() - 2));
  }

  private static String raw(Token token) {
    return token.type() == Token.Type.STRING
        ? "'" + token.text().replace("'", "''") + "'"
        : token.text();
  }
}
