package dev.slipway.engine;

import dev.slipway.plan.ChangedFiles;
import dev.slipway.plan.EventContext;
import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Value;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The event that a user names, as GitHub would send it: what the payload given says, and for the
 * rest what the repository is like now.
 */
final class LocalEvent {
  private static final String NO_COMMIT = "0000000000000000000000000000000000000000";

  private final Project project;
  private final GitRepository git;
  private final String name;
  private final ObjectValue given;
  private final String actor;
  private String @Nullable [] described;
  private String describedSha = "";

  private LocalEvent(Project project, String name, ObjectValue given, String actor) {
    this.project = project;
    this.git = project.git();
    this.name = name;
    this.given = given;
    this.actor = actor;
  }

  static EventContext of(Project project, RunRequest request) {
    ObjectValue payload = request.payload();
    String actor = request.actor();
    if (actor == null && payload != null) {
      actor = text(object(payload, "sender"), "login");
    }
    if (actor == null || actor.isEmpty()) {
      actor = System.getProperty("user.name", "nobody");
    }
    LocalEvent event =
        new LocalEvent(
            project, request.event(), payload == null ? Value.object(Map.of()) : payload, actor);
    return event.build(request.inputs());
  }

  private EventContext build(Map<String, String> inputs) {
    Map<String, Value> payload = new LinkedHashMap<>();
    String headRef = "";
    String baseRef = "";
    String before = "";
    String message = "";
    String after = git.sha();
    String ref = text(given, "ref");
    String head = git.head();
    if (ref.isEmpty() || !ref.startsWith("refs/")) {
      ref =
          ref.isEmpty()
              ? (head.isEmpty() ? "refs/heads/" + git.defaultBranch() : head)
              : "refs/heads/" + ref;
    }
    switch (name) {
      case "push" -> {
        String saidBefore = text(given, "before");
        String saidAfter = text(given, "after");
        after = saidAfter.isEmpty() ? after : saidAfter;
        before = saidBefore.isEmpty() ? before(ref, after) : saidBefore;
        payload.put("ref", Value.of(ref));
        payload.put("before", Value.of(before.isEmpty() ? NO_COMMIT : before));
        payload.put("after", Value.of(after));
        payload.put("created", Value.of(before.isEmpty() || before.equals(NO_COMMIT)));
        payload.put("deleted", Value.FALSE);
        payload.put("forced", Value.FALSE);
        payload.put("base_ref", Value.NULL);
        if (given.get("head_commit") == null) {
          Value commit = commit(after);
          payload.put("head_commit", commit);
          payload.put(
              "commits",
              Value.array(commit.kind() == Value.Kind.NULL ? List.of() : List.of(commit)));
        }
        payload.put("pusher", Value.object(Map.of("name", Value.of(actor))));
      }
      case "pull_request", "pull_request_target" -> {
        ObjectValue pull = object(given, "pull_request");
        headRef = or(text(object(pull, "head"), "ref"), branch(head));
        baseRef = or(text(object(pull, "base"), "ref"), git.defaultBranch());
        String headSha = or(text(object(pull, "head"), "sha"), after);
        before = or(text(object(pull, "base"), "sha"), branchSha(baseRef));
        String number = or(text(given, "number"), or(text(pull, "number"), "1"));
        if (given.get("action") == null) {
          payload.put("action", Value.of("synchronize"));
        }
        payload.put(
            "number", Value.of(Double.parseDouble(number.matches("[0-9]{1,9}") ? number : "1")));
        payload.put("pull_request", pullRequest(pull, headRef, headSha, baseRef, before, number));
        boolean target = name.equals("pull_request_target");
        ref = target ? "refs/heads/" + baseRef : "refs/pull/" + number + "/merge";
        after = target && !before.isEmpty() ? before : headSha;
        message = target ? "" : describe(headSha)[7];
      }
      case "workflow_dispatch" -> {
        Map<String, Value> strings = new LinkedHashMap<>();
        if (given.get("inputs") instanceof ObjectValue said) {
          said.forEach((key, value) -> strings.put(key, Value.of(value.toText())));
        }
        inputs.forEach((key, value) -> strings.put(key, Value.of(value)));
        payload.put("inputs", Value.object(strings));
        payload.put("ref", Value.of(ref));
      }
      case "schedule" -> ref = "refs/heads/" + git.defaultBranch();
      case "release" -> {
        String tag = text(object(given, "release"), "tag_name");
        ref = tag.isEmpty() ? ref : "refs/tags/" + tag;
      }
      default -> {}
    }
    given.forEach((key, value) -> {
      if (!payload.containsKey(key) || (!key.equals("inputs") && !key.equals("pull_request"))) {
        payload.put(key, value);
      }
    });
    if (given.get("repository") == null) {
      payload.put("repository", repository());
    }
    if (given.get("sender") == null) {
      payload.put(
          "sender", Value.object(Map.of("login", Value.of(actor), "type", Value.of("User"))));
    }
    String slug = or(text(object(given, "repository"), "full_name"), project.slug());
    return new EventContext(
        name,
        ref,
        after,
        before,
        headRef,
        baseRef,
        message,
        Value.object(payload),
        actor,
        slug,
        new Changes(before, after, given.get("after") != null));
  }

