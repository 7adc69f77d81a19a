package dev.slipway.engine;

import dev.slipway.workflow.Job;
import dev.slipway.workflow.Node;
import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Value;
import org.jspecify.annotations.Nullable;

/** The containers that a job asks for: one for its steps, and services beside it. */
final class ContainerRequests {
  private ContainerRequests() {}

  /** The first, as it begins a sentence; null for none. */
  static @Nullable String first(Job.Steps body, StepScope scope) {
    Node container = body.container();
    String image = container == null ? "" : image(container, scope);
    if (!image.isEmpty()) {
      return "The job's container '" + image + "'";
    }
    Node services = body.services();
    String service = services == null ? "" : service(services, scope);
    return service.isEmpty() ? null : "The service '" + service + "'";
  }

  /** The image of a container or service; empty for none. */
  private static String image(Node container, StepScope scope) {
    if (container instanceof Node.Mapping mapping) {
      for (Node.Member member : mapping.members()) {
        if (member.key().source().equals("image")) {
          return member.value().text(scope);
        }
      }
    }
    Value value = container.evaluate(scope);
    if (value instanceof ObjectValue object) {
      Value image = object.get("image");
      return image == null ? "" : image.toText();
    }
    return value.toText();
  }

  /** The first service that has an image; empty for none. */
  private static String service(Node services, StepScope scope) {
    if (services instanceof Node.Mapping mapping) {
      for (Node.Member member : mapping.members()) {
        if (!image(member.value(), scope).isEmpty()) {
          return member.key().source();
        }
      }
      return "";
    }
    String[] found = {""};
    if (services.evaluate(scope) instanceof ObjectValue object) {
      object.forEach((name, value) -> {
        Value image = value instanceof ObjectValue service ? service.get("image") : value;
        if (found[0].isEmpty() && image != null && !image.toText().isEmpty()) {
          found[0] = name;
        }
      });
    }
    return found[0];
  }
}
