package dev.slipway.lsp;

import dev.slipway.lint.ActionData;
import dev.slipway.lint.Selection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import org.eclipse.lsp4j.ClientCapabilities;
import org.eclipse.lsp4j.CodeActionKind;
import org.eclipse.lsp4j.CodeActionOptions;
import org.eclipse.lsp4j.CompletionOptions;
import org.eclipse.lsp4j.DiagnosticRegistrationOptions;
import org.eclipse.lsp4j.InitializeParams;
import org.eclipse.lsp4j.InitializeResult;
import org.eclipse.lsp4j.PositionEncodingKind;
import org.eclipse.lsp4j.SaveOptions;
import org.eclipse.lsp4j.ServerCapabilities;
import org.eclipse.lsp4j.ServerInfo;
import org.eclipse.lsp4j.SetTraceParams;
import org.eclipse.lsp4j.TextDocumentSyncKind;
import org.eclipse.lsp4j.TextDocumentSyncOptions;
import org.eclipse.lsp4j.WorkspaceFolder;
import org.eclipse.lsp4j.services.LanguageClient;
import org.eclipse.lsp4j.services.LanguageServer;

/** The life of one connection with an editor. */
final class Server implements LanguageServer {
  private final Documents documents;
  private final Changes changes;
  private final CountDownLatch end = new CountDownLatch(1);
  private volatile boolean shutdown;
  private volatile boolean exited;

  Server(Selection selection, ActionData data, Executor threads) {
    this.documents = new Documents(selection, data, threads);
    this.changes = new Changes(documents);
  }

  void connect(LanguageClient client) {
    documents.connect(client);
  }

  /** Waits for the end; 0 when it came as the protocol asks. */
  int ended() throws InterruptedException {
    end.await();
    return shutdown && exited ? 0 : 1;
  }

  /** The editor closed its end. */
  void gone() {
    end.countDown();
  }

  @Override
  public CompletableFuture<InitializeResult> initialize(InitializeParams params) {
    List<WorkspaceFolder> folders = params.getWorkspaceFolders();
    if (folders != null) {
      for (WorkspaceFolder folder : folders) {
        documents.folder(folder.getUri());
      }
    }
    ClientCapabilities client = params.getCapabilities();
    boolean pulls =
        client != null
            && client.getTextDocument() != null
            && client.getTextDocument().getDiagnostic() != null;
    boolean refreshes =
        pulls
            && client.getWorkspace() != null
            && client.getWorkspace().getDiagnostics() != null
            && Boolean.TRUE.equals(client.getWorkspace().getDiagnostics().getRefreshSupport());
    documents.pulled(pulls, refreshes);
    return CompletableFuture.completedFuture(
        new InitializeResult(capabilities(pulls), new ServerInfo("slipway")));
  }

  private static ServerCapabilities capabilities(boolean pulls) {
    ServerCapabilities can = new ServerCapabilities();
    can.setPositionEncoding(PositionEncodingKind.UTF16);
    TextDocumentSyncOptions sync = new TextDocumentSyncOptions();
    sync.setOpenClose(true);
    sync.setChange(TextDocumentSyncKind.Incremental);
    sync.setSave(new SaveOptions(false));
    can.setTextDocumentSync(sync);
    can.setHoverProvider(true);
    can.setCompletionProvider(
        new CompletionOptions(false, List.of(".", "@", " ", "[", "(", "-", ":")));
    can.setCodeActionProvider(
        new CodeActionOptions(List.of(CodeActionKind.QuickFix, CodeActionKind.SourceFixAll)));
    can.setDocumentSymbolProvider(true);
    can.setDefinitionProvider(true);
    if (pulls) {
      // A local action's manifest decides on what is found in those that use it.
      can.setDiagnosticProvider(new DiagnosticRegistrationOptions(true, false));
    }
    return can;
  }

  @Override
  public CompletableFuture<Object> shutdown() {
    shutdown = true;
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void exit() {
    exited = true;
    end.countDown();
  }

  @Override
  public void setTrace(SetTraceParams params) {
    // There is nothing to trace, but a client may ask for it.
  }

  @Override
  public Documents getTextDocumentService() {
    return documents;
  }

  @Override
  public Changes getWorkspaceService() {
    return changes;
  }
}
