package dev.slipway.cli;

import dev.slipway.cache.ActionsCache;
import dev.slipway.cache.CacheEntry;
import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;

/** {@code slipway cache}. */
final class CacheCommand implements Command {
  private static final String LIST = "list";
  private static final String REMOVE = "rm";
  private static final String WHY = "why";
  private static final String STATS = "stats";
  private static final String COLLECT = "gc";
  private static final String VERIFY = "verify";
  private static final String PUSH = "push";
  private static final String PULL = "pull";
  private static final String DOCTOR = "doctor";
  private static final String SERVE = "serve";

  @Override
  public Usage usage() {
    return Usage.of("cache", "Look after what is kept of steps, and the caches that jobs saved")
        .details(
            "`why`, `stats`, `gc` and `verify` are about steps that are spared because they ran"
                + " before: why one was spared or not, what is kept, removing what was not used for"
                + " longest, checking all of it. `push`, `pull` and `doctor` are about the bucket"
                + " by which machines share it (SLIPWAY_CACHE_S3): upload what still waits, fetch"
                + " what is there, try whether it can be used. `list` and `rm` are about what"
                + " `actions/cache` and its kin saved for this repository. A cache goes by itself"
                + " when it was not used for a week, or when all of them need more than 10 GB."
                + " `serve` is a cache server for Turborepo, Nx, Gradle, Bazel and GitHub's cache"
                + " clients, on this machine or with tokens for others (docs/cache-server.md).")
        .optionalOperand(
            "ACTION",
            "What to do; list when left out",
            LIST,
            REMOVE,
            WHY,
            STATS,
            COLLECT,
            VERIFY,
            PUSH,
            PULL,
            DOCTOR,
            SERVE)
        .operands("KEY", "Only caches of exactly these keys; for why: a part of the step's name")
        .option(Option.value("prefix", "TEXT", "Only caches whose key begins with TEXT"))
        .option(Option.value("ref", "REF", "Only caches that REF saved, as refs/heads/main"))
        .option(Option.value("id", "ID", "Only the cache of this id"))
        .option(
            Option.value(
                "max-mb", "N", "For gc and serve: keep at most N megabytes; 10000 when left out"))
        .option(
            Option.value(
                "listen", "HOST:PORT", "For serve: where it listens; 127.0.0.1:8787 when left out"))
        .option(
            Option.value(
                    "token-file",
                    "FILE",
                    "For serve: who may do what, in lines TOKEN RIGHTS NAMESPACE")
                .file())
        .option(
            Option.value("token", "VARIABLE", "For serve: the variable that has the only token"))
        .option(Option.value("dir", "DIR", "For serve: where everything is kept").directory())
        .option(Option.flag("read-only", "For serve: store nothing"))
        .option(Option.flag("mutable-ac", "For serve: let Bazel replace results of actions"))
        .option(Option.flag("verbose", "For serve: print a line for each request"))
        .option(Option.flag("all", "For rm: all caches of this repository"))
        .example("slipway cache why test", "Why steps with 'test' in their name ran, or did not")
        .example("slipway cache stats", "How often steps were spared, and what that saved")
        .example("slipway cache", "What jobs saved")
        .example("slipway cache rm --prefix npm-", "Let npm's caches be made again")
        .example("slipway cache rm --all", "Remove all of them")
        .example("slipway cache serve", "Serve caches to the tools of this machine");
  }

  @Override
  public int run(Arguments arguments, Surroundings surroundings)
      throws IOException, InterruptedException {
    List<String> operands = arguments.operands();
    switch (operands.isEmpty() ? LIST : operands.getFirst()) {
      case WHY -> {
        String wanted =
            operands.size() > 1 ? String.join(" ", operands.subList(1, operands.size())) : "";
        return StepCacheActions.why(wanted, arguments, surroundings);
      }
      case STATS -> {
        return StepCacheActions.stats(arguments, surroundings);
      }
      case COLLECT -> {
        return StepCacheActions.collect(arguments, surroundings);
      }
      case VERIFY -> {
        return StepCacheActions.verify(arguments, surroundings);
      }
      case PUSH, PULL, DOCTOR -> {
        return SharedCacheActions.run(operands.getFirst(), arguments, surroundings);
      }
      case SERVE -> {
        return CacheServing.run(arguments, surroundings);
      }
      default -> {
        return saved(arguments, surroundings);
      }
    }
  }

