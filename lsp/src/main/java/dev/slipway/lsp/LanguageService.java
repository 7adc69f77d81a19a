package dev.slipway.lsp;

import dev.slipway.lint.ActionData;
import dev.slipway.lint.EditorService;
import dev.slipway.lint.Selection;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.eclipse.lsp4j.jsonrpc.Launcher;
import org.eclipse.lsp4j.launch.LSPLauncher;
import org.eclipse.lsp4j.services.LanguageClient;

/** Serves an editor by the Language Server Protocol. */
public final class LanguageService implements EditorService {
  /** For the loader of services. */
  public LanguageService() {}

  @Override
  public int serve(InputStream in, OutputStream out, Selection selection, ActionData data)
      throws IOException, InterruptedException {
    ExecutorService threads =
        Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("lsp-", 0).factory());
    try {
      Server server = new Server(selection, data, threads);
      Launcher<LanguageClient> launcher =
          LSPLauncher.createServerLauncher(server, in, out, threads, messages -> messages);
      server.connect(launcher.getRemoteProxy());
      Future<Void> listening = launcher.startListening();
      threads.execute(() -> {
        try {
          listening.get();
        } catch (ExecutionException e) {
          // The editor's end of the stream broke; it is gone as if it had closed it.
          server.gone();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        server.gone();
      });
      return server.ended();
    } finally {
      threads.shutdownNow();
    }
  }
}
