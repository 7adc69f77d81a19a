package dev.slipway.trace;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A program that makes the system calls it is given, one after the other: what no command of the
 * machine does as exactly, and what need not be compiled.
 */
final class Poke {
  static final int HERE = Call.AT_FDCWD;

  private final List<String> command = new ArrayList<>();

  Poke() {
    command.addAll(java(Poke.class, Poke.class));
  }

  /** How to run a class of the tests with the classes of these. */
  static List<String> java(Class<?> main, Class<?>... with) {
    List<String> java = new ArrayList<>();
    java.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    java.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData"));
    java.add("--enable-native-access=ALL-UNNAMED");
    StringBuilder path = new StringBuilder(home(Call.class).toString());
    for (Class<?> type : with) {
      path.append(':').append(home(type));
    }
    java.addAll(List.of("-cp", path.toString(), main.getName()));
    return java;
  }

  /** Where a class was loaded from. */
  static Path home(Class<?> type) {
    URI place;
    try {
      place = type.getProtectionDomain().getCodeSource().getLocation().toURI();
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(e);
    }
    return Path.of(place);
  }

  /** What the last call gave. */
  record Last() {}

  /** What the call before the last gave. */
  record Before() {}

  /** Empty memory. */
  record Room(int size) {}

  /** A pointer to bytes. */
  record Bytes(byte[] bytes) {
    static Bytes words(long... words) {
      ByteBuffer buffer = ByteBuffer.allocate(8 * words.length).order(ByteOrder.LITTLE_ENDIAN);
      for (long word : words) {
        buffer.putLong(word);
      }
      return new Bytes(buffer.array());
    }

    /** An IPv4 address as sockets have it. */
    static Bytes internet(int a, int b, int c, int d, int port) {
      return new Bytes(
          new byte[] {
            2,
            0,
            (byte) (port >> 8),
            (byte) port,
            (byte) a,
            (byte) b,
            (byte) c,
            (byte) d,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0
          });
    }

    /** The address of a socket in the file system, or of an abstract one after a zero. */
    static Bytes unix(String path) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      bytes.write(1);
      bytes.write(0);
      bytes.writeBytes(path.getBytes(StandardCharsets.ISO_8859_1));
      return new Bytes(bytes.toByteArray());
    }
  }

  Poke call(Call call, Object... arguments) {
    return call(Arch.X86_64.audit == audit() ? call.x86 : call.arm, arguments);
  }

  /** Strings are paths, of characters of the same value as their bytes; the rest is as above. */
  Poke call(int number, Object... arguments) {
    StringBuilder text = new StringBuilder().append(number);
    for (Object argument : arguments) {
      text.append(' ');
      switch (argument) {
        case Integer value -> text.append(value);
        case Last last -> text.append('$');
        case Before before -> text.append('&');
        case Room room -> text.append('r').append(room.size);
        case Bytes bytes -> text.append('x').append(HexFormat.of().formatHex(bytes.bytes));
        default ->
            text.append('x')
                .append(
                    HexFormat.of()
                        .formatHex(argument.toString().getBytes(StandardCharsets.ISO_8859_1)));
      }
    }
    command.add(text.toString());
    return this;
  }

  /** The same from many threads at once, a path's {@code #} being the thread's number. */
  Poke inThreads(int count) {
    command.add("threads " + count);
    return this;
  }

  /** Ends with the error of the last call as status. */
  Poke exitWithError() {
    command.add("exit");
    return this;
  }

  String[] command() {
    return command.toArray(String[]::new);
  }

  private static int audit() {
    return System.getProperty("os.arch").equals("amd64") ? Arch.X86_64.audit : Arch.AARCH64.audit;
  }

  /** The other end: makes the calls, and prints what each gave. */
  public static void main(String[] calls) throws InterruptedException {
    if (calls.length > 0 && calls[calls.length - 1].startsWith("threads ")) {
      List<Thread> threads = new ArrayList<>();
      int count = Integer.parseInt(calls[calls.length - 1].substring(8));
      for (int i = 0; i < count; i++) {
        int number = i;
        threads.add(
            Thread.ofPlatform()
                .start(() -> make(calls, calls.length - 1, Integer.toString(number))));
      }
      for (Thread thread : threads) {
        thread.join();
      }
    } else if (calls.length > 0 && calls[calls.length - 1].equals("exit")) {
      System.exit((int) -make(calls, calls.length - 1, "#"));
    } else {
      make(calls, calls.length, "#");
    }
  }

  private static long make(String[] calls, int count, String thread) {
    try (Arena arena = Arena.ofConfined()) {
      Libc c = new Libc(arena);
      long last = 0;
      long before = 0;
      for (int i = 0; i < count; i++) {
        String[] words = calls[i].split(" ");
        long[] values = new long[6];
        for (int w = 0; w < words.length; w++) {
          values[w] =
              switch (words[w].charAt(0)) {
                case '$' -> last;
                case '&' -> before;
                case 'r' -> arena.allocate(Integer.parseInt(words[w].substring(1)), 16).address();
                case 'x' -> bytes(arena, words[w].substring(1), thread);
                default -> Long.parseLong(words[w]);
              };
        }
        before = last;
        last =
            c.call(Libc.SYSCALL, values[0], values[1], values[2], values[3], values[4], values[5]);
        if (thread.equals("#")) {
          System.out.println(calls[i] + " = " + last);
        }
      }
      return last;
    }
  }

  private static long bytes(Arena arena, String hex, String thread) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    if (!thread.equals("#")) {
      bytes =
          new String(bytes, StandardCharsets.ISO_8859_1)
              .replace("#", thread)
              .getBytes(StandardCharsets.ISO_8859_1);
    }
    MemorySegment memory = arena.allocate(bytes.length + 1L, 16);
    MemorySegment.copy(MemorySegment.ofArray(bytes), 0, memory, 0, bytes.length);
    return memory.address();
  }
}
