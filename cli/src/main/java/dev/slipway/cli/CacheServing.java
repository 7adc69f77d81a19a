package dev.slipway.cli;

import dev.slipway.cache.BesideClassPath;
import dev.slipway.cache.CacheServer;
import dev.slipway.cache.CacheServerService;
import dev.slipway.cache.CacheServerSettings;
import dev.slipway.cache.CacheServerSettings.Writing;
import dev.slipway.cache.CacheSettings;
import dev.slipway.cache.CacheToken;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.CountDownLatch;

/** {@code slipway cache serve}. */
final class CacheServing {
  private static final String USUAL = "127.0.0.1:8787";
  private static final int USUAL_LIMIT_MB = 10_000;
  private static final long ENTRY_LIMIT = 2L << 30;

  private CacheServing() {}

  static int run(Arguments arguments, Surroundings surroundings)
      throws IOException, InterruptedException {
    String typed = arguments.value("listen", USUAL);
    InetSocketAddress address = address(typed);
    List<CacheToken> tokens = tokens(arguments, surroundings);
    if (tokens.isEmpty() && !address.getAddress().isLoopbackAddress()) {
      throw CommandException.usage(
          "whoever reaches " + typed + " could read and write: a token is needed",
          "name a variable with one, as --token CACHE_TOKEN, or a file, as --token-file FILE");
    }
    String folder = arguments.value("dir");
    long limit = arguments.number("max-mb", 1, USUAL_LIMIT_MB) * 1_000_000L;
    CacheServerSettings settings =
        CacheServerSettings.of(
                address,
                folder == null
                    ? surroundings.cache().resolve("cache-server")
                    : surroundings.path(folder))
            .withTokens(tokens)
            .withLimits(limit, ENTRY_LIMIT)
            .withWriting(
                arguments.has("read-only")
                    ? Writing.NONE
                    : arguments.has("mutable-ac") ? Writing.ONCE_BUT_ACTIONS : Writing.ONCE)
            .withListeners(
                arguments.has("verbose") ? line -> tell(surroundings.err(), line) : line -> {},
                warning -> tell(surroundings.err(), "slipway: " + warning));
    try {
      settings =
          settings.withS3(
              CacheSettings.configured(settings.folder(), surroundings.environment()).s3());
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(String.valueOf(e.getMessage()), null);
    }
    CacheServerService service =
        ServiceLoader.load(CacheServerService.class, BesideClassPath.loader("serve"))
            .findFirst()
            .orElseThrow(() -> CommandException.broken("this build has no cache server", null));
    return serve(service, settings, arguments, surroundings);
  }

  private static int serve(
      CacheServerService service,
      CacheServerSettings settings,
      Arguments arguments,
      Surroundings surroundings)
      throws InterruptedException {
    CountDownLatch end = new CountDownLatch(1);
    CacheServer server;
    try {
      server = service.start(settings);
    } catch (IOException e) {
      throw CommandException.broken(String.valueOf(e.getMessage()), null);
    }
    try (server;
        Interrupts _ =
            Interrupts.handle(end::countDown, () -> Runtime.getRuntime().halt(Exit.INTERRUPTED))) {
      String url = url(server.address());
      Sink out = surroundings.out();
      if (arguments.has("json")) {
        out.line(
            new Json()
                .object()
                .member("url", url)
                .member("folder", settings.folder().toString())
                .end()
                .text());
      } else {
        String variable = arguments.value("token");
        print(
            out,
            surroundings.colors(),
            url,
            settings,
            settings.tokens().isEmpty() ? "" : variable == null ? "TOKEN" : "$" + variable);
      }
      out.flush();
      end.await();
    }
    return Exit.SUCCESS;
  }

