package dev.slipway.cache.server;

import dev.slipway.runtime.RefusedException;
import dev.slipway.runtime.Response;
import java.io.IOException;

/** What Nx asks of a cache server of one's own. */
final class Nx implements Protocol {
  static final String NAME = "nx";
  static final String PATH = "/v1/cache/";

  private final Shelf shelf;

  Nx(Shelf shelf) {
    this.shelf = shelf;
  }

  @Override
  public Response answer(Call call) throws IOException {
    EntryName name = new EntryName(NAME, call.path());
    if (call.is("PUT")) {
      return shelf.put(call, name) == Shelf.Outcome.KEPT
          ? Response.text(409, "text/plain", "Cannot override an existing record")
          : Response.text(200, "text/plain", "Successfully uploaded the output");
    }
    if (!call.reads()) {
      throw RefusedException.of(405, "method_not_allowed", "records are read or put");
    }
    Entry entry = shelf.find(call, name);
    return entry == null
        ? Response.text(404, "text/plain", "The record was not found")
        : shelf.content(entry);
  }
}