  private static String or(String text, String otherwise) {
    return text.isEmpty() ? otherwise : text;
  }

  private static String branch(String ref) {
    return ref.startsWith("refs/heads/") ? ref.substring(11) : ref;
  }

  private String branchSha(String branch) {
    String remote = git.sha("refs/remotes/origin/" + branch);
    return remote.isEmpty() ? git.sha("refs/heads/" + branch) : remote;
  }

  /** What the remote has of the branch; else the commit's parent. */
  private String before(String ref, String after) {
    if (!ref.startsWith("refs/heads/")) {
      return "";
    }
    String remote = git.sha("refs/remotes/origin/" + branch(ref));
    if (!remote.isEmpty() && !remote.equals(after)) {
      return remote;
    }
    String parents = describe(after)[8];
    int blank = parents.indexOf(' ');
    return blank < 0 ? parents : parents.substring(0, blank);
  }

  private Git.Result git(List<String> arguments) {
    try {
      return Git.run(git.workTree(), arguments);
    } catch (IOException e) {
      return new Git.Result(1, new byte[0], String.valueOf(e.getMessage()));
    }
  }

  /** A commit's nine facts, the last its parents; nine empty texts when there is no such commit. */
  private String[] describe(String sha) {
    String[] known = described;
    if (known == null || !sha.equals(describedSha)) {
      Git.Result log =
          git(
              List.of(
                  "log",
                  "-1",
                  "--format=%H%x00%T%x00%cI%x00%an%x00%ae%x00%cn%x00%ce%x00%B%x00%P",
                  sha.isEmpty() ? "HEAD" : sha));
      known = new String(log.output(), StandardCharsets.UTF_8).strip().split("\0", -1);
      if (!log.ok() || known.length < 9) {
        known = new String[] {"", "", "", "", "", "", "", "", ""};
      }
      described = known;
      describedSha = sha;
    }
    return known;
  }

  private Value commit(String sha) {
    String[] parts = describe(sha);
    if (parts[0].isEmpty()) {
      return Value.NULL;
    }
    Map<String, Value> commit = new LinkedHashMap<>();
    commit.put("id", Value.of(parts[0]));
    commit.put("tree_id", Value.of(parts[1]));
    commit.put("distinct", Value.TRUE);
    commit.put("message", Value.of(parts[7].stripTrailing()));
    commit.put("timestamp", Value.of(parts[2]));
    commit.put("author", Value.object(person(parts[3], parts[4])));
    commit.put("committer", Value.object(person(parts[5], parts[6])));
    return Value.object(commit);
  }

  private static Map<String, Value> person(String name, String email) {
    Map<String, Value> person = new LinkedHashMap<>();
    person.put("name", Value.of(name));
    person.put("email", Value.of(email));
    return person;
  }

  private Value pullRequest(
      ObjectValue said,
      String headRef,
      String headSha,
      String baseRef,
      String baseSha,
      String number) {
    Map<String, Value> pull = new LinkedHashMap<>();
    said.forEach(pull::put);
    pull.putIfAbsent(
        "number", Value.of(Double.parseDouble(number.matches("[0-9]{1,9}") ? number : "1")));
    pull.putIfAbsent("state", Value.of("open"));
    pull.putIfAbsent("draft", Value.FALSE);
    pull.putIfAbsent("merged", Value.FALSE);
    pull.putIfAbsent("title", Value.of(headRef));
    pull.putIfAbsent("body", Value.NULL);
    pull.putIfAbsent("labels", Value.array(List.of()));
    pull.putIfAbsent("user", Value.object(Map.of("login", Value.of(actor))));
    pull.put("head", side(object(said, "head"), headRef, headSha));
    pull.put("base", side(object(said, "base"), baseRef, baseSha));
    return Value.object(pull);
  }

