package dev.slipway.engine;

import dev.slipway.workflow.Job;
import dev.slipway.workflow.Node;
import dev.slipway.workflow.expression.ArrayValue;
import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The containers that a job asks for, evaluated: one for its steps, and services beside it
 * (actions/runner, PipelineTemplateEvaluator.EvaluateJobContainer).
 *
 * @param job empty when steps run on the machine itself, which is also what an empty image means
 */
record ContainerRequests(Optional<ContainerSpec> job, List<ContainerSpec> services) {
  private static final String JOB = "job";
  private static final String SCHEME = "docker://";
  private static final String GITHUB_REGISTRY = "ghcr.io/";

  /**
   * What a job asks for. Within the job's lock.
   *
   * @param body the job's
   * @param fallback the image of a job that names none; empty for none
   * @param skipped told of services that have no image, which are not started
   * @throws dev.slipway.workflow.expression.ExpressionException when it cannot be evaluated
   */
  static ContainerRequests of(
      Job.Steps body, String fallback, StepScope scope, Consumer<String> skipped) {
    ContainerSpec job = spec(JOB, evaluate(body.container(), scope), scope);
    if (job == null && !fallback.isEmpty()) {
      job = spec(JOB, Value.of(fallback), scope);
    }
    List<ContainerSpec> services = new ArrayList<>();
    if (evaluate(body.services(), scope) instanceof ObjectValue members) {
      members.forEach((name, value) -> {
        ContainerSpec service = spec(name, value, scope);
        if (service == null) {
          skipped.accept(name);
        } else {
          services.add(service);
        }
      });
    }
    return new ContainerRequests(Optional.ofNullable(job), services);
  }

  boolean none() {
    return job.isEmpty() && services.isEmpty();
  }

  /** The first, as it begins a sentence. */
  String first() {
    return job.isPresent()
        ? "The job's container '" + job.get().image() + "'"
        : "The service '" + services.getFirst().name() + "'";
  }

  private static Value evaluate(@Nullable Node node, StepScope scope) {
    return node == null ? Value.NULL : node.evaluate(scope);
  }

  private static @Nullable ContainerSpec spec(String name, Value value, StepScope scope) {
    ObjectValue members = value instanceof ObjectValue object ? object : null;
    String image = image(members == null ? Typed.text(value) : text(members, "image"));
    if (image.isEmpty()) {
      return null;
    }
    if (members == null) {
      members = Value.object(Map.of());
    }
    Map<String, String> environment = new LinkedHashMap<>();
    if (members.get("env") instanceof ObjectValue env) {
      env.forEach((variable, text) -> environment.put(variable, Typed.text(text)));
    }
    String entrypoint = text(members, "entrypoint");
    return new ContainerSpec(
        name,
        image,
        credentials(image, members, scope),
        environment,
        texts(members, "ports"),
        texts(members, "volumes"),
        text(members, "options"),
        entrypoint.isEmpty() ? Optional.empty() : Optional.of(entrypoint),
        ShellWords.of(text(members, "command")),
        List.of(),
        "");
  }

  /** An image without the scheme that may stand before it. */
  static String image(String given) {
    String image = given.strip();
    return image.startsWith(SCHEME) ? image.substring(SCHEME.length()) : image;
  }

  /** Those given; GitHub's own registry takes the job's token. */
  private static Optional<ContainerSpec.Credentials> credentials(
      String image, ObjectValue members, StepScope scope) {
    if (members.get("credentials") instanceof ObjectValue given) {
      String user = text(given, "username");
      String password = text(given, "password");
      if (!user.isEmpty() || !password.isEmpty()) {
        return Optional.of(new ContainerSpec.Credentials(user, password));
      }
    }
    return registry(image, scope);
  }

  /** For images of GitHub's own registry, where the user gave a token. */
  static Optional<ContainerSpec.Credentials> registry(String image, StepScope scope) {
    if (image.startsWith(GITHUB_REGISTRY)
        && scope.context("github") instanceof ObjectValue github) {
      String token = text(github, "token");
      if (!token.isEmpty()) {
        return Optional.of(new ContainerSpec.Credentials(text(github, "actor"), token));
      }
    }
    return Optional.empty();
  }

  private static String text(ObjectValue members, String name) {
    Value value = members.get(name);
    return value == null ? "" : Typed.text(value);
  }

  private static List<String> texts(ObjectValue members, String name) {
    List<String> texts = new ArrayList<>();
    if (members.get(name) instanceof ArrayValue array) {
      for (Value item : array.items()) {
        texts.add(Typed.text(item));
      }
    }
    return texts;
  }
}
