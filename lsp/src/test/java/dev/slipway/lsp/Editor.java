package dev.slipway.lsp;

import dev.slipway.lint.ActionData;
import dev.slipway.lint.Selection;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.lsp4j.ClientCapabilities;
import org.eclipse.lsp4j.CodeAction;
import org.eclipse.lsp4j.CodeActionContext;
import org.eclipse.lsp4j.CodeActionParams;
import org.eclipse.lsp4j.CompletionItem;
import org.eclipse.lsp4j.CompletionParams;
import org.eclipse.lsp4j.DefinitionParams;
import org.eclipse.lsp4j.Diagnostic;
import org.eclipse.lsp4j.DidChangeTextDocumentParams;
import org.eclipse.lsp4j.DidCloseTextDocumentParams;
import org.eclipse.lsp4j.DidOpenTextDocumentParams;
import org.eclipse.lsp4j.Hover;
import org.eclipse.lsp4j.HoverParams;
import org.eclipse.lsp4j.InitializeParams;
import org.eclipse.lsp4j.InitializeResult;
import org.eclipse.lsp4j.InitializedParams;
import org.eclipse.lsp4j.Location;
import org.eclipse.lsp4j.MessageActionItem;
import org.eclipse.lsp4j.MessageParams;
import org.eclipse.lsp4j.Position;
import org.eclipse.lsp4j.PublishDiagnosticsParams;
import org.eclipse.lsp4j.Range;
import org.eclipse.lsp4j.ShowMessageRequestParams;
import org.eclipse.lsp4j.TextDocumentContentChangeEvent;
import org.eclipse.lsp4j.TextDocumentIdentifier;
import org.eclipse.lsp4j.TextDocumentItem;
import org.eclipse.lsp4j.VersionedTextDocumentIdentifier;
import org.eclipse.lsp4j.jsonrpc.Launcher;
import org.eclipse.lsp4j.jsonrpc.messages.Either;
import org.eclipse.lsp4j.launch.LSPLauncher;
import org.eclipse.lsp4j.services.LanguageClient;
import org.eclipse.lsp4j.services.LanguageServer;
import org.jspecify.annotations.Nullable;

/** An editor that talks with the server over pipes, as a real one does over its streams. */
final class Editor implements LanguageClient, AutoCloseable {
  private final BlockingQueue<PublishDiagnosticsParams> published = new LinkedBlockingQueue<>();
  private final PipedOutputStream toServer = new PipedOutputStream();
  private final CompletableFuture<Integer> exit = new CompletableFuture<>();
  private final LanguageServer server;
  private final Future<Void> listening;
  private final InitializeResult answers;