  /** Lists or removes what jobs saved. */
  private static int saved(Arguments arguments, Surroundings surroundings) throws IOException {
    Predicate<CacheEntry> which = which(arguments);
    boolean remove = REMOVE.equals(arguments.operand(0));
    boolean chosen =
        arguments.operands().size() > 1
            || arguments.has("prefix")
            || arguments.has("ref")
            || arguments.has("id");
    if (remove && chosen == arguments.has("all")) {
      throw CommandException.usage(
          chosen
              ? "--all leaves nothing to choose"
              : "'rm' needs to know which caches: KEY, --prefix, --ref, --id or --all",
          null);
    }
    if (!remove && arguments.has("all")) {
      throw CommandException.usage("only 'rm' takes --all", null);
    }
    try (ActionsCache cache = Wiring.caches(surroundings)) {
      List<CacheEntry> entries =
          remove ? cache.remove(which) : cache.list().stream().filter(which).toList();
      print(entries, remove, arguments, surroundings);
    }
    return Exit.SUCCESS;
  }

  private static Predicate<CacheEntry> which(Arguments arguments) {
    List<String> operands = arguments.operands();
    List<String> keys = operands.isEmpty() ? operands : operands.subList(1, operands.size());
    String prefix = arguments.value("prefix", "");
    String ref = arguments.value("ref", "");
    String id = arguments.value("id", "");
    return entry ->
        (keys.isEmpty() || keys.contains(entry.key()))
            && entry.key().startsWith(prefix)
            && (ref.isEmpty() || entry.scope().equals(ref))
            && (id.isEmpty() || Long.toString(entry.id()).equals(id));
  }

  private static void print(
      List<CacheEntry> entries, boolean removed, Arguments arguments, Surroundings surroundings) {
    Sink out = surroundings.out();
    if (arguments.has("json")) {
      for (CacheEntry entry : entries) {
        out.line(json(entry));
      }
      return;
    }
    long total = 0;
    int keys = 3;
    int refs = 3;
    for (CacheEntry entry : entries) {
      total += entry.size();
      keys = Math.max(keys, Math.min(60, Text.width(Text.plain(entry.key()))));
      refs = Math.max(refs, Text.width(Text.plain(entry.scope())));
    }
    Colors colors = surroundings.colors();
    if (!entries.isEmpty()) {
      out.line(
          colors.dim(
              Text.padded("KEY", keys)
                  + "  "
                  + Text.padded("REF", refs)
                  + "  "
                  + Text.padded("SIZE", 8)
                  + "  "
                  + Text.padded("USED (UTC)", 16)
                  + "  ID"));
    }
    for (CacheEntry entry : entries) {
      out.line(
          Text.padded(Text.fit(Text.plain(entry.key()), 60), keys)
              + "  "
              + Text.padded(Text.plain(entry.scope()), refs)
              + "  "
              + Text.padded(Sizes.text(entry.size()), 8)
              + "  "
              + Json.time(entry.usedAt()).substring(0, 16).replace('T', ' ')
              + "  "
              + entry.id());
    }
    surroundings
        .err()
        .line(
            (removed ? "removed " : "")
                + (entries.size() == 1 ? "1 cache" : entries.size() + " caches")
                + ", "
                + Sizes.text(total));
  }

  private static String json(CacheEntry entry) {
    return new Json()
        .object()
        .member("id", entry.id())
        .member("key", entry.key())
        .member("ref", entry.scope())
        .member("version", entry.version())
        .member("size", entry.size())
        .member("sha256", entry.digest().sha256())
        .member("createdAt", entry.createdAt())
        .member("usedAt", entry.usedAt())
        .end()
        .text();
  }
}