  private Value side(ObjectValue said, String ref, String sha) {
    Map<String, Value> side = new LinkedHashMap<>();
    side.put("ref", Value.of(ref));
    side.put("sha", Value.of(sha));
    side.put("label", Value.of(owner() + ":" + ref));
    side.put("repo", repository());
    said.forEach(side::put);
    return Value.object(side);
  }

  private String owner() {
    String slug = project.slug();
    return slug.substring(0, slug.indexOf('/'));
  }

  private Value repository() {
    Map<String, Value> repository = new LinkedHashMap<>();
    String slug = project.slug();
    repository.put("name", Value.of(slug.substring(slug.indexOf('/') + 1)));
    repository.put("full_name", Value.of(slug));
    repository.put("default_branch", Value.of(git.defaultBranch()));
    repository.put("fork", Value.FALSE);
    repository.put("private", Value.FALSE);
    repository.put("html_url", Value.of("https://github.com/" + slug));
    repository.put("clone_url", Value.of("https://github.com/" + slug + ".git"));
    repository.put(
        "owner", Value.object(Map.of("login", Value.of(owner()), "name", Value.of(owner()))));
    return Value.object(repository);
  }

  static ObjectValue object(ObjectValue in, String name) {
    return in.get(name) instanceof ObjectValue object ? object : Value.object(Map.of());
  }

  static String text(ObjectValue in, String name) {
    Value value = in.get(name);
    return value == null ? "" : value.toText();
  }

  /**
   * The files that differ between two commits. When the event is made up from the working tree,
   * what is not committed yet counts too, for jobs see it.
   */
  private final class Changes implements ChangedFiles {
    /** With more commits GitHub does not look at files any more, and runs the workflow. */
    private static final int MOST_COMMITS = 1_000;

    private final String before;
    private final String after;
    private final boolean committedOnly;
    private Optional<List<String>> found = Optional.empty();
    private boolean searched;

    Changes(String before, String after, boolean committedOnly) {
      this.before = before;
      this.after = after;
      this.committedOnly = committedOnly;
    }

    @Override
    public synchronized Optional<List<String>> paths() {
      if (!searched) {
        searched = true;
        found = find();
      }
      return found;
    }

    private Optional<List<String>> find() {
      boolean none = before.isEmpty() || before.equals(NO_COMMIT);
      Set<String> files = new LinkedHashSet<>();
      boolean pull = name.startsWith("pull_request");
      List<String> diff = new ArrayList<>(List.of("diff", "--name-only", "-z", "--no-renames"));
      if (none && committedOnly) {
        diff =
            new ArrayList<>(
                List.of("show", "--name-only", "-z", "--no-renames", "--format=", after));
      } else if (none) {
        diff = new ArrayList<>(List.of("ls-files", "-z"));
      } else if (committedOnly || pull) {
        diff.add(before + (pull ? "..." : "..") + after);
      } else {
        diff.add(before);
      }
      if (!add(diff, files) || (!none && many(before + ".." + after))) {
        return Optional.empty();
      }
      if (!committedOnly) {
        if (pull && !add(List.of("diff", "--name-only", "-z", "--no-renames", "HEAD"), files)) {
          return Optional.empty();
        }
        if (!add(
            List.of("ls-files", "-z", "--others", "--exclude-standard", "--full-name"), files)) {
          return Optional.empty();
        }
      }
      String prefix =
          git.workTree().equals(project.root()) ? "" : prefix(git.workTree(), project.root());
      List<String> relative = new ArrayList<>();
      for (String file : files) {
        if (file.startsWith(prefix)) {
          relative.add(file.substring(prefix.length()));
        }
      }
      return Optional.of(relative);
    }

    private boolean many(String range) {
      Git.Result count =
          git(List.of("rev-list", "--count", "--max-count=" + (MOST_COMMITS + 1), range));
      String number = new String(count.output(), StandardCharsets.UTF_8).strip();
      return number.equals(Integer.toString(MOST_COMMITS + 1));
    }

    private boolean add(List<String> arguments, Set<String> files) {
      Git.Result result = git(arguments);
      if (result.ok()) {
        for (String file : new String(result.output(), StandardCharsets.UTF_8).split("\0")) {
          if (!file.isEmpty() && !file.startsWith(".slipway/")) {
            files.add(file);
          }
        }
      }
      return result.ok();
    }

    private static String prefix(Path workTree, Path root) {
      return workTree.relativize(root) + "/";
    }
  }
}
