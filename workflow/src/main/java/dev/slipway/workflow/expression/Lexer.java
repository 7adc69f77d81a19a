package dev.slipway.workflow.expression;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Splits an expression into tokens (actions/runner, LexicalAnalyzer). */
final class Lexer {
  private final String source;
  private int at;

  private Lexer(String source) {
    this.source = source;
  }

  static List<Token> tokens(String source) {
    Lexer lexer = new Lexer(source);
    List<Token> tokens = new ArrayList<>();
    Token.@Nullable Type last = null;
    Token token;
    do {
      token = lexer.next(last);
      tokens.add(token);
      last = token.type();
    } while (token.type() != Token.Type.END);
    return tokens;
  }

  static ExpressionException error(
      ExpressionException.Kind kind, String problem, int start, String source) {
    return new ExpressionException(
        kind,
        problem + ". Located at position " + (start + 1) + " within expression: " + source,
        start + 1,
        start);
  }

  private ExpressionException unexpected(int start, int end) {
    return error(
        ExpressionException.Kind.LEXING,
        "Unexpected symbol: '" + source.substring(start, end) + "'",
        start,
        source);
  }

  /** Half an operator; named with all up to where the next token may begin. */
  private ExpressionException illegal(int start) {
    while (at < source.length() && !boundary(source.charAt(at))) {
      at++;
    }
    return unexpected(start, at);
  }

  private Token token(Token.Type type, int start) {
    return new Token(type, source.substring(start, at), start, 0);
  }

  private Token next(Token.@Nullable Type last) {
    while (at < source.length() && Characters.white(source.charAt(at))) {
      at++;
    }
    int start = at;
    if (at >= source.length()) {
      return new Token(Token.Type.END, "", start, 0);
    }
    char c = source.charAt(at++);
    switch (c) {
      case '(':
        return token(Token.Type.OPEN, start);
      case ')':
        return token(Token.Type.CLOSE, start);
      case '[':
        return token(Token.Type.OPEN_INDEX, start);
      case ']':
        return token(Token.Type.CLOSE_INDEX, start);
      case ',':
        return token(Token.Type.COMMA, start);
      case '*':
        return token(Token.Type.WILDCARD, start);
      case '\'':
        return string(start);
      case '!':
        return take('=') ? token(Token.Type.NOT_EQUAL, start) : token(Token.Type.NOT, start);
      case '<':
        return take('=') ? token(Token.Type.LESS_EQUAL, start) : token(Token.Type.LESS, start);
      case '>':
        return take('=')
            ? token(Token.Type.GREATER_EQUAL, start)
            : token(Token.Type.GREATER, start);
      case '=':
        if (take('=')) {
          return token(Token.Type.EQUAL, start);
        }
        throw illegal(start);
      case '&':
        if (take('&')) {
          return token(Token.Type.AND, start);
        }
        throw illegal(start);
      case '|':
        if (take('|')) {
          return token(Token.Type.OR, start);
        }
        throw illegal(start);
      case '.':
        return beginsOperand(last) ? number(start) : token(Token.Type.DOT, start);
      default:
        if (c == '-' || c == '+' || (c >= '0' && c <= '9')) {
          return number(start);
        }
        return keyword(start, last);
    }
  }

  private boolean take(char expected) {
    if (at < source.length() && source.charAt(at) == expected) {
      at++;
      return true;
    }
    return false;
  }

  /** Whether an operand, not an operator, has to follow the last token. */
  private static boolean beginsOperand(Token.@Nullable Type last) {
    if (last == null) {
      return true;
    }
    return switch (last) {
      case COMMA,
          OPEN,
          OPEN_INDEX,
          NOT,
          LESS,
          LESS_EQUAL,
          GREATER,
          GREATER_EQUAL,
          EQUAL,
          NOT_EQUAL,
          AND,
          OR ->
          true;
      default -> false;
    };
  }

  private static boolean boundary(char c) {
    return switch (c) {
      case '(', ')', '[', ']', '!', '<', '>', '=', '&', '|', ',', '.' -> true;
      default -> Characters.white(c);
    };
  }

  private Token number(int start) {
    while (at < source.length() && (!boundary(source.charAt(at)) || source.charAt(at) == '.')) {
      at++;
    }
    double value = Numbers.literal(source.substring(start, at));
    if (Double.isNaN(value)) {
      throw unexpected(start, at);
    }
    return new Token(Token.Type.NUMBER, source.substring(start, at), start, value);
  }

  private Token string(int start) {
    StringBuilder text = new StringBuilder();
    while (at < source.length()) {
      char c = source.charAt(at++);
      if (c != '\'') {
        text.append(c);
      } else if (at < source.length() && source.charAt(at) == '\'') {
        text.append('\'');
        at++;
      } else {
        return new Token(Token.Type.STRING, text.toString(), start, 0);
      }
    }
    throw unexpected(start, at);
  }

  private Token keyword(int start, Token.@Nullable Type last) {
    while (at < source.length() && !boundary(source.charAt(at))) {
      at++;
    }
    String word = source.substring(start, at);
    if (!identifier(word)) {
      throw unexpected(start, at);
    }
    if (last == Token.Type.DOT) {
      return new Token(Token.Type.PROPERTY, word, start, 0);
    }
    switch (word) {
      case "null":
        return token(Token.Type.NULL, start);
      case "true":
        return token(Token.Type.TRUE, start);
      case "false":
        return token(Token.Type.FALSE, start);
      case "NaN":
        return new Token(Token.Type.NUMBER, word, start, Double.NaN);
      case "Infinity":
        return new Token(Token.Type.NUMBER, word, start, Double.POSITIVE_INFINITY);
      default:
        break;
    }
    int ahead = at;
    while (ahead < source.length() && Characters.white(source.charAt(ahead))) {
      ahead++;
    }
    boolean call = ahead < source.length() && source.charAt(ahead) == '(';
    return token(call ? Token.Type.FUNCTION : Token.Type.NAME, start);
  }

  private static boolean identifier(String word) {
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
      if (!letter && (i == 0 || !((c >= '0' && c <= '9') || c == '-'))) {
        return false;
      }
    }
    return true;
  }
}
