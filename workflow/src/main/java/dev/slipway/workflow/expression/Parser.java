package dev.slipway.workflow.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Recursive descent over the tokens; precedence from loose to tight: {@code ||}, {@code &&}, {@code == !=}, {@code
 * < <= > >=}, {@code !}, {@code . []}.
 */
final class Parser {
  private static final int MAX_DEPTH = 50;
  private static final int MAX_LENGTH = 21_000;

  private final String source;
  private final Vocabulary vocabulary;
  private final List<Token> tokens;
  private int at;
  private int depth;

  private Parser(String source, Vocabulary vocabulary) {
    this.source = source;
    this.vocabulary = vocabulary;
    this.tokens = Lexer.tokens(source);
  }

  static Term parse(String source, Vocabulary vocabulary) {
    if (source.length() > MAX_LENGTH) {
      throw new ExpressionException(
          ExpressionException.Kind.PARSING,
          "Exceeded max expression length " + MAX_LENGTH,
          0,
          0);
    }
    Parser parser = new Parser(source, vocabulary);
    Term term = parser.or();
    if (parser.peek().type() != Token.Type.END) {
      throw parser.unexpected(parser.peek());
    }
    return term;
  }

  private Token peek() {
    return tokens.get(at);
  }

  private boolean take(Token.Type type) {
    if (peek().type() == type) {
      at++;
      return true;
    }
    return false;
  }

  private ExpressionException problem(String text, Token token) {
    return Lexer.error(ExpressionException.Kind.PARSING, text, token.start(), source);
  }

  private ExpressionException unexpected(Token token) {
    if (token.type() == Token.Type.END) {
      Token last = at > 0 ? tokens.get(at - 1) : token;
      return problem("Unexpected end of expression: '" + raw(last) + "'", last);
    }
    return problem("Unexpected symbol: '" + raw(token) + "'", token);
  }

  private String raw(Token token) {
    return token.type() == Token.Type.STRING
        ? "'" + token.text().replace("'", "''") + "'"
        : token.text();
  }

  private void enter(Token token) {
    if (++depth > MAX_DEPTH) {
      throw problem("Exceeded max expression depth " + MAX_DEPTH, token);
    }
  }

  private Term or() {
    return logic(Token.Type.OR);
  }

  private Term logic(Token.Type type) {
    boolean and = type == Token.Type.AND;
    Term first = and ? equality() : logic(Token.Type.AND);
    if (peek().type() != type) {
      return first;
    }
    List<Term> operands = new ArrayList<>();
    operands.add(first);
    while (take(type)) {
      operands.add(and ? equality() : logic(Token.Type.AND));
    }
    return new Term.Logic(and, operands);
  }

  private Term equality() {
    Term left = relation();
    while (peek().type() == Token.Type.EQUAL || peek().type() == Token.Type.NOT_EQUAL) {
      Token operator = tokens.get(at++);
      left = new Term.Comparison(operator.type(), left, relation());
    }
    return left;
  }

  private Term relation() {
    Term left = unary();
    while (true) {
      Token operator = peek();
      switch (operator.type()) {
        case LESS, LESS_EQUAL, GREATER, GREATER_EQUAL -> {
          at++;
          left = new Term.Comparison(operator.type(), left, unary());
        }
        default -> {
          return left;
        }
      }
    }
  }

  private Term unary() {
    Token token = peek();
    if (take(Token.Type.NOT)) {
      enter(token);
      Term operand = unary();
      depth--;
      return new Term.Not(operand);
    }
    return postfix(primary());
  }

  private Term postfix(Term operand) {
    Term term = operand;
    int nested = 0;
    while (true) {
      Token token = peek();
      if (take(Token.Type.DOT)) {
        enter(token);
        nested++;
        Token name = peek();
        if (take(Token.Type.WILDCARD)) {
          term = new Term.Index(term, null);
        } else if (take(Token.Type.PROPERTY)) {
          term = new Term.Index(term, new Term.Literal(Value.of(name.text())));
        } else {
          throw unexpected(name);
        }
      } else if (take(Token.Type.OPEN_INDEX)) {
        enter(token);
        nested++;
        if (peek().type() == Token.Type.WILDCARD) {
          at++;
          term = new Term.Index(term, null);
        } else {
          term = new Term.Index(term, or());
        }
        if (!take(Token.Type.CLOSE_INDEX)) {
          throw unexpected(peek());
        }
      } else {
        depth -= nested;
        return term;
      }
    }
  }

  private Term primary() {
    Token token = tokens.get(at);
    switch (token.type()) {
      case STRING:
        at++;
        return new Term.Literal(Value.of(token.text()));
      case NUMBER:
        at++;
        return new Term.Literal(Value.of(token.number()));
      case NULL:
        at++;
        return new Term.Literal(Value.NULL);
      case TRUE:
        at++;
        return new Term.Literal(Value.TRUE);
      case FALSE:
        at++;
        return new Term.Literal(Value.FALSE);
      case NAME:
        at++;
        String name = token.text().toLowerCase(Locale.ROOT);
        if (!vocabulary.context(name)) {
          throw problem("Unrecognized named-value: '" + token.text() + "'", token);
        }
        return new Term.Context(name);
      case FUNCTION:
        return call(token);
      case OPEN:
        at++;
        enter(token);
        Term inner = or();
        depth--;
        if (!take(Token.Type.CLOSE)) {
          throw unexpected(peek());
        }
        return inner;
      default:
        throw unexpected(token);
    }
  }

  private Term call(Token name) {
    at++;
    Functions function = Functions.named(name.text(), vocabulary);
    if (function == null) {
      throw problem("Unrecognized function: '" + name.text() + "'", name);
    }
    at++;
    enter(name);
    List<Term> arguments = new ArrayList<>();
    if (peek().type() != Token.Type.CLOSE) {
      do {
        arguments.add(or());
      } while (take(Token.Type.COMMA));
    }
    if (!take(Token.Type.CLOSE)) {
      throw unexpected(peek());
    }
    depth--;
    if (arguments.size() < function.least()) {
      throw problem("Too few parameters supplied: '" + name.text() + "'", name);
    }
    if (arguments.size() > function.most()) {
      throw problem("Too many parameters supplied: '" + name.text() + "'", name);
    }
    if (function == Functions.CASE && arguments.size() % 2 == 0) {
      throw problem(
          "Even number of parameters supplied, requires an odd number of parameters: '" + name.text() + "'",
          name);
    }
    return new Term.Call(function, arguments);
  }
}
