package dev.slipway.check;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What tools print, without what is for terminals. */
final class Plain {
  private static final Pattern ESCAPES = Pattern.compile("\u001b(?:\\[[0-?]*[ -/]*[@-~]|.)");
  private static final Pattern VERSION = Pattern.compile("\\d+(?:\\.\\d+)+[\\w.+-]*");

  private Plain() {}

  static String text(String line) {
    return line.indexOf('\u001b') < 0 ? line : ESCAPES.matcher(line).replaceAll("");
  }

  /** The first version number in a text; empty when there is none. */
  static String version(String text) {
    Matcher matcher = VERSION.matcher(text);
    return matcher.find() ? matcher.group() : "";
  }
}
