package dev.slipway.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Renders the Markdown of step summaries as HTML that is safe whatever the text: everything is
 * escaped, HTML in the text is shown as text, links go to http, https and mailto only, and pictures
 * become links. Headings, paragraphs, lists, quotes, code, tables, emphasis.
 */
final class Markdown {
  private static final int DEEPEST = 12;

  private final StringBuilder html = new StringBuilder();

  private Markdown() {}

  static String html(String text) {
    Markdown markdown = new Markdown();
    markdown.blocks(text.lines().toList(), 0);
    return markdown.html.toString();
  }

  private void blocks(List<String> lines, int depth) {
    int i = 0;
    while (i < lines.size()) {
      String line = lines.get(i);
      String text = line.strip();
      if (text.isEmpty()) {
        i++;
      } else if (fence(text) > 0) {
        i = code(lines, i);
      } else if (heading(text) > 0) {
        int level = heading(text);
        html.append("<h").append(level).append('>');
        inline(text.substring(level).strip().replaceAll(" +#+$", ""), 0);
        html.append("</h").append(level).append(">\n");
        i++;
      } else if (rule(text)) {
        html.append("<hr>\n");
        i++;
      } else if (text.startsWith(">") && depth < DEEPEST) {
        i = quote(lines, i, depth);
      } else if (marker(line) > 0 && depth < DEEPEST) {
        i = list(lines, i, depth);
      } else if (i + 1 < lines.size() && text.contains("|") && delimiter(lines.get(i + 1))) {
        i = table(lines, i);
      } else {
        i = paragraph(lines, i, depth);
      }
    }
  }

  private int paragraph(List<String> lines, int start, int depth) {
    StringBuilder text = new StringBuilder();
    int i = start;
    while (i < lines.size()) {
      String line = lines.get(i).strip();
      boolean ends =
          line.isEmpty()
              || fence(line) > 0
              || heading(line) > 0
              || rule(line)
              || (depth < DEEPEST && (line.startsWith(">") || marker(lines.get(i)) > 0));
      if (i > start && ends) {
        break;
      }
      text.append(text.isEmpty() ? "" : "\n").append(line);
      i++;
    }
    html.append("<p>");
    inline(text.toString(), 0);
    html.append("</p>\n");
    return i;
  }

  private int code(List<String> lines, int start) {
    String open = lines.get(start).strip();
    String fence = open.substring(0, fence(open));
    html.append("<pre><code>");
    int i = start + 1;
    while (i < lines.size()) {
      String line = lines.get(i++);
      if (line.strip().startsWith(fence)
          && line.strip().replace(fence.substring(0, 1), "").isEmpty()) {
        break;
      }
      html.append(Html.log(line)).append('\n');
    }
    html.append("</code></pre>\n");
    return i;
  }

  private int quote(List<String> lines, int start, int depth) {
    List<String> inner = new ArrayList<>();
    int i = start;
    while (i < lines.size() && lines.get(i).strip().startsWith(">")) {
      String text = lines.get(i++).strip().substring(1);
      inner.add(text.startsWith(" ") ? text.substring(1) : text);
    }
    html.append("<blockquote>\n");
    blocks(inner, depth + 1);
    html.append("</blockquote>\n");
    return i;
  }

  private int list(List<String> lines, int start, int depth) {
    boolean ordered = Character.isDigit(lines.get(start).strip().charAt(0));
    html.append(ordered ? "<ol>\n" : "<ul>\n");
    int base = indent(lines.get(start));
    int i = start;
    while (i < lines.size() && marker(lines.get(i)) > 0 && indent(lines.get(i)) <= base + 1) {
      int content = marker(lines.get(i));
      List<String> inner = new ArrayList<>();
      inner.add(lines.get(i++).substring(content));
      while (i < lines.size()) {
        String line = lines.get(i);
        boolean nested = indent(line) > base + 1 && !line.isBlank();
        boolean lazy =
            !line.isBlank()
                && marker(line) == 0
                && !lines.get(i - 1).isBlank()
                && heading(line.strip()) == 0
                && fence(line.strip()) == 0;
        boolean gap =
            line.isBlank()
                && i + 1 < lines.size()
                && indent(lines.get(i + 1)) > base + 1
                && !lines.get(i + 1).isBlank();
        if (!nested && !lazy && !gap) {
          break;
        }
        inner.add(nested ? line.substring(Math.min(indent(line), content)) : line);
        i++;
      }
      item(inner, depth);
      if (i + 1 < lines.size() && lines.get(i).isBlank() && marker(lines.get(i + 1)) > 0) {
        i++;
      }
    }
    html.append(ordered ? "</ol>\n" : "</ul>\n");
    return i;
  }

