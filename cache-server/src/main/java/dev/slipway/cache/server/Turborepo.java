package dev.slipway.cache.server;

import dev.slipway.runtime.RefusedException;
import dev.slipway.runtime.Request;
import dev.slipway.runtime.Response;
import dev.slipway.workflow.expression.ArrayValue;
import dev.slipway.workflow.expression.Value;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Turborepo's remote cache. Teams have areas of their own within a namespace. */
final class Turborepo implements Protocol {
  static final String NAME = "turborepo";
  static final String PATH = "/v8/artifacts";

  /** What a client says of an artifact that it wants to hear again. */
  private static final List<String> NOTES =
      List.of("x-artifact-duration", "x-artifact-tag", "x-artifact-sha", "x-artifact-dirty-hash");

  private static final int MAX_NOTE = 600;

  private final Shelf shelf;

  Turborepo(Shelf shelf) {
    this.shelf = shelf;
  }

  @Override
  public Response answer(Call call) throws IOException {
    String resource = call.path();
    if (resource.equals("/status") && call.is("GET")) {
      return Response.json(Value.object(Map.of("status", Value.of("enabled"))));
    }
    if (resource.equals("/events") && call.is("POST")) {
      Shelf.discard(call.request());
      return Response.empty(200);
    }
    if (resource.isEmpty() && call.is("POST")) {
      return query(call);
    }
    EntryName name = name(call, resource.isEmpty() ? "" : resource.substring(1));
    if (call.is("PUT")) {
      Shelf.Outcome outcome = shelf.put(call, name, notes(call.request()), null);
      return Response.json(
          outcome == Shelf.Outcome.KEPT ? 200 : 202,
          Value.object(Map.of("urls", Value.array(List.of()))));
    }
    if (!call.reads()) {
      throw RefusedException.of(405, "method_not_allowed", "artifacts are read or put");
    }
    Entry entry = shelf.find(call, name);
    if (entry == null) {
      throw RefusedException.of(404, "not_found", "there is no such artifact");
    }
    Response response = shelf.content(entry);
    for (Map.Entry<String, String> note : entry.notes().entrySet()) {
      if (NOTES.contains(note.getKey())) {
        response.header(note.getKey(), note.getValue());
      }
    }
    return response;
  }

  /** What is known of several artifacts. */
  private Response query(Call call) throws IOException {
    Map<String, Value> members = new LinkedHashMap<>();
    if (call.request().json().get("hashes") instanceof ArrayValue hashes) {
      for (Value hash : hashes.items()) {
        Entry entry = shelf.find(call, name(call, hash.toText()));
        members.put(hash.toText(), entry == null ? Value.NULL : described(entry));
      }
    }
    return Response.json(Value.object(members));
  }

  private static Value described(Entry entry) {
    Map<String, Value> members = new LinkedHashMap<>();
    members.put("size", Value.of((double) entry.size()));
    String duration = entry.notes().getOrDefault("x-artifact-duration", "");
    members.put("taskDurationMs", Value.of(number(duration)));
    String tag = entry.notes().get("x-artifact-tag");
    if (tag != null) {
      members.put("tag", Value.of(tag));
    }
    return Value.object(members);
  }

  private static double number(String text) {
    boolean digits = !text.isEmpty() && text.length() < 16;
    for (int i = 0; digits && i < text.length(); i++) {
      digits = text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }
    return digits ? Long.parseLong(text) : 0;
  }

  private static EntryName name(Call call, String hash) {
    String team = call.request().parameter("teamId");
    String slug = call.request().parameter("slug");
    return new EntryName(EntryName.area(NAME, team.isEmpty() ? slug : team), hash);
  }

  private static Map<String, String> notes(Request request) {
    Map<String, String> notes = new TreeMap<>();
    for (String name : NOTES) {
      String value = request.header(name);
      boolean plain = !value.isEmpty() && value.length() <= MAX_NOTE;
      for (int i = 0; plain && i < value.length(); i++) {
        plain = value.charAt(i) > ' ' && value.charAt(i) < 0x7f;
      }
      if (plain) {
        notes.put(name, value);
      }
    }
    return notes;
  }
}
