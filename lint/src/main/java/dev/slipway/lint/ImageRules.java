package dev.slipway.lint;

import static dev.slipway.lint.Security.job;
import static dev.slipway.lint.Security.rule;
import static dev.slipway.lint.Security.workflow;

import dev.slipway.workflow.YamlNode;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Rules about the images of containers and the versions of tools. */
final class ImageRules {
  private ImageRules() {}

  static List<Rule> all() {
    return List.of(MOVING, WITHOUT_DIGEST, TOOL);
  }

  private static String container(String image) {
    return job(
        "push",
        "    runs-on: ubuntu-latest\n    container: "
            + image
            + "\n    steps:\n      - run: make\n");
  }

  private static final Rule MOVING =
      rule(
              "unpinned-image",
              Severity.WARNING,
              Profile.STRICT,
              "A container image that changes under the same name",
              "zizmor:unpinned-images")
          .why("`latest`, or no tag at all, is another image tomorrow: a run cannot be repeated.")
          .example(container("node"), container("node:24.1.0"))
          .check((file, found) ->
              images(
                  file,
                  image -> {
                    if (moves(image.text()) && !image.text().contains("${{")) {
                      found.at(
                          image,
                          "This image is another one tomorrow",
                          "name a version, best with its digest");
                    }
                  }));

  private static final Rule WITHOUT_DIGEST =
      rule(
              "image-without-digest",
              Severity.INFO,
              Profile.PEDANTIC,
              "A container image whose tag can be moved",
              "zizmor:unpinned-images")
          .why("A tag of an image is as movable as one of Git; only the digest names what it is.")
          .example(
              container("node:24.1.0"),
              container("node:24.1.0@sha256:" + "0a1b2c3d4e5f6a7b".repeat(4)))
          .check((file, found) ->
              images(
                  file,
                  image -> {
                    String text = image.text();
                    boolean computed = text.contains("${{");
                    if (!text.contains("@sha256:")
                        && (computed || !moves(text))
                        && !pinned(file, image)) {
                      found.at(
                          image,
                          computed
                              ? "This image may be named without its digest"
                              : "The tag of this image can be moved",
                          "name the digest behind the tag: NAME:TAG@sha256:…");
                    }
                  }));

  /** Whether a matrix that is written out gives only images with digests, or no image at all. */
  private static boolean pinned(LintFile file, YamlNode.Scalar image) {
    boolean any = false;
    for (ExpressionUse use : file.taint().in(image)) {
      List<List<String>> flows = use.flows();
      JobNode owner = use.job();
      for (List<String> path : flows) {
        YamlNode values =
            owner == null || path.size() < 2 || !path.getFirst().equals("matrix")
                ? null
                : Trees.get(Trees.get(Trees.get(owner.body(), "strategy"), "matrix"), path.get(1));
        if (values == null) {
          return false;
        }
        for (YamlNode item : Trees.items(values)) {
          YamlNode leaf = path.size() > 2 ? Trees.get(item, path.get(2)) : item;
          YamlNode.Scalar scalar = leaf == null ? null : leaf.scalar();
          if (scalar != null && !scalar.text().isEmpty() && !scalar.text().contains("@sha256:")) {
            return false;
          }
          any = true;
        }
      }
    }
    return any;
  }

  private static void images(LintFile file, Consumer<YamlNode.Scalar> take) {
    for (JobNode job : file.jobs()) {
      image(Trees.get(job.body(), "container"), take);
      for (YamlNode.Member service : Trees.members(Trees.get(job.body(), "services"))) {
        image(service.value(), take);
      }
    }
    for (StepNode step : file.steps()) {
      if (step.uses() != null && step.uses().text().startsWith("docker://")) {
        take.accept(step.uses());
      }
    }
  }

  private static void image(@Nullable YamlNode container, Consumer<YamlNode.Scalar> take) {
    YamlNode.Scalar image =
        container != null && container.mapping() != null
            ? Trees.scalar(container, "image")
            : Trees.scalar(container);
    if (image != null && !image.text().isBlank()) {
      take.accept(image);
    }
  }

  private static boolean moves(String image) {
    String name = image.substring(image.lastIndexOf('/') + 1);
    return (!name.contains(":") && !name.contains("@")) || name.endsWith(":latest");
  }

  private static final Rule TOOL =
      rule(
              "unpinned-tool",
              Severity.INFO,
              Profile.STRICT,
              "An action installs whatever version of its tool is the newest",
              "zizmor:unpinned-tools")
          .why(
              """
              A hash pins the action and not the program that it fetches: without a version the newest is run, also the one
              that somebody slipped in this morning.
              """)
          .example(
              workflow("push", "      - uses: aquasecurity/setup-trivy@v0.2.3\n"),
              workflow(
                  "push",
                  "      - uses: aquasecurity/setup-trivy@v0.2.3\n"
                      + "        with:\n"
                      + "          version: v0.66.0\n"))
          .check((file, found) -> {
            for (StepNode step : file.steps()) {
              YamlNode.Scalar uses = step.uses();
              String slug = uses == null ? "" : Security.repository(Security.slug(uses.text()));
              String input =
                  switch (slug) {
                    case "aquasecurity/setup-trivy", "1password/load-secrets-action" -> "version";
                    default -> "";
                  };
              YamlNode.Scalar version = input.isEmpty() ? null : step.with(input);
              if (uses != null
                  && !input.isEmpty()
                  && (version == null || version.text().equals("latest"))) {
                found.at(
                    uses, "This installs the newest version, whatever it is", "name a version");
              }
            }
          });
}
