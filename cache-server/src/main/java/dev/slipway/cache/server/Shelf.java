package dev.slipway.cache.server;

import dev.slipway.cache.CacheServerSettings.Writing;
import dev.slipway.runtime.RefusedException;
import dev.slipway.runtime.Request;
import dev.slipway.runtime.Response;
import java.io.IOException;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The store as a protocol sees it: within the rights of who calls, counted, and never the reason
 * why a tool stops. What cannot be read is not there; what cannot be stored is forgotten.
 */
final class Shelf {
  /** The most that is read of a body that nobody wants, so that its sender hears the answer. */
  private static final long MOST_UNWANTED = 256L << 20;

  private final String protocol;
  private final Store store;
  private final Counters counters;
  private final Writing writing;
  private final Consumer<String> warnings;

  /** What became of content that came. */
  enum Outcome {
    STORED,
    KEPT,
    FORGOTTEN
  }

  Shelf(
      String protocol, Store store, Counters counters, Writing writing, Consumer<String> warnings) {
    this.protocol = protocol;
    this.store = store;
    this.counters = counters;
    this.writing = writing;
    this.warnings = warnings;
  }

  /** What there is of this name; null when there is nothing. */
  @Nullable Entry find(Call call, EntryName name) {
    if (!call.token().reads()) {
      throw RefusedException.of(403, "forbidden", "the token may not read");
    }
    Entry entry = null;
    try {
      entry = store.find(call.token().namespaces(), name);
    } catch (IOException e) {
      counters.failed(protocol);
      warnings.accept("an entry cannot be read: " + e);
    }
    counters.searched(protocol, entry == null ? -1 : call.is("HEAD") ? 0 : entry.size());
    return entry;
  }

  /** The content of an entry. */
  Response content(Entry entry) {
    return Response.file(200, new Response.FileRange(entry.file(), 0, entry.size()))
        .header("Content-Type", "application/octet-stream")
        .header("X-Content-Type-Options", "nosniff");
  }

  /** Whether the caller's own namespace has an entry of this name. */
  boolean has(Call call, EntryName name) {
    return store.has(call.token().namespaces().getFirst(), name);
  }

  Outcome put(Call call, EntryName name) throws IOException {
    return put(call, name, Map.of(), null);
  }

  /**
   * Stores what comes with the call.
   *
   * @param sha256 what it has to be, or null
   */
  Outcome put(Call call, EntryName name, Map<String, String> notes, @Nullable String sha256)
      throws IOException {
    if (!call.token().writes()) {
      throw RefusedException.of(403, "forbidden", "the token may not write");
    }
    if (writing == Writing.NONE) {
      throw RefusedException.of(403, "forbidden", "this server is only read");
    }
    boolean replace = writing == Writing.ONCE_BUT_ACTIONS && protocol.equals(Bazel.ACTIONS);
    Request request = call.request();
    long expected = length(request);
    if (expected > store.entryLimit()) {
      throw tooLarge();
    }
    if (!replace && has(call, name)) {
      discard(request);
      counters.kept(protocol);
      return Outcome.KEPT;
    }
    String namespace = call.token().namespaces().getFirst();
    try {
      Entry entry = store.put(namespace, name, request.body(), expected, notes, sha256, replace);
      if (entry == null) {
        counters.kept(protocol);
        return Outcome.KEPT;
      }
      counters.stored(protocol, entry.size());
      return Outcome.STORED;
    } catch (EntryFile.ClientGone e) {
      throw e;
    } catch (EntryFile.TooLarge e) {
      throw tooLarge();
    } catch (IOException e) {
      discard(request);
      counters.failed(protocol);
      warnings.accept("an entry cannot be stored: " + e);
      return Outcome.FORGOTTEN;
    }
  }

  /** Reads what is left of a body, within reason. */
  static void discard(Request request) throws IOException {
    byte[] buffer = new byte[64 * 1024];
    long read = 0;
    for (int now; read < MOST_UNWANTED && (now = request.body().read(buffer)) > 0; ) {
      read += now;
    }
  }

  private static RefusedException tooLarge() {
    return RefusedException.of(413, "too_large", "the entry is larger than entries may be");
  }

  private static long length(Request request) {
    String text = request.header("Content-Length");
    try {
      return text.isEmpty() ? -1 : Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw RefusedException.of(400, "malformed", "Content-Length is no number");
    }
  }
}