  /**
   * What to paste where.
   *
   * @param token what stands for the token; empty when none is needed
   */
  private static void print(
      Sink out, Colors colors, String url, CacheServerSettings settings, String token) {
    String any = token.isEmpty() ? "none" : token;
    out.line(
        "serving caches at "
            + colors.bold(url)
            + ", at most "
            + Sizes.text(settings.limit())
            + " in "
            + settings.folder());
    out.line("");
    out.line("Turborepo  TURBO_API=" + url);
    out.line("           TURBO_TOKEN=" + any);
    out.line("           TURBO_TEAM=team   (a name of your choice; teams do not share)");
    out.line("Nx         NX_SELF_HOSTED_REMOTE_CACHE_SERVER=" + url);
    out.line("           NX_SELF_HOSTED_REMOTE_CACHE_ACCESS_TOKEN=" + any);
    out.line("Gradle     in settings.gradle, and --build-cache:");
    out.line("           buildCache { remote(HttpBuildCache) {");
    out.line("             url = '" + url + "/gradle/'; push = true; allowInsecureProtocol = true");
    if (!token.isEmpty()) {
      String password =
          token.startsWith("$") ? "System.getenv('" + token.substring(1) + "')" : "'TOKEN'";
      out.line("             credentials { username = 'ci'; password = " + password + " }");
    }
    out.line("           } }");
    out.line("Bazel      --remote_cache=" + url + "/bazel");
    if (!token.isEmpty()) {
      out.line("           --remote_header=\"Authorization=Bearer " + token + "\"");
    }
    out.line("GitHub     ACTIONS_RESULTS_URL=" + url + "/");
    out.line("           ACTIONS_CACHE_URL=" + url + "/");
    out.line("           ACTIONS_RUNTIME_TOKEN=" + any);
    out.line("           ACTIONS_CACHE_SERVICE_V2=True");
    out.line("");
    out.line(colors.dim("Ctrl-C ends it after the requests under way."));
  }

  private static List<CacheToken> tokens(Arguments arguments, Surroundings surroundings)
      throws IOException {
    String file = arguments.value("token-file");
    String variable = arguments.value("token");
    if (file != null && variable != null) {
      throw CommandException.usage("--token and --token-file do not go together", null);
    }
    try {
      if (variable != null) {
        String secret = surroundings.variable(variable);
        if (secret == null || secret.isEmpty()) {
          throw CommandException.usage(
              "there is no token in the variable " + variable, "--token takes a variable's name");
        }
        return List.of(CacheToken.all(secret));
      }
      if (file == null) {
        return List.of();
      }
      Path path = surroundings.path(file);
      List<CacheToken> tokens = CacheToken.read(Files.readAllLines(path));
      if (tokens.isEmpty()) {
        throw CommandException.usage("there is no token in " + file, null);
      }
      return tokens;
    } catch (NoSuchFileException e) {
      throw CommandException.usage("there is no file " + file, null);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage((file == null ? variable : file) + ": " + e.getMessage(), null);
    }
  }

  private static InetSocketAddress address(String typed) {
    int colon = typed.lastIndexOf(':');
    String host = colon < 0 ? "127.0.0.1" : typed.substring(0, colon);
    String port = typed.substring(colon + 1);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    int number = -1;
    if (!port.isEmpty() && port.length() <= 5 && port.chars().allMatch(c -> c >= '0' && c <= '9')) {
      number = Integer.parseInt(port);
    }
    if (host.isEmpty() || number < 0 || number > 65_535) {
      throw CommandException.usage("--listen needs HOST:PORT, not '" + typed + "'", null);
    }
    try {
      return new InetSocketAddress(InetAddress.getByName(host), number);
    } catch (UnknownHostException e) {
      throw CommandException.usage("--listen: there is no host '" + host + "'", null);
    }
  }

  private static String url(InetSocketAddress address) {
    InetAddress host = address.getAddress();
    String name = host.isAnyLocalAddress() ? localName() : host.getHostAddress();
    return "http://" + (name.indexOf(':') < 0 ? name : "[" + name + "]") + ":" + address.getPort();
  }

  private static String localName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "HOST";
    }
  }

  private static synchronized void tell(Sink sink, String line) {
    sink.line(line).flush();
  }
}
