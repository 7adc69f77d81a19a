package dev.slipway.engine;

import dev.slipway.workflow.expression.Json;
import dev.slipway.workflow.expression.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is needed to run a workflow again, as it lies beside the run's events; no secrets. */
final class RequestJson {
  private RequestJson() {}

  /** For one of the workflows. */
  static String of(RunRequest request, LocalEngine.Selected one) {
    Map<String, Value> json = new LinkedHashMap<>();
    json.put("event", Value.of(request.event()));
    json.put("file", Value.of(one.file()));
    json.put("payload", request.payload() == null ? Value.NULL : request.payload());
    json.put("inputs", strings(request.inputs()));
    json.put("vars", strings(request.vars()));
    json.put("env", strings(request.env()));
    json.put("machines", strings(request.machines()));
    Map<String, String> sources = new LinkedHashMap<>();
    request
        .actionSources()
        .forEach((slug, path) -> sources.put(slug, path.toAbsolutePath().toString()));
    json.put("actionSources", strings(sources));
    json.put("actionUrlBase", Value.of(request.actionUrlBase()));
    json.put("actor", request.actor() == null ? Value.NULL : Value.of(request.actor()));
    json.put(
        "secretNames", Value.array(request.secrets().keySet().stream().map(Value::of).toList()));
    json.put("jobs", strings(one.jobs()));
    Map<String, Value> keys = new LinkedHashMap<>();
    keys.put("prefix", Value.of(one.keys().prefix()));
    keys.put("ids", strings(one.keys().ids()));
    json.put("keys", Value.object(keys));
    Map<String, Value> matrix = new LinkedHashMap<>();
    request
        .matrix()
        .forEach(
            (key, values) -> matrix.put(key, Value.array(values.stream().map(Value::of).toList())));
    json.put("matrix", Value.object(matrix));
    json.put("earlierRuns", Value.array(request.earlierRuns().stream().map(Value::of).toList()));
    json.put("inPlace", Value.of(request.inPlace()));
    json.put("realCheckout", Value.of(request.realCheckout()));
    return Json.writeCompact(Value.object(json));
  }

  private static Value strings(Map<String, String> map) {
    Map<String, Value> values = new LinkedHashMap<>();
    map.forEach((name, value) -> values.put(name, Value.of(value)));
    return Value.object(values);
  }

  private static Value strings(Set<String> set) {
    List<Value> values = new ArrayList<>(set.size());
    set.forEach(text -> values.add(Value.of(text)));
    return Value.array(values);
  }
}
