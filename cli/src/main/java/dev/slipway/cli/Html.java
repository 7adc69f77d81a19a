package dev.slipway.cli;

/** Text made safe for HTML, and colours of terminals as HTML. */
final class Html {
  private static final String[] NAMES = {
    "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"
  };

  private Html() {}

  /** Safe in text and in quoted attributes. */
  static String escape(String text) {
    StringBuilder safe = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      escape(safe, text.charAt(i));
    }
    return safe.toString();
  }

  static void escape(StringBuilder safe, char c) {
    switch (c) {
      case '&' -> safe.append("&amp;");
      case '<' -> safe.append("&lt;");
      case '>' -> safe.append("&gt;");
      case '"' -> safe.append("&quot;");
      case '\'' -> safe.append("&#39;");
      case '\n', '\t' -> safe.append(c);
      default -> {
        if (c < 0x20 || c == 0x7f || c == 0xfffe || c == 0xffff) {
          safe.append('\ufffd');
        } else {
          safe.append(c);
        }
      }
    }
  }

  /** A log line: colours become classes, other escape sequences vanish. */
  static String log(String line) {
    StringBuilder safe = new StringBuilder(line.length() + 32);
    Style style = new Style();
    boolean open = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '\u001b') {
        int end = Text.endOfEscape(line, i);
        if (Text.isColor(line, i, end)) {
          if (open) {
            safe.append("</span>");
          }
          style.apply(line.substring(i + 2, end - 1));
          String attributes = style.attributes();
          open = !attributes.isEmpty();
          if (open) {
            safe.append("<span").append(attributes).append('>');
          }
        }
        i = end - 1;
      } else if (c != '\r') {
        escape(safe, c);
      }
    }
    return open ? safe.append("</span>").toString() : safe.toString();
  }

  /** The state that colour sequences change. */
  private static final class Style {
    private String foreground = "";
    private String background = "";
    private String foregroundRgb = "";
    private String backgroundRgb = "";
    private boolean bold;
    private boolean dim;
    private boolean italic;
    private boolean underline;

    void apply(String codes) {
      String[] parts = codes.replace(':', ';').split(";", -1);
      for (int i = 0; i < parts.length; i++) {
        int code = number(parts[i]);
        if (code == 38 || code == 48) {
          i = extended(parts, i, code == 38);
        } else {
          simple(code);
        }
      }
    }

    private void simple(int code) {
      if (code == 0) {
        foreground = background = foregroundRgb = backgroundRgb = "";
        bold = dim = italic = underline = false;
      } else if (code == 1) {
        bold = true;
      } else if (code == 2) {
        dim = true;
      } else if (code == 22) {
        bold = dim = false;
      } else if (code == 3 || code == 23) {
        italic = code == 3;
      } else if (code == 4 || code == 24) {
        underline = code == 4;
      } else if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) {
        foreground = NAMES[code % 10] + (code >= 90 ? " hi" : "");
        foregroundRgb = "";
      } else if (code == 39) {
        foreground = foregroundRgb = "";
      } else if ((code >= 40 && code <= 47) || (code >= 100 && code <= 107)) {
        background = NAMES[code % 10];
        backgroundRgb = "";
      } else if (code == 49) {
        background = backgroundRgb = "";
      }
    }

    private int extended(String[] parts, int at, boolean front) {
      String rgb = "";
      int end = at;
      if (at + 2 < parts.length && parts[at + 1].equals("5")) {
        rgb = indexed(number(parts[at + 2]) & 255);
        end = at + 2;
      } else if (at + 4 < parts.length && parts[at + 1].equals("2")) {
        rgb = rgb(number(parts[at + 2]), number(parts[at + 3]), number(parts[at + 4]));
        end = at + 4;
      }
      if (front) {
        foregroundRgb = rgb;
        foreground = "";
      } else {
        backgroundRgb = rgb;
        background = "";
      }
      return end;
    }

    private static String indexed(int index) {
      if (index < 16) {
        int[] base = {
          0x000000, 0xcc3333, 0x2e8b3d, 0xb58900, 0x3366cc, 0xa347ba, 0x0e8a8a, 0xbbbbbb
        };
        int value = base[index % 8];
        return rgb(value >> 16, (value >> 8) & 255, value & 255);
      }
      if (index >= 232) {
        int grey = 8 + (index - 232) * 10;
        return rgb(grey, grey, grey);
      }
      int cube = index - 16;
      return rgb(level(cube / 36), level(cube / 6 % 6), level(cube % 6));
    }

    private static int level(int step) {
      return step == 0 ? 0 : 55 + step * 40;
    }

    private static String rgb(int red, int green, int blue) {
      return "rgb(" + (red & 255) + "," + (green & 255) + "," + (blue & 255) + ")";
    }

    private static int number(String digits) {
      if (digits.isEmpty() || digits.length() > 4) {
        return 0;
      }
      return Integer.parseInt(digits);
    }

    String attributes() {
      StringBuilder classes = new StringBuilder();
      if (!foreground.isEmpty()) {
        classes.append(" f-").append(foreground);
      }
      if (!background.isEmpty()) {
        classes.append(" b-").append(background);
      }
      classes.append(bold ? " bold" : "").append(dim ? " faint" : "");
      classes.append(italic ? " italic" : "").append(underline ? " underline" : "");
      StringBuilder text = new StringBuilder();
      if (!classes.isEmpty()) {
        text.append(" class=\"").append(classes.substring(1)).append('"');
      }
      if (!foregroundRgb.isEmpty() || !backgroundRgb.isEmpty()) {
        text.append(" style=\"");
        text.append(foregroundRgb.isEmpty() ? "" : "color:" + foregroundRgb + ";");
        text.append(backgroundRgb.isEmpty() ? "" : "background:" + backgroundRgb + ";").append('"');
      }
      return text.toString();
    }
  }
}
