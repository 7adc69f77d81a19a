package dev.slipway.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes a command line to its command, and every way it can end to an exit code. */
final class Slipway {
  private final Surroundings surroundings;

  Slipway(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  int run(List<String> words) {
    int exit;
    try {
      exit = dispatch(words);
      surroundings.out().flush();
    } catch (CommandException e) {
      exit = fail(e);
    } catch (Sink.Closed e) {
      String message = e.getMessage();
      boolean reading =
          message == null || message.contains("Broken pipe") || message.contains("Stream closed");
      exit =
          reading
              ? Exit.BROKEN
              : fail(CommandException.broken("cannot write the output: " + message, null));
    } catch (IOException e) {
      exit = fail(CommandException.broken(reason(e), null));
    } catch (UncheckedIOException e) {
      IOException cause = e.getCause();
      exit = fail(CommandException.broken(cause == null ? "I/O error" : reason(cause), null));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      exit = Exit.INTERRUPTED;
    } catch (RuntimeException | Error e) {
      exit = fail(CommandException.broken(CrashReport.write(e, words, surroundings), null));
    }
    try {
      surroundings.err().flush();
    } catch (Sink.Closed e) {
      return exit;
    }
    return exit;
  }

  private int dispatch(List<String> words) throws IOException, InterruptedException {
    Surroundings here = surroundings;
    int i = 0;
    while (i < words.size() && words.get(i).startsWith("-")) {
      String word = words.get(i++);
      if (word.equals("--version") || word.equals("-V")) {
        return version(words);
      }
      if (word.equals("--help") || word.equals("-h")) {
        here.out().print(HelpText.overview(here.colors()));
        return Exit.SUCCESS;
      }
      if (word.equals("--no-color")) {
        here = here.withoutColor();
      } else if (word.equals("-C") || word.equals("--directory")) {
        if (i == words.size()) {
          throw CommandException.usage(word + " needs a directory", null);
        }
        here = here.in(words.get(i++));
      } else if (word.startsWith("--directory=")) {
        here = here.in(word.substring("--directory=".length()));
      } else {
        String nearest =
            Nearest.of(word, List.of("--version", "--help", "--no-color", "--directory"));
        throw CommandException.usage(
            "slipway has no option '" + word + "' before a command",
            nearest == null ? "see: slipway help" : "did you mean '" + nearest + "'?");
      }
    }
    if (i == words.size()) {
      here.err().print(HelpText.overview(here.errorColors()));
      return Exit.USAGE;
    }
    String name = words.get(i);
    Command command = Commands.named(name);
    if (command == null) {
      String nearest = Nearest.of(name, Commands.NAMES);
      throw CommandException.usage(
          "slipway has no command '" + name + "'",
          nearest == null ? "see: slipway help" : "did you mean '" + nearest + "'?");
    }
    Usage usage = command.usage();
    Arguments arguments = ArgumentParser.parse(usage, words.subList(i + 1, words.size()));
    if (arguments.has("no-color")) {
      here = here.withoutColor();
    }
    if (arguments.has("help")) {
      here.out().print(HelpText.of(usage, here.colors()));
      return Exit.SUCCESS;
    }
    String directory = arguments.value("directory");
    return command.run(arguments, directory == null ? here : here.in(directory));
  }

  private int version(List<String> words) {
    if (words.contains("--json")) {
      surroundings
          .out()
          .line(
              new Json()
                  .object()
                  .member("name", "slipway")
                  .member("version", Build.VERSION)
                  .member("build", Build.id())
                  .end()
                  .text());
    } else {
      surroundings.out().line("slipway " + Build.VERSION);
    }
    return Exit.SUCCESS;
  }

  private int fail(CommandException failure) {
    try {
      surroundings.out().flush();
    } catch (Sink.Closed e) {
      return tell(failure);
    }
    return tell(failure);
  }

  private int tell(CommandException failure) {
    Colors colors = surroundings.errorColors();
    Sink err = surroundings.err();
    try {
      err.line(colors.red("slipway:") + " " + failure.text());
      String hint = failure.hint();
      if (hint != null) {
        err.line(colors.dim("  " + hint));
      }
    } catch (Sink.Closed e) {
      return failure.exit();
    }
    return failure.exit();
  }

  private static String reason(IOException e) {
    String file = e instanceof FileSystemException f ? f.getFile() : null;
    if (e instanceof NoSuchFileException) {
      return "'" + file + "' does not exist";
    }
    if (e instanceof AccessDeniedException) {
      return "'" + file + "' may not be read or written by this user";
    }
    @Nullable String message =
        e instanceof FileSystemException f && f.getReason() != null
            ? f.getReason()
            : e.getMessage();
    return (file == null ? "" : "'" + file + "': ")
        + (message == null ? "input or output failed" : message);
  }
}