  private void item(List<String> lines, int depth) {
    html.append("<li>");
    String first = lines.getFirst();
    String box = first.length() >= 3 ? first.substring(0, 3).toLowerCase(Locale.ROOT) : "";
    if (box.equals("[ ]") || box.equals("[x]")) {
      html.append(box.equals("[x]") ? "☑" : "☐");
      first = first.substring(3);
    }
    if (lines.size() == 1) {
      inline(first, 0);
    } else {
      List<String> inner = new ArrayList<>(lines);
      inner.set(0, first);
      blocks(inner, depth + 1);
    }
    html.append("</li>\n");
  }

  private int table(List<String> lines, int start) {
    List<String> header = cells(lines.get(start));
    List<String> align = cells(lines.get(start + 1));
    html.append("<div class=\"wide\"><table><thead>");
    row(header, align, "th");
    html.append("</thead><tbody>\n");
    int i = start + 2;
    while (i < lines.size() && lines.get(i).contains("|") && !lines.get(i).isBlank()) {
      List<String> cells = cells(lines.get(i++));
      while (cells.size() < header.size()) {
        cells.add("");
      }
      row(cells.subList(0, header.size()), align, "td");
    }
    html.append("</tbody></table></div>\n");
    return i;
  }

  private void row(List<String> cells, List<String> align, String tag) {
    html.append("<tr>");
    for (int i = 0; i < cells.size(); i++) {
      String dashes = i < align.size() ? align.get(i) : "";
      String side = dashes.endsWith(":") ? (dashes.startsWith(":") ? "center" : "right") : "";
      html.append('<')
          .append(tag)
          .append(side.isEmpty() ? "" : " class=\"" + side + "\"")
          .append('>');
      inline(cells.get(i), 0);
      html.append("</").append(tag).append('>');
    }
    html.append("</tr>\n");
  }

