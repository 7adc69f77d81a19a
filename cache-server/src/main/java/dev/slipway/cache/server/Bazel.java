package dev.slipway.cache.server;

import dev.slipway.runtime.RefusedException;
import dev.slipway.runtime.Response;
import java.io.IOException;
import java.util.Map;

/**
 * Bazel's HTTP cache: results of actions at {@code ac/SHA256}, contents at {@code cas/SHA256}, both
 * perhaps after the name of an instance.
 */
final class Bazel implements Protocol {
  static final String ACTIONS = "bazel-ac";
  static final String CONTENTS = "bazel-cas";
  static final String PATH = "/bazel/";

  private static final String EMPTY =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  private final Shelf actions;
  private final Shelf contents;

  Bazel(Shelf actions, Shelf contents) {
    this.actions = actions;
    this.contents = contents;
  }

  @Override
  public Response answer(Call call) throws IOException {
    String path = call.path();
    int slash = path.lastIndexOf('/');
    String hash = path.substring(slash + 1);
    String kind = slash < 0 ? "" : path.substring(path.lastIndexOf('/', slash - 1) + 1, slash);
    boolean content = kind.equals("cas");
    if (!isHash(hash) || (!content && !kind.equals("ac"))) {
      throw RefusedException.of(404, "not_found", "paths are ac/SHA256 and cas/SHA256");
    }
    String instance = path.substring(0, Math.max(0, slash - kind.length() - 1));
    Shelf shelf = content ? contents : actions;
    EntryName name =
        new EntryName(
            EntryName.area(content ? CONTENTS : ACTIONS, instance.replace('/', '_')), hash);
    if (call.is("PUT")) {
      return put(call, shelf, name, content);
    }
    if (!call.reads()) {
      throw RefusedException.of(405, "method_not_allowed", "entries are read or put");
    }
    Entry entry = shelf.find(call, name);
    if (entry == null) {
      return content && hash.equals(EMPTY)
          ? Response.text(200, "application/octet-stream", "")
          : Response.empty(404);
    }
    return shelf.content(entry);
  }

  private static Response put(Call call, Shelf shelf, EntryName name, boolean content)
      throws IOException {
    if (!call.request().header("Content-Encoding").isEmpty()) {
      throw RefusedException.of(415, "unsupported", "content is only taken as it is");
    }
    return switch (shelf.put(call, name, Map.of(), content ? name.key() : null)) {
      case STORED, KEPT -> Response.empty(200);
      // Bazel goes on; but nobody may believe that content is there that results speak of.
      case FORGOTTEN -> Response.empty(503);
    };
  }

  private static boolean isHash(String text) {
    boolean right = text.length() == 64;
    for (int i = 0; right && i < text.length(); i++) {
      char c = text.charAt(i);
      right = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    }
    return right;
  }
}