  Editor(ClientCapabilities capabilities) throws Exception {
    PipedInputStream serverIn = new PipedInputStream(toServer, 1 << 16);
    PipedOutputStream serverOut = new PipedOutputStream();
    PipedInputStream fromServer = new PipedInputStream(serverOut, 1 << 16);
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            exit.complete(
                new LanguageService()
                    .serve(serverIn, serverOut, Selection.DEFAULT, ActionData.builtIn()));
          } catch (IOException | InterruptedException e) {
            exit.completeExceptionally(e);
          }
        });
    Launcher<LanguageServer> launcher =
        LSPLauncher.createClientLauncher(this, fromServer, toServer);
    listening = launcher.startListening();
    server = launcher.getRemoteProxy();
    InitializeParams initialize = new InitializeParams();
    initialize.setCapabilities(capabilities);
    answers = wait(server.initialize(initialize));
    server.initialized(new InitializedParams());
  }

  InitializeResult answers() {
    return answers;
  }

  LanguageServer server() {
    return server;
  }

  static <T> T wait(CompletableFuture<T> answer) throws Exception {
    return answer.get(60, TimeUnit.SECONDS);
  }

  /** Opens a document; a broken bar is no part of it, but tells where the cursor is. */
  Position open(String uri, String text) {
    int at = text.indexOf('\u00a6');
    String content = at < 0 ? text : text.substring(0, at) + text.substring(at + 1);
    server
        .getTextDocumentService()
        .didOpen(new DidOpenTextDocumentParams(new TextDocumentItem(uri, "yaml", 1, content)));
    return position(text, Math.max(0, at));
  }

  static Position position(String text, int at) {
    String head = text.substring(0, at);
    int line = (int) head.chars().filter(c -> c == '\n').count();
    return new Position(line, at - (head.lastIndexOf('\n') + 1));
  }

  void change(String uri, int version, @Nullable Range range, String text) {
    server
        .getTextDocumentService()
        .didChange(
            new DidChangeTextDocumentParams(
                new VersionedTextDocumentIdentifier(uri, version),
                List.of(
                    range == null
                        ? new TextDocumentContentChangeEvent(text)
                        : new TextDocumentContentChangeEvent(range, text))));
  }

  void closeDocument(String uri) {
    server
        .getTextDocumentService()
        .didClose(new DidCloseTextDocumentParams(new TextDocumentIdentifier(uri)));
  }

  /** Sends bytes as they are. */
  void raw(String bytes) throws IOException {
    toServer.write(bytes.getBytes(StandardCharsets.UTF_8));
    toServer.flush();
  }

  /** Whether something is published about a document that nobody has taken note of. */
  boolean published(String uri) {
    return published.stream().anyMatch(report -> report.getUri().equals(uri));
  }

  /** What was found in a version of a document. */
  List<Diagnostic> diagnostics(String uri, int version) throws Exception {
    while (true) {
      PublishDiagnosticsParams report = published.poll(60, TimeUnit.SECONDS);
      if (report == null) {
        throw new AssertionError("nothing was published about version " + version + " of " + uri);
      }
      Integer of = report.getVersion();
      if (report.getUri().equals(uri) && (of == null ? -1 : of) == version) {
        return report.getDiagnostics();
      }
    }
  }

  List<CompletionItem> complete(String uri, Position at) throws Exception {
    return wait(server
            .getTextDocumentService()
            .completion(new CompletionParams(new TextDocumentIdentifier(uri), at)))
        .getLeft();
  }

  List<String> labels(String uri, Position at) throws Exception {
    return complete(uri, at).stream().map(CompletionItem::getLabel).toList();
  }

  /** What is said about a place; empty for nothing. */
  String hover(String uri, Position at) throws Exception {
    Hover hover =
        wait(
            server
                .getTextDocumentService()
                .hover(new HoverParams(new TextDocumentIdentifier(uri), at)));
    return hover == null ? "" : hover.getContents().getRight().getValue();
  }

  List<Location> definition(String uri, Position at) throws Exception {
    return new ArrayList<>(
        wait(server
                .getTextDocumentService()
                .definition(new DefinitionParams(new TextDocumentIdentifier(uri), at)))
            .getLeft());
  }

  List<CodeAction> actions(String uri, Range range, String... only) throws Exception {
    CodeActionContext context = new CodeActionContext(List.of());
    if (only.length > 0) {
      context.setOnly(List.of(only));
    }
    return wait(
            server
                .getTextDocumentService()
                .codeAction(new CodeActionParams(new TextDocumentIdentifier(uri), range, context)))
        .stream()
        .map(Either::getRight)
        .toList();
  }

  /** Closes the stream without a word, or after; returns the server's exit code. */
  int end() throws Exception {
    toServer.close();
    return wait(exit);
  }

  int exit() throws Exception {
    return wait(exit);
  }

  @Override
  public void close() throws IOException {
    toServer.close();
    listening.cancel(true);
  }

  @Override
  public void publishDiagnostics(PublishDiagnosticsParams report) {
    published.add(report);
  }

  @Override
  public void telemetryEvent(Object object) {}

  @Override
  public void showMessage(MessageParams message) {}

  @Override
  public CompletableFuture<MessageActionItem> showMessageRequest(ShowMessageRequestParams request) {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void logMessage(MessageParams message) {
    throw new AssertionError(message.getMessage());
  }
}
