package dev.slipway.lsp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.eclipse.lsp4j.ClientCapabilities;
import org.eclipse.lsp4j.CodeAction;
import org.eclipse.lsp4j.CodeActionKind;
import org.eclipse.lsp4j.CompletionItem;
import org.eclipse.lsp4j.Diagnostic;
import org.eclipse.lsp4j.DiagnosticCapabilities;
import org.eclipse.lsp4j.DiagnosticSeverity;
import org.eclipse.lsp4j.DocumentDiagnosticParams;
import org.eclipse.lsp4j.DocumentSymbol;
import org.eclipse.lsp4j.DocumentSymbolParams;
import org.eclipse.lsp4j.Location;
import org.eclipse.lsp4j.Position;
import org.eclipse.lsp4j.Range;
import org.eclipse.lsp4j.TextDocumentClientCapabilities;
import org.eclipse.lsp4j.TextDocumentIdentifier;
import org.eclipse.lsp4j.TextEdit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server as an editor knows it: over streams, by the protocol. */
final class LanguageServiceTest {
  private static final String GOOD =
      """
      name: CI
      on: push
      permissions: {}
      jobs:
        build:
          name: Build it
          runs-on: ubuntu-latest
          timeout-minutes: 10
          outputs:
            version: ${{ steps.look.outputs.version }}
          steps:
            - id: look
              run: echo "version=1" >> "$GITHUB_OUTPUT"
        test:
          needs: build
          runs-on: ubuntu-latest
          timeout-minutes: 10
          steps:
            - run: echo "${{ needs.build.outputs.version }}"
            - uses: ./.github/actions/greet
              with:
                who: me
      """;

  @TempDir Path root;
  private String uri = "";

  @BeforeEach
  void project() throws Exception {
    root = root.toRealPath();
    Files.createDirectories(root.resolve(".git"));
    Files.createDirectories(root.resolve(".github/workflows"));
    Path action = Files.createDirectories(root.resolve(".github/actions/greet"));
    Files.writeString(
        action.resolve("action.yml"),
        """
        name: Greet
        description: Says hello
        inputs:
          who:
            description: Whom to greet
            required: true
          how:
            description: In which words
            default: hello
        outputs:
          words:
            description: What was said
            value: x
        runs:
          using: composite
          steps:
            - run: echo hello
              shell: bash
        """);
    uri = root.resolve(".github/workflows/ci.yml").toUri().toString();
  }

  private static Editor editor() throws Exception {
    return new Editor(new ClientCapabilities());
  }

  private static List<String> codes(List<Diagnostic> diagnostics) {
    return diagnostics.stream().map(d -> String.valueOf(d.getCode().getLeft())).toList();
  }

  private Position in(String find, int offset) {
    return Editor.position(GOOD, GOOD.indexOf(find) + offset);
  }

  @Test
  void anEdit_isAnsweredWithWhatIsFoundThen() throws Exception {
    try (Editor editor = editor()) {
      editor.open(uri, GOOD);
      List<Diagnostic> before = editor.diagnostics(uri, 1);
      assertThat(codes(before)).doesNotContain("unknown-need");
      Position need = in("needs: build", 7);
      editor.change(
          uri,
          2,
          new Range(need, new Position(need.getLine(), need.getCharacter() + 5)),
          "biuld");
      List<Diagnostic> after = editor.diagnostics(uri, 2);
      assertThat(after)
          .anySatisfy(diagnostic -> {
            assertThat(diagnostic.getRange().getStart().getLine()).isEqualTo(need.getLine());
            assertThat(diagnostic.getSeverity()).isEqualTo(DiagnosticSeverity.Error);
            assertThat(diagnostic.getSource()).isEqualTo("slipway");
          });
    }
  }

  @Test
  void places_countUtf16Units() throws Exception {
    String text = GOOD.replace("name: CI", "name: CI # \uD83D\uDE00 ${{ x").replace("# ", "");
    try (Editor editor = editor()) {
      editor.open(uri, "name: \uD83D\uDE00 ${{ nothing.x }}\n" + GOOD.substring(9));
      assertThat(text).isNotEmpty();
      assertThat(editor.diagnostics(uri, 1))
          .anySatisfy(diagnostic ->
              assertThat(diagnostic.getRange().getStart()).isNotEqualTo(new Position(0, 0)));
    }
  }
}
