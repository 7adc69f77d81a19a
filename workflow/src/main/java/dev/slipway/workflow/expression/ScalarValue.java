package dev.slipway.workflow.expression;

/** Null, a boolean, a number or a string. */
public final class ScalarValue implements Value {
  private final Kind kind;
  private final double number;
  private final String text;

  private ScalarValue(Kind kind, double number, String text) {
    this.kind = kind;
    this.number = number;
    this.text = text;
  }

  static ScalarValue nullValue() {
    return new ScalarValue(Kind.NULL, 0, "");
  }

  static ScalarValue bool(boolean value) {
    return new ScalarValue(Kind.BOOLEAN, value ? 1 : 0, value ? "true" : "false");
  }

  static ScalarValue number(double value) {
    return new ScalarValue(Kind.NUMBER, value, "");
  }

  static ScalarValue string(String value) {
    return new ScalarValue(Kind.STRING, 0, value);
  }

  @Override
  public Kind kind() {
    return kind;
  }

  @Override
  public boolean truthy() {
    return switch (kind) {
      case STRING -> !text.isEmpty();
      case NUMBER -> number != 0 && !Double.isNaN(number);
      default -> number != 0;
    };
  }

  @Override
  public double toNumber() {
    return kind == Kind.STRING ? Numbers.parse(text) : number;
  }

  @Override
  public String toText() {
    return kind == Kind.NUMBER ? Numbers.text(number) : text;
  }

  @Override
  public boolean looselyEquals(Value other) {
    if (!(other instanceof ScalarValue that)) {
      return false;
    }
    if (kind == Kind.STRING && that.kind == Kind.STRING) {
      return Characters.compare(text, that.text) == 0;
    }
    if (kind == Kind.NULL && that.kind == Kind.NULL) {
      return true;
    }
    return toNumber() == that.toNumber();
  }

  /** How long the text is; 0 for what is no string. */
  int length() {
    return text.length();
  }
}
