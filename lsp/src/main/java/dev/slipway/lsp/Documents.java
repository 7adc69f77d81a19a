package dev.slipway.lsp;

import dev.slipway.lint.ActionData;
import dev.slipway.lint.Assist;
import dev.slipway.lint.Finding;
import dev.slipway.lint.Lint;
import dev.slipway.lint.Selection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.eclipse.lsp4j.CodeAction;
import org.eclipse.lsp4j.CodeActionParams;
import org.eclipse.lsp4j.Command;
import org.eclipse.lsp4j.CompletionItem;
import org.eclipse.lsp4j.CompletionList;
import org.eclipse.lsp4j.CompletionParams;
import org.eclipse.lsp4j.DefinitionParams;
import org.eclipse.lsp4j.DidChangeTextDocumentParams;
import org.eclipse.lsp4j.DidCloseTextDocumentParams;
import org.eclipse.lsp4j.DidOpenTextDocumentParams;
import org.eclipse.lsp4j.DidSaveTextDocumentParams;
import org.eclipse.lsp4j.DocumentDiagnosticParams;
import org.eclipse.lsp4j.DocumentDiagnosticReport;
import org.eclipse.lsp4j.DocumentSymbol;
import org.eclipse.lsp4j.DocumentSymbolParams;
import org.eclipse.lsp4j.Hover;
import org.eclipse.lsp4j.HoverParams;
import org.eclipse.lsp4j.Location;
import org.eclipse.lsp4j.LocationLink;
import org.eclipse.lsp4j.MessageParams;
import org.eclipse.lsp4j.MessageType;
import org.eclipse.lsp4j.PublishDiagnosticsParams;
import org.eclipse.lsp4j.RelatedFullDocumentDiagnosticReport;
import org.eclipse.lsp4j.SymbolInformation;
import org.eclipse.lsp4j.TextDocumentContentChangeEvent;
import org.eclipse.lsp4j.TextDocumentIdentifier;
import org.eclipse.lsp4j.TextDocumentItem;
import org.eclipse.lsp4j.jsonrpc.messages.Either;
import org.eclipse.lsp4j.services.LanguageClient;
import org.eclipse.lsp4j.services.TextDocumentService;
import org.jspecify.annotations.Nullable;

/**
 * The documents that the editor shows. Changes are taken in the order in which they come, by one
 * thread; what is asked is answered by others, about the version that was there when it was asked.
 */
final class Documents implements TextDocumentService {
  private final Map<String, Document> documents = new ConcurrentHashMap<>();
  private final Map<String, Found> found = new ConcurrentHashMap<>();
  private final Selection selection;
  private final ActionData data;
  private final Executor threads;
  private final Folders folders;
  private volatile boolean pulls;
  private volatile boolean refreshes;
  private @Nullable LanguageClient client;

  /** What was found in a version of a document. */
  private record Found(Text text, List<Finding> findings) {}

  Documents(Selection selection, ActionData data, Executor threads) {
    this.selection = selection;
    this.data = data;
    this.threads = threads;
    this.folders = new Folders(this::shown);
  }

  void connect(LanguageClient to) {
    client = to;
  }

  void folder(String uri) {
    folders.add(uri);
  }

  /** Whether the editor asks for findings itself, and whether it can be told to ask again. */
  void pulled(boolean byEditor, boolean again) {
    pulls = byEditor;
    refreshes = again;
  }

  private @Nullable String shown(String address) {
    for (Document document : documents.values()) {
      Path path = Folders.path(document.uri());
      if (path != null && Folders.address(path).equals(address)) {
        return document.text().content();
      }
    }
    return null;
  }

  @Override
  public void didOpen(DidOpenTextDocumentParams params) {
    TextDocumentItem item = params.getTextDocument();
    Path file = Folders.path(item.getUri());
    Path root = file == null ? null : folders.root(file);
    String path =
        file == null
            ? item.getUri()
            : (root == null ? file : root.relativize(file)).toString().replace('\\', '/');
    String language = item.getLanguageId() == null ? "" : item.getLanguageId();
    Text text = new Text(item.getText());
    Document document =
        new Document(
            item.getUri(),
            language,
            item.getVersion(),
            text,
            path,
            folders.project(root),
            Watched.is(path, language, text.content()));
    documents.put(item.getUri(), document);
    look(document);
  }

  @Override
  public void didChange(DidChangeTextDocumentParams params) {
    Document before = documents.get(params.getTextDocument().getUri());
    if (before == null) {
      return;
    }
    Text text = before.text();
    for (TextDocumentContentChangeEvent change : params.getContentChanges()) {
      text =
          change.getRange() == null
              ? new Text(change.getText())
              : text.with(change.getRange(), change.getText());
    }
    boolean watched =
        before.watched() || Watched.is(before.path(), before.language(), text.content());
    Document document = before.with(params.getTextDocument().getVersion(), text, watched);
    documents.put(document.uri(), document);
    look(document);
  }

