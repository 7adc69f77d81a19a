package dev.slipway.cache.server;

import dev.slipway.runtime.RefusedException;
import dev.slipway.runtime.Response;
import java.io.IOException;

/** Gradle's HTTP build cache. */
final class Gradle implements Protocol {
  static final String NAME = "gradle";
  static final String PATH = "/gradle/";
  static final String LONG_PATH = "/cache/gradle/";

  private final Shelf shelf;

  Gradle(Shelf shelf) {
    this.shelf = shelf;
  }

  @Override
  public Response answer(Call call) throws IOException {
    EntryName name = new EntryName(NAME, call.path());
    if (call.is("PUT")) {
      return shelf.put(call, name) == Shelf.Outcome.STORED
          ? Response.empty(201)
          : Response.empty(200);
    }
    if (!call.reads()) {
      throw RefusedException.of(405, "method_not_allowed", "entries are read or put");
    }
    Entry entry = shelf.find(call, name);
    return entry == null ? Response.empty(404) : shelf.content(entry);
  }
}
