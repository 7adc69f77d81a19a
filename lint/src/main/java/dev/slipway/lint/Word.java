package dev.slipway.lint;

/** A word of a value: what stands between blanks, brackets, commas and quotes. */
record Word(String text, int start, int end) {
  private static final String ENDS = " \t,[]{}'\"#";

  static Word at(Cursor cursor) {
    String line = cursor.line();
    int left = cursor.column();
    int right = cursor.column();
    while (left > 0 && ENDS.indexOf(line.charAt(left - 1)) < 0) {
      left--;
    }
    while (right < line.length() && ENDS.indexOf(line.charAt(right)) < 0) {
      right++;
    }
    return new Word(line.substring(left, right), cursor.offset(left), cursor.offset(right));
  }
}