  private static List<String> cells(String line) {
    String text = line.strip();
    text = text.startsWith("|") ? text.substring(1) : text;
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean code = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length() && text.charAt(i + 1) == '|') {
        cell.append('|');
        i++;
      } else if (c == '|' && !code) {
        cells.add(cell.toString().strip());
        cell.setLength(0);
      } else {
        code ^= c == '`';
        cell.append(c);
      }
    }
    if (!cell.toString().isBlank()) {
      cells.add(cell.toString().strip());
    }
    return cells;
  }

  private static boolean delimiter(String line) {
    String text = line.strip();
    if (!text.contains("-") || !text.contains("|")) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if ("|-: ".indexOf(text.charAt(i)) < 0) {
        return false;
      }
    }
    return true;
  }

  private void inline(String text, int depth) {
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      int next = depth < DEEPEST ? span(text, i, depth) : i;
      if (next > i) {
        i = next;
      } else if (c == '\\'
          && i + 1 < text.length()
          && "\\`*_{}[]()#+-.!|~<>".indexOf(text.charAt(i + 1)) >= 0) {
        Html.escape(html, text.charAt(i + 1));
        i += 2;
      } else {
        if (c == '\n' && i >= 2 && text.startsWith("  ", i - 2)) {
          html.append("<br>");
        }
        Html.escape(html, c);
        i++;
      }
    }
  }

  /** Renders the span that begins here and returns where it ends; {@code i} when none does. */
  private int span(String text, int i, int depth) {
    char c = text.charAt(i);
    if (c == '`') {
      int ticks = run(text, i);
      int end = text.indexOf("`".repeat(ticks), i + ticks);
      if (end > 0) {
        html.append("<code>")
            .append(Html.escape(text.substring(i + ticks, end).strip()))
            .append("</code>");
        return end + ticks;
      }
    } else if (c == '*' || c == '_' || c == '~') {
      int count = Math.min(run(text, i), c == '~' ? 2 : 3);
      boolean word = c == '_' && i > 0 && Character.isLetterOrDigit(text.charAt(i - 1));
      if (!word && (c != '~' || count == 2)) {
        String mark = String.valueOf(c).repeat(count);
        int end = text.indexOf(mark, i + count);
        boolean inside =
            end > i + count
                && !Character.isWhitespace(text.charAt(i + count))
                && !Character.isWhitespace(text.charAt(end - 1));
        if (inside) {
          String[] tags =
              c == '~'
                  ? new String[] {"del"}
                  : count == 3
                      ? new String[] {"strong", "em"}
                      : new String[] {count == 2 ? "strong" : "em"};
          for (String tag : tags) {
            html.append('<').append(tag).append('>');
          }
          inline(text.substring(i + count, end), depth + 1);
          for (int t = tags.length - 1; t >= 0; t--) {
            html.append("</").append(tags[t]).append('>');
          }
          return end + count;
        }
      }
    } else if (c == '[' || (c == '!' && text.startsWith("![", i))) {
      return link(text, i, c == '!' ? i + 2 : i + 1, depth);
    } else if (c == 'h' && (text.startsWith("https://", i) || text.startsWith("http://", i))) {
      int end = i;
      while (end < text.length() && " \n\t<>\"'`|)]}".indexOf(text.charAt(end)) < 0) {
        end++;
      }
      while (end > i && ".,;:!?".indexOf(text.charAt(end - 1)) >= 0) {
        end--;
      }
      String address = text.substring(i, end);
      html.append("<a rel=\"noreferrer\" href=\"")
          .append(Html.escape(address))
          .append("\">")
          .append(Html.escape(address))
          .append("</a>");
      return end;
    }
    return i;
  }

  private int link(String text, int start, int from, int depth) {
    int nesting = 1;
    int close = from;
    while (close < text.length() && nesting > 0) {
      char c = text.charAt(close);
      nesting += c == '[' ? 1 : c == ']' ? -1 : 0;
      close++;
    }
    if (nesting > 0 || close >= text.length() || text.charAt(close) != '(') {
      return start;
    }
    int end = text.indexOf(')', close);
    if (end < 0) {
      return start;
    }
    String label = text.substring(from, close - 1);
    String address = text.substring(close + 1, end).strip();
    int blank = address.indexOf(' ');
    address = blank < 0 ? address : address.substring(0, blank);
    boolean safe = safe(address);
    if (safe) {
      html.append("<a rel=\"noreferrer\" href=\"").append(Html.escape(address)).append("\">");
    }
    if (label.isEmpty()) {
      html.append(Html.escape(address));
    } else {
      inline(
          label.replace("https://", "https:\u200b//").replace("http://", "http:\u200b//"),
          depth + 1);
    }
    if (safe) {
      html.append("</a>");
    }
    return end + 1;
  }

  private static boolean safe(String address) {
    String lower = address.toLowerCase(Locale.ROOT);
    return lower.startsWith("https://")
        || lower.startsWith("http://")
        || lower.startsWith("mailto:")
        || lower.startsWith("#");
  }

  private static int run(String text, int i) {
    int end = i;
    while (end < text.length() && text.charAt(end) == text.charAt(i)) {
      end++;
    }
    return end - i;
  }

  private static int fence(String text) {
    return text.startsWith("```") || text.startsWith("~~~") ? run(text, 0) : 0;
  }

  private static int heading(String text) {
    int level = text.startsWith("#") ? run(text, 0) : 0;
    return level <= 6 && (text.length() == level || (level > 0 && text.charAt(level) == ' '))
        ? level
        : 0;
  }

  private static boolean rule(String text) {
    String packed = text.replace(" ", "");
    return packed.length() >= 3
        && "-*_".indexOf(packed.charAt(0)) >= 0
        && run(packed, 0) == packed.length();
  }

  private static int indent(String line) {
    int i = 0;
    while (i < line.length() && line.charAt(i) == ' ') {
      i++;
    }
    return i;
  }

  /** Where the text of a list's item begins; 0 when the line is none. */
  private static int marker(String line) {
    int i = indent(line);
    if (i < line.length() && "-*+".indexOf(line.charAt(i)) >= 0) {
      i++;
    } else {
      int digits = i;
      while (i < line.length() && i - digits < 9 && Character.isDigit(line.charAt(i))) {
        i++;
      }
      if (i == digits || i >= line.length() || (line.charAt(i) != '.' && line.charAt(i) != ')')) {
        return 0;
      }
      i++;
    }
    return i < line.length() && line.charAt(i) == ' ' ? i + 1 : 0;
  }
}
