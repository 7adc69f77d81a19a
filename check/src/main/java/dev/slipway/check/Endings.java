package dev.slipway.check;

import java.util.ArrayList;
import java.util.List;

/** Numbers for the endings of files, found without making a text of each file's ending. */
final class Endings {
  private final List<String> texts = new ArrayList<>();
  private int[] hashes = new int[256];
  private int[] numbers = new int[256];

  /**
   * The number of the ending that begins here.
   *
   * @param hash of the ending, as of a text
   */
  int number(String path, int from, int hash) {
    int mask = hashes.length - 1;
    int at = hash & mask;
    while (numbers[at] != 0) {
      int number = numbers[at] - 1;
      if (hashes[at] == hash && same(texts.get(number), path, from)) {
        return number;
      }
      at = (at + 1) & mask;
    }
    texts.add(path.substring(from));
    hashes[at] = hash;
    numbers[at] = texts.size();
    if (texts.size() * 2 > hashes.length) {
      grow();
    }
    return texts.size() - 1;
  }

  private static boolean same(String text, String path, int from) {
    return text.length() == path.length() - from && path.startsWith(text, from);
  }

  private void grow() {
    int[] all = new int[hashes.length * 2];
    int[] places = new int[all.length];
    for (int i = 0; i < texts.size(); i++) {
      int hash = texts.get(i).hashCode();
      int at = hash & (all.length - 1);
      while (places[at] != 0) {
        at = (at + 1) & (all.length - 1);
      }
      all[at] = hash;
      places[at] = i + 1;
    }
    hashes = all;
    numbers = places;
  }

  int count() {
    return texts.size();
  }

  String text(int number) {
    return texts.get(number);
  }
}
