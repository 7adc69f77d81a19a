package dev.slipway.workflow;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A YAML file as a tree of nodes with their places, for those who look at how a file is written.
 * What it means is read by {@link WorkflowReader} and {@link ActionManifestReader}, which also tell
 * what is wrong with it.
 */
public final class YamlDocument {
  private static final int DEEPEST = 50;

  private final Source source;
  private final Problems problems;
  private final @Nullable YamlNode root;

  private YamlDocument(Source source, Problems problems, @Nullable YamlNode root) {
    this.source = source;
    this.problems = problems;
    this.root = root;
  }

  /** Reads a text, which begins after a byte order mark. */
  public static YamlDocument read(String text) {
    Source source = new Source(text);
    Problems problems = Problems.all("");
    return new YamlDocument(source, problems, YamlReader.read(text, source, problems, DEEPEST));
  }

  Source source() {
    return source;
  }

  /** What was wrong with the text as YAML, with a name for the file. */
  Problems problems(String file) {
    return problems.of(file);
  }

  /** What is wrong with the text as YAML, for a file with this name; also that it is empty. */
  public List<Problem> wrong(String file) {
    return problems.of(file).reading(null).problems();
  }

  /** The root; null when the text is no YAML or empty. */
  public @Nullable YamlNode root() {
    return root;
  }

  /** The place of an index in the text. */
  public Position position(int index) {
    return source.position(index);
  }

  /**
   * The index in the text of the character at an offset of a scalar's decoded text, whatever its
   * style. White space that folding or indentation may have changed counts as the end of the
   * visible character before it.
   */
  public int index(YamlNode.Scalar scalar, int offset) {
    return source.index(scalar, offset);
  }
}