  @Override
  public void didClose(DidCloseTextDocumentParams params) {
    String uri = params.getTextDocument().getUri();
    documents.remove(uri);
    found.remove(uri);
    if (!pulls) {
      publish(new PublishDiagnosticsParams(uri, List.of()));
    }
  }

  @Override
  public void didSave(DidSaveTextDocumentParams params) {
    // What others find may depend on this file.
    refresh();
  }

  /** Looks through all documents again. */
  void refresh() {
    found.clear();
    LanguageClient editor = client;
    if (pulls) {
      if (refreshes && editor != null) {
        editor
            .refreshDiagnostics()
            .exceptionally(problem -> {
              // An editor that does not ask again shows what it knows.
              return null;
            });
      }
      return;
    }
    for (Document document : documents.values()) {
      look(document);
    }
  }

  private void look(Document document) {
    if (pulls || !document.watched()) {
      return;
    }
    answer(
            () -> {
              // A newer version is looked through by itself.
              if (current(document)) {
                List<Finding> findings = findings(document);
                if (current(document)) {
                  PublishDiagnosticsParams report =
                      new PublishDiagnosticsParams(
                          document.uri(), Diagnostics.of(document.text(), findings));
                  report.setVersion(document.version());
                  publish(report);
                }
              }
              return true;
            })
        .exceptionally(problem -> {
          complain(document, problem);
          return false;
        });
  }

  private boolean current(Document document) {
    Document now = documents.get(document.uri());
    return now != null && now.text() == document.text();
  }

  private void publish(PublishDiagnosticsParams report) {
    LanguageClient editor = client;
    if (editor != null) {
      editor.publishDiagnostics(report);
    }
  }

  private void complain(Document document, Throwable problem) {
    LanguageClient editor = client;
    if (editor != null) {
      editor.logMessage(
          new MessageParams(
              MessageType.Error, document.path() + " cannot be looked through: " + problem));
    }
  }

  private <T> CompletableFuture<T> answer(java.util.function.Supplier<T> question) {
    return CompletableFuture.supplyAsync(question, threads);
  }

  /** The answer about an open document that is looked through; of others there is none. */
  private <T> CompletableFuture<T> about(
      TextDocumentIdentifier identifier, T none, Function<Document, T> question) {
    Document document = documents.get(identifier.getUri());
    return document == null || !document.watched()
        ? CompletableFuture.completedFuture(none)
        : answer(() -> question.apply(document));
  }

  Lint lint(Document document) {
    return Lint.of(selection).in(document.project()).knowing(data);
  }

  private List<Finding> findings(Document document) {
    Found known = found.get(document.uri());
    if (known != null && known.text() == document.text()) {
      return known.findings();
    }
    List<Finding> findings = lint(document).file(document.path(), document.text().content());
    if (current(document)) {
      found.put(document.uri(), new Found(document.text(), findings));
    }
    return findings;
  }

  private Assist assist(Document document) {
    return Assist.of(document.path(), document.text().content(), document.project(), data);
  }

  @Override
  public CompletableFuture<DocumentDiagnosticReport> diagnostic(DocumentDiagnosticParams params) {
    return about(
        params.getTextDocument(),
        report(List.of()),
        document -> report(Diagnostics.of(document.text(), findings(document))));
  }

  private static DocumentDiagnosticReport report(List<org.eclipse.lsp4j.Diagnostic> all) {
    return new DocumentDiagnosticReport(new RelatedFullDocumentDiagnosticReport(all));
  }

  @Override
  @SuppressWarnings("NullAway") // The protocol's answer for nothing is null.
  public CompletableFuture<Hover> hover(HoverParams params) {
    return about(
        params.getTextDocument(),
        null,
        document ->
            Answers.hover(
                document,
                document.text().offset(params.getPosition()),
                assist(document),
                findings(document)));
  }

  @Override
  public CompletableFuture<Either<List<CompletionItem>, CompletionList>> completion(
      CompletionParams params) {
    return about(
        params.getTextDocument(),
        Either.forLeft(new ArrayList<>()),
        document ->
            Either.forLeft(
                Answers.completion(
                    document.text(),
                    assist(document).complete(document.text().offset(params.getPosition())))));
  }

  @Override
  public CompletableFuture<Either<List<? extends Location>, List<? extends LocationLink>>>
      definition(DefinitionParams params) {
    return about(
        params.getTextDocument(),
        Either.forLeft(List.of()),
        document ->
            Either.forLeft(
                Answers.definition(
                    document,
                    assist(document).definition(document.text().offset(params.getPosition())))));
  }

  @Override
  public CompletableFuture<List<Either<SymbolInformation, DocumentSymbol>>> documentSymbol(
      DocumentSymbolParams params) {
    return about(
        params.getTextDocument(),
        List.of(),
        document -> Answers.symbols(document.text(), assist(document).symbols()));
  }

  @Override
  public CompletableFuture<List<Either<Command, CodeAction>>> codeAction(CodeActionParams params) {
    return about(
        params.getTextDocument(),
        List.of(),
        document -> new Actions(document, lint(document), findings(document)).at(params));
  }
}
