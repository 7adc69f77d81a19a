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

  private static String applied(String text, CodeAction action, String uri) {
    List<TextEdit> edits = new ArrayList<>(action.getEdit().getChanges().get(uri));
    edits.sort(
        Comparator.comparing(
            (TextEdit edit) -> index(text, edit.getRange().getStart()), Comparator.reverseOrder()));
    String result = text;
    for (TextEdit edit : edits) {
      result =
          result.substring(0, index(text, edit.getRange().getStart()))
              + edit.getNewText()
              + result.substring(index(text, edit.getRange().getEnd()));
    }
    return result;
  }

  private static int index(String text, Position at) {
    int start = 0;
    for (int i = 0; i < at.getLine(); i++) {
      start = text.indexOf('\n', start) + 1;
    }
    return start + at.getCharacter();
  }

  @Test
  void anEdit_isAnsweredWithWhatIsFoundThen() throws Exception {
    try (Editor editor = editor()) {
      editor.open(uri, GOOD);
      assertThat(editor.diagnostics(uri, 1))
          .noneMatch(diagnostic ->
              diagnostic.getSeverity() == DiagnosticSeverity.Error
                  && !codes(List.of(diagnostic)).contains("local-action-before-checkout"));
      Position need = in("needs: build", 7);
      Position end = new Position(need.getLine(), need.getCharacter() + 5);
      editor.change(uri, 2, new Range(need, end), "biuld");
      assertThat(editor.diagnostics(uri, 2))
          .anySatisfy(diagnostic -> {
            assertThat(diagnostic.getRange().getStart().getLine()).isEqualTo(need.getLine());
            assertThat(diagnostic.getSeverity()).isEqualTo(DiagnosticSeverity.Error);
            assertThat(diagnostic.getMessage().getLeft()).contains("biuld");
            assertThat(diagnostic.getSource()).isEqualTo("slipway");
          });
    }
  }

  @Test
  void places_countUtf16Units() throws Exception {
    String text =
        GOOD.replace("run: echo \"version", "run: echo '\uD83D\uDE00' ${{ nothing.x }} \"version");
    Position at = Editor.position(text, text.indexOf("nothing"));
    try (Editor editor = editor()) {
      editor.open(uri, text);
      assertThat(editor.diagnostics(uri, 1))
          .anySatisfy(diagnostic -> {
            assertThat(diagnostic.getMessage().getLeft()).contains("nothing");
            assertThat(diagnostic.getRange().getStart()).isEqualTo(at);
          });
    }
  }

  @Test
  void closing_takesBackWhatWasFound() throws Exception {
    try (Editor editor = editor()) {
      editor.open(uri, "on: pusch\n");
      assertThat(editor.diagnostics(uri, 1)).isNotEmpty();
      editor.closeDocument(uri);
      assertThat(editor.diagnostics(uri, -1)).isEmpty();
    }
  }

  @Test
  void otherYamlFiles_areLeftAlone() throws Exception {
    String other = root.resolve("compose.yaml").toUri().toString();
    try (Editor editor = editor()) {
      Position at = editor.open(other, "services:\n  web: {}\n");
      assertThat(editor.complete(other, at)).isEmpty();
      assertThat(editor.hover(other, at)).isEmpty();
      editor.open(uri, "on: pusch\n");
      assertThat(editor.diagnostics(uri, 1)).isNotEmpty();
      assertThat(editor.published(other)).isFalse();
    }
  }

  @Test
  void anEditorThatAsksItself_isNotTold() throws Exception {
    ClientCapabilities asks = new ClientCapabilities();
    asks.setTextDocument(new TextDocumentClientCapabilities());
    asks.getTextDocument().setDiagnostic(new DiagnosticCapabilities());
    try (Editor editor = new Editor(asks)) {
      assertThat(editor.answers().getCapabilities().getDiagnosticProvider()).isNotNull();
      editor.open(uri, "on: pusch\n");
      assertThat(
              Editor.wait(
                      editor
                          .server()
                          .getTextDocumentService()
                          .diagnostic(
                              new DocumentDiagnosticParams(new TextDocumentIdentifier(uri))))
                  .getLeft()
                  .getItems())
          .isNotEmpty();
      assertThat(editor.published(uri)).isFalse();
    }
  }

  @Test
  void anOpenAction_countsBeforeTheFile() throws Exception {
    String action = root.resolve(".github/actions/greet/action.yml").toUri().toString();
    String text = Files.readString(root.resolve(".github/actions/greet/action.yml"));
    try (Editor editor = editor()) {
      editor.open(action, text.replace("who:", "whom:"));
      editor.open(uri, GOOD);
      assertThat(editor.diagnostics(uri, 1))
          .anySatisfy(diagnostic ->
              assertThat(diagnostic.getMessage().getLeft()).containsPattern("'?who'?"));
      assertThat(editor.labels(uri, in("who: me", 0))).contains("whom").doesNotContain("who");
    }
  }

  @Test
  void hover_explainsWhatIsThere_andWhatIsFound() throws Exception {
    try (Editor editor = editor()) {
      editor.open(uri, GOOD.replace("needs: build", "needs: biuld"));
      assertThat(editor.hover(uri, in("runs-on", 2))).contains("labels of the machine");
      assertThat(editor.hover(uri, in("needs: build", 8))).contains("Found in", "```yaml");
      assertThat(editor.hover(uri, new Position(4711, 3))).isEmpty();
    }
  }

  @Test
  void completion_replacesTheWordAtTheCursor() throws Exception {
    try (Editor editor = editor()) {
      Position at = editor.open(uri, GOOD.replace("needs: build", "needs: bu\u00a6"));
      List<CompletionItem> items = editor.complete(uri, at);
      assertThat(items)
          .singleElement()
          .satisfies(item -> {
            assertThat(item.getLabel()).isEqualTo("build");
            TextEdit edit = item.getTextEdit().getLeft();
            assertThat(edit.getRange())
                .isEqualTo(new Range(new Position(at.getLine(), at.getCharacter() - 2), at));
            assertThat(edit.getNewText()).isEqualTo("build");
          });
    }
  }

  @Test
  void definition_leadsToJobsAndToOtherFiles() throws Exception {
    try (Editor editor = editor()) {
      editor.open(uri, GOOD);
      assertThat(editor.definition(uri, in("needs: build", 8)))
          .singleElement()
          .satisfies(location -> {
            assertThat(location.getUri()).isEqualTo(uri);
            assertThat(location.getRange().getStart()).isEqualTo(in("build:", 0));
          });
      assertThat(editor.definition(uri, in("./.github/actions", 4)))
          .extracting(Location::getUri)
          .containsExactly(root.resolve(".github/actions/greet/action.yml").toUri().toString());
    }
  }

  @Test
  void symbols_areJobsWithTheirSteps() throws Exception {
    try (Editor editor = editor()) {
      editor.open(uri, GOOD);
      List<DocumentSymbol> symbols =
          Editor.wait(
                  editor
                      .server()
                      .getTextDocumentService()
                      .documentSymbol(new DocumentSymbolParams(new TextDocumentIdentifier(uri))))
              .stream()
              .map(either -> either.getRight())
              .toList();
      assertThat(symbols).extracting(DocumentSymbol::getName).containsExactly("build", "test");
      assertThat(symbols.getLast().getChildren())
          .extracting(DocumentSymbol::getName)
          .containsExactly(
              "echo \"${{ needs.build.outputs.version }}\"", "./.github/actions/greet");
      assertThat(symbols.getFirst().getSelectionRange().getStart()).isEqualTo(in("build:", 0));
    }
  }

  @Test
  void ignoring_insertsACommentThatWorks() throws Exception {
    String text =
        GOOD.replace(
            "run: echo \"version", "run: |\n          make test || true\n          echo \"version");
    try (Editor editor = editor()) {
      editor.open(uri, text);
      assertThat(codes(editor.diagnostics(uri, 1))).contains("masked-failure");
      Position at = Editor.position(text, text.indexOf("make test"));
      CodeAction ignore =
          editor.actions(uri, new Range(at, at)).stream()
              .filter(action -> action.getTitle().contains("masked-failure"))
              .filter(action -> action.getTitle().startsWith("Ignore"))
              .findFirst()
              .orElseThrow();
      String after = applied(text, ignore, uri);
      assertThat(after).contains("# slipway: ignore[masked-failure] ");
      editor.change(uri, 2, null, after);
      assertThat(codes(editor.diagnostics(uri, 2))).doesNotContain("masked-failure");
    }
  }

  @Test
  void fixes_areOfferedOneByOneAndAllAtOnce() throws Exception {
    String title = "${{ github.event.issue.title }}";
    String text = GOOD.replace("on: push", "on: issues").replace("version=1\"", title + "\"");
    try (Editor editor = editor()) {
      editor.open(uri, text);
      assertThat(editor.diagnostics(uri, 1)).isNotEmpty();
      Position at = Editor.position(text, text.indexOf(title) + 5);
      Range range = new Range(at, at);
      assertThat(editor.actions(uri, range, CodeActionKind.QuickFix))
          .filteredOn(action -> Boolean.TRUE.equals(action.getIsPreferred()))
          .first()
          .satisfies(action ->
              assertThat(applied(text, action, uri)).contains(": " + title).contains("env:"));
      assertThat(editor.actions(uri, range, CodeActionKind.SourceFixAll))
          .singleElement()
          .satisfies(action ->
              assertThat(applied(text, action, uri)).contains(": " + title).contains("env:"));
      assertThat(editor.actions(uri, range, CodeActionKind.Refactor)).isEmpty();
    }
  }

  @Test
  void unknownDocuments_areAnsweredWithNothing() throws Exception {
    String unknown = root.resolve("nothing.yml").toUri().toString();
    Position at = new Position(3, 4);
    try (Editor editor = editor()) {
      assertThat(editor.hover(unknown, at)).isEmpty();
      assertThat(editor.complete(unknown, at)).isEmpty();
      assertThat(editor.definition(unknown, at)).isEmpty();
      assertThat(editor.actions(unknown, new Range(at, at))).isEmpty();
      editor.change(unknown, 7, null, "on: push");
      editor.closeDocument(unknown);
      assertThat(editor.hover("untitled:Untitled-1", at)).isEmpty();
    }
  }

  @Test
  void brokenYaml_isSaid_andCompletedAllTheSame() throws Exception {
    try (Editor editor = editor()) {
      Position at = editor.open(uri, GOOD.replace("needs: build", "needs: [\u00a6"));
      assertThat(editor.diagnostics(uri, 1)).isNotEmpty();
      assertThat(editor.labels(uri, at)).containsExactly("build");
    }
  }

  @Test
  void garbage_endsNothing() throws Exception {
    try (Editor editor = editor()) {
      editor.raw("Content-Length: 9\r\n\r\n{\"a\": [[}");
      editor.raw("Content-Length: 2\r\n\r\n[]");
      editor.open(uri, "on: pusch\n");
      assertThat(editor.diagnostics(uri, 1)).isNotEmpty();
    }
  }

  @Test
  void theExitCode_saysWhetherTheEditorTookItsLeave() throws Exception {
    try (Editor polite = editor()) {
      Editor.wait(polite.server().shutdown());
      polite.server().exit();
      assertThat(polite.exit()).isZero();
    }
    try (Editor hasty = editor()) {
      hasty.server().exit();
      assertThat(hasty.exit()).isEqualTo(1);
    }
    try (Editor gone = editor()) {
      assertThat(gone.end()).isEqualTo(1);
    }
  }
}
