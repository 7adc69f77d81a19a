package dev.slipway.workflow.expression;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A compiled expression: read once, evaluated any number of times. Immutable. */
public final class Expression {
  private final String source;
  private final Term term;

  /** Made when first asked for; who makes it twice makes the same. */
  private @Nullable Shape shape;

  Expression(String source, Term term) {
    this.source = source;
    this.term = term;
  }

  /**
   * Compiles an expression, written without {@code ${{ }}}.
   *
   * @throws ExpressionException of kind lexing or parsing, with a position
   */
  public static Expression compile(String source, Vocabulary vocabulary) {
    return new Expression(source, Parser.parse(source, vocabulary));
  }

  /**
   * Compiles an {@code if}: blank means {@code success()}, and an expression that calls no status
   * function means {@code success() && (…)}. Text around {@code ${{ }}} makes it a text, as it does
   * elsewhere.
   *
   * @throws ExpressionException of kind lexing or parsing, with a position
   */
  public static Expression condition(@Nullable String source, Vocabulary vocabulary) {
    if (source == null) {
      return success(vocabulary);
    }
    Template template = source.contains("${{") ? Template.compile(source, vocabulary) : null;
    String text = template == null || !template.literal() ? source : template.source();
    if (Characters.strip(text).isEmpty()) {
      return success(vocabulary);
    }
    Term term =
        template == null || template.literal() ? Parser.parse(text, vocabulary) : template.term();
    Expression written = new Expression(text, term);
    return written.callsStatusFunction()
        ? written
        : new Expression(
            text,
            Parser.checkDepth(
                Term.Logic.of(true, new Term.Call(Functions.SUCCESS, List.of()), term)));
  }

  private static Expression success(Vocabulary vocabulary) {
    return compile("success()", vocabulary);
  }

  /**
   * Its value.
   *
   * @throws ExpressionException of kind evaluation
   */
  public Value evaluate(Scope scope) {
    try {
      return term.evaluate(scope);
    } catch (ExpressionException e) {
      throw e.of(source);
    }
  }

  /**
   * Its value if what the scope gives as {@link Unknown} does not matter, else {@link
   * Unknown#VALUE}. A function of the scope that throws counts as unknown.
   *
   * @throws ExpressionException of kind evaluation
   */
  public Value foresee(Scope scope) {
    try {
      return term.foresee(scope);
    } catch (ExpressionException e) {
      throw e.of(source);
    }
  }

  /**
   * Whether its value is truthy, as far as that can be told from what the scope knows.
   *
   * @throws ExpressionException of kind evaluation
   */
  public Truth truth(Scope scope) {
    try {
      return term.truth(scope);
    } catch (ExpressionException e) {
      throw e.of(source);
    }
  }

  /** How it is written, operand by operand. */
  public Shape shape() {
    Shape made = shape;
    if (made == null) {
      made = term.shape();
      shape = made;
    }
    return made;
  }

  /** As written. */
  public String source() {
    return source;
  }

  /** Whether it calls {@code always}, {@code cancelled}, {@code failure} or {@code success}. */
  public boolean callsStatusFunction() {
    return callsStatusFunction(term);
  }

  private static boolean callsStatusFunction(Term term) {
    if (term instanceof Term.Call call && call.function.status()) {
      return true;
    }
    for (Term child : term.children()) {
      if (callsStatusFunction(child)) {
        return true;
      }
    }
    return false;
  }

  /** The contexts it names, in lower case. */
  public Set<String> contexts() {
    Set<String> contexts = new LinkedHashSet<>();
    for (List<String> reference : references()) {
      contexts.add(reference.getFirst());
    }
    return contexts;
  }

  /**
   * The paths it follows from contexts, as far as they are written out: {@code secrets.TOKEN} is
   * {@code [secrets, TOKEN]}; what follows a computed index or {@code *} is left out.
   */
  public List<List<String>> references() {
    List<List<String>> references = new ArrayList<>();
    collect(term, references);
    return references;
  }

  private static void collect(Term term, List<List<String>> references) {
    List<String> path = path(term);
    if (path != null) {
      references.add(path);
      return;
    }
    if (term instanceof Term.Index index && index.index != null && path(index.of) == null) {
      collect(index.of, references);
      collect(index.index, references);
      return;
    }
    for (Term child : term.children()) {
      collect(child, references);
    }
  }

  private static @Nullable List<String> path(Term term) {
    if (term instanceof Term.Context context) {
      List<String> path = new ArrayList<>();
      path.add(context.name);
      return path;
    }
    if (term instanceof Term.Index index && index.index instanceof Term.Literal literal) {
      List<String> path = path(index.of);
      if (path != null) {
        path.add(literal.value.toText());
      }
      return path;
    }
    return null;
  }
}
